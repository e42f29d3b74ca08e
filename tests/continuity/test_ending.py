"""A scheme on which clients rely ends as was announced: in force until its last day, and nothing ends for days past."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from continuity import loading
from continuity.agreements.services import change_agreement
from continuity.covering.contracts import scheme_leg
from continuity.covering.leg import Leg, LegState
from continuity.deed.services import end_deed
from continuity.ending import services, telling
from continuity.ending.notice import earliest_end
from continuity.ending.services import Announcement
from continuity.errors import Refused
from continuity.models import (
    Acceptance,
    Agreement,
    AgreementKind,
    By,
    FoundationTerms,
    NoticeStage,
    NoticeUnit,
    Registration,
    SchemeNotice,
    SchemeState,
    TriggerCase,
)
from continuity.registrants import cases, stepping
from continuity.registrants.cases import Decider
from continuity.registrations import holding
from continuity.registrations.services import archive_registration, end_scheme
from continuity.services import put_away
from continuity.terms import USUAL, Terms
from core import db
from core.clock import add_months
from core.i18n import Language, written_in
from tests.cast import Cast
from tests.continuity.asking import NOW, client_in, owner_in
from tests.continuity.test_changing import approve
from tests.continuity.test_cover_pages import make_sound
from tests.continuity.test_holding import deed_in
from tests.continuity.test_room import Visitors
from tests.continuity.test_setting_back import contract, only
from tests.continuity.test_triggers import BANKRUPT
from tests.continuity.world import TODAY, Scoped, World
from tests.mailbox import letters_to
from tests.races.meanwhile import meanwhile

FIRST = date(2027, 2, 22)
CLIENT, REASON = "office@zonneschijn.example", "We stop with hosting."
SENT = {"last_on": FIRST.isoformat(), "reason": REASON, "version": "1"}


def announced(world: World, last_on: date = FIRST, role: By = By.SUPPLIER) -> SchemeNotice:
    """Announce the end, in the open scope of the supplier."""
    said = Announcement(last_on, REASON, role, "Somebody")
    return services.announce(owner_in(world), said, today=TODAY, at=NOW)


def step(world: World, on: date) -> None:
    """End the scheme as the foundation, on this day."""
    row = owner_in(world)
    at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    stepping.step(row, SchemeState.TERMINATED, REASON, seen=row.version, today=on, at=at)


@pytest.mark.parametrize(
    "take",
    [
        pytest.param(
            lambda world: end_scheme(owner_in(world), "why", seen=owner_in(world).version), id="ended at once"
        ),
        pytest.param(lambda _world: put_away(only(Agreement), at=NOW), id="framework agreement put away"),
        pytest.param(
            lambda _world: change_agreement(only(Agreement), contract(), None, seen=only(Agreement).version),
            id="framework agreement ends earlier",
        ),
        pytest.param(lambda world: end_deed(deed_in(world), "why", seen=2, today=TODAY), id="deed ended"),
        pytest.param(
            lambda world: archive_registration(owner_in(world), today=TODAY, at=NOW), id="registration put away"
        ),
        pytest.param(lambda world: step(world, TODAY), id="foundation ends it at once"),
    ],
)
def test_nobody_takes_back_at_once_what_clients_rely_on(
    world: World, cast: Cast, scope_of: Scoped, take: Callable[[World], None]
) -> None:
    with scope_of(cast.supplier), written_in(Language.ENGLISH), pytest.raises(Refused, match="Clients rely"):
        take(world)
    with scope_of(cast.supplier):
        for one in db.session().scalars(sa.select(Acceptance)):
            one.ended_on = TODAY
    with scope_of(cast.supplier):
        take(world)


@pytest.mark.parametrize(
    ("length", "unit", "months", "first"),
    [
        pytest.param(None, NoticeUnit.MONTHS, 3, FIRST, id="what the foundation says"),
        pytest.param(6, NoticeUnit.MONTHS, 3, date(2027, 5, 22), id="the agreement says longer"),
        pytest.param(0, NoticeUnit.DAYS, 3, FIRST, id="the agreement says none"),
        pytest.param(100, NoticeUnit.DAYS, 1, date(2027, 3, 2), id="in days"),
    ],
)
@pytest.mark.once
def test_the_longest_notice_counts(length: int | None, unit: NoticeUnit, months: int, first: date) -> None:
    row = Agreement(kind=AgreementKind.FRAMEWORK, notice_length=length, notice_unit=unit)
    assert earliest_end([row], Terms(notice_months=months), TODAY) == first


def test_clients_officers_and_the_supplier_are_told_at_once_and_before_the_day(
    app: Flask, cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        client_in(world).email = CLIENT
    owner = visitor(cast.supplier_owner)
    path = f"{world.path}/state/notice"
    assert "22 February 2027" in owner.get(path).get_data(as_text=True)
    assert owner.post(path, {**SENT, "last_on": "2027-02-21"}).status_code == 422
    assert owner.post(path, {**SENT, "reason": " "}).status_code == 422
    assert owner.post(path, {**SENT, "last_on": "2035-01-01"}).status_code == 422
    assert letters_to(app, CLIENT) == []
    assert owner.post(path, SENT).status_code == 302
    assert owner.post(path, SENT).status_code == 422, "announced already"
    (letter,) = letters_to(app, CLIENT)
    assert all(said in letter.get_content() for said in ("22 February 2027", REASON, "Draadwerk IT"))
    for page in (f"{world.path}/state", f"{world.registrant_path}/scheme"):
        person = owner if page.startswith(world.path) else visitor(cast.foundation_reader)
        assert "22 February 2027" in person.get(page).get_data(as_text=True)
    with app.app_context():
        telling.remind()
    assert len(letters_to(app, cast.foundation_owner.email)) == 1
    told = []
    for day in (date(2027, 1, 22), date(2027, 1, 25), date(2027, 1, 26), FIRST - timedelta(days=7), FIRST):
        with time_machine.travel(datetime(day.year, day.month, day.day, 9, tzinfo=UTC), tick=False):
            for _again in range(2):
                with app.app_context():
                    telling.remind()
            told.append(len(letters_to(app, CLIENT)))
    assert told == [1, 2, 2, 3, 3]
    after = FIRST + timedelta(days=1)
    with time_machine.travel(datetime(after.year, after.month, after.day, 9, tzinfo=UTC), tick=False):
        with app.app_context():
            telling.remind()
        found = letters_to(app, cast.foundation_owner.email)
    assert sum("is over" in one["Subject"] for one in found) == 1


@pytest.mark.once
def test_who_was_told_just_now_is_not_told_again_of_a_day_before() -> None:
    given = telling.Given(1, UUID(int=1), 2, NOW, TODAY + timedelta(days=28))
    assert telling.due_on(given, USUAL, TODAY) is None
    assert telling.due_on(given, USUAL, given.last_on - timedelta(days=7)) == given.last_on - timedelta(days=7)


def test_cover_stays_up_to_and_including_the_last_day(cast: Cast, world: World, scope_of: Scoped) -> None:
    def leg(today: date) -> Leg:
        found = loading.load([cast.supplier.id])[cast.supplier.id].registrations
        return scheme_leg(next(one for one in found if one.id == world.registration_id), today)

    with scope_of(cast.supplier):
        make_sound(world.registration_id)
        announced(world)
    with scope_of(cast.supplier):
        assert (leg(FIRST).state, leg(FIRST).until) == (LegState.SHAKY, FIRST)
        assert leg(TODAY).until == FIRST
        assert leg(FIRST + timedelta(days=1)).state is LegState.BROKEN


def test_the_foundation_ends_it_after_the_last_day_and_not_before(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        announced(world)
    with scope_of(cast.supplier), written_in(Language.ENGLISH), pytest.raises(Refused, match="It is in force"):
        step(world, FIRST)
    with scope_of(cast.supplier):
        step(world, FIRST + timedelta(days=1))
        assert (owner_in(world).state, only(SchemeNotice).stage) == (SchemeState.TERMINATED, NoticeStage.ENDED)
        assert only(Acceptance).ended_on is None


def test_a_bankruptcy_within_the_notice_finds_the_scheme_in_force(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        announced(world)
        approve(world, cast)
        assert owner_in(world).state is SchemeState.TRIGGERED
    with scope_of(cast.supplier), pytest.raises(Refused):
        services.take_back(owner_in(world), only(SchemeNotice), role=By.SUPPLIER, by="x", seen=1, today=TODAY, at=NOW)


@pytest.mark.parametrize(
    ("happened_on", "starts"),
    [
        pytest.param(FIRST, True, id="on the last day"),
        pytest.param(FIRST + timedelta(days=1), False, id="the day after"),
    ],
)
def test_a_bankruptcy_that_is_known_later_counts_by_its_day(
    cast: Cast, world: World, scope_of: Scoped, happened_on: date, starts: bool
) -> None:
    one, other = (Decider(person.id, person.name) for person in (cast.foundation_owner, cast.supplier_owner))
    filing = cases.Filing(BANKRUPT.kind, happened_on, BANKRUPT.proof, "F.01", "")

    def file() -> TriggerCase:
        row = owner_in(world)
        return cases.file_case(row, filing, one, seen=row.version, at=NOW)

    with scope_of(cast.supplier):
        announced(world)
        step(world, FIRST + timedelta(days=1))
    if not starts:
        with scope_of(cast.supplier), written_in(Language.ENGLISH), pytest.raises(Refused, match="has ended"):
            file()
        return
    with scope_of(cast.supplier):
        case = file()
        cases.approve_case(owner_in(world), case, other, seen=case.version, at=NOW)
        assert (owner_in(world).state, owner_in(world).declared_bankrupt_on) == (SchemeState.TRIGGERED, FIRST)
        cases.ask_back(case, "Annulled", one, seen=case.version, at=NOW)
        cases.approve_back(owner_in(world), case, other, seen=case.version, at=NOW)
        assert owner_in(world).state is SchemeState.TERMINATED


def test_only_the_side_that_announced_takes_it_back_and_everybody_hears_so(
    app: Flask, cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    owner, officer = visitor(cast.supplier_owner), visitor(cast.foundation_owner)
    with scope_of(cast.supplier):
        client_in(world).email = CLIENT
        announced(world)
    theirs, ours = f"{world.path}/state/notice/back", f"{world.registrant_path}/scheme/notice/back"
    assert officer.post(ours, {"version": "1"}).status_code == 302
    with scope_of(cast.supplier):
        assert only(SchemeNotice).stage is NoticeStage.GIVEN
    assert owner.post(theirs, {"version": "7"}).status_code == 409
    assert owner.post(theirs, {"version": "1"}).status_code == 302
    assert owner.post(theirs, {"version": "2"}).status_code == 409
    assert sum("goes on" in one["Subject"] for one in letters_to(app, CLIENT)) == 1
    assert officer.post(f"{world.registrant_path}/scheme/notice", SENT).status_code == 302
    assert owner.post(theirs, {"version": "1"}).status_code == 302
    with scope_of(cast.supplier):
        stages = sorted(one.stage for one in db.session().scalars(sa.select(SchemeNotice)))
        assert stages == [NoticeStage.GIVEN, NoticeStage.TAKEN_BACK]


def test_nobody_else_announces(cast: Cast, world: World, visitor: Visitors) -> None:
    assert visitor(world.reader).post(f"{world.path}/state/notice", SENT).status_code == 403
    assert visitor(cast.stranger).post(f"{world.path}/state/notice", SENT).status_code == 404
    for person in (cast.other_foundation_owner, cast.supplier_owner):
        assert visitor(person).post(f"{world.registrant_path}/scheme/notice", SENT).status_code in (403, 404)
    elsewhere = world.registrant_path.replace(str(world.registration_id), str(world.elsewhere_id))
    assert visitor(cast.foundation_owner).post(f"{elsewhere}/scheme/notice", SENT).status_code == 404


def test_announced_twice_at_once_counts_once(
    cast: Cast, world: World, scope_of: Scoped, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first() -> None:
        with scope_of(cast.supplier), suppress(Refused):
            announced(world)

    with meanwhile(monkeypatch, holding, "take_turn", first), scope_of(cast.supplier), suppress(Refused):
        announced(world, add_months(FIRST, 1))
    with scope_of(cast.supplier):
        assert only(SchemeNotice).last_on >= FIRST


def test_database_holds_one_open_end_of_a_scheme(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        row = announced(world)
        columns = {column.key for column in sa.inspect(SchemeNotice).column_attrs} - {"id", "version"}
        db.session().add(SchemeNotice(**{name: getattr(row, name) for name in columns}))
        with pytest.raises(sa.exc.IntegrityError, match="scheme_notice"):
            db.session().flush()
        db.session().rollback()


def test_the_foundation_chooses_how_long_notice_is(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        assert services.first_end(owner_in(world), TODAY) == add_months(TODAY, USUAL.notice_months)
        db.session().add(FoundationTerms(foundation_id=cast.foundation.id, notice_months=6, answer_days=2, days={}))
        db.session().flush()
        assert services.first_end(owner_in(world), TODAY) == add_months(TODAY, 6)
        assert db.session().scalars(sa.select(Registration)).first() is not None
