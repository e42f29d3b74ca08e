"""What a foundation records of a delivery: what it saw, and what it tried with it."""

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.handovers.queries import addressed
from continuity.handovers.services import newest_delivery
from continuity.models import (
    DeliveryWay,
    HandoverDelivery,
    HandoverItem,
    HandoverProof,
    ProofKind,
    Registration,
)
from continuity.officers.services import FEWEST_OFFICERS
from core import db
from tenants import trail


@dataclass(frozen=True, slots=True)
class Proof:
    """What was tried with a delivery and worked: by whom, on which day, and how it was done, without any secret."""

    kind: ProofKind
    proved_on: date
    proved_by: str
    note: str


def confirm_delivery(item: HandoverItem, row: HandoverDelivery, *, by: str, today: date) -> None:
    """Record that the newest delivery is complete, readable, and that the key to it fits.

    by: the officer of the foundation who saw it. Raises Refused when it was confirmed already or when a newer one
    arrived meanwhile, or when fewer than two officers showed that their keys fit a sealed one.
    Source: scheme.documentation, scheme.logins, scheme.other-information; rules 3.6 H5.
    """
    if row.confirmed_on is not None:
        raise Refused(_l("This delivery was confirmed already."))
    if row.way is DeliveryWay.SEALED and sum(one.fits for one in addressed([row])[row.id]) < FEWEST_OFFICERS:
        raise Refused(_l("Two officers have to show first that their keys fit."))
    newest = newest_delivery(item)
    if newest is None or newest.id != row.id:
        raise Refused(_l("A newer delivery arrived. Confirm that one."))
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

    A document that is no secret: always. A sealed delivery: once the supplier was declared bankrupt; until then the
    codes show that the keys fit, and nobody needs the secret.
    Source: rules 3.6 H10, 3.7 T1.
    """
    if row.way is DeliveryWay.SEALED:
        return owner.declared_bankrupt_on is not None
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
