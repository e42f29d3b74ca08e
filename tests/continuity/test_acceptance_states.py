"""Every step of an acceptance from every state by every role, before and after the trigger; and how states are told."""

from datetime import UTC, date, datetime
from itertools import product

import pytest

from continuity.acceptance.checking import all_met_on
from continuity.acceptance.states import (
    ACCEPTANCE_WAYS,
    AcceptanceState,
    AcceptanceStep,
    Said,
    state_of,
    take,
)
from continuity.deed.states import Who
from continuity.errors import Refused
from continuity.models import Acceptance, DeclarationKind, DeedInvitation

S, T = AcceptanceState, AcceptanceStep
UNANSWERED = (S.NOT_INVITED, S.INVITED, S.VIEWED, S.REJECTED, S.ENDED)
# By hand, apart from the table in the code: (step, from, by) to (state, before the trigger, after it).
# Source: rules 3.8, acceptance; rules 3.4 B8.
ALLOWED = {
    **{(T.INVITE, left, Who.SUPPLIER): (S.INVITED, True, True) for left in UNANSWERED},
    **{(T.RECORD, left, Who.SUPPLIER): (S.OPEN, True, False) for left in UNANSWERED},
    (T.VIEW, S.INVITED, Who.CLIENT): (S.VIEWED, True, True),
    (T.VIEW, S.VIEWED, Who.CLIENT): (S.VIEWED, True, True),
    (T.ACCEPT, S.VIEWED, Who.CLIENT): (S.OPEN, True, False),
    (T.ASK_LATE, S.VIEWED, Who.CLIENT): (S.LATE, False, True),
    (T.REJECT, S.VIEWED, Who.CLIENT): (S.REJECTED, True, True),
    (T.ADMIT, S.LATE, Who.FOUNDATION): (S.OPEN, False, True),
    (T.REFUSE, S.LATE, Who.FOUNDATION): (S.REFUSED, False, True),
    (T.MEET, S.OPEN, Who.SUPPLIER): (S.MET, True, True),
    (T.REOPEN, S.MET, Who.SUPPLIER): (S.OPEN, True, True),
    (T.WITHDRAW, S.OPEN, Who.CLIENT): (S.ENDED, True, True),
    (T.WITHDRAW, S.MET, Who.CLIENT): (S.ENDED, True, True),
    (T.END, S.OPEN, Who.SUPPLIER): (S.ENDED, True, True),
    (T.END, S.MET, Who.SUPPLIER): (S.ENDED, True, True),
}


def test_every_step_from_every_state_by_every_role() -> None:
    assert len(ACCEPTANCE_WAYS) == len(ALLOWED)
    for step, left, by, triggered in product(T, S, Who, (False, True)):
        reached, before, after = ALLOWED.get((step, left, by), (None, False, False))
        if after if triggered else before:
            assert take(step, left, by, triggered=triggered) is reached
            continue
        with pytest.raises(Refused):
            take(step, left, by, triggered=triggered)


def at(day: int) -> datetime:
    return datetime(2026, 11, day, 9, tzinfo=UTC)


def asked(day: int, *, viewed: bool = False, revoked: bool = False) -> DeedInvitation:
    return DeedInvitation(
        sent_at=at(day), viewed_at=at(day) if viewed else None, revoked_at=at(day) if revoked else None
    )


def accepted(*, met: bool = False, ended_on: int | None = None) -> Acceptance:
    return Acceptance(
        accepted_on=date(2026, 11, 2),
        conditions_met_on=date(2026, 11, 3) if met else None,
        ended_on=date(2026, 11, ended_on) if ended_on else None,
    )


def said(kind: DeclarationKind, day: int) -> Said:
    return Said(kind, at(day))


K = DeclarationKind


@pytest.mark.parametrize(
    ("invitation", "acceptance", "last", "state"),
    [
        pytest.param(None, None, None, S.NOT_INVITED, id="nothing"),
        pytest.param(asked(1), None, None, S.INVITED, id="asked"),
        pytest.param(asked(1, viewed=True), None, None, S.VIEWED, id="looked at"),
        pytest.param(asked(1, viewed=True, revoked=True), None, None, S.NOT_INVITED, id="revoked"),
        pytest.param(asked(1, viewed=True), None, said(K.REJECT, 2), S.REJECTED, id="rejected"),
        pytest.param(asked(1, revoked=True), None, said(K.REJECT, 2), S.REJECTED, id="rejected, link revoked"),
        pytest.param(asked(3), None, said(K.REJECT, 2), S.INVITED, id="asked again after a no"),
        pytest.param(asked(1, viewed=True), None, said(K.LATE, 2), S.LATE, id="late"),
        pytest.param(asked(1, viewed=True), None, said(K.REFUSE, 3), S.REFUSED, id="late, refused"),
        pytest.param(asked(1, viewed=True), accepted(), said(K.ACCEPT, 2), S.OPEN, id="accepted"),
        pytest.param(None, accepted(met=True), None, S.MET, id="accepted by hand, conditions met"),
        pytest.param(asked(1), accepted(), said(K.ADMIT, 3), S.OPEN, id="late, admitted"),
        pytest.param(asked(1), accepted(ended_on=5), said(K.WITHDRAW, 5), S.ENDED, id="withdrawn"),
        pytest.param(asked(1), accepted(ended_on=5), said(K.ACCEPT, 2), S.ENDED, id="ended by the supplier"),
        pytest.param(None, accepted(ended_on=5), None, S.ENDED, id="ended, by hand"),
        pytest.param(asked(6), accepted(ended_on=5), said(K.WITHDRAW, 5), S.INVITED, id="asked after it ended"),
    ],
)
def test_what_is_recorded_tells_the_state(
    invitation: DeedInvitation | None, acceptance: Acceptance | None, last: Said | None, state: AcceptanceState
) -> None:
    assert state_of(invitation, acceptance, last) is state


def test_conditions_are_met_since_the_last_of_them_was() -> None:
    first, second = date(2026, 11, 1), date(2026, 11, 5)
    assert all_met_on(2, [first, second]) == second
    assert all_met_on(2, [first, None]) is None
    assert all_met_on(2, [first]) is None
    assert all_met_on(0, []) is None
