"""What the page of the staff instruction shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from core import db
from core.i18n import Language
from plans.fields import YES
from plans.handbook import Item, Section, of_section
from plans.items.queries import StoredAnswer
from plans.models import Contact, InstructionReceipt, InstructionVersion

POLICY = "staff.policy"


@dataclass(frozen=True, slots=True)
class Line:
    """One do or don't, whether it is part of the instruction, and how this organisation puts it."""

    item: Item
    included: bool
    own_text: str


@dataclass(frozen=True, slots=True)
class Instruction:
    """A published instruction."""

    id: UUID
    number: int
    published_on: date
    published_by: str
    text: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """A member of staff and the day they last acknowledged the newest instruction."""

    id: UUID
    name: str
    job_title: str
    acknowledged_on: date | None


def lines(stored: Mapping[str, StoredAnswer]) -> list[Line]:
    """Return the nine do's and don'ts in the handbook's order."""
    found = []
    for item in of_section(Section.STAFF):
        if item.id != POLICY:
            values = stored[item.id].values if item.id in stored else {}
            found.append(Line(item, values.get("included") == YES, str(values.get("own_text") or "")))
    return found


def instruction_text(policy: str, chosen: list[Line], language: Language) -> str:
    """Return the instruction as staff read it: the policy, then each chosen line."""
    told = [f"- {line.own_text or line.item.title_in(language)}" for line in chosen]
    return "\n".join([policy, "", *told]).strip()


def newest() -> Instruction | None:
    """Return the newest published instruction."""
    row = InstructionVersion
    query = sa.select(row.id, row.number, row.published_on, row.published_by, row.text, row.parts)
    found = db.session().execute(query.order_by(row.number.desc()).limit(1)).one_or_none()
    if found is None:
        return None
    return Instruction(found.id, found.number, found.published_on, found.published_by, found.text, tuple(found.parts))


def readers(version_id: UUID) -> list[Reader]:
    """Return all staff in use: who still has to acknowledge first, then by name."""
    receipt = InstructionReceipt
    query = (
        sa.select(Contact.id, Contact.name, Contact.job_title, receipt.acknowledged_on)
        .outerjoin(
            receipt,
            (receipt.tenant_id == Contact.tenant_id)
            & (receipt.contact_id == Contact.id)
            & (receipt.instruction_version_id == version_id),
        )
        .where(Contact.is_staff, Contact.archived_at.is_(None))
    )
    found = (Reader(*line) for line in db.session().execute(query))
    return sorted(found, key=lambda one: (one.acknowledged_on is not None, one.name.casefold(), one.id))
