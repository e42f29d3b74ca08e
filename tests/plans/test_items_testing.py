"""Results of tests: when, how they may end, what a restore covered."""

import re
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from core import clock
from plans.archiving import Kept, put_away
from plans.errors import NotThere, PlanError
from plans.models import Outcome
from plans.shapes import ITEM_OUTCOMES
from plans.testing import services
from plans.testing.queries import results
from plans.testing.services import ResultValues
from tests.cast import Cast
from tests.plans.items_scene import ScopeOf, SignIn, add_party, add_system, page

TODAY = date(2026, 11, 22)
RESTORE, RESTORE_NEW, COSTS = "testing.restore", "testing.restore-new-systems", "testing.costs"


@pytest.mark.parametrize("item_id", ITEM_OUTCOMES)
@pytest.mark.parametrize("outcome", Outcome)
def test_a_result_ends_in_one_of_the_ways_of_its_item(
    cast: Cast, scope_of: ScopeOf, item_id: str, outcome: Outcome
) -> None:
    with scope_of(cast.bakery):
        values = ResultValues(TODAY, outcome)
        if outcome in ITEM_OUTCOMES[item_id]:
            assert services.add_result(item_id, values, today=TODAY).outcome is outcome
        else:
            with pytest.raises(PlanError) as refusal:
                services.add_result(item_id, values, today=TODAY)
            assert refusal.value.field == "outcome"


def test_a_test_cannot_have_been_done_tomorrow(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        with pytest.raises(PlanError) as refusal:
            services.add_result(RESTORE, ResultValues(TODAY + timedelta(days=1), Outcome.PASSED), today=TODAY)
        assert refusal.value.field == "done_on"
        assert results(RESTORE) == []


def test_a_restore_tells_which_systems_it_covered(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        till, orders = add_system("Till"), add_system("Orders")
        values = ResultValues(TODAY, Outcome.PASSED, systems=frozenset({till, orders}))
        services.add_result(RESTORE_NEW, values, today=TODAY)
        assert [one.systems for one in results(RESTORE)] == [("Orders", "Till")]
        with pytest.raises(PlanError):
            services.add_result("testing.phishing", values, today=TODAY)
        unknown = ResultValues(TODAY, Outcome.PASSED, systems=frozenset({uuid4()}))
        with pytest.raises(PlanError):
            services.add_result(RESTORE, unknown, today=TODAY)


def test_systems_of_another_organisation_cannot_be_covered(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.other):
        theirs = add_system("Theirs")
    with scope_of(cast.bakery):
        add_system("Ours")
    sent = {"done_on": clock.today().isoformat(), "outcome": "passed", "systems": [str(theirs)]}
    answer = visitor(cast.editor).post(page(cast.bakery, RESTORE, "/results"), sent)
    assert answer.status_code == 422
    assert "Theirs" not in answer.get_data(as_text=True)


def test_costs_and_supplier_are_asked_where_they_matter(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        party_id = add_party()
    browser, today = visitor(cast.editor), clock.today().isoformat()
    for item_id in ITEM_OUTCOMES:
        shown = browser.get(page(cast.bakery, item_id)).get_data(as_text=True)
        assert ('name="cost"' in shown) == (item_id == COSTS), item_id
        assert ('name="party"' in shown) == (
            item_id in {COSTS, "testing.weekend-call", "testing.supplier-expectations"}
        )
    sent = {"done_on": today, "outcome": "recorded", "cost": "1.250,50", "party": str(party_id)}
    assert browser.post(page(cast.bakery, COSTS, "/results"), sent).status_code == 302
    with scope_of(cast.bakery):
        assert [(one.cost, one.party) for one in results(COSTS)] == [(Decimal("1250.50"), "Netwerk Noord")]
    shown = browser.get(page(cast.bakery, COSTS)).get_data(as_text=True)
    assert "€1,250.50" in shown


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"done_on": ""}, "done_on"),
        ({"done_on": "31-02-2026"}, "done_on"),
        ({"done_on": "2100-01-01"}, "done_on"),
        ({"outcome": ""}, "outcome"),
        ({"outcome": "perhaps"}, "outcome"),
        ({"note": "x" * 2001}, "note"),
        ({"done_by": "x" * 201}, "done_by"),
    ],
)
def test_a_result_with_a_mistake_comes_back_as_it_was_typed(
    visitor: SignIn, cast: Cast, wrong: dict[str, str], field: str
) -> None:
    sent = {"done_on": "2026-03-05", "outcome": "passed", "done_by": "Jeroen of the supplier"} | wrong
    answer = visitor(cast.editor).post(page(cast.bakery, "testing.phishing", "/results"), sent)
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in shown
    if field != "done_by":
        assert "Jeroen of the supplier" in shown


def test_a_wrong_result_is_put_away_and_can_be_put_back(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser = visitor(cast.editor)
    sent = {"done_on": "2026-03-05", "outcome": "failed", "note": "The tape was empty"}
    browser.post(page(cast.bakery, RESTORE, "/results"), sent)
    shown = browser.get(page(cast.bakery, RESTORE)).get_data(as_text=True)
    away = re.findall(r'formaction="([^"]+/put-away)"', shown)
    assert visitor(cast.reader).post(away[0]).status_code == 403
    assert browser.post(away[0]).status_code == 302
    assert browser.post(away[0]).status_code == 302
    shown = browser.get(page(cast.bakery, RESTORE)).get_data(as_text=True)
    assert "1 result was put away" in shown
    back = re.findall(r'formaction="([^"]+/put-back)"', shown)
    assert browser.post(back[0]).status_code == 302
    with scope_of(cast.bakery):
        assert [one.archived for one in results(RESTORE)] == [False]


def test_sending_a_result_twice_adds_one(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        row_id, values = uuid4(), ResultValues(TODAY, Outcome.PASSED)
        for _time in range(2):
            assert services.add_result(RESTORE, values, today=TODAY, row_id=row_id).id == row_id
        assert len(results(RESTORE)) == 1


def test_an_id_of_another_organisation_is_nothing_special(cast: Cast, scope_of: ScopeOf) -> None:
    row_id, values = uuid4(), ResultValues(TODAY, Outcome.PASSED)
    for organisation in (cast.other, cast.bakery):
        with scope_of(organisation):
            services.add_result(RESTORE, values, today=TODAY, row_id=row_id)
    for organisation in (cast.other, cast.bakery):
        with scope_of(organisation):
            assert len(results(RESTORE)) == 1


def test_what_is_put_away_must_be_there(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        result = services.add_result(RESTORE, ResultValues(TODAY, Outcome.PASSED), today=TODAY)
        for kind in (Kept.CHANGE, Kept.STEP):
            with pytest.raises(NotThere):
                put_away(kind, result.id, at=clock.now())


def test_the_section_tells_the_newest_result(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        services.add_result("testing.phishing", ResultValues(date(2026, 3, 5), Outcome.PASSED), today=TODAY)
        services.add_result("testing.phishing", ResultValues(date(2026, 1, 5), Outcome.FAILED), today=TODAY)
    shown = visitor(cast.reader).get(f"/o/{cast.bakery.slug}/plan/testing").get_data(as_text=True)
    assert "Passed on 5 March 2026" in shown
