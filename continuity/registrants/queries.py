"""Lists for a foundation. Its scope holds all scheme rows of its registrants, also of services that name another one:
everything here begins at `registrations_of`, which narrows to this foundation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from continuity.handovers.queries import Handed, handed
from continuity.handovers.states import UNSAFE, HandoverState
from continuity.models import Agreement, AgreementKind, Counterparty, HandoverDelivery, HandoverItem, Registration
from core import db
from tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class Registrant:
    """A registration with this foundation, whose it is, whether they left, and what was handed over for it."""

    registration: Registration
    supplier: str
    left_at: datetime | None
    handed: tuple[Handed, ...]

    @property
    def to_confirm(self) -> int:
        """Return how many newest deliveries wait for the foundation."""
        return sum(one.delivery is not None and one.delivery.confirmed_on is None for one in self.handed)

    @property
    def unsafe(self) -> int:
        """Return how many required items were never handed over, are too old, or changed since."""
        return sum(one.item.required and one.state in UNSAFE for one in self.handed)

    @property
    def waiting(self) -> tuple[Handed, ...]:
        """Return the items whose newest delivery waits for the foundation."""
        return tuple(one for one in self.handed if one.state is HandoverState.TO_CONFIRM)


def registrations_of(foundation_id: int) -> sa.Select[Registration, str, datetime | None]:
    """Return the one select through which a foundation reaches registrations, with the supplier and when it left."""
    return (
        sa.select(Registration, Tenant.name, Tenant.left_at)
        .join(Tenant, Tenant.id == Registration.tenant_id)
        .where(
            Registration.foundation_id == foundation_id,
            Registration.tenant_id != foundation_id,
            Registration.archived_at.is_(None),
        )
    )


def registrants(foundation_id: int, today: date) -> list[Registrant]:
    """Return all registrations with this foundation, the least safe first, in three queries."""
    rows = db.session().execute(registrations_of(foundation_id)).all()
    items = handed([row.id for row, _name, _left in rows], today)
    found = [Registrant(row, name, left, tuple(items[row.id])) for row, name, left in rows]
    return sorted(
        found, key=lambda one: (-one.unsafe, -one.to_confirm, one.supplier.casefold(), one.registration.service_name)
    )


def registrant(foundation_id: int, registration_id: UUID, today: date) -> Registrant | None:
    """Return one registration when it names this foundation."""
    row = db.session().execute(registrations_of(foundation_id).where(Registration.id == registration_id)).one_or_none()
    if row is None:
        return None
    return Registrant(row[0], row[1], row[2], tuple(handed([row[0].id], today)[row[0].id]))


def delivery(owner: Registration, delivery_id: UUID) -> tuple[HandoverItem, HandoverDelivery] | None:
    """Return a delivery for `owner`, a registration that came from `registrant`, with its item."""
    query = (
        sa.select(HandoverItem, HandoverDelivery)
        .join(
            HandoverDelivery,
            sa.and_(
                HandoverDelivery.tenant_id == HandoverItem.tenant_id,
                HandoverDelivery.handover_item_id == HandoverItem.id,
            ),
        )
        .where(
            HandoverItem.registration_id == owner.id,
            HandoverItem.archived_at.is_(None),
            HandoverDelivery.id == delivery_id,
        )
    )
    row = db.session().execute(query).one_or_none()
    return None if row is None else (row[0], row[1])


def agreements(owner: Registration) -> Sequence[Agreement]:
    """Return the contracts of `owner` in which the foundation is a party: not the supplier's own with its clients."""
    query = sa.select(Agreement).where(
        Agreement.registration_id == owner.id,
        Agreement.archived_at.is_(None),
        Agreement.kind != AgreementKind.SERVICE,
    )
    return db.session().scalars(query.order_by(Agreement.id)).all()


def counterparty(owner: Registration) -> Counterparty | None:
    """Return the upstream supplier or partner company of `owner`."""
    query = sa.select(Counterparty).where(Counterparty.registration_id == owner.id, Counterparty.archived_at.is_(None))
    return db.session().scalar(query)
