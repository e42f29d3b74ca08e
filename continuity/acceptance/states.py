"""How far a client is with a version of the deed, as a table of steps. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from continuity.deed.states import Who
from continuity.errors import Refused
from continuity.models import Acceptance, DeclarationKind, DeedInvitation
from core.clock import day_of


class AcceptanceState(StrEnum):
    """How far a client is with one version of the deed. OPEN, MET: accepted, a condition open or all met."""

    NOT_INVITED = "not_invited"
    INVITED = "invited"
    VIEWED = "viewed"
    REJECTED = "rejected"
    LATE = "late"
    REFUSED = "refused"
    OPEN = "open"
    MET = "met"
    ENDED = "ended"


class AcceptanceStep(StrEnum):
    """What can happen between a client and a version of the deed."""

    INVITE = "invite"
    VIEW = "view"
    ACCEPT = "accept"
    ASK_LATE = "ask_late"
    REJECT = "reject"
    RECORD = "record"
    ADMIT = "admit"
    REFUSE = "refuse"
    MEET = "meet"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    END = "end"


class Trigger(StrEnum):
    """Whether a step waits for the trigger of the scheme, or must come before it."""

    ANY = "any"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class AcceptanceWay:
    """One step: from where to where, by whom, and before or after the trigger."""

    step: AcceptanceStep
    left: AcceptanceState
    reached: AcceptanceState
    by: Who
    trigger: Trigger = Trigger.ANY


_S, _T = AcceptanceState, AcceptanceStep
ACCEPTED = frozenset({_S.OPEN, _S.MET})
WAITING = frozenset({_S.INVITED, _S.VIEWED})
ACCEPTANCE_WAYS = (
    # Asking again is a reminder: the client is as far as it was, or is asked anew after a no.
    *(
        AcceptanceWay(_T.INVITE, left, _S.INVITED, Who.SUPPLIER)
        for left in (_S.NOT_INVITED, _S.INVITED, _S.VIEWED, _S.REJECTED, _S.ENDED)
    ),
    AcceptanceWay(_T.VIEW, _S.INVITED, _S.VIEWED, Who.CLIENT),
    AcceptanceWay(_T.VIEW, _S.VIEWED, _S.VIEWED, Who.CLIENT),
    AcceptanceWay(_T.ACCEPT, _S.VIEWED, _S.OPEN, Who.CLIENT, Trigger.BEFORE),
    AcceptanceWay(_T.ASK_LATE, _S.VIEWED, _S.LATE, Who.CLIENT, Trigger.AFTER),
    AcceptanceWay(_T.REJECT, _S.VIEWED, _S.REJECTED, Who.CLIENT),
    # By hand, from a signed declaration on paper.
    *(
        AcceptanceWay(_T.RECORD, left, _S.OPEN, Who.SUPPLIER, Trigger.BEFORE)
        for left in (_S.NOT_INVITED, _S.INVITED, _S.VIEWED, _S.REJECTED, _S.ENDED)
    ),
    AcceptanceWay(_T.ADMIT, _S.LATE, _S.OPEN, Who.FOUNDATION, Trigger.AFTER),
    AcceptanceWay(_T.REFUSE, _S.LATE, _S.REFUSED, Who.FOUNDATION, Trigger.AFTER),
    AcceptanceWay(_T.MEET, _S.OPEN, _S.MET, Who.SUPPLIER),
    AcceptanceWay(_T.REOPEN, _S.MET, _S.OPEN, Who.SUPPLIER),
    *(AcceptanceWay(_T.WITHDRAW, left, _S.ENDED, Who.CLIENT) for left in (_S.OPEN, _S.MET)),
    *(AcceptanceWay(_T.END, left, _S.ENDED, Who.SUPPLIER) for left in (_S.OPEN, _S.MET)),
)
_BY_STEP = {(one.step, one.left, one.by): one for one in ACCEPTANCE_WAYS}
STATE_LABELS = {
    _S.NOT_INVITED: _l("Not invited yet"),
    _S.INVITED: _l("Invited"),
    _S.VIEWED: _l("Looked at"),
    _S.REJECTED: _l("Rejected"),
    _S.LATE: _l("Late, waits for the foundation"),
    _S.REFUSED: _l("Late, refused by the foundation"),
    _S.OPEN: _l("Accepted, conditions open"),
    _S.MET: _l("Accepted, conditions met"),
    _S.ENDED: _l("Ended"),
}


def take(step: AcceptanceStep, left: AcceptanceState, by: Who, *, triggered: bool) -> AcceptanceState:
    """Return the state that `step` leads to. Raises Refused when `by` cannot take it from `left`.

    triggered: the bankruptcy was declared. Source: rules 3.8, acceptance; rules 3.4 B8.
    """
    found = _BY_STEP.get((step, left, by))
    if found is None:
        raise Refused(_l("This cannot be done now: %(state)s.", state=STATE_LABELS[left]))
    if found.trigger is Trigger.BEFORE and triggered:
        raise Refused(_l("From the day on which the period began, only the foundation can admit a client."))
    if found.trigger is Trigger.AFTER and not triggered:
        raise Refused(_l("This is only for after the period began."))
    return found.reached


@dataclass(frozen=True, slots=True)
class Said:
    """The newest declaration of a client about a version, or the foundation's answer to it."""

    kind: DeclarationKind
    at: datetime


def state_of(invitation: DeedInvitation | None, acceptance: Acceptance | None, said: Said | None) -> AcceptanceState:
    """Return how far a client is: what was recorded tells."""
    if acceptance is not None and acceptance.ended_on is None:
        return _S.MET if acceptance.conditions_met_on else _S.OPEN
    if said is not None and said.kind is DeclarationKind.LATE:
        return _S.LATE
    if said is not None and said.kind is DeclarationKind.REFUSE:
        return _S.REFUSED
    asked = invitation is not None and invitation.revoked_at is None
    if acceptance is not None and not (asked and _asked_anew(invitation, acceptance, said)):
        return _S.ENDED
    rejected = said is not None and said.kind is DeclarationKind.REJECT
    if rejected and not (asked and _after(invitation, said)):
        return _S.REJECTED
    if invitation is None or not asked:
        return _S.NOT_INVITED
    return _S.VIEWED if invitation.viewed_at else _S.INVITED


def _after(invitation: DeedInvitation | None, said: Said | None) -> bool:
    return invitation is not None and said is not None and invitation.sent_at > said.at


def _asked_anew(invitation: DeedInvitation | None, ended: Acceptance, said: Said | None) -> bool:
    """Tell whether the client was asked again after its acceptance ended."""
    if invitation is None or ended.ended_on is None:
        return False
    withdrew = said is not None and said.kind is DeclarationKind.WITHDRAW
    return (withdrew and _after(invitation, said)) or day_of(invitation.sent_at) > ended.ended_on
