"""The steps of a deed, each tried from each state by each role; and how a version stands in law."""

from itertools import product

import pytest

from continuity.deed.states import (
    DeedStep,
    LegalState,
    Who,
    legal_state,
    open_steps,
    way,
)
from continuity.errors import Refused
from continuity.models import DeedState

S, D = DeedState, DeedStep
# By hand, apart from the table in the code. Source: rules 3.8, clause version; art. 6:253 BW (2).
ALLOWED = {
    (D.OFFER, S.DRAFT, Who.SUPPLIER): S.OFFERED,
    (D.REVOKE, S.OFFERED, Who.SUPPLIER): S.REVOKED,
    (D.SUPERSEDE, S.OFFERED, Who.FACTS): S.SUPERSEDED,
    (D.END, S.OFFERED, Who.SUPPLIER): S.ENDED,
    (D.END, S.SUPERSEDED, Who.SUPPLIER): S.ENDED,
}


def test_every_step_from_every_state_by_every_role() -> None:
    for step, left, by in product(D, S, Who):
        reached = ALLOWED.get((step, left, by))
        assert (step in open_steps(left, by)) == (reached is not None)
        if reached is not None:
            assert way(step, left, by).reached is reached
            continue
        with pytest.raises(Refused):
            way(step, left, by)


@pytest.mark.parametrize(
    ("state", "accepted", "irrevocable", "stands"),
    [
        (S.DRAFT, False, False, LegalState.NO_OFFER),
        (S.DRAFT, False, True, LegalState.NO_OFFER),
        (S.OFFERED, False, False, LegalState.REVOCABLE),
        (S.OFFERED, False, True, LegalState.IRREVOCABLE),
        (S.OFFERED, True, False, LegalState.BINDING),
        (S.OFFERED, True, True, LegalState.BINDING),
        (S.SUPERSEDED, False, False, LegalState.GONE),
        (S.SUPERSEDED, True, False, LegalState.BINDING),
        (S.REVOKED, False, False, LegalState.GONE),
        (S.ENDED, True, True, LegalState.GONE),
    ],
)
def test_how_a_version_stands_in_law(state: DeedState, accepted: bool, irrevocable: bool, stands: LegalState) -> None:
    assert legal_state(state, accepted=accepted, irrevocable_free=irrevocable) is stands
