"""What the bakery tested, when, and how it went."""

from dataclasses import dataclass
from decimal import Decimal

from core import db
from core.ids import new_id
from plans.models import FollowUp, Outcome, PlannedTest, SampleOf, TestEvidence, TestResult, TestResultSystem
from plans.shapes import RESTORE
from sample.bakery.registers import SHOP, Book
from sample.days import Days
from sample.netvast.paper import store
from tenants.models import StoredFile


@dataclass(frozen=True, slots=True)
class Done:
    """One test. ago: days; cost: euro."""

    item_id: str
    ago: int
    outcome: Outcome
    by: str
    note: str
    party: str = ""
    cost: Decimal | None = None


RESULTS = (
    Done("testing.weekend-call", 349, Outcome.PASSED, "Fatima El Amrani",
         "Zaterdag 21.40 uur gebeld, na twaalf minuten een monteur aan de lijn.", "NetVast IT"),
    Done("testing.supplier-expectations", 198, Outcome.RECORDED, "Fatima El Amrani",
         "Buiten kantooruren alleen spoed: kassa's, server en internet. Reactie binnen vier uur.", "NetVast IT"),
    Done("testing.costs", 198, Outcome.RECORDED, "Fatima El Amrani",
         "Avondtarief per uur, met een half uur voorrijkosten.", "NetVast IT", Decimal("142.50")),
    Done("testing.fallback-work", 29, Outcome.FAILED, "Mo Yildiz",
         "Ovens en werkbank in orde, maar bij Bakkerij Van Os is geen mobiel bereik: pinnen lukte niet."),
    Done("testing.phishing", 92, Outcome.PASSED, "NetVast IT",
         "Acht mails gestuurd, één keer geklikt; degene die klikte meldde het zelf meteen."),
    Done("testing.walk-in", 383, Outcome.PASSED, "Joost Pieters",
         "Onbekende kwam tot de deur van het kantoor en werd daar aangesproken."),
)  # fmt: skip
# Days ago of each restore, how many minutes it took, and what was found.
RESTORES = (
    (481, 180, "Alle bestanden en de kassadatabase teruggezet; drie uur werk."),
    (118, 155, "Teruggezet op een leenserver van NetVast IT in 2 uur en 35 minuten. Kassa-omzet van één dag ontbrak."),
)


def fill(book: Book, days: Days) -> None:
    """Add the results. The web shop came after the last restore and was not part of it."""
    for done in RESULTS:
        db.session().add(
            TestResult(
                item_id=done.item_id,
                done_on=days.ago(done.ago),
                outcome=done.outcome,
                done_by=done.by,
                party_id=book.parties[done.party] if done.party else None,
                cost=done.cost,
                note=done.note,
            )
        )
    restores = []
    for ago, minutes, note in RESTORES:
        restore = TestResult(
            item_id=RESTORE,
            done_on=days.ago(ago),
            outcome=Outcome.PASSED,
            done_by="Ruben Visser",
            minutes=minutes,
            note=note,
        )
        restores.append(restore)
        db.session().add(restore)
        db.session().flush()
        db.session().add_all(
            TestResultSystem(test_result_id=restore.id, system_id=system_id)
            for name, system_id in book.systems.items()
            if name != SHOP
        )
    db.session().flush()
    _evidence(restores[-1], days)
    _follow_ups(restores[-1], book, days)
    _programme(book, days)


# The item, in how many days, and who does it.
PROGRAMME = (
    ("testing.walk-in", -9, "Joost Pieters"),
    ("testing.fallback-work", 36, "Mo Yildiz"),
    ("testing.weekend-call", 12, "Fatima El Amrani"),
    ("testing.sla", 120, "Fatima El Amrani"),
    (RESTORE, 160, "Fatima El Amrani"),
)


def _evidence(restore: TestResult, days: Days) -> None:
    size, digest = store(("Verslag van het terugzetten", "Ruben Visser, NetVast IT"))
    file = StoredFile(
        name="verslag terugzetten.pdf",
        media_type="application/pdf",
        size=size,
        sha256=digest,
        uploaded_at=days.at(118, 16),
    )
    db.session().add(file)
    db.session().flush()
    db.session().add(TestEvidence(test_result_id=restore.id, file_id=file.id, added_by="Fatima El Amrani"))


def _follow_ups(restore: TestResult, book: Book, days: Days) -> None:
    """Add one that is done, and one that is still open and due soon."""
    owner = book.contacts["Fatima El Amrani"]
    db.session().add_all(
        [
            FollowUp(
                test_result_id=restore.id,
                what="Leenserver bij NetVast IT in het herstelplan opnemen",
                owner_id=owner,
                opened_on=days.ago(118),
                due_on=days.ago(60),
                closed_on=days.ago(64),
                closed_by="Fatima El Amrani",
                done="Stap toegevoegd aan het draaiboek en met Ruben doorgenomen.",
            ),
            FollowUp(
                test_result_id=restore.id,
                what="Kassa-omzet elk uur doorsturen in plaats van 's nachts",
                owner_id=owner,
                opened_on=days.ago(118),
                due_on=days.ahead(20),
                closed_on=None,
            ),
        ]
    )


def _programme(book: Book, days: Days) -> None:
    """Plan what comes, one of them overdue; for the weekend call a supplier was drawn by lot."""
    for item_id, ahead, who in PROGRAMME:
        planned = PlannedTest(
            item_id=item_id,
            planned_on=days.ahead(ahead) if ahead > 0 else days.ago(-ahead),
            contact_id=book.contacts[who],
            drawn_at=None,
            result_id=None,
            sample_of=None,
        )
        if item_id == "testing.weekend-call":
            planned.sample_of, planned.sample_size = SampleOf.PARTIES, 1
            planned.sample_reason = "Elk jaar een andere leverancier, niet alleen NetVast IT"
            planned.sample_seed = new_id().hex
            planned.sample_ids = sorted(row_id.hex for row_id in book.parties.values())
            planned.drawn_at, planned.drawn_by = days.at(2, 10), who
        db.session().add(planned)
    db.session().flush()
