"""What a foundation records of a delivery: what it saw, and what it tried with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.handovers.queries import addressed, deliveries
from continuity.handovers.services import newest_delivery
from continuity.models import (
    CheckKind,
    DeliveryWay,
    HandoverCheck,
    HandoverDelivery,
    HandoverItem,
    HandoverProof,
    ProofKind,
    Registration,
)
from continuity.officers.services import FEWEST_OFFICERS
from continuity.registrations.states import AT_WORK
from core import db
from plans.turns import take_turn
from tenants import trail


@dataclass(frozen=True, slots=True)
class Proof:
    """What was tried with a delivery and worked: by whom, on which day, and how it was done, without any secret."""

    kind: ProofKind
    proved_on: date
    proved_by: str
    note: str


def check_delivery(
    item: HandoverItem, row: HandoverDelivery, ticks: frozenset[CheckKind], *, by: str, today: date
) -> bool:
    """Record what an officer of the foundation saw of the newest delivery; the third thing confirms it.

    ticks: what is so, some of it perhaps recorded before; by: the officer. Returns whether it is confirmed now.
    Raises Refused when nothing new is ticked, when it was confirmed already or a newer one arrived meanwhile, or when
    the key of a sealed one is said to fit and fewer than two officers showed that. Once the supplier is bankrupt the
    newest one from before that day can be confirmed too: whoever recorded another one since takes it from nobody.
    Source: scheme.documentation, scheme.logins, scheme.other-information; rules 3.6 H5.
    """
    take_turn()
    if row.confirmed_on is not None:
        raise Refused(_l("This delivery was confirmed already."))
    newest = newest_delivery(item)
    if (newest is None or newest.id != row.id) and not _newest_before(item, row):
        raise Refused(_l("A newer delivery arrived. Confirm that one."))
    there = {one.kind for one in checks_of(row)}
    if not ticks - there:
        raise Refused(_l("Tick at least one thing that is so."))
    sealed = row.way is DeliveryWay.SEALED and CheckKind.KEY_FITS in ticks
    if sealed and sum(one.fits for one in addressed([row])[row.id]) < FEWEST_OFFICERS:
        raise Refused(_l("Two officers have to show first that their keys fit."))
    for kind in sorted(ticks - there):
        made = HandoverCheck(tenant_id=row.tenant_id, delivery_id=row.id, kind=kind, checked_on=today, checked_by=by)
        db.session().add(made)
    db.session().flush()
    if there | ticks == frozenset(CheckKind):
        _confirm(row, by=by, today=today)
    return row.confirmed_on is not None


def _newest_before(item: HandoverItem, row: HandoverDelivery) -> bool:
    """Tell whether `row` is the newest delivery of `item` that was recorded before its supplier went bankrupt."""
    owner = db.session().get_one(Registration, (item.tenant_id, item.registration_id))
    if owner.declared_bankrupt_on is None:
        return False
    before = [one for one in deliveries(item) if (one.recorded_on or one.delivered_on) < owner.declared_bankrupt_on]
    return bool(before) and before[0].id == row.id


def checks_of(row: HandoverDelivery) -> Sequence[HandoverCheck]:
    """Return what was seen of a delivery so far."""
    query = sa.select(HandoverCheck).where(
        HandoverCheck.tenant_id == row.tenant_id, HandoverCheck.delivery_id == row.id
    )
    return db.session().scalars(query).all()


def _confirm(row: HandoverDelivery, *, by: str, today: date) -> None:
    row.confirmed_on, row.confirmed_by = today, by
    trail.record(
        "handover.confirmed",
        "handover_delivery",
        row.id,
        number=row.number,
        complete=True,
        readable=True,
        key_fits=True,
    )
    db.session().flush()


def may_take(row: HandoverDelivery, owner: Registration) -> bool:
    """Tell whether the foundation may take the file of a delivery.

    A document that is no secret: always. A sealed delivery: while the scheme is at work; before and after that the
    codes show that the keys fit, and nobody needs the secret.
    Source: rules 3.6 H10, 3.7 T1.
    """
    if row.way is DeliveryWay.SEALED:
        return owner.state in AT_WORK
    return row.way is DeliveryWay.STORED


def record_proof(item: HandoverItem, row: HandoverDelivery, proof: Proof) -> HandoverProof:
    """Record that something was tried with the newest delivery of an item, and worked.

    Raises Refused when a newer one arrived meanwhile, or the day lies before the delivery.
    Source: rules 3.6 H6, H12, H14.
    """
    newest = newest_delivery(item)
    if newest is None or newest.id != row.id:
        raise Refused(_l("A newer delivery arrived. Try that one."))
    if proof.proved_on < row.delivered_on:
        raise Refused(_l("That day lies before the delivery."), "proved_on")
    made = HandoverProof(
        tenant_id=row.tenant_id,
        delivery_id=row.id,
        kind=proof.kind,
        proved_on=proof.proved_on,
        proved_by=proof.proved_by,
        note=proof.note,
    )
    db.session().add(made)
    db.session().flush()
    return made
