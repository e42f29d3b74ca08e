"""Departments, systems and data are named at the step that asks about them, as long as there are none."""

import pytest
import sqlalchemy as sa

from core import db
from plans.items.naming import MOST_NAMES, NEEDED
from plans.models import Department, System
from tests.cast import Cast
from tests.plans.items_scene import ScopeOf, SignIn, add_system, page

USED, HEADS = "processes.systems-used", "processes.department-heads"


def names(model: type[Department | System]) -> list[str]:
    return sorted(db.session().scalars(sa.select(model.name)))


def test_systems_are_named_before_it_is_asked_who_uses_them(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser, at = visitor(cast.editor), page(cast.bakery, USED, "/names?path=on")
    shown = browser.get(page(cast.bakery, USED) + "?path=on").get_data(as_text=True)
    assert "Which departments does your firm have?" in shown
    assert "Open the register" not in shown, "an empty table leads nowhere"
    assert f'href="/o/{cast.bakery.slug}/registers/departments?path={USED}"' in shown, (
        "a spreadsheet can be pasted there"
    )
    sent = {"register": "departments", "names": "  Bakery \r\n\r\nShop\r\nbakery"}
    answer = browser.post(at, sent)
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("/systems-used?path=on")
    shown = browser.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Saved: 2 names." in shown
    assert "Which systems does your firm have?" in shown
    sent = {"register": "systems", "names": "Till\nOven"}
    shown = browser.post(at, sent, follow_redirects=True).get_data(as_text=True)
    assert "Open the register" in shown
    assert "tick which department uses which system" in shown
    with scope_of(cast.bakery):
        assert (names(Department), names(System)) == (["Shop", "bakery"], ["Oven", "Till"])


def test_what_was_named_meanwhile_is_not_named_again(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser, at = visitor(cast.editor), page(cast.bakery, "processes.priorities", "/names")
    with scope_of(cast.bakery):
        add_system("Till")
    assert browser.post(at, {"register": "systems", "names": "Till"}).status_code == 302
    with scope_of(cast.bakery):
        assert names(System) == ["Till"]


@pytest.mark.parametrize("typed", ["", " \n ", "x" * 201, "\n".join(f"Line {n}" for n in range(MOST_NAMES + 1))])
def test_names_that_cannot_be_kept_are_told_and_stay_on_the_page(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf, typed: str
) -> None:
    browser, at = visitor(cast.editor), page(cast.bakery, HEADS, "/names")
    answer = browser.post(at, {"register": "departments", "names": typed})
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert "There is a problem" in shown
    assert typed.strip()[:150] in shown
    with scope_of(cast.bakery):
        assert names(Department) == []


def test_who_only_reads_is_asked_for_no_names(visitor: SignIn, cast: Cast) -> None:
    reader = visitor(cast.reader)
    for item_id in NEEDED:
        assert 'name="names"' not in reader.get(page(cast.bakery, item_id)).get_data(as_text=True)
    assert reader.post(page(cast.bakery, USED, "/names"), {"register": "systems", "names": "Till"}).status_code == 403


def test_other_items_take_no_names(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser, sent = visitor(cast.editor), {"register": "systems", "names": "Till"}
    assert browser.post(page(cast.bakery, "inventory.tablets", "/names"), sent).status_code == 302
    assert browser.post(page(cast.bakery, USED, "/names"), sent).status_code == 302, "departments come first"
    assert browser.post(page(cast.bakery, "runbook.team", "/names"), sent).status_code == 404
    with scope_of(cast.bakery):
        assert names(System) == []
