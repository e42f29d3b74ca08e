"""The states of a version of the deed as a table of steps, and how each stands in law. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.models import DeedState


class DeedStep(StrEnum):
    """What can happen to a version of the deed."""

    OFFER = "offer"
    REVOKE = "revoke"
    SUPERSEDE = "supersede"
    END = "end"


class Who(StrEnum):
    """Who takes a step of a deed or an acceptance. FACTS: nobody; it follows from another step."""

    SUPPLIER = "supplier"
    FOUNDATION = "foundation"
    CLIENT = "client"
    FACTS = "facts"


class Need(StrEnum):
    """What must be true for a step, besides who takes it."""

    WHOLE = "whole"
    UNACCEPTED = "unaccepted"
    REASON = "reason"
    NEWER = "newer"


@dataclass(frozen=True, slots=True)
class DeedWay:
    """One step: from where to where, by whom, and what must be true."""

    step: DeedStep
    left: DeedState
    reached: DeedState
    by: Who
    needs: frozenset[Need]


_S = DeedState
DEED_WAYS = (
    DeedWay(DeedStep.OFFER, _S.DRAFT, _S.OFFERED, Who.SUPPLIER, frozenset({Need.WHOLE})),
    DeedWay(DeedStep.REVOKE, _S.OFFERED, _S.REVOKED, Who.SUPPLIER, frozenset({Need.UNACCEPTED, Need.REASON})),
    DeedWay(DeedStep.SUPERSEDE, _S.OFFERED, _S.SUPERSEDED, Who.FACTS, frozenset({Need.NEWER})),
    DeedWay(DeedStep.END, _S.OFFERED, _S.ENDED, Who.SUPPLIER, frozenset({Need.REASON})),
    DeedWay(DeedStep.END, _S.SUPERSEDED, _S.ENDED, Who.SUPPLIER, frozenset({Need.REASON})),
)
_BY_STEP = {(way.step, way.left, way.by): way for way in DEED_WAYS}
STATE_LABELS = {
    _S.DRAFT: _l("Draft"),
    _S.OFFERED: _l("Offered"),
    _S.REVOKED: _l("Revoked"),
    _S.SUPERSEDED: _l("Replaced by a newer version"),
    _S.ENDED: _l("Ended"),
}


def way(step: DeedStep, left: DeedState, by: Who) -> DeedWay:
    """Return the line of the table for `step` taken from `left` by `by`. Raises Refused when there is none.

    Source: rules 3.8, clause version.
    """
    found = _BY_STEP.get((step, left, by))
    if found is None:
        raise Refused(_l("This cannot be done with a version that is in this state: %(state)s.",
                         state=STATE_LABELS[left]))  # fmt: skip
    return found


def open_steps(left: DeedState, by: Who) -> frozenset[DeedStep]:
    """Return the steps that `by` may take from `left`."""
    return frozenset(one.step for one in DEED_WAYS if one.left is left and one.by is by)


class LegalState(StrEnum):
    """How a version of the deed stands in law. Source: art. 6:253 BW; rules 3.4 B1, B2, B4."""

    NO_OFFER = "no_offer"
    REVOCABLE = "revocable"
    IRREVOCABLE = "irrevocable"
    BINDING = "binding"
    GONE = "gone"


LEGAL_TEXTS = {
    LegalState.NO_OFFER: _l("A draft promises nobody anything."),
    LegalState.REVOCABLE: _l("Nobody has accepted this version yet. Until somebody does, you can revoke it."),
    LegalState.IRREVOCABLE: _l(
        "This version cannot be revoked and costs the client nothing. It counts as accepted once the client knows it "
        "and does not reject it without delay."
    ),
    LegalState.BINDING: _l("Clients accepted this version. It can no longer be revoked, and each of them has a right."),
    LegalState.GONE: _l("This version is no longer offered. Nobody can accept it any more."),
}


def legal_state(state: DeedState, *, accepted: bool, irrevocable_free: bool) -> LegalState:
    """Return how a version stands in law. accepted: a client accepted it, and that did not end.

    Source: art. 6:253 BW (1), (2) and (4).
    """
    if state is DeedState.DRAFT:
        return LegalState.NO_OFFER
    if accepted and state in (DeedState.OFFERED, DeedState.SUPERSEDED):
        return LegalState.BINDING
    if state is not DeedState.OFFERED:
        return LegalState.GONE
    return LegalState.IRREVOCABLE if irrevocable_free else LegalState.REVOCABLE
