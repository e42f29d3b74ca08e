"""What a foundation records: that a delivery is good, and that a registrant was declared bankrupt. Nothing else."""

from datetime import date

from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.handovers.services import newest_delivery
from continuity.models import HandoverDelivery, HandoverItem, Registration
from core import db
from tenants import trail


def confirm_delivery(item: HandoverItem, row: HandoverDelivery, *, by: str, today: date) -> None:
    """Record that the newest delivery is complete, readable, and that the key to it fits.

    by: the officer of the foundation who saw it. Raises Refused when it was confirmed already or when a newer one
    arrived meanwhile.
    Source: scheme.documentation, scheme.logins, scheme.other-information; rules 3.6 H5.
    """
    if row.confirmed_on is not None:
        raise Refused(_l("This delivery was confirmed already."))
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


def declare_bankrupt(row: Registration, declared_on: date, proof: str, *, seen: int) -> None:
    """Record the day on which the supplier was declared bankrupt, and what proves it. It starts the period.

    Raises EditConflict when somebody saved since `seen`.
    Source: scheme.period; rules 3.7 T1, T5, T7.
    """
    row.expect_version(seen)
    row.declared_bankrupt_on = declared_on
    trail.record("bankruptcy.declared", "registration", row.id, declared_on=declared_on, proof=proof)
    db.session().flush()


def withdraw_bankruptcy(row: Registration, proof: str, *, seen: int) -> None:
    """Take a declaration back that was a mistake or was annulled, and record why.

    Raises EditConflict when somebody saved since `seen`, Refused when there is none.
    Source: rules 3.7 T6.
    """
    row.expect_version(seen)
    if row.declared_bankrupt_on is None:
        raise Refused(_l("No bankruptcy was recorded."))
    trail.record("bankruptcy.withdrawn", "registration", row.id, declared_on=row.declared_bankrupt_on, proof=proof)
    row.declared_bankrupt_on = None
    db.session().flush()
