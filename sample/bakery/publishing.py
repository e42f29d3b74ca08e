"""What the bakery published: two versions of its plan and one staff instruction, and who acknowledged that."""

import sqlalchemy as sa

from core import db
from core.i18n import Language
from plans.audiences.services import AudienceValues, add_audience
from plans.fields import YES
from plans.handbook import Section, of_section
from plans.models import Answer, Assignment, BusinessChange, InstructionReceipt, InstructionVersion
from plans.staff.services import instruction_digest
from plans.versions import services
from plans.versions.services import Signed
from sample.bakery.registers import Book
from sample.days import Days

OWNER, AUTHOR = "Henk Bakker", "Fatima El Amrani"
FIRST = (214, "Eerste versie, besproken met NetVast IT.")
SECOND = (58, "Taken van het calamiteitenteam aangevuld.")
NOT_ACKNOWLEDGED = "Ilse van Dam"


def fill(book: Book, days: Days) -> None:
    """Add the versions, the instruction and a change in the business that no version followed yet."""
    _instruction(book, days)
    _versions(book, days)
    db.session().add(
        BusinessChange(
            reported_on=days.ago(20),
            what="De webwinkel is open: klanten bestellen en betalen nu vooraf, afhalen kan in beide winkels.",
            reported_by=AUTHOR,
        )
    )
    db.session().flush()


def _versions(book: Book, days: Days) -> None:
    """Publish the plan twice; the first time the team had no tasks yet. A third one waits for approval."""
    seats = list(db.session().scalars(sa.select(Assignment).where(Assignment.task != "")))
    tasks = {seat.id: seat.task for seat in seats}
    for seat in seats:
        seat.task = ""
    db.session().flush()
    for (ago, note), told in ((FIRST, tasks), (SECOND, {})):
        row = services.propose(note, Signed(AUTHOR, days.at(ago + 1, 11), days.ago(ago + 1)))
        signed = Signed(OWNER, days.at(ago, 15), days.ago(ago))
        services.approve(row.id, row.digest, signed)
        services.put_into_use(row.id, "", signed)
        for seat in seats:
            seat.task = told.get(seat.id, seat.task)
        db.session().flush()
    add_audience(AudienceValues("Klanten van de webwinkel", book.contacts[AUTHOR], how="Bericht op de webwinkel."))
    services.propose("Klanten van de webwinkel worden nu ook ingelicht.", Signed(AUTHOR, days.at(12, 10), days.ago(12)))


def _instruction(book: Book, days: Days) -> None:
    answers = list(db.session().scalars(sa.select(Answer).where(Answer.item_id.startswith("staff."))))
    own = next(row.values for row in answers if row.item_id == "staff.policy")
    included = {row.item_id for row in answers if row.values.get("included") == YES}
    parts = [found for found in of_section(Section.STAFF) if found.id in included]
    texts = {
        spoken: "\n".join([str(own[field]), "", *(f"- {found.title_in(spoken)}" for found in parts)])
        for spoken, field in ((Language.DUTCH, "text"), (Language.ENGLISH, "translation"))
    }
    ids = [found.id for found in parts]
    version = InstructionVersion(
        number=1,
        published_on=days.ago(82),
        published_by=AUTHOR,
        text=texts[Language.DUTCH],
        language=Language.DUTCH,
        translation=texts[Language.ENGLISH],
        parts=ids,
        digest=instruction_digest(texts, ids),
    )
    db.session().add(version)
    db.session().flush()
    for nth, name in enumerate(book.staff):
        if name != NOT_ACKNOWLEDGED:
            db.session().add(
                InstructionReceipt(
                    instruction_version_id=version.id,
                    contact_id=book.contacts[name],
                    acknowledged_on=days.ago(80 - nth),
                    by_link=nth % 2 == 0,
                )
            )
