"""What kept the plan true: who read the instruction, what changed in the business, who was asked and what they said.

For the workbook. Queries: a fixed number. No addresses or numbers of people: only what the pages of the plan name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.confirming.queries import REGISTER_OF, Whom
from plans.models import (
    Asset,
    BusinessChange,
    ChangedItem,
    Contact,
    Correction,
    ExternalParty,
    Happening,
    InstructionReceipt,
    InstructionVersion,
)
from plans.staff.queries import Published, Reader, readers, versions
from tenants.models import PlanLink
from tenants.personal_links.queries import SentLink, sent_links


@dataclass(frozen=True, slots=True)
class Receipt:
    """Somebody in service acknowledged a version of the instruction. by_link: by themselves."""

    number: int
    name: str
    department: str
    acknowledged_on: date
    by_link: bool


@dataclass(frozen=True, slots=True)
class Touch:
    """An item that a change in the business touched; item_id "" for a change that touched none.

    settled_on: when somebody looked, None while nobody did; still_right: they found that nothing had to change.
    """

    reported_on: date
    kind: Happening
    what: str
    reported_by: str
    item_id: str
    settled_on: date | None
    settled_by: str
    still_right: bool


@dataclass(frozen=True, slots=True)
class Corrected:
    """What somebody said must change. columns: the labels of the columns, never what they should become.

    accepted: None while nobody decided.
    """

    about: str
    columns: tuple[Any, ...]
    note: str
    proposed_by: str
    proposed_on: date
    decided_at: datetime | None
    decided_by: str
    accepted: bool | None


@dataclass(frozen=True, slots=True)
class Living:
    """Everything that kept the plan true. unread: members of staff who have not acknowledged the newest instruction."""

    instructions: Sequence[Published] = ()
    receipts: Sequence[Receipt] = ()
    unread: Sequence[Reader] = ()
    touches: Sequence[Touch] = ()
    links: Sequence[SentLink] = ()
    corrections: Sequence[Corrected] = ()


def living() -> Living:
    """Return what kept the plan of the open scope's organisation true, newest first."""
    published = versions()
    staff = readers(published[0].id) if published else []
    return Living(
        instructions=published,
        receipts=_receipts(),
        unread=[one for one in staff if one.acknowledged_on is None],
        touches=_touches(),
        links=sent_links(PlanLink),
        corrections=_corrections(),
    )


def _receipts() -> list[Receipt]:
    row, version = InstructionReceipt, InstructionVersion
    query = (
        sa.select(version.number, Contact.name, Contact.department, row.acknowledged_on, row.by_link)
        .join(version, (version.tenant_id == row.tenant_id) & (version.id == row.instruction_version_id))
        .join(Contact, (Contact.tenant_id == row.tenant_id) & (Contact.id == row.contact_id))
        .where(Contact.is_staff, Contact.archived_at.is_(None))
    )
    found = (Receipt(*line) for line in db.session().execute(query))
    return sorted(found, key=lambda one: (-one.number, one.name.casefold(), one.acknowledged_on))


def _touches() -> list[Touch]:
    change, row = BusinessChange, ChangedItem
    query = (
        sa.select(
            change.reported_on, change.kind, change.what, change.reported_by, sa.func.coalesce(row.item_id, ""),
            row.settled_on, sa.func.coalesce(row.settled_by, ""), sa.func.coalesce(row.still_right, sa.false()),
        )
        .outerjoin(row, (row.tenant_id == change.tenant_id) & (row.change_id == change.id))
        .where(change.archived_at.is_(None))
        .order_by(change.reported_on.desc(), change.id.desc(), row.item_id)
    )  # fmt: skip
    return [Touch(*line) for line in db.session().execute(query)]


def _corrections() -> list[Corrected]:
    rows = list(db.session().scalars(sa.select(Correction).order_by(Correction.proposed_on.desc(), Correction.id)))
    names = _names() if rows else {}
    return [_corrected(row, names) for row in rows]


def _corrected(row: Correction, names: Mapping[UUID, str]) -> Corrected:
    about = row.contact_id or row.party_id
    assert about is not None  # the database keeps exactly one of the two
    columns = REGISTER_OF[Whom.CONTACT if row.contact_id else Whom.PARTY]
    return Corrected(
        about=names.get(about, ""),
        columns=tuple(columns.column(name).label for name in row.values),
        note=row.note,
        proposed_by=row.proposed_by,
        proposed_on=row.proposed_on,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        accepted=row.accepted,
    )


def _names() -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for model in (Contact, ExternalParty, Asset):
        columns: Any = model
        found |= {row.id: row.name for row in db.session().execute(sa.select(columns.id, columns.name))}
    return found
