"""Data sets: which attract others, and how those are protected."""

import pytest

from plans.errors import PlanError
from plans.self_check import services
from plans.self_check.queries import data_sets
from plans.self_check.services import DataSetMark
from plans.turns import seen
from tenants.owned import EditConflict
from tests.cast import Cast
from tests.plans.items_scene import ScopeOf, SignIn, add_data_set, page

WHICH, HOW = "self-check.attractive-data", "self-check.extra-protection"


def test_ticks_and_protection_are_kept_apart(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        accounts, recipes = add_data_set("Customer accounts", attractive=True), add_data_set("Recipes")
        told = seen(data_sets())
    browser = visitor(cast.editor)
    sent = {f"protection-{accounts.hex}": "Signing in takes a code", "seen": told}
    assert browser.post(page(cast.bakery, HOW, "/data-sets"), sent).status_code == 302
    with scope_of(cast.bakery):
        assert [(one.name, one.attractive, one.protection) for one in data_sets()] == [
            ("Customer accounts", True, "Signing in takes a code"),
            ("Recipes", False, ""),
        ]
        told = seen(data_sets())
    sent = {f"attractive-{recipes.hex}": "y", "new_name": "Payroll", "seen": told}
    assert browser.post(page(cast.bakery, WHICH, "/data-sets"), sent).status_code == 302
    with scope_of(cast.bakery):
        assert [(one.name, one.attractive, one.protection) for one in data_sets()] == [
            ("Customer accounts", False, "Signing in takes a code"),
            ("Payroll", True, ""),
            ("Recipes", True, ""),
        ]


def test_protection_is_asked_only_of_what_attracts(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser = visitor(cast.editor)
    assert "Choose them first" in browser.get(page(cast.bakery, HOW)).get_data(as_text=True)
    with scope_of(cast.bakery):
        add_data_set("Customer accounts", attractive=True)
        add_data_set("Recipes")
    shown = browser.get(page(cast.bakery, HOW)).get_data(as_text=True)
    assert "Customer accounts" in shown
    assert "Recipes" not in shown


def test_a_name_in_use_is_refused_and_stays_typed(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        add_data_set("Customer accounts")
        told = seen(data_sets())
        with pytest.raises(PlanError):
            services.mark_data_sets({}, "customer ACCOUNTS")
    sent = {"new_name": "customer accounts", "seen": told}
    answer = visitor(cast.editor).post(page(cast.bakery, WHICH, "/data-sets"), sent)
    assert answer.status_code == 422
    assert 'id="new_name-error"' in answer.get_data(as_text=True)
    assert 'value="customer accounts"' in answer.get_data(as_text=True)


def test_somebody_elses_change_is_not_written_over(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        accounts = add_data_set("Customer accounts", attractive=True)
        told = seen(data_sets())
        services.mark_data_sets({accounts: DataSetMark(True, "A code")}, seen=told)
        with pytest.raises(EditConflict):
            services.mark_data_sets({accounts: DataSetMark(True, "Nothing")}, seen=told)
    sent = {f"protection-{accounts.hex}": "Typed late", "seen": told}
    late = visitor(cast.editor).post(page(cast.bakery, HOW, "/data-sets"), sent)
    assert late.status_code == 409
    assert "Typed late" in late.get_data(as_text=True)
    assert "A code" in late.get_data(as_text=True)


def test_data_sets_of_another_organisation_stay_as_they_are(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.other):
        theirs = add_data_set("Theirs")
    sent = {f"attractive-{theirs.hex}": "y", "new_name": "Ours", "seen": ""}
    assert visitor(cast.editor).post(page(cast.bakery, WHICH, "/data-sets"), sent).status_code == 302
    with scope_of(cast.other):
        assert [(one.name, one.attractive) for one in data_sets()] == [("Theirs", False)]
