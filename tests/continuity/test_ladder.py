"""The rungs of a handover: each stands on those below, is dated, and falls back when what it stands on gets stale."""

from datetime import date
from typing import Any

import pytest

from continuity.handovers.ladder import Climb, Rung, highest, ladder
from continuity.models import DeliveryWay
from tests.audits.rules.changing import replace

TODAY = date(2026, 11, 22)
SEALED = Climb(
    way=DeliveryWay.SEALED,
    delivered_on=date(2026, 11, 1),
    fresh_until=date(2026, 12, 1),
    officers=3,
)
OPENABLE = replace(SEALED, shown_on=(date(2026, 11, 4), date(2026, 11, 2)))
SIGNED_IN = replace(OPENABLE, login_on=date(2026, 11, 5))
DRILLED = replace(SIGNED_IN, takeover_on=date(2025, 11, 22))


@pytest.mark.parametrize(
    ("climb", "changes", "today", "rung"),
    [
        pytest.param(Climb(), {}, TODAY, Rung.LISTED, id="never handed over"),
        pytest.param(SEALED, {"way": DeliveryWay.OUTSIDE}, TODAY, Rung.LISTED, id="handed over in an envelope"),
        pytest.param(SEALED, {}, TODAY, Rung.SEALED, id="sealed"),
        pytest.param(SEALED, {}, date(2026, 12, 1), Rung.SEALED, id="on its last fresh day"),
        pytest.param(SEALED, {}, date(2026, 12, 2), Rung.LISTED, id="the day after"),
        pytest.param(SEALED, {"changed_on": date(2026, 10, 31)}, TODAY, Rung.SEALED, id="changed before"),
        pytest.param(SEALED, {"changed_on": date(2026, 11, 1)}, TODAY, Rung.LISTED, id="changed that day"),
        pytest.param(SEALED, {"officers": 1}, TODAY, Rung.LISTED, id="one officer still has a key"),
        pytest.param(SEALED, {"shown_on": (date(2026, 11, 2),)}, TODAY, Rung.SEALED, id="one officer showed it"),
        pytest.param(OPENABLE, {}, date(2026, 11, 3), Rung.SEALED, id="before the second officer showed it"),
        pytest.param(OPENABLE, {}, date(2026, 11, 4), Rung.OPENABLE, id="the day the second officer showed it"),
        pytest.param(SEALED, {"login_on": TODAY}, TODAY, Rung.SEALED, id="tried, but nobody showed it opens"),
        pytest.param(SIGNED_IN, {}, TODAY, Rung.LOGIN, id="signed in"),
        pytest.param(OPENABLE, {"takeover_on": date(2025, 11, 22)}, TODAY, Rung.TAKEOVER, id="drilled, so signed in"),
        pytest.param(DRILLED, {}, TODAY, Rung.TAKEOVER, id="drilled a year ago"),
        pytest.param(DRILLED, {}, date(2026, 11, 23), Rung.LOGIN, id="drilled a year and a day ago"),
        pytest.param(DRILLED, {"changed_on": TODAY}, TODAY, Rung.LISTED, id="drilled, and changed since"),
    ],
)
def test_highest_rung_at_its_boundaries(climb: Climb, changes: dict[str, Any], today: date, rung: Rung) -> None:
    assert highest(ladder(replace(climb, **changes), today)) is rung


def test_each_rung_keeps_its_day_when_it_falls_back() -> None:
    steps = ladder(replace(DRILLED, changed_on=TODAY), TODAY)
    assert [step.rung for step in steps] == list(Rung)
    assert [step.reached_on for step in steps] == [
        None,
        date(2026, 11, 1),
        date(2026, 11, 4),
        date(2026, 11, 5),
        date(2025, 11, 22),
    ]
    assert [step.holds for step in steps] == [True, False, False, False, False]
