"""Kept days that are thinned out while somebody judges."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from audits.asof.models import Evaluation, KeptRows
from audits.asof.retention import thin_out_of
from audits.asof.standing import as_it_stood
from audits.sweeping import sweep
from core import db
from plans.models import Contact
from tenants import trail
from tenants.lock import mark_changed
from tests.cast import Cast
from tests.plans.items_scene import ScopeOf
from tests.races.meanwhile import meanwhile

OLD, SINCE, WANTED, TODAY = date(2022, 3, 1), date(2024, 3, 1), date(2024, 6, 1), date(2026, 11, 22)


def judge_on(app: Flask, cast: Cast, day: date) -> list[int]:
    with app.app_context():
        return sweep.run([cast.bakery.id], day, at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC)).judged


def call_everybody(scope_of: ScopeOf, cast: Cast, name: str) -> None:
    """Change names and nothing else, so that the rows are to the letter what they were when the name was the same."""
    with scope_of(cast.bakery):
        db.session().connection().execute(sa.update(Contact.__table__).values(name=name))  # type: ignore[arg-type]
        mark_changed(db.session(), {cast.bakery.id}, ["contact"])


def test_rows_that_no_day_seemed_to_need_are_there_when_a_judgement_names_them_again(
    app: Flask, cast: Cast, scope_of: ScopeOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scope_of(cast.bakery):
        db.session().add(Contact(name="Henk"))
    judge_on(app, cast, OLD)
    call_everybody(scope_of, cast, "Anna")
    judge_on(app, cast, SINCE)
    call_everybody(scope_of, cast, "Henk")

    def judge_today() -> list[int]:
        return judge_on(app, cast, TODAY)

    # The trail is written when it is settled what goes, and before it went.
    with app.app_context(), meanwhile(monkeypatch, trail, "record", judge_today) as judged:
        assert thin_out_of(cast.bakery.id, WANTED) == 1
    assert judged() == [cast.bakery.id]
    with scope_of(cast.bakery):
        there = {(one.of_table, one.digest) for one in db.session().scalars(sa.select(KeptRows))}
        days = db.session().scalars(sa.select(Evaluation).order_by(Evaluation.day)).all()
        assert [one.day for one in days] == [SINCE, TODAY]
        for day in days:
            assert set(day.parts.items()) <= there
        for named, on in (("Anna", SINCE), ("Henk", TODAY)):
            with as_it_stood(on) as kept:
                assert kept is not None
                assert db.session().scalars(sa.select(Contact.name)).all() == [named]
