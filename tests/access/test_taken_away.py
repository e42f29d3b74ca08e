"""What was given and is taken away, or ran out, is gone at the next request: in open browsers and on old links too."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from core import clock, db
from tenants.models import Engagement, LoginSession, ManagementGrant, Membership, Tenant, User
from tenants.owned import TenantOwned
from tenants.scope import scoped, whole
from tests.access.conftest import Stage
from tests.access.objects import ways
from tests.access.world import Place
from tests.visitor import Visitor


@contextmanager
def inside(stage: Stage, place: Place) -> Iterator[None]:
    with stage.app.app_context(), scoped(whole(place.id)):
        yield


@contextmanager
def plainly(stage: Stage) -> Iterator[None]:
    """Change rows that belong to no organisation."""
    with stage.app.app_context():
        db.begin(writes=True)
        yield
        db.commit()


def end(stage: Stage, place: Place, model: type[TenantOwned], *conditions: sa.ColumnElement[bool]) -> None:
    """End the one relation of `model` at `place` that is in force, a moment ago."""
    with inside(stage, place):
        row = db.session().scalars(sa.select(model).where(*conditions)).one()
        row.ends_at = clock.now() - timedelta(seconds=1)  # type: ignore[attr-defined]


def pages(stage: Stage, place: Place) -> list[str]:
    """Return a page and a download of an organisation."""
    found = {way.endpoint: way.path for way in ways(stage.app, place, stage.world)}
    return [found["audits.home"], found["continuity.agreement_file"], found["plans.overview"]]


def statuses(visitor: Visitor, paths: list[str]) -> list[int]:
    found = []
    for path in paths:
        answer = visitor.get(path)
        found.append(answer.status_code)
        answer.close()
    return found


def end_membership(stage: Stage) -> None:
    person = stage.world.people["editor"]
    end(stage, stage.world.home, Membership, Membership.user_id == person.id)


def withdraw_grant(stage: Stage) -> None:
    end(stage, stage.world.home, ManagementGrant, ManagementGrant.manager_id == stage.world.supplier.id)


def end_engagement(stage: Stage) -> None:
    person = stage.world.people["auditor"]
    end(stage, stage.world.home, Engagement, Engagement.auditor_id == person.id)


def leave_the_supplier(stage: Stage) -> None:
    person = stage.world.people["supplier_reader"]
    end(stage, stage.world.supplier, Membership, Membership.user_id == person.id)


def leave_altogether(stage: Stage) -> None:
    with plainly(stage):
        db.session().get_one(Tenant, stage.world.home.id).left_at = clock.now()


@pytest.mark.parametrize(
    ("who", "take_away"),
    [
        ("supplier_reader", leave_the_supplier),
        ("editor", end_membership),
        ("auditor", end_engagement),
        ("supplier_owner", withdraw_grant),
        ("owner", leave_altogether),
    ],
    ids=["left the reseller", "membership", "engagement", "grant", "organisation left"],
)
def test_an_open_browser_reaches_nothing_more(stage: Stage, who: str, take_away: Callable[[Stage], None]) -> None:
    with stage.app.app_context():
        db.begin(writes=True)
        db.session().get_one(Tenant, stage.world.home.id).left_at = None
        db.commit()
    paths = pages(stage, stage.world.home)
    visitor = Visitor(stage.app, stage.world.people[who])
    assert statuses(visitor, paths) == [200, 200, 200]
    take_away(stage)
    assert statuses(visitor, paths) == [404, 404, 404]
    assert statuses(Visitor(stage.app, stage.world.people[who]), paths) == [404, 404, 404]


def test_a_disabled_person_is_nobody_at_the_next_request(stage: Stage) -> None:
    officer = stage.world.people["officer"]
    visitor, path = Visitor(stage.app, officer), f"/o/{stage.world.foundation.slug}/"
    assert visitor.get(path).status_code == 200
    with plainly(stage):
        db.session().get_one(User, officer.id).disabled_at = clock.now()
    assert "/sign-in" in visitor.get(path).headers["Location"]


def test_an_engagement_ends_by_the_clock_of_the_database(stage: Stage) -> None:
    auditor = stage.world.people["scheme_auditor"]
    visitor, path = Visitor(stage.app, auditor), f"/o/{stage.world.home.slug}/findings"
    with inside(stage, stage.world.home):
        row = db.session().scalars(sa.select(Engagement).where(Engagement.auditor_id == auditor.id)).one()
        row.ends_at = clock.now() + timedelta(hours=1)
    with plainly(stage):
        db.session().get_one(Tenant, stage.world.home.id).left_at = None
    assert visitor.get(path).status_code == 200
    with inside(stage, stage.world.home):
        row = db.session().scalars(sa.select(Engagement).where(Engagement.auditor_id == auditor.id)).one()
        row.ends_at = clock.now() - timedelta(minutes=2)
    # The clock of this server is five minutes slow; the database knows better.
    with time_machine.travel(clock.now() - timedelta(minutes=5)):
        assert Visitor(stage.app, auditor).get(path).status_code == 404


def test_whoever_reaches_into_other_organisations_shows_more_than_a_password(stage: Stage) -> None:
    keeper = stage.world.people["plan_keeper"]
    with plainly(stage):
        db.session().get_one(Tenant, stage.world.home.id).left_at = None
    visitor, path = Visitor(stage.app, keeper), f"/o/{stage.world.home.slug}/"
    assert visitor.get(path).status_code == 200
    with plainly(stage):
        db.session().execute(sa.update(LoginSession).where(LoginSession.user_id == keeper.id).values(strong=False))
    answer = visitor.get(path)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/security/second-factor?next=%2Fo%2Fhome%2F")
    assert visitor.post(f"{path}audit").status_code == 303


def test_what_cannot_be_taken_back_asks_for_a_fresh_proof(stage: Stage) -> None:
    reader = stage.world.people["reader"]
    with plainly(stage):
        db.session().get_one(Tenant, stage.world.home.id).left_at = None
    visitor, path = Visitor(stage.app, reader), f"/o/{stage.world.home.slug}/reports/"
    export = {"name": "findings", "as_of": clock.today().isoformat(), "language": "en"}
    assert visitor.post(path, export).status_code == 200
    with plainly(stage):
        long_ago = clock.now() - timedelta(hours=1)
        mine = sa.update(LoginSession).where(LoginSession.user_id == reader.id)
        db.session().execute(mine.values(proved_at=long_ago))
    answer = visitor.post(path, export)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/prove?next=")
