"""What the bakery published: two versions of its plan and one staff instruction, and who acknowledged that."""

import sqlalchemy as sa

from core import db
from core.i18n import Language
from plans.fields import YES
from plans.handbook import Section, of_section
from plans.loading import load
from plans.models import Answer, BusinessChange, InstructionReceipt, InstructionVersion, PlanVersion
from plans.staff.services import instruction_digest
from plans.upkeep.digest import digest
from sample.bakery.registers import Book
from sample.days import Days
from tenants.scope import current_scope

OWNER, AUTHOR = "Henk Bakker", "Fatima El Amrani"
VERSIONS = (
    (1, 214, "Eerste versie, besproken met NetVast IT."),
    (2, 58, "Taken van het calamiteitenteam aangevuld; leenserver bij het terugzetten van de back-up opgenomen."),
)
NOT_ACKNOWLEDGED = "Ilse van Dam"


def fill(book: Book, days: Days) -> None:
    """Add the versions, the instruction and a change in the business that no version followed yet."""
    _instruction(book, days)
    tenant_id = current_scope().only_tenant
    content = digest(load([tenant_id])[tenant_id])
    for number, ago, note in VERSIONS:
        db.session().add(
            PlanVersion(
                number=number,
                published_on=days.ago(ago),
                published_at=days.at(ago, 15),
                published_by=OWNER,
                digest=content,
                note=note,
            )
        )
    db.session().add(
        BusinessChange(
            reported_on=days.ago(20),
            what="De webwinkel is open: klanten bestellen en betalen nu vooraf, afhalen kan in beide winkels.",
            reported_by=AUTHOR,
        )
    )
    db.session().flush()


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
