"""How far a handover item is, day by day."""

from datetime import date

import pytest

from continuity.handovers.states import HandoverState, freshness_of

DELIVERED = date(2026, 11, 1)
LAST_FRESH = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("delivered_on", "confirmed_on", "changed_on", "today", "state"),
    [
        pytest.param(None, None, None, DELIVERED, HandoverState.MISSING, id="never handed over"),
        pytest.param(None, None, DELIVERED, DELIVERED, HandoverState.MISSING, id="changed but never handed over"),
        pytest.param(DELIVERED, None, None, DELIVERED, HandoverState.TO_CONFIRM, id="not confirmed"),
        pytest.param(DELIVERED, DELIVERED, None, DELIVERED, HandoverState.IN_ORDER, id="confirmed"),
        pytest.param(DELIVERED, DELIVERED, None, LAST_FRESH, HandoverState.IN_ORDER, id="last fresh day"),
        pytest.param(DELIVERED, DELIVERED, None, date(2026, 12, 2), HandoverState.OVERDUE, id="day after"),
        pytest.param(DELIVERED, None, None, date(2026, 12, 2), HandoverState.OVERDUE, id="too old to confirm"),
        pytest.param(DELIVERED, DELIVERED, date(2026, 11, 2), LAST_FRESH, HandoverState.STALE, id="changed later"),
        pytest.param(DELIVERED, DELIVERED, DELIVERED, LAST_FRESH, HandoverState.STALE, id="changed that same day"),
        pytest.param(DELIVERED, DELIVERED, date(2026, 10, 31), LAST_FRESH, HandoverState.IN_ORDER, id="changed before"),
    ],
)
def test_state_of_an_item(
    delivered_on: date | None, confirmed_on: date | None, changed_on: date | None, today: date, state: HandoverState
) -> None:
    found = freshness_of(
        max_age_days=30, changed_on=changed_on, delivered_on=delivered_on, confirmed_on=confirmed_on, today=today
    )
    assert found.state is state
    assert found.until == (LAST_FRESH if delivered_on else None)
