"""Old days go when an organisation wants them no longer, never while an auditor works for it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from audits.asof.models import Evaluation, KeptRows
from audits.asof.retention import thin_out
from audits.asof.standing import as_it_stood
from audits.sweeping import sweep
from core import clock, db
from plans.models import Contact
from tenants.models import Engagement, Tenant, TrailEntry
from tests.cast import Cast, Organisation
from tests.visitor import Visitor

Scoped = Callable[[Organisation], AbstractContextManager[None]]
YEARS = 2


@pytest.fixture
def days(app: Flask, cast: Cast, scope_of: Scoped) -> list[date]:
    """Four days on which the bakery was judged, with another contact each; the first two longer ago than it keeps."""
    today = clock.today()
    found = [clock.add_months(today, -12 * YEARS) + timedelta(days=by) for by in (-400, -1, 1, 300)]
    for at, day in enumerate(found):
        with scope_of(cast.bakery):
            db.session().add(Contact(name=f"Contact {at}", phone="+31201234567", confirmed_on=day))
            db.session().get_one(Tenant, cast.bakery.id).kept_years = YEARS
        with app.app_context():
            assert (
                sweep.run([cast.bakery.id], day, at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC)).failed == []
            )
    return found


def kept(scope_of: Scoped, bakery: Organisation) -> list[date]:
    with scope_of(bakery):
        return list(db.session().scalars(sa.select(Evaluation.day).order_by(Evaluation.day)))


def test_days_older_than_wanted_go_but_the_one_that_tells_the_first_wanted_day(
    app: Flask, cast: Cast, days: list[date], scope_of: Scoped
) -> None:
    with app.app_context():
        thin_out()
        thin_out()
    assert kept(scope_of, cast.bakery) == days[1:]
    with scope_of(cast.bakery):
        for at, day in enumerate(days[1:], start=2):
            with as_it_stood(day) as then:
                assert then is not None
                assert len(db.session().scalars(sa.select(Contact)).all()) == at
        tables = db.session().scalars(sa.select(KeptRows.of_table))
        assert sorted(tables) == ["contact", "contact", "contact", "tenant"]
        query = sa.select(TrailEntry.action).where(TrailEntry.action == "evaluations.removed")
        assert len(db.session().scalars(query).all()) == 1


def test_nothing_goes_while_an_auditor_works_or_will_work_for_the_organisation(
    app: Flask, cast: Cast, days: list[date], scope_of: Scoped
) -> None:
    at = clock.now()
    with scope_of(cast.bakery):
        row = Engagement(
            auditor_id=cast.stranger.id, reference="Audit", plan=True, continuity=True,
            starts_at=at + timedelta(days=10), ends_at=at + timedelta(days=20),
        )  # fmt: skip
        db.session().add(row)
    with app.app_context():
        thin_out()
    assert kept(scope_of, cast.bakery) == days
    with scope_of(cast.bakery):
        db.session().scalars(sa.select(Engagement)).one().starts_at = at - timedelta(days=10)
        db.session().scalars(sa.select(Engagement)).one().ends_at = at - timedelta(days=1)
    with app.app_context():
        thin_out()
    assert kept(scope_of, cast.bakery) == days[1:]


def test_the_owner_sets_how_long_within_bounds(cast: Cast, scope_of: Scoped, visitor: Callable[..., Visitor]) -> None:
    form = {"name": "Bakkerij", "language": "en", "zone": "Europe/Amsterdam"}
    owner = visitor(cast.owner)
    for wrong in ("0", "31", "many"):
        answer = owner.post("/o/bakery/settings/edit", form | {"kept_years": wrong})
        assert answer.status_code == 422
        assert f'value="{wrong}"' in answer.text
    assert owner.post("/o/bakery/settings/edit", form | {"kept_years": "10"}).status_code == 302
    with scope_of(cast.bakery):
        assert db.session().get_one(Tenant, cast.bakery.id).kept_years == 10
