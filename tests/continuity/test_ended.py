"""What ended stays within reach of the foundation: a bankruptcy of before is often known some time later."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from continuity.acceptance.services import AcceptanceValues, save_acceptance
from continuity.errors import Refused
from continuity.models import (
    Acceptance,
    By,
    CaseStage,
    SchemeState,
    TriggerCase,
)
from continuity.registrants import cases
from continuity.registrants.cases import Decider
from continuity.registrations import services
from continuity.registrations.ended import in_reach_until, may_begin
from continuity.registrations.services import RegistrationValues, archive_registration, change_money, end_scheme
from continuity.requests.queries import held_acceptance
from continuity.ties import SchemeTies
from core import db
from core.i18n import Language, written_in
from tests.cast import Cast
from tests.continuity.asking import NOW, client_in, owner_in
from tests.continuity.test_ending import FIRST, announced, step
from tests.continuity.test_holding import deed_in
from tests.continuity.test_room import Visitors
from tests.continuity.test_setting_back import only
from tests.continuity.test_triggers import BANKRUPT
from tests.continuity.world import EARLIER, TODAY, Scoped, World, recorded_long_ago
from tests.races.meanwhile import meanwhile

AFTER, UNTIL = FIRST + timedelta(days=1), date(2027, 5, 22)
DAY = timedelta(days=1)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def end_acceptance(world: World) -> None:
    """Say as the supplier that the acceptance ended on paper, long ago."""
    values = AcceptanceValues(EARLIER, "Owner", "director", EARLIER, ended_why="Left.")
    row = only(Acceptance)
    save_acceptance(owner_in(world), client_in(world), deed_in(world), row, values, seen=row.version)


def file(world: World, cast: Cast, day: date) -> TriggerCase:
    officer = Decider(cast.foundation_owner.id, cast.foundation_owner.name)
    row = owner_in(world)
    return cases.file_case(row, replace(BANKRUPT, happened_on=day), officer, seen=row.version, at=NOW)


def away(world: World, today: date) -> None:
    archive_registration(owner_in(world), today=today, at=noon(today))


def test_a_registration_stays_while_a_bankruptcy_of_its_last_day_can_be_delivered(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        announced(world)
        step(world, AFTER)
    for day, stays in ((AFTER, True), (UNTIL, True), (UNTIL + DAY, False)):
        with time_machine.travel(noon(day), tick=False):
            owner, officer = visitor(cast.supplier_owner), visitor(cast.foundation_owner)
            page = owner.get(world.path).get_data(as_text=True)
            assert ("Put this registration away" in page) is not stays
            assert ("22 May 2027" in page) is stays
            for told in (officer.get(world.registrant_path), officer.get(f"{world.registrant_path}/scheme")):
                assert ("/bankruptcy" in told.get_data(as_text=True)) is stays
            if stays:
                assert owner.post(f"{world.path}/archive").status_code == 302
                assert "until 22 May 2027 at the latest" in owner.get(world.path).get_data(as_text=True)
                assert officer.get(world.registrant_path).status_code == 200
    officer = visitor(cast.foundation_owner)
    with scope_of(cast.supplier):
        away(world, UNTIL + DAY)
    assert officer.get(world.registrant_path).status_code == 404


def test_the_foundation_files_by_its_page_what_became_known_after_the_end(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        announced(world)
        step(world, AFTER)
    sent = {"kind": "declared-bankrupt", "happened_on": FIRST.isoformat(), "proof": "insolvency-register",
            "reference": "F.05/27/1", "note": ""}  # fmt: skip
    with time_machine.travel(noon(AFTER + DAY), tick=False):
        officer = visitor(cast.foundation_owner)
        page = f"{world.registrant_path}/bankruptcy"
        found = officer.get(page).get_data(as_text=True)
        version = found.split('name="version" type="hidden" value="')[1].split('"')[0]
        assert officer.post(page, {**sent, "version": version}).status_code == 302
    with scope_of(cast.supplier):
        assert only(TriggerCase).stage is CaseStage.FILED
        with pytest.raises(Refused), written_in(Language.ENGLISH):
            away(world, UNTIL + DAY)


def test_the_last_day_counts_before_the_foundation_confirmed_the_end(
    cast: Cast, world: World, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        announced(world)
    with scope_of(cast.supplier), written_in(Language.ENGLISH), pytest.raises(Refused, match="happened after it"):
        file(world, cast, AFTER)
    with scope_of(cast.supplier):
        assert file(world, cast, FIRST).stage is CaseStage.FILED


@pytest.mark.parametrize("ended_by", [By.SUPPLIER, By.FOUNDATION])
def test_ending_acceptances_and_then_the_scheme_takes_nothing_from_who_was_bankrupt_before(
    cast: Cast, world: World, scope_of: Scoped, ended_by: By
) -> None:
    second = Decider(cast.supplier_owner.id, cast.supplier_owner.name)
    with scope_of(cast.supplier):
        recorded_long_ago()
        end_acceptance(world)
        if ended_by is By.SUPPLIER:
            end_scheme(owner_in(world), "We stop.", seen=owner_in(world).version)
        else:
            step(world, TODAY)
        assert owner_in(world).state is SchemeState.TERMINATED
        assert in_reach_until(owner_in(world)) == date(2027, 2, 22)
        assert may_begin(owner_in(world), date(2027, 2, 22))
        assert not may_begin(owner_in(world), date(2027, 2, 23))
    with scope_of(cast.supplier), pytest.raises(Refused):
        away(world, date(2027, 2, 22))
    with scope_of(cast.supplier), pytest.raises(Refused):
        file(world, cast, TODAY + DAY)
    with scope_of(cast.supplier):
        case = file(world, cast, BANKRUPT.happened_on)
        cases.approve_case(owner_in(world), case, second, seen=case.version, at=NOW)
        assert owner_in(world).state is SchemeState.TRIGGERED
        assert held_acceptance(client_in(world)) is not None


def test_nobody_relied_nothing_stays(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        only(Acceptance).ended_on = TODAY  # as the client says itself, by its link
        assert in_reach_until(owner_in(world)) is None
        away(world, TODAY)
        assert owner_in(world).archived_at is not None


def test_what_ended_names_its_foundation_for_good(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        announced(world)
        step(world, AFTER)
        row = owner_in(world)
        values = RegistrationValues(row.service_name, "", cast.other_foundation.id, "", None, understood=False)
        with pytest.raises(Refused):
            services.change_registration(row, values, seen=row.version, today=AFTER)


@pytest.mark.parametrize("ended", [False, True])
def test_the_length_of_continuity_on_which_clients_rely_is_not_made_shorter(
    cast: Cast, world: World, scope_of: Scoped, ended: bool
) -> None:
    with scope_of(cast.supplier):
        if ended:
            announced(world)
            step(world, AFTER)
        row = owner_in(world)
        change_money(row, row.monthly_cost, 4, seen=row.version)
    with scope_of(cast.supplier), pytest.raises(Refused):
        change_money(owner_in(world), None, 3, seen=owner_in(world).version)


def test_put_away_and_filed_at_once_leaves_the_case_within_reach(
    cast: Cast, world: World, scope_of: Scoped, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scope_of(cast.supplier):
        only(Acceptance).ended_on = TODAY

    def first() -> None:
        with suppress(Refused), scope_of(cast.supplier):
            file(world, cast, BANKRUPT.happened_on)

    with meanwhile(monkeypatch, services, "take_turn", first), suppress(Refused), scope_of(cast.supplier):
        away(world, TODAY)
    with scope_of(cast.supplier):
        filed = db.session().scalar(sa.select(sa.func.count(TriggerCase.id)))
        assert filed == (owner_in(world).archived_at is None)


@pytest.mark.parametrize(("state", "holds"), [(SchemeState.CLOSED, False), (SchemeState.TERMINATED, True)])
def test_a_closed_scheme_keeps_nobody_from_leaving_as_if_clients_relied_on_it(
    cast: Cast, world: World, scope_of: Scoped, state: SchemeState, holds: bool
) -> None:
    with scope_of(cast.supplier):
        row = owner_in(world)
        row.state = state
        row.declared_bankrupt_on = TODAY if state is SchemeState.CLOSED else None
        db.session().flush()
        assert bool(SchemeTies().covers(TODAY)) is holds


def test_nobody_leaves_by_putting_clients_or_acceptances_away_first(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        client_in(world).archived_at = NOW
        assert [one.clients for one in SchemeTies().covers(TODAY)] == [1]
        recorded_long_ago()
        end_acceptance(world)
        assert [one.clients for one in SchemeTies().covers(FIRST)] == [0]
        assert SchemeTies().covers(AFTER) == []
        owner_in(world).state = SchemeState.ACTIVE
        assert [one.clients for one in SchemeTies().covers(AFTER)] == [0]
    told = visitor(cast.supplier_owner).get("/o/supplier/leave/").get_data(as_text=True)
    assert "The scheme of Webhosting Plus is in force" in told


def test_the_room_forgets_an_announced_end_once_the_period_began(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    room = visitor(cast.foundation_reader)
    page = "/o/foundation/registrants/room"
    with scope_of(cast.supplier):
        announced(world)
    assert 'id="announced"' in room.get(page).get_data(as_text=True)
    with scope_of(cast.supplier):
        row = owner_in(world)
        row.state, row.declared_bankrupt_on = SchemeState.CLOSED, TODAY
    assert 'id="announced"' not in room.get(page).get_data(as_text=True)
