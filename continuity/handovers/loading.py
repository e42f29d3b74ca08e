"""Load what is to be handed over, of many organisations, in three queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from continuity import models
from continuity.facts import DeliveryFact, HandoverFact
from core.clock import day_of
from tenants.prepared import Prepared, in_use

_DELIVERIES = Prepared(
    sa.select(
        models.HandoverDelivery.tenant_id,
        models.HandoverDelivery.handover_item_id,
        models.HandoverDelivery.number,
        models.HandoverDelivery.id,
        models.HandoverDelivery.delivered_on,
        models.HandoverDelivery.recorded_at,
        models.HandoverDelivery.answered_on,
        models.HandoverDelivery.confirmed_on,
        models.HandoverDelivery.way,
    )
)
_ITEMS = Prepared(
    sa.select(
        models.HandoverItem.tenant_id,
        models.HandoverItem.registration_id,
        models.HandoverItem.id,
        models.HandoverItem.kind,
        models.HandoverItem.label,
        models.HandoverItem.required,
        models.HandoverItem.max_age_days,
        models.HandoverItem.changed_on,
    ).where(*in_use(models.HandoverItem))
)
_SEALED_TO = Prepared(
    sa.select(
        models.SealedTo.tenant_id,
        models.SealedTo.delivery_id,
        models.SealedTo.ended_at,
        models.SealedTo.ended_as,
        models.SealedTo.fingerprint,
    )
)
SELECTS = (_DELIVERIES, _ITEMS, _SEALED_TO)


class Owner(NamedTuple):
    """What has to be known of a registration. compared: when which keys in use were, by fingerprint."""

    compared: Mapping[str, date]
    declared_on: date | None


class _Keys(NamedTuple):
    """The keys a delivery was sealed to, as HandoverFact and DeliveryFact tell of them."""

    gone_on: date | None
    lost: bool
    left: int
    short_on: date | None


def load(tenant_ids: Sequence[int], owners: Mapping[UUID, Owner]) -> Mapping[UUID, list[HandoverFact]]:
    """Return what is to be handed over, by registration. owners: the registrations, by id."""
    sealed: dict[UUID, list[Any]] = defaultdict(list)
    for key in _SEALED_TO.rows(tenant_ids):
        sealed[key.delivery_id].append(key)
    delivered: dict[UUID, list[Any]] = defaultdict(list)
    for one in _DELIVERIES.rows(tenant_ids):
        delivered[one.handover_item_id].append(one)
    found: dict[UUID, list[HandoverFact]] = defaultdict(list)
    for row in _ITEMS.rows(tenant_ids):
        rows = sorted(delivered.get(row.id, ()), key=lambda one: -one.number)
        owner = owners.get(row.registration_id, Owner({}, None))
        found[row.registration_id].append(_fact(row, rows, sealed, owner))
    return found


def _fact(row: Any, deliveries: Sequence[Any], sealed: Mapping[UUID, Sequence[Any]], owner: Owner) -> HandoverFact:
    newest = deliveries[0] if deliveries else None
    keys = _keys(newest, sealed, owner.compared)
    return HandoverFact(
        id=row.id,
        kind=row.kind,
        label=row.label,
        required=row.required,
        max_age_days=row.max_age_days,
        changed_on=row.changed_on,
        delivered_on=newest.delivered_on if newest else None,
        confirmed_on=newest.confirmed_on if newest else None,
        keys_gone_on=keys.gone_on,
        keys_lost=keys.lost,
        keys_left=keys.left,
        keys_short_on=keys.short_on,
        confirmed=_confirmed(row.changed_on, deliveries, sealed, owner),
    )


def _confirmed(
    changed_on: date | None, deliveries: Iterable[Any], sealed: Mapping[UUID, Sequence[Any]], owner: Owner
) -> tuple[DeliveryFact, ...]:
    """Return the newest delivery that was confirmed and, after a bankruptcy, the newest one from before it.

    What made a delivery stale is a change that a later one answered, or that none answered yet.
    """
    found: list[DeliveryFact] = []
    for one in deliveries:
        if one.confirmed_on is not None:
            keys = _keys(one, sealed, owner.compared)
            recorded_on = day_of(one.recorded_at) if one.recorded_at else None
            fact = DeliveryFact(one.delivered_on, recorded_on, one.confirmed_on, changed_on, *keys)
            before = owner.declared_on is None or fact.there_on < owner.declared_on
            if before or not found:
                found.append(fact)
            if before:
                break
        changed_on = min((day for day in (changed_on, one.answered_on) if day is not None), default=None)
    return tuple(found)


def _keys(delivery: Any, sealed: Mapping[UUID, Sequence[Any]], compared: Mapping[str, date]) -> _Keys:
    keys = sealed.get(delivery.id, ()) if delivery else ()
    gone = [one for one in keys if one.ended_at is not None]
    is_sealed = delivery is not None and delivery.way is models.DeliveryWay.SEALED
    return _Keys(
        max((day_of(one.ended_at) for one in gone), default=None),
        any(one.ended_as is models.KeyState.LOST for one in gone),
        len(keys) - len(gone),
        _short_on(keys, compared) if is_sealed else None,
    )


def _short_on(sealed_to: Iterable[Any], compared: Mapping[str, date]) -> date | None:
    """Return the first day on which a key was compared that is none of `sealed_to`, as `to_seal_again` means it."""
    there = {one.fingerprint for one in sealed_to if one.ended_at is None}
    return min((day for fingerprint, day in compared.items() if fingerprint not in there), default=None)
