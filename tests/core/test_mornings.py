"""When what is told once a day is planned: in the morning of a working day, once what comes before it was done."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from core import db
from core.background import work
from core.background.mornings import has_begun, plan_today
from core.background.work import DueWork

FRIDAY = date(2026, 11, 20)
# The first second of the morning in Amsterdam, in winter.
SIX = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
A_SECOND, A_DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
def kept(bare_app: Flask) -> Iterator[Flask]:
    """An empty database inside an application context."""
    with bare_app.app_context():
        yield bare_app


def planned_at(at: datetime, *, after: tuple[str, ...] = ()) -> list[date]:
    """Return for which days letters are planned, once somebody tried so at this moment."""
    with time_machine.travel(at, tick=False):
        plan_today("letters", after=after)
    db.begin(writes=False)
    days = list(db.session().scalars(sa.select(DueWork.period).where(DueWork.kind == "letters")))
    db.rollback()
    return days


@pytest.mark.once
def test_the_morning_comes_in_each_zone_at_its_own_time() -> None:
    assert not has_begun(SIX - A_SECOND)
    assert has_begun(SIX)
    assert not has_begun(SIX, "Atlantic/Canary")
    assert has_begun(SIX + timedelta(hours=1), "Atlantic/Canary")


def test_a_day_is_planned_once_and_neither_at_night_nor_in_a_weekend(kept: Flask) -> None:
    assert planned_at(SIX - A_SECOND) == []
    assert planned_at(SIX + A_DAY) == []
    assert planned_at(SIX) == [FRIDAY]
    assert planned_at(SIX + A_SECOND) == [FRIDAY]


def test_a_day_waits_for_what_comes_before_it_that_day(kept: Flask) -> None:
    db.begin(writes=True)
    work.plan("notes", ["1"], FRIDAY, at=SIX)
    work.plan("old-notes", ["1"], FRIDAY - A_DAY, at=SIX)
    db.commit()
    assert planned_at(SIX, after=("old-notes", "notes")) == []
    assert planned_at(SIX, after=("old-notes",)) == [FRIDAY]
