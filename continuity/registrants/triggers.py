"""What may happen to a supplier, where it can be looked up, and what of it starts the period of a scheme."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.models import Registration, TriggerKind, TriggerProof, TriggerSetting
from continuity.registrations.states import ENDED
from continuity.requests.steps import in_turn
from core import db


@dataclass(frozen=True, slots=True)
class Trigger:
    """What may happen, where it can be looked up, and whether it starts the period unless an agreement says more."""

    kind: TriggerKind
    proofs: tuple[TriggerProof, ...]
    starts: bool = False


TRIGGERS = (
    Trigger(
        TriggerKind.DECLARED_BANKRUPT, (TriggerProof.INSOLVENCY_REGISTER, TriggerProof.COURT_DECISION), starts=True
    ),
    Trigger(TriggerKind.CEASED, (TriggerProof.TRADE_REGISTER, TriggerProof.NOTICE)),
    Trigger(TriggerKind.END_OF_MAINTENANCE, (TriggerProof.NOTICE,)),
    Trigger(TriggerKind.SUSPENSION_OF_PAYMENTS, (TriggerProof.INSOLVENCY_REGISTER, TriggerProof.COURT_DECISION)),
    Trigger(TriggerKind.TAKE_OVER, (TriggerProof.TRADE_REGISTER, TriggerProof.NOTICE, TriggerProof.OTHER)),
    Trigger(TriggerKind.UNPAID_UPSTREAM, (TriggerProof.NOTICE, TriggerProof.OTHER)),
    Trigger(TriggerKind.SILENCE, (TriggerProof.NOTICE, TriggerProof.OTHER)),
)
BY_KIND: Mapping[TriggerKind, Trigger] = {one.kind: one for one in TRIGGERS}


def starting(row: Registration) -> frozenset[TriggerKind]:
    """Return what starts the period of this scheme: what is usual, and what its agreement says besides.

    Source: rules 3.7 T1, T2; decisions (triggers).
    """
    query = sa.select(TriggerSetting).where(
        TriggerSetting.tenant_id == row.tenant_id, TriggerSetting.registration_id == row.id
    )
    said = {one.kind: one.starts for one in db.session().scalars(query)}
    return frozenset(one.kind for one in TRIGGERS if said.get(one.kind, one.starts))


def set_triggers(row: Registration, chosen: frozenset[TriggerKind], *, seen: int) -> None:
    """Record what starts the period of this scheme by its agreement.

    Raises EditConflict when somebody saved the registration since `seen`, Refused once the period runs or without
    the declaration of bankruptcy, on which the whole scheme rests.
    """
    in_turn(row)
    row.expect_version(seen)
    if row.declared_bankrupt_on is not None or row.state in ENDED:
        raise Refused(_l("The period runs already, or the scheme has ended; its triggers stay."))
    if TriggerKind.DECLARED_BANKRUPT not in chosen:
        raise Refused(_l("A declaration of bankruptcy always starts the period."))
    query = sa.select(TriggerSetting).where(
        TriggerSetting.tenant_id == row.tenant_id, TriggerSetting.registration_id == row.id
    )
    there = {one.kind: one for one in db.session().scalars(query)}
    for one in TRIGGERS:
        starts = one.kind in chosen
        if one.kind in there:
            there[one.kind].starts = starts
        elif starts != one.starts:
            db.session().add(
                TriggerSetting(tenant_id=row.tenant_id, registration_id=row.id, kind=one.kind, starts=starts)
            )
    db.session().flush()
