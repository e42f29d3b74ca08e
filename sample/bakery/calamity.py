"""An exercise of the bakery, run by the plan and closed: some calls missed, a step skipped, a system late."""

from datetime import datetime, timedelta

from core import db
from core.i18n import Language, written_in
from plans.calamity.freezing import freeze
from plans.calamity.frozen import digest_of, packed
from plans.models import Calamity, CalamityEntry, EntryKind, Lesson
from sample.bakery.registers import NETVAST_MAN, Book
from sample.days import Days
from tenants.models import Alarm

AGO, HOUR = 29, 13
LEADER, DEPUTY = "Henk Bakker", "Fatima El Amrani"
# Minutes after the beginning, what, about whom or which step, by whom, in words.
ENTRIES = (
    (3, EntryKind.CALL_MISSED, NETVAST_MAN, DEPUTY, ""),
    (4, EntryKind.STEP_BEGUN, 1, DEPUTY, ""),
    (9, EntryKind.CALL_REACHED, "Sanne de Wit", LEADER, ""),
    (11, EntryKind.CALL_MESSAGE, "Joost Pieters", LEADER, "Voicemail ingesproken."),
    (17, EntryKind.STEP_DONE, 1, DEPUTY, "Meldnummer 4471, monteur belt terug."),
    (19, EntryKind.CALL_REACHED, NETVAST_MAN, DEPUTY, ""),
    (25, EntryKind.DECISION, "", LEADER, "Winkels blijven open: pinnen op mobiel internet, bonnen op papier."),
    (28, EntryKind.STEP_BEGUN, 3, "Sanne de Wit", ""),
    (31, EntryKind.APPLIES, "avg", DEPUTY, "Op de server staan namen en adressen van klanten."),
    (36, EntryKind.APPLIES_NOT, "avg-persons", DEPUTY, "Geen wachtwoorden of rekeningen: het risico is klein."),
    (40, EntryKind.APPLIES_NOT, "cbw", LEADER, "De wet geldt niet voor ons: wij zijn te klein."),
    (47, EntryKind.STEP_DONE, 3, "Sanne de Wit", ""),
    (50, EntryKind.STEP_BEGUN, 2, NETVAST_MAN, ""),
    (66, EntryKind.CALL_REACHED, "Joost Pieters", LEADER, ""),
    (70, EntryKind.HANDOVER, "", LEADER, "Fatima El Amrani\nHenk gaat de afnemers bellen."),
    (95, EntryKind.STEP_DONE, 4, "Joost Pieters", ""),
    (138, EntryKind.STEP_DONE, 2, NETVAST_MAN, "De kassa's draaien; de omzet van een dag ontbreekt."),
    (132, EntryKind.TERM_DONE, "avg-authority", DEPUTY, "Oefening: niets verstuurd"),
    (140, EntryKind.NOTE, "", "Mo Yildiz", "Bij Bakkerij Van Os is geen mobiel bereik: pinnen lukt daar niet."),
    (150, EntryKind.STEP_DONE, 5, "Mo Yildiz", ""),
    (155, EntryKind.STEP_SKIPPED, 6, DEPUTY, "Niet in de oefening: de schijf ging niet van huis."),
)
MINUTES = 180
# What must be done, by whom, days after the exercise it is due and was done, what was done.
LESSONS = (
    ("Wachtwoord van de back-up in de verzegelde envelop leggen.", DEPUTY, 14, 5, "Ligt in de kluis, envelop 3."),
    ("Bij Bakkerij Van Os een mobiele router met buitenantenne proberen.", "Mo Yildiz", 60, 0, ""),
)


def fill(book: Book, days: Days) -> None:
    """Add the exercise and its log."""
    began = days.at(AGO, HOUR)
    with written_in(Language.DUTCH):
        frozen = freeze()
    row = Calamity(
        kind=Alarm.EXERCISE,
        activated_at=began,
        activated_by=LEADER,
        reason="Jaarlijkse oefening: er is vannacht ingebroken en de server is weg.",
        signs=["Alle kassa's van een winkel staan langer dan een half uur stil."],
        plan_version=2,
        changed=False,
        frozen=packed(frozen),
        digest=digest_of(frozen),
        closed_at=began + timedelta(minutes=MINUTES),
        closed_by=LEADER,
        conclusion="Bellen ging goed. De kassa's kwamen later terug dan gepland: het wachtwoord was zoek.",
    )
    db.session().add(row)
    db.session().flush()
    _log(book, row, began)
    _lessons(book, row, days)
    db.session().flush()


def _log(book: Book, row: Calamity, began: datetime) -> None:
    db.session().add_all(
        CalamityEntry(
            calamity_id=row.id,
            kind=kind,
            target=book.contacts[about].hex if about in book.contacts else str(about),
            happened_at=_at(began, minute),
            recorded_at=_at(began, minute),
            by=by,
            text=text,
        )
        for minute, kind, about, by, text in ENTRIES
    )


def _lessons(book: Book, row: Calamity, days: Days) -> None:
    db.session().add_all(
        Lesson(
            calamity_id=row.id,
            text=text,
            owner_id=book.contacts[who],
            due_on=days.ago(AGO - due),
            closed_on=days.ago(AGO - done) if done else None,
            closed_by=who if done else "",
            outcome=outcome,
        )
        for text, who, due, done, outcome in LESSONS
    )


def _at(began: datetime, minutes: int) -> datetime:
    return began + timedelta(minutes=minutes)
