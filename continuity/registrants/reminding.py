"""Remind suppliers of what they have to hand over: one mail to each, with everything that is late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from continuity.models import SchemeContact, SchemeParty, SupplierReminder
from continuity.registrants.room_lines import Overdue
from core import db
from tenants import links
from tenants.lock import mark_changed
from tenants.mail import letters
from tenants.models import Tenant

LETTER = "handovers_late"


@dataclass(frozen=True, slots=True)
class Reminded:
    """What became of reminding, by the names of the suppliers.

    already: were reminded today; unreachable: told no address at which their company can be reached.
    """

    sent: tuple[str, ...]
    already: tuple[str, ...]
    unreachable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sender:
    """Which foundation reminds, and the officer who has it done."""

    foundation_id: int
    foundation: str
    officer: str


def remind(rows: Sequence[Overdue], sender: Sender, *, today: date) -> Reminded:
    """Write one mail to each of these suppliers, at the address of its own contact of the scheme.

    today: in the zone of the foundation. Nobody is reminded twice on one day, also not by two officers at once: each
    supplier's mark serves as a lock until the transaction ends.
    Source: rules 3.6 H4; 3.10.
    """
    sent, already, unreachable = [], [], []
    mark_changed(db.session(), [one.tenant_id for one in rows])
    reminded = _reminded(sender.foundation_id, today)
    addresses = _addresses([owner.registration.id for one in rows for owner, _each in one.items])
    for one in sorted(rows, key=lambda row: row.tenant_id):
        to = next(
            (addresses[owner.registration.id] for owner, _each in one.items if owner.registration.id in addresses), ""
        )
        if one.tenant_id in reminded:
            already.append(one.supplier)
        elif not to:
            unreachable.append(one.supplier)
        else:
            _write(one, to, sender, today)
            sent.append(one.supplier)
    return Reminded(tuple(sent), tuple(already), tuple(unreachable))


def reminded_on(foundation_id: int, tenant_ids: Iterable[int]) -> dict[int, date]:
    """Return on which day each of these suppliers was reminded last by this foundation."""
    query = (
        sa.select(SupplierReminder.tenant_id, sa.func.max(SupplierReminder.sent_on))
        .where(SupplierReminder.foundation_id == foundation_id, SupplierReminder.tenant_id.in_(list(tenant_ids)))
        .group_by(SupplierReminder.tenant_id)
    )
    return {row[0]: row[1] for row in db.session().execute(query)}


def _reminded(foundation_id: int, today: date) -> frozenset[int]:
    query = sa.select(SupplierReminder.tenant_id).where(
        SupplierReminder.foundation_id == foundation_id, SupplierReminder.sent_on == today
    )
    return frozenset(db.session().scalars(query))


def _addresses(registration_ids: Sequence[UUID]) -> dict[UUID, str]:
    query = sa.select(SchemeContact.registration_id, SchemeContact.email).where(
        SchemeContact.registration_id.in_(registration_ids), SchemeContact.party == SchemeParty.COMPANY
    )
    return {row[0]: row[1] for row in db.session().execute(query) if row[1]}


def _write(one: Overdue, to: str, sender: Sender, today: date) -> None:
    row = SupplierReminder(
        tenant_id=one.tenant_id,
        foundation_id=sender.foundation_id,
        sent_on=today,
        sent_by=sender.officer,
        items=len(one.items),
    )
    db.session().add(row)
    # The trail of each organisation is sealed under a key of its own.
    db.session().flush()
    tenant = db.session().get_one(Tenant, one.tenant_id)
    words = {
        "foundation": sender.foundation,
        "supplier": one.supplier,
        "link": links.address("continuity.overview", where={"slug": tenant.slug}),
        "items": [
            {"label": each.item.label, "service": owner.registration.service_name, "until": each.freshness.until}
            for owner, each in one.items
        ],
    }
    letters.write(LETTER, to, tenant.language, words, organisation_id=one.tenant_id)
