"""What a supplier says of its scheme since what happened to it, as an officer of the foundation reads it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from continuity.models import (
    Acceptance,
    Client,
    ConditionCheck,
    DeedVersion,
    HandoverDelivery,
    HandoverItem,
    Part,
    Registration,
    SchemeChange,
    SchemeContact,
    SchemeParty,
)
from continuity.registrations.keeping import NOT_THERE
from continuity.registrations.setting_back import BesidePart, changes_since
from continuity.registrations.told import COLUMNS, told_of, words_of
from core import db
from tenants.models import Tenant
from tenants.owned import TenantOwned

PART_LABELS = {
    Part.REGISTRATION: _l("The service"),
    Part.COUNTERPARTY: _l("Upstream supplier or partner company"),
    Part.CONTACT: _l("Contact"),
    Part.AGREEMENT: _l("Agreement"),
    Part.DEED: _l("Deed"),
    Part.ACCEPTANCE: _l("Acceptance"),
    Part.CONDITION: _l("Condition of the deed"),
    Part.ITEM: _l("What is handed over"),
    Part.DELIVERY: _l("Delivery"),
}
PARTY_NAMES = {
    SchemeParty.COMPANY: _l("The supplier"),
    SchemeParty.FOUNDATION: _l("The foundation"),
    SchemeParty.PARTNER: _l("The partner company"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is told: what is used, and what the supplier says; "" for nothing."""

    label: Any
    known: str
    said: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A change that is held, with what it is about.

    whole: of something that the supplier added or brought back, all that stands in it; nothing of it is used.
    """

    change: SchemeChange
    title: str
    rows: tuple[Row, ...]
    whole: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Handed:
    """A delivery that was recorded since: what it is of, and the newest one from before, if there is one."""

    change: SchemeChange
    item: HandoverItem
    delivery: HandoverDelivery
    earlier: HandoverDelivery | None


def shown(found: Iterable[BesidePart]) -> list[Shown]:
    """Return changes that are held as an officer reads them, in their order."""
    found = list(found)
    titles = _titles([one.row for one in found])
    return [_shown(one, titles[one.row.id]) for one in found]


def _shown(one: BesidePart, title: str) -> Shown:
    part = one.change.part
    rows = tuple(Row(COLUMNS[part][name].label, *_both(part, name, both)) for name, both in one.differs.items())
    sign = NOT_THERE.get(part)
    added = sign is not None and sign in one.differs and one.differs[sign][1] is None
    whole = told_of(one.row).items() if added else ()
    words = ((name, words_of(part, name, text)) for name, text in whole if name != sign)
    told = tuple(Row(COLUMNS[part][name].label, "", said) for name, said in words if said)
    return Shown(one.change, f"{PART_LABELS[part]}: {title}", rows, told)


def _both(part: Part, name: str, both: Iterable[str | None]) -> list[str]:
    return [words_of(part, name, text) for text in both]


def _titles(rows: Iterable[TenantOwned]) -> dict[UUID, str]:
    """Return what each row is called, in two queries however many there are."""
    rows = list(rows)
    checks = {row.id: row.acceptance_id for row in rows if isinstance(row, ConditionCheck)}
    wanted = {*checks.values(), *(row.id for row in rows if isinstance(row, Acceptance))}
    same = sa.and_(Client.tenant_id == Acceptance.tenant_id, Client.id == Acceptance.client_id)
    query = sa.select(Acceptance.id, Client.name).join(Client, same).where(Acceptance.id.in_(wanted))
    clients = {row.id: row.name for row in db.session().execute(query)} if wanted else {}
    return {row.id: _title(row, clients) for row in rows}


def _title(row: TenantOwned, clients: Mapping[UUID, str]) -> str:
    if isinstance(row, SchemeContact):
        return str(PARTY_NAMES[row.party])
    if isinstance(row, Acceptance):
        return clients[row.id]
    if isinstance(row, ConditionCheck):
        return str(_("%(client)s, condition %(number)d", client=clients[row.acceptance_id], number=row.position + 1))
    if isinstance(row, DeedVersion):
        return str(_("version %(number)d", number=row.number))
    named = ("service_name", "party", "label", "name")
    return next(str(getattr(row, name)) for name in named if hasattr(row, name))


def handed_since(owner: Registration) -> list[Handed]:
    """Return the deliveries that were recorded on or after the day it happened, whatever day they bear."""
    if owner.declared_bankrupt_on is None:
        return []
    zone = db.session().get_one(Tenant, owner.tenant_id).zone
    since = changes_since(owner, owner.declared_bankrupt_on, zone=zone)
    fresh = {part_id: changes[-1] for part_id, changes in since.items() if changes[-1].part is Part.DELIVERY}
    same = sa.and_(
        HandoverItem.tenant_id == HandoverDelivery.tenant_id, HandoverItem.id == HandoverDelivery.handover_item_id
    )
    query = (
        sa.select(HandoverDelivery, HandoverItem)
        .join(HandoverItem, same)
        .where(HandoverItem.tenant_id == owner.tenant_id, HandoverItem.registration_id == owner.id)
        .order_by(HandoverDelivery.number)
    )
    before: dict[UUID, HandoverDelivery] = {}
    found = []
    for delivery, item in db.session().execute(query) if fresh else ():
        if delivery.id in fresh:
            found.append(Handed(fresh[delivery.id], item, delivery, before.get(item.id)))
        else:
            before[item.id] = delivery
    return sorted(found, key=lambda one: (one.change.told_at, one.change.id))
