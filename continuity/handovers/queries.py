"""Lists of what is handed over."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from continuity.handovers.ladder import Climb, Step, ladder
from continuity.handovers.states import Freshness, HandoverState, freshness_of
from continuity.models import HandoverDelivery, HandoverItem, HandoverKind, HandoverProof, ProofKind, SealedTo
from core import clock, db


@dataclass(frozen=True, slots=True)
class Handed:
    """An item, its newest delivery and how far it is."""

    item: HandoverItem
    delivery: HandoverDelivery | None
    freshness: Freshness
    officers: tuple[SealedTo, ...] = ()

    @property
    def state(self) -> HandoverState:
        """Return how far the item is."""
        return self.freshness.state

    @property
    def key_gone(self) -> bool:
        """Tell whether a key that the newest delivery was sealed to was taken out of use."""
        return any(one.ended_at is not None for one in self.officers)


def handed(registration_ids: Sequence[UUID], today: date) -> dict[UUID, list[Handed]]:
    """Return the items of these registrations with their newest delivery, by kind and label, in three queries."""
    items = db.session().scalars(
        sa.select(HandoverItem).where(
            HandoverItem.registration_id.in_(registration_ids), HandoverItem.archived_at.is_(None)
        )
    )
    newest = _newest(registration_ids)
    sealed = addressed(newest.values())
    found: dict[UUID, list[Handed]] = {registration_id: [] for registration_id in registration_ids}
    for item in sorted(items, key=lambda row: (list(HandoverKind).index(row.kind), row.label.casefold())):
        delivery = newest.get(item.id)
        found[item.registration_id].append(
            Handed(
                item, delivery, freshness(item, delivery, today), tuple(sealed.get(delivery.id, ()) if delivery else ())
            )
        )
    return found


def freshness(item: HandoverItem, delivery: HandoverDelivery | None, today: date) -> Freshness:
    """Return how far `item` is with its newest `delivery`."""
    return freshness_of(
        max_age_days=item.max_age_days,
        changed_on=item.changed_on,
        delivered_on=_ages_from(delivery) if delivery else None,
        confirmed_on=delivery.confirmed_on if delivery else None,
        today=today,
    )


def _ages_from(delivery: HandoverDelivery) -> date:
    """Return the day from which a delivery grows old: what was typed, but never a day after it was recorded."""
    return min(delivery.delivered_on, delivery.recorded_on or delivery.delivered_on)


def _newest(registration_ids: Sequence[UUID]) -> dict[UUID, HandoverDelivery]:
    """Return the newest delivery of each item of these registrations."""
    last = (
        sa.select(
            HandoverDelivery.tenant_id,
            HandoverDelivery.handover_item_id,
            sa.func.max(HandoverDelivery.number).label("number"),
        )
        .join(
            HandoverItem,
            sa.and_(
                HandoverItem.tenant_id == HandoverDelivery.tenant_id,
                HandoverItem.id == HandoverDelivery.handover_item_id,
            ),
        )
        .where(HandoverItem.registration_id.in_(registration_ids), HandoverItem.archived_at.is_(None))
        .group_by(HandoverDelivery.tenant_id, HandoverDelivery.handover_item_id)
        .subquery()
    )
    query = sa.select(HandoverDelivery).join(
        last,
        sa.and_(
            HandoverDelivery.tenant_id == last.c.tenant_id,
            HandoverDelivery.handover_item_id == last.c.handover_item_id,
            HandoverDelivery.number == last.c.number,
        ),
    )
    return {row.handover_item_id: row for row in db.session().scalars(query)}


def deliveries(item: HandoverItem) -> Sequence[HandoverDelivery]:
    """Return the deliveries of an item, newest first."""
    query = sa.select(HandoverDelivery).where(
        HandoverDelivery.tenant_id == item.tenant_id, HandoverDelivery.handover_item_id == item.id
    )
    return db.session().scalars(query.order_by(HandoverDelivery.number.desc())).all()


def addressed(deliveries: Iterable[HandoverDelivery]) -> dict[UUID, list[SealedTo]]:
    """Return the officers to whom each of these deliveries was sealed, by name, in one query."""
    found: dict[UUID, list[SealedTo]] = defaultdict(list)
    query = sa.select(SealedTo).where(SealedTo.delivery_id.in_([one.id for one in deliveries]))
    for row in db.session().scalars(query.order_by(SealedTo.name, SealedTo.fingerprint)):
        found[row.delivery_id].append(row)
    return found


def proofs(item: HandoverItem) -> Sequence[HandoverProof]:
    """Return what was proved with any delivery of an item, the newest first."""
    same = HandoverDelivery.tenant_id == HandoverProof.tenant_id
    query = (
        sa.select(HandoverProof)
        .join(HandoverDelivery, sa.and_(same, HandoverDelivery.id == HandoverProof.delivery_id))
        .where(HandoverDelivery.tenant_id == item.tenant_id, HandoverDelivery.handover_item_id == item.id)
    )
    return db.session().scalars(query.order_by(HandoverProof.proved_on.desc(), HandoverProof.id.desc())).all()


def climbed(item: HandoverItem, delivery: HandoverDelivery | None, today: date, zone: str) -> tuple[Step, ...]:
    """Return how far `item` is proved with its newest `delivery`, as of `today` in `zone`."""
    if delivery is None:
        return ladder(Climb(), today)
    return steps_of(item, delivery, addressed([delivery])[delivery.id], proofs(item), today, zone)


def steps_of(
    item: HandoverItem,
    delivery: HandoverDelivery,
    officers: Sequence[SealedTo],
    proved: Sequence[HandoverProof],
    today: date,
    zone: str,
) -> tuple[Step, ...]:
    """Return the same from rows that were read already. proved: of any delivery of the item."""
    logins = [one.proved_on for one in proved if one.kind is ProofKind.LOGIN and one.delivery_id == delivery.id]
    takeovers = [one.proved_on for one in proved if one.kind is ProofKind.TAKEOVER]
    climb = Climb(
        way=delivery.way,
        delivered_on=_ages_from(delivery),
        fresh_until=freshness(item, delivery, today).until,
        changed_on=item.changed_on,
        officers=sum(one.ended_at is None for one in officers),
        shown_on=tuple(clock.day_of(one.opened_at, zone) for one in officers if one.opened_at and one.fits),
        login_on=max(logins, default=None),
        takeover_on=max(takeovers, default=None),
    )
    return ladder(climb, today)
