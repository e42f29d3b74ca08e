"""Due work: planned once, held by one, done once in effect, whoever dies when."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from core import clock, db, mail
from core.background import work
from core.background.work import KEPT, LEASE, PAUSES, Claim, DueWork, Overtaken
from core.background.work_states import OPEN, TRANSITIONS, Step, WorkState
from core.i18n import Language
from core.mail import OutboxMail

AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 11, 22), date(2026, 11, 23)
DAY = timedelta(days=1)


@pytest.fixture
def kept(bare_app: Flask) -> Iterator[Flask]:
    """An empty database inside an application context."""
    with bare_app.app_context():
        yield bare_app


def planned(kind: str, abouts: Sequence[str], period: date = TODAY, at: datetime = AT) -> None:
    db.begin(writes=True)
    work.plan(kind, abouts, period, at=at)
    db.commit()


def taken(kind: str, at: datetime = AT, at_most: int = 10) -> list[Claim]:
    db.begin(writes=True)
    claims = work.take(kind, at=at, at_most=at_most)
    db.commit()
    return claims


def states(kind: str) -> Counter[WorkState]:
    db.begin(writes=False)
    found = Counter(db.session().scalars(sa.select(DueWork.state).where(DueWork.kind == kind)))
    db.rollback()
    return found


def test_planning_twice_plans_once(kept: Flask) -> None:
    planned("remind", ["1", "2"])
    planned("remind", ["2", "3", "3"])
    assert states("remind") == {WorkState.WAITING: 3}
    assert sorted(claim.about for claim in taken("remind")) == ["1", "2", "3"]
    planned("remind", ["1"])
    assert taken("remind") == []


def test_what_was_missed_is_made_up_for_once_by_the_newest_period(kept: Flask) -> None:
    planned("remind", ["1"], TODAY - 3 * DAY, AT - 3 * DAY)
    assert len(taken("remind", AT - 3 * DAY)) == 1, "and its holder dies"
    for days in (2, 1, 0):
        planned("remind", ["1"], TODAY - days * DAY, AT - days * DAY)
    assert [claim.period for claim in taken("remind")] == [TODAY]
    assert states("remind") == {WorkState.PASSED: 3, WorkState.TAKEN: 1}
    db.begin(writes=True)
    assert work.forget_old(AT + KEPT + timedelta(seconds=1)) == 3, "what was passed over is done with as well"
    db.commit()
    assert states("remind") == {WorkState.TAKEN: 1}


def test_what_somebody_holds_is_not_passed_over_while_they_live(kept: Flask) -> None:
    planned("remind", ["1"], TODAY - DAY, AT)
    (holder,) = taken("remind", AT)
    planned("remind", ["1"], TODAY, AT + timedelta(minutes=1))
    db.begin(writes=True)
    work.finish([holder], at=AT + timedelta(minutes=1))
    db.commit()
    assert states("remind") == {WorkState.DONE: 1, WorkState.WAITING: 1}


def test_whoever_comes_late_keeps_nothing(kept: Flask) -> None:
    planned("remind", ["1"])
    (slow,) = taken("remind")
    assert taken("remind", AT + LEASE - timedelta(seconds=1)) == []
    (quick,) = taken("remind", AT + LEASE)
    db.begin(writes=True)
    mail.queue(to="a@people.example", subject="x", text="y", language=Language.DUTCH, kind="test")
    with pytest.raises(Overtaken):
        work.finish([slow], at=AT + LEASE)
    db.rollback()
    db.begin(writes=True)
    work.finish([quick], at=AT + LEASE)
    db.commit()
    assert states("remind") == {WorkState.DONE: 1}
    db.begin(writes=False)
    assert db.session().scalars(sa.select(OutboxMail.id)).all() == []


def test_what_fails_rests_longer_each_time_and_is_given_up_in_the_end(kept: Flask) -> None:
    planned("remind", ["1"])
    at = AT
    for pause in PAUSES:
        (claim,) = taken("remind", at)
        work_failed(claim, at)
        assert taken("remind", at + pause - timedelta(seconds=1)) == []
        at += pause
    (claim,) = taken("remind", at)
    work_failed(claim, at)
    assert states("remind") == {WorkState.FAILED: 1}
    assert taken("remind", at + DAY) == []
    planned("remind", ["1"], TOMORROW, at + DAY)
    assert len(taken("remind", at + DAY)) == 1


def work_failed(claim: Claim, at: datetime) -> None:
    db.begin(writes=True)
    work.put_off(claim, "KeyError", at=at)
    db.commit()


def test_every_step_that_the_table_does_not_name_is_refused(kept: Flask) -> None:
    for step, one in TRANSITIONS.items():
        for state in WorkState:
            db.begin(writes=True)
            row = DueWork(kind=step, about=state, period=TODAY, state=state, due_at=AT, failures=0, error="")
            db.session().add(row)
            db.session().flush()
            assert work._move(step, DueWork.id == row.id) == (state is one.source)
            assert db.session().scalar(sa.select(DueWork.state).where(DueWork.id == row.id)) == (
                one.target if state is one.source else state
            )
            db.rollback()
    ended = set(WorkState) - set(OPEN)
    assert not ended & {one.source for one in TRANSITIONS.values()}, "what is over stays over"
    assert set(TRANSITIONS) == set(Step)


def test_one_that_cannot_be_done_stops_none_of_the_others(kept: Flask) -> None:
    def do(claims: Sequence[Claim]) -> None:
        db.begin(writes=True)
        try:
            assert "3" not in {claim.about for claim in claims}
            work.finish(claims, at=clock.now())
            db.commit()
        finally:
            db.rollback()

    planned("remind", [str(number) for number in range(6)], clock.today(), clock.now())
    assert work.work_off("remind", do, at_once=4) == (5, 1)
    assert states("remind") == {WorkState.DONE: 5, WorkState.WAITING: 1}


def test_what_was_done_long_ago_is_forgotten_and_what_waits_is_not(kept: Flask) -> None:
    planned("remind", ["1", "2"])
    (first,) = taken("remind", at_most=1)
    db.begin(writes=True)
    work.finish([first], at=AT)
    assert work.forget_old(AT + KEPT) == 0
    assert work.forget_old(AT + KEPT + timedelta(seconds=1)) == 1
    db.commit()
    assert states("remind") == {WorkState.WAITING: 1}


KILLED = Path(__file__).parent / "killing.py"


@pytest.mark.parametrize("processes", [2, 4])
def test_schedulers_that_are_killed_at_random_do_everything_once(kept: Flask, processes: int) -> None:
    address = db.engine().url.render_as_string(hide_password=False)
    settings = kept.config["SETTINGS"]
    organisations, nights = 30, 2
    command = [sys.executable, "-m", "tests.core.killing", address, str(settings.data_dir)]
    command += [str(settings.master_key_file), str(processes), str(organisations), str(nights), "7"]
    db.engine().dispose()
    ran = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=600)
    assert ran.returncode == 0, ran.stderr[-3000:]
    kills = int(ran.stdout.split()[-1])
    assert kills >= nights * processes, "nobody was killed: this shows nothing"
    db.begin(writes=False)
    mails = Counter(db.session().scalars(sa.select(OutboxMail.recipient)))
    assert mails == {f"o{one}.n{night}@people.example": 1 for one in range(organisations) for night in range(nights)}
    assert set(db.session().scalars(sa.select(DueWork.state))) == {WorkState.DONE}
    db.rollback()
    with time_machine.travel(clock.now() + LEASE, tick=False):
        assert taken("effect", clock.now()) == []
