"""Work on all rows that fit a filter, on whatever page they are."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa

from core import db
from plans.models import Asset, AssetKind
from plans.registers.queries import PAGE_LENGTH
from plans.registers.table.views import MOST_SHOWN
from tests.cast import Cast, Organisation, Person
from tests.plans.registers_rows import add
from tests.visitor import Visitor

Scoping = Callable[[Organisation], AbstractContextManager[None]]
Visiting = Callable[[Person | None], Visitor]
PCS = "/o/bakery/registers/office-pcs"
IN_SHOP = MOST_SHOWN + 25


@pytest.fixture
def _many(scope_of: Scoping, cast: Cast) -> None:
    with scope_of(cast.bakery):
        db.session().add_all(
            Asset(kind=AssetKind.OFFICE_PC, name=f"Till {number}", location="Shop") for number in range(IN_SHOP)
        )
        add("office-pcs", "Office 1", location="Office")


def fields(page: str) -> dict[str, Any]:
    """What a browser would send of the step it sees."""
    form = page[page.index("/bulk") :]
    return dict(re.findall(r'<input type="hidden" name="(all|field|step|seen)" value="([^"]*)">', form))


def stored(column: str) -> list[Any]:
    return sorted(db.session().scalars(sa.select(getattr(Asset, column)).where(Asset.archived_at.is_(None))))


@pytest.mark.usefixtures("_many")
def test_all_that_fit_are_changed_with_a_preview_and_taken_back_at_once(
    visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    editor, filtered = visitor(cast.editor), "?q=shop&within=location"
    assert IN_SHOP > PAGE_LENGTH
    assert f'name="all" value="{IN_SHOP}"' in editor.get(f"{PCS}{filtered}").text
    form: dict[str, Any] = {"all": str(IN_SHOP)}
    form = {**fields(editor.post(f"{PCS}/bulk{filtered}", form).text), "field": "supplier"}
    form = {**fields(editor.post(f"{PCS}/bulk{filtered}", form).text), "supplier": "NetVast"}
    assert form["step"] == "preview"
    page = editor.post(f"{PCS}/bulk{filtered}", form)
    assert page.text.count("<ins>NetVast</ins>") == MOST_SHOWN
    assert f"and {IN_SHOP - MOST_SHOWN} more records" in page.text
    assert len(page.data) < 60_000
    form = {**fields(page.text), "supplier": "NetVast"}
    answer = editor.post(f"{PCS}/bulk{filtered}", form)
    assert answer.status_code == 302
    assert "q=shop" in answer.location
    with scope_of(cast.bakery):
        assert stored("supplier") == ["", *["NetVast"] * IN_SHOP]
    undo = re.findall(r'action="([^"]*/undo)"', editor.get(answer.location).text)[0]
    assert editor.post(undo, {}).status_code == 302
    with scope_of(cast.bakery):
        assert stored("supplier") == [""] * (IN_SHOP + 1)


@pytest.mark.usefixtures("_many")
def test_nothing_happens_to_a_list_that_changed_meanwhile(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    editor, filtered = visitor(cast.editor), "?q=shop&within=location"
    with scope_of(cast.bakery):
        add("office-pcs", "Till new", location="Shop")
    for path in ("bulk", "archive"):
        answer = editor.post(f"{PCS}/{path}{filtered}", {"all": str(IN_SHOP)})
        assert answer.status_code == 302
        assert "so nothing was done" in editor.get(answer.location).text
    assert editor.post(f"{PCS}/archive{filtered}", {"all": str(IN_SHOP + 1)}).status_code == 302
    with scope_of(cast.bakery):
        assert stored("name") == ["Office 1"]
