"""What was named at a step goes away again in one go, as long as nothing else uses it."""

import re

import pytest
import sqlalchemy as sa

from core import db
from plans.models import DataSet, Department, DepartmentSystem, System
from tests.cast import Cast
from tests.plans.items_scene import Counting, ScopeOf, SignIn, add_system, page
from tests.visitor import Visitor

HEADS = "processes.department-heads"
UNDO = re.compile(r'action="([^"]+/undo[^"]*)"')


def there(model: type[Department | System | DataSet]) -> list[str]:
    return sorted(db.session().scalars(sa.select(model.name).where(model.archived_at.is_(None))))


def named(browser: Visitor, cast: Cast, names: str) -> str:
    """Name departments at a step; return the page that says so."""
    sent = {"register": "departments", "names": names}
    return browser.post(page(cast.bakery, HEADS, "/names?path=on"), sent, follow_redirects=True).get_data(as_text=True)


def test_names_go_away_together_and_the_question_comes_back(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser = visitor(cast.editor)
    shown = named(browser, cast, "Bakery\nShop")
    assert "Saved: 2 names." in shown
    back = re.search(r'name="back" value="([^"]+)"', shown)
    assert back
    answer = browser.post(UNDO.findall(shown)[0], {"back": back[1]})
    assert answer.location.endswith("/department-heads?path=on")
    again = browser.get(answer.location).get_data(as_text=True)
    assert "Undone: everything is as it was before." in again
    assert "Which departments does your firm have?" in again
    assert UNDO.findall(again) == [], "it is offered once, where it is told"
    with scope_of(cast.bakery):
        assert there(Department) == []


def test_names_that_are_used_by_now_stay_all_of_them(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser = visitor(cast.editor)
    undo = UNDO.findall(named(browser, cast, "Bakery\nShop"))[0]
    with scope_of(cast.bakery):
        till = add_system("Till")
        shop = db.session().scalars(sa.select(Department.id).where(Department.name == "Shop")).one()
        link = DepartmentSystem(department_id=shop, system_id=till)
        db.session().add(link)
        db.session().flush()
        link_id = link.id
    answer = browser.post(undo)
    assert answer.status_code == 409
    told = answer.get_data(as_text=True).partition("This is used elsewhere by now")[2].partition("</div>")[0]
    assert re.findall("<li>(.*?)</li>", told) == ["Shop"]
    with scope_of(cast.bakery):
        assert there(Department) == ["Bakery", "Shop"]
        db.session().delete(db.session().get_one(DepartmentSystem, (cast.bakery.id, link_id)))
    assert browser.post(undo).status_code == 302
    with scope_of(cast.bakery):
        assert there(Department) == []


def test_asking_whether_they_are_used_costs_as_much_for_many(
    visitor: SignIn, cast: Cast, count_queries: Counting
) -> None:
    browser, costs = visitor(cast.editor), []
    for names in ("Bakery", "\n".join(f"Line {number}" for number in range(30))):
        undo = UNDO.findall(named(browser, cast, names))[0]
        with count_queries() as statements:
            assert browser.post(undo).status_code == 302
        costs.append(len([one for one in statements if one.startswith("SELECT")]))
    assert costs[0] == costs[1]


def test_who_came_from_a_step_to_add_somebody_is_offered_the_way_back(visitor: SignIn, cast: Cast) -> None:
    browser, team = visitor(cast.editor), page(cast.bakery, "runbook.team")
    added = browser.post(f"/o/{cast.bakery.slug}/registers/contacts/new?back={team}", {"name": "Eva Zon"})
    assert added.location == team
    shown = browser.get(team).get_data(as_text=True)
    assert "Added: Eva Zon." in shown
    assert "Eva Zon</option>" in shown
    assert browser.post(UNDO.findall(shown)[0], {"back": team}).location == team
    assert "Eva Zon</option>" not in browser.get(team).get_data(as_text=True)


@pytest.mark.parametrize("name", ["Recipes", ""])
def test_data_named_at_the_self_check_goes_away_again(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf, name: str
) -> None:
    browser, at = visitor(cast.editor), page(cast.bakery, "self-check.attractive-data")
    shown = browser.post(f"{at}/data-sets", {"new_name": name}, follow_redirects=True).get_data(as_text=True)
    assert ("Added: Recipes." in shown, len(UNDO.findall(shown))) == (bool(name), len(name[:1]))
    for undo in UNDO.findall(shown):
        assert browser.post(undo).status_code == 302
    with scope_of(cast.bakery):
        assert there(DataSet) == []
