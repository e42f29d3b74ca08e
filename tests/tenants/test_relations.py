"""From when until when a relation holds, and how far it reaches: at its very instants, and beside another one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from core import clock, db
from plans.models import Contact
from tenants import door
from tenants.door import needs
from tenants.models import Alarm, Capacity, Engagement, ManagementGrant, Membership, Operator, Role, Tenant, TrailEntry
from tenants.owned import Area
from tenants.permissions import BY_PERMISSION, POLICIES, Permission, Policy
from tenants.relations import Standing, entries_of, find_standing, is_operator
from tenants.scope import LockError, scoped, whole
from tests.cast import JOINED, Cast, Organisation, Person
from tests.grants.scene import grant
from tests.races.meanwhile import meanwhile
from tests.visitor import Visitor

BEGINS, ENDS = datetime(2031, 3, 30, 0, 59, 59, 999999, UTC), datetime(2031, 10, 26, 1, 0, tzinfo=UTC)
STEP = datetime.resolution
CONTENT = frozenset({Area.PLAN, Area.CONTINUITY})


def at(moment: datetime, app: Flask, person: Person, slug: str) -> Standing | None:
    """Return where `person` stands at `moment` by the clock of the server."""
    with time_machine.travel(moment, tick=False), app.app_context():
        db.begin(writes=False)
        found = find_standing(person.id, slug)
        db.rollback()
        return found


def entries(app: Flask, person: Person) -> list[str]:
    with app.app_context():
        db.begin(writes=False)
        found = [one.slug for one in entries_of(person.id)]
        db.rollback()
        return found


def assign(app: Flask, place: Organisation, person: Person, *, ends_at: datetime, plan: bool, continuity: bool) -> None:
    with app.app_context(), scoped(whole(place.id)):
        row = Engagement(auditor_id=person.id, reference="2031", plan=plan, continuity=continuity)
        row.starts_at, row.ends_at = JOINED, ends_at
        db.session().add(row)


def as_member(app: Flask, cast: Cast) -> None:
    with app.app_context(), scoped(whole(cast.bakery.id)):
        row = Membership(user_id=cast.supplier_owner.id, role=Role.READER, starts_at=BEGINS, ends_at=ENDS)
        db.session().add(row)


def as_reseller(app: Flask, cast: Cast) -> None:
    grant(app, cast.bakery, cast.supplier, starts_at=BEGINS, ends_at=ENDS)


def as_auditor(app: Flask, cast: Cast) -> None:
    with app.app_context(), scoped(whole(cast.bakery.id)):
        row = Engagement(auditor_id=cast.supplier_owner.id, reference="2031", plan=True, continuity=True)
        row.starts_at, row.ends_at = BEGINS, ENDS
        db.session().add(row)


@pytest.mark.parametrize("let_in", [as_member, as_reseller, as_auditor])
def test_a_relation_holds_from_its_first_instant_and_no_more_at_its_last(
    app: Flask, cast: Cast, let_in: Callable[[Flask, Cast], None]
) -> None:
    let_in(app, cast)
    instants = (BEGINS - STEP, BEGINS, ENDS - STEP, ENDS)
    stood = [at(instant, app, cast.supplier_owner, "bakery") is not None for instant in instants]
    assert stood == [False, True, True, False]


def test_an_operator_is_one_from_the_first_instant_and_no_more_at_the_last(app: Flask, cast: Cast) -> None:
    with app.app_context():
        db.begin(writes=True)
        db.session().add(Operator(user_id=cast.owner.id, starts_at=BEGINS, ends_at=ENDS))
        db.commit()
        found = []
        for instant in (BEGINS - STEP, BEGINS, ENDS - STEP, ENDS):
            with time_machine.travel(instant, tick=False):
                db.begin(writes=False)
                found.append(is_operator(cast.owner.id))
                db.rollback()
    assert found == [False, True, True, False]


def leave(app: Flask, place: Organisation) -> None:
    with app.app_context():
        db.begin(writes=True)
        db.session().get_one(Tenant, place.id).left_at = clock.now()
        db.commit()


def test_an_organisation_that_left_stands_in_nobodys_list(app: Flask, cast: Cast) -> None:
    grant(app, cast.bakery, cast.supplier)
    grant(app, cast.other, cast.supplier)
    assert entries(app, cast.supplier_owner) == ["bakery", "supplier", "other"]
    leave(app, cast.other)
    assert entries(app, cast.supplier_owner) == ["bakery", "supplier"]
    assert entries(app, cast.stranger) == []
    assert Visitor(app, cast.stranger).get("/o/other/").status_code == 404


def test_nobody_comes_in_by_a_reseller_that_left(app: Flask, cast: Cast) -> None:
    grant(app, cast.bakery, cast.supplier)
    leave(app, cast.supplier)
    assert entries(app, cast.supplier_owner) == []
    assert at(clock.now(), app, cast.supplier_owner, "bakery") is None


@pytest.mark.parametrize("first_ends", [timedelta(days=3), timedelta(days=9)], ids=["sooner", "later"])
def test_two_assignments_at_once_open_what_each_of_them_opens_until_the_last_ends(
    app: Flask, cast: Cast, first_ends: timedelta
) -> None:
    now, person = clock.now(), cast.supplier_owner
    ends = {"plan": now + first_ends, "continuity": now + timedelta(days=6)}
    for area, ends_at in ends.items():
        opened = {"plan": area == "plan", "continuity": area == "continuity"}
        assign(app, cast.bakery, person, ends_at=ends_at, **opened)
    both = at(now, app, person, "bakery")
    assert both is not None
    assert both.capacity is Capacity.AUDITOR
    # The trail tells of everything, so it takes one assignment that is about everything.
    assert both.areas == {Area.AUDIT, Area.PLAN, Area.CONTINUITY}
    assert both.ends_at == max(ends.values())
    rest = at(min(ends.values()), app, person, "bakery")
    assert rest is not None
    assert rest.areas & CONTENT == {Area(max(ends, key=lambda area: ends[area]))}
    assert at(max(ends.values()), app, person, "bakery") is None


def sound(app: Flask, place: Organisation, alarm: Alarm) -> None:
    with app.app_context():
        db.begin(writes=True)
        db.session().get_one(Tenant, place.id).alarm = alarm
        db.commit()


@pytest.mark.parametrize(("plan", "told"), [(True, Alarm.REAL), (False, None)])
def test_that_a_plan_is_at_work_is_told_to_whom_it_is_open(
    app: Flask, cast: Cast, plan: bool, told: Alarm | None
) -> None:
    grant(app, cast.bakery, cast.supplier, plan=plan)
    sound(app, cast.bakery, Alarm.REAL)
    found = at(clock.now(), app, cast.supplier_owner, "bakery")
    assert found is not None
    assert found.alarm is told


@pytest.mark.parametrize("opened", [("plan", "continuity"), ("continuity", "plan"), ("continuity", "continuity")])
def test_of_two_assignments_one_to_whom_the_plan_is_open_is_enough_for_the_alarm(
    app: Flask, cast: Cast, opened: tuple[str, str]
) -> None:
    sound(app, cast.bakery, Alarm.REAL)
    for area in opened:
        ends_at = clock.now() + timedelta(days=1)
        assign(app, cast.bakery, cast.stranger, ends_at=ends_at, plan=area == "plan", continuity=area != "plan")
    found = at(clock.now(), app, cast.stranger, "bakery")
    assert found is not None
    assert found.alarm is (Alarm.REAL if "plan" in opened else None)


def test_what_reaches_beyond_its_own_area_is_for_members_alone() -> None:
    """A grant or an assignment may leave an area closed: a permission it can hold writes in the area it is about."""
    members = {Capacity.OWNER, Capacity.EDITOR, Capacity.READER, Capacity.OPERATOR}
    beyond = {one.permission for one in POLICIES if one.writes & CONTENT - {one.about} and one.capacities - members}
    assert beyond == set()


@pytest.fixture
def broad(monkeypatch: pytest.MonkeyPatch) -> Policy:
    """A permission that holds in every area, and is about none: what it writes is narrowed by the door alone."""
    policy = Policy(
        Permission.AUDIT_RUN, frozenset(Capacity), frozenset(Area), CONTENT | {Area.AUDIT, Area.TRAIL}
    )  # fmt: skip
    monkeypatch.setitem(BY_PERMISSION, Permission.AUDIT_RUN, policy)
    return policy


@pytest.mark.usefixtures("broad")
@pytest.mark.parametrize("plan", [True, False])
def test_a_change_reaches_no_area_that_the_relation_leaves_closed(own_app: Flask, cast: Cast, plan: bool) -> None:
    def careless() -> str:
        db.session().add(Contact(name="Fatima"))
        if plan:
            return "kept"
        with pytest.raises(LockError):
            db.session().flush()
        db.session().expunge_all()
        return "refused"

    own_app.add_url_rule("/o/<slug>/careless", "careless", needs(Permission.AUDIT_RUN)(careless), methods=["POST"])
    grant(own_app, cast.bakery, cast.supplier, plan=plan)
    answer = Visitor(own_app, cast.supplier_owner).post("/o/bakery/careless")
    assert answer.text == ("kept" if plan else "refused")
    with own_app.app_context(), scoped(whole(cast.bakery.id)):
        assert db.session().scalars(sa.select(Contact.name)).all() == (["Fatima"] if plan else [])


@pytest.mark.usefixtures("broad")
def test_nothing_is_kept_in_an_area_that_was_closed_while_it_was_written(
    own_app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a permission that is about no area, only the areas tell at the end that less is open."""

    def changed() -> str:
        db.session().add(Contact(name="Fatima"))
        return "kept"

    def close() -> None:
        with own_app.app_context(), scoped(whole(cast.bakery.id)):
            db.session().scalars(sa.select(ManagementGrant)).one().plan = False

    own_app.add_url_rule("/o/<slug>/changed", "changed", needs(Permission.AUDIT_RUN)(changed), methods=["POST"])
    grant(own_app, cast.bakery, cast.supplier)
    visitor = Visitor(own_app, cast.supplier_owner)
    assert visitor.token
    with meanwhile(monkeypatch, door, "find_standing", close, after=True) as closing:
        status = visitor.post("/o/bakery/changed").status_code
    with own_app.app_context(), scoped(whole(cast.bakery.id)):
        kept = db.session().scalars(sa.select(Contact.name)).all()
    # One at a time writes to SQLite: there whoever closes it comes after.
    with own_app.app_context():
        assert closing.first is (db.engine().dialect.name == "postgresql")
    assert (status, kept) == ((403, []) if closing.first else (200, ["Fatima"]))


def test_what_an_auditor_looks_at_is_told_by_the_days_of_the_organisation(app: Flask, cast: Cast) -> None:
    """Between midnight here and midnight in UTC it is another day already."""
    with app.app_context(), scoped(whole(cast.bakery.id)):
        begun = clock.now() - timedelta(days=400)
        row = Engagement(auditor_id=cast.stranger.id, reference="2031", plan=True, continuity=True)
        row.starts_at, row.ends_at = begun, datetime(2032, 1, 1, tzinfo=UTC)
        db.session().add(row)
    midnight = datetime(2031, 1, 10, 23, tzinfo=UTC)
    moments = [midnight + timedelta(minutes=minutes) for minutes in (-90, -30, 30, 45, 90)]
    looked = []
    for moment in moments:
        with time_machine.travel(moment):
            assert Visitor(app, cast.stranger).get("/o/bakery/findings").status_code == 200
        with app.app_context(), scoped(whole(cast.bakery.id)):
            query = sa.select(sa.func.count(TrailEntry.id)).where(TrailEntry.user_id == cast.stranger.id)
            looked.append(db.session().scalar(query))
    assert looked == [1, 1, 2, 2, 2]
