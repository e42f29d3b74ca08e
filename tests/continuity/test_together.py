"""A supplier with several services goes bankrupt once: filed, decided and taken back for all of them together."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa

from continuity.models import CaseStage, Registration, SchemeState, TriggerCase
from core import db
from tenants.models import Role
from tests.cast import Cast, Organisation, Person
from tests.continuity.test_races import race
from tests.continuity.test_triggers import FILED, send
from tests.continuity.world import World, member, service, version
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Scoped = Callable[[Organisation], AbstractContextManager[None]]
Counting = Callable[[], AbstractContextManager[list[str]]]
S = SchemeState
EVERYWHERE = {"everywhere": "y"}


@pytest.fixture
def second(cast: Cast, scope_of: Scoped) -> Person:
    """Another officer of the foundation."""
    with scope_of(cast.foundation):
        return member(cast.foundation, "second.officer", Role.EDITOR)


@pytest.fixture(autouse=True)
def _services(cast: Cast, world: World, scope_of: Scoped) -> None:
    """Beside the one that is offered: one that is bound, one that was never signed, one that was put to its end."""
    with scope_of(cast.supplier):
        for name, state in (("Bound", S.SUPPLIER_SIGNED), ("Draft", S.DRAFT), ("Over", S.TERMINATED)):
            row = service(name, cast.foundation.id)
            db.session().add(row)
            db.session().flush()
            row.state = state


def stages(cast: Cast, scope_of: Scoped) -> dict[str, list[CaseStage]]:
    """Return the stages of the cases of each service of the supplier."""
    with scope_of(cast.supplier):
        found: dict[str, list[CaseStage]] = {}
        query = sa.select(Registration.service_name, TriggerCase.stage).join(
            TriggerCase, TriggerCase.registration_id == Registration.id
        )
        for name, stage in db.session().execute(query):
            found.setdefault(name, []).append(stage)
        return found


def states(cast: Cast, scope_of: Scoped) -> dict[str, SchemeState]:
    with scope_of(cast.supplier):
        return {one.service_name: one.state for one in db.session().scalars(sa.select(Registration))}


def test_one_press_files_and_one_decides_for_all_that_can_and_says_which_cannot(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, second: Person
) -> None:
    one, other, path = visitor(cast.foundation_owner), visitor(second), world.registrant_path
    before = states(cast, scope_of)
    assert "Bound" in one.get(f"{path}/bankruptcy").get_data(as_text=True)
    assert send(one, f"{path}/bankruptcy", **FILED, **EVERYWHERE) == 302
    told = one.get(f"{path}/scheme").get_data(as_text=True)
    assert "Not done for Draft: The framework agreement was not signed by both" in told
    assert "Not done for Over: This scheme has ended." in told
    filed = stages(cast, scope_of)
    waiting = other.get("/o/foundation/registrants/room").get_data(as_text=True).split('id="cases"')[1]
    assert "Bound. Filed on" in waiting, "so that the officer can tell them apart"
    assert filed["Bound"] == [CaseStage.FILED]
    assert {"Draft", "Over"}.isdisjoint(filed)
    decision = f"{path}/bankruptcy/decision"
    assert send(one, decision, verdict="yes", **EVERYWHERE) == 422, "whoever filed it decides on none of them"
    assert {stage for each in stages(cast, scope_of).values() for stage in each} == {CaseStage.FILED}
    assert send(other, decision, verdict="yes", **EVERYWHERE) == 302
    assert all(each == [CaseStage.ACTIVATED] for each in stages(cast, scope_of).values())
    now = states(cast, scope_of)
    assert {name for name, state in now.items() if state is S.TRIGGERED} == set(filed)
    assert send(one, f"{path}/bankruptcy/withdrawal", reason="Annulled", **EVERYWHERE) == 302
    assert send(one, decision, verdict="yes", **EVERYWHERE) == 422
    assert send(other, decision, verdict="yes", **EVERYWHERE) == 302
    assert all(each == [CaseStage.FALSE_ALARM] for each in stages(cast, scope_of).values())
    assert S.TRIGGERED not in states(cast, scope_of).values()
    assert states(cast, scope_of)["Draft"] is before["Draft"]


def test_what_is_not_ticked_or_says_something_else_is_left_alone(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, second: Person
) -> None:
    one, other, path = visitor(cast.foundation_owner), visitor(second), world.registrant_path
    with scope_of(cast.supplier):
        bound = db.session().scalars(sa.select(Registration.id).where(Registration.service_name == "Bound")).one()
    elsewhere = f"/o/foundation/registrants/{bound}"
    assert send(one, f"{elsewhere}/bankruptcy", **{**FILED, "reference": "F.05/26/999"}) == 302
    assert send(one, f"{path}/bankruptcy", **FILED) == 302
    assert send(other, f"{path}/bankruptcy/decision", verdict="yes", **EVERYWHERE) == 302
    assert stages(cast, scope_of)["Bound"] == [CaseStage.FILED], "another proof is looked up by itself"
    assert send(other, f"{elsewhere}/bankruptcy/decision", verdict="no", reason="Another company", **EVERYWHERE) == 302
    assert stages(cast, scope_of)["Bound"] == [CaseStage.REFUSED]


def test_two_decide_at_once_and_each_service_is_triggered_once(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, second: Person
) -> None:
    path = world.registrant_path
    assert send(visitor(cast.foundation_owner), f"{path}/bankruptcy", **FILED, **EVERYWHERE) == 302
    racers = [visitor(second) for _one in range(3)]
    seen = [version(one, f"{path}/bankruptcy/decision") for one in racers]
    assert len(set(seen)) == 1
    sent = {"version": seen[0], "verdict": "yes", **EVERYWHERE}
    statuses = race(racers, f"{path}/bankruptcy/decision", sent)
    assert statuses.count(302) == 1
    assert set(statuses) <= {302, 409, 422}
    assert all(each == [CaseStage.ACTIVATED] for each in stages(cast, scope_of).values())


def test_the_pages_cost_the_same_however_many_services_there_are(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, second: Person, count_queries: Counting
) -> None:
    one, other, path, counts = visitor(cast.foundation_owner), visitor(second), world.registrant_path, []
    for number in range(2):
        with scope_of(cast.supplier):
            for more in range(4 * number):
                row = service(f"More {more}", cast.foundation.id)
                db.session().add(row)
                db.session().flush()
                row.state = S.SUPPLIER_SIGNED
        one.get(f"{path}/bankruptcy")
        with count_queries() as sent:
            one.get(f"{path}/bankruptcy")
        counts.append(len(sent))
    assert counts[0] == counts[1]
    assert send(one, f"{path}/bankruptcy", **FILED, **EVERYWHERE) == 302
    other.get(f"{path}/bankruptcy/decision")
    with count_queries() as sent:
        page = other.get(f"{path}/bankruptcy/decision").get_data(as_text=True)
    assert "More 3" in page
    assert len(sent) <= counts[0] + 4
