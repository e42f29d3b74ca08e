"""The two matrices and the priorities."""

import html
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from core import db
from plans.models import Department, DepartmentSystem, System
from plans.registers import services
from plans.registers.columns import register
from plans.registers.matrices.shape import DATA_NEEDED, SYSTEMS_USED, Matrix
from tests.cast import Cast, Organisation, Person
from tests.plans.registers_rows import add
from tests.visitor import Visitor

Scoping = Callable[[Organisation], AbstractContextManager[None]]
Visiting = Callable[[Person | None], Visitor]
Counting = Callable[[], AbstractContextManager[list[str]]]
HOME = "/o/bakery/registers"
USED, PRIORITIES = f"{HOME}/systems-used", f"{HOME}/priorities"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MOST_QUERIES, MOST_BYTES = 15, 60_000
PATHS = {SYSTEMS_USED.endpoint: "systems-used", DATA_NEEDED.endpoint: "data-needed"}
HIDDEN = re.compile(r'<input type="hidden" name="(departments|things|used_before|none_before)" value="([^"]*)">')
TICKED = re.compile(r'name="(used|none)" value="([\d.]+)"[^>]* checked')


def form_on(page: str) -> dict[str, list[str]]:
    """What a browser would send of the page as it is."""
    form = {name: [html.unescape(value)] for name, value in HIDDEN.findall(page)}
    for name in ("used", "none"):
        form[name] = [value for found, value in TICKED.findall(page) if found == name]
    return form


def pairs(scope_of: Scoping, cast: Cast) -> set[tuple[str, str]]:
    """Names of departments and the systems they use."""
    with scope_of(cast.bakery):
        query = (
            sa.select(Department.name, System.name)
            .join(DepartmentSystem, DepartmentSystem.department_id == Department.id)
            .join(System, System.id == DepartmentSystem.system_id)
        )
        return {(department, system) for department, system in db.session().execute(query)}


def without_systems(scope_of: Scoping, cast: Cast) -> set[str]:
    with scope_of(cast.bakery):
        return set(db.session().scalars(sa.select(Department.name).where(Department.uses_no_systems)))


@pytest.fixture
def rows(scope_of: Scoping, cast: Cast) -> dict[str, UUID]:
    """Departments Bakery (0) and Shop (1); systems Mail (0) and Tills (1)."""
    with scope_of(cast.bakery):
        departments = {name: add("departments", name) for name in ("Bakery", "Shop")}
        systems = {name: add("systems", name) for name in ("Mail", "Tills")}
        sets = {name: add("data-sets", name) for name in ("Customers", "Recipes")}
    return {**departments, **systems, **sets}


@pytest.mark.parametrize("matrix", [SYSTEMS_USED, DATA_NEEDED], ids=lambda matrix: matrix.register)
def test_ticks_are_saved_shown_and_taken_away(
    matrix: Matrix, rows: dict[str, UUID], visitor: Visiting, cast: Cast
) -> None:
    editor, path = visitor(cast.editor), f"{HOME}/{PATHS[matrix.endpoint]}"
    form = form_on(editor.get(path).text)
    assert (form["used"], form["none"]) == ([], [])
    assert editor.post(path, {**form, "used": ["1.0", "1.1"], "none": ["0"]}).status_code == 302
    form = form_on(editor.get(path).text)
    assert (form["used"], form["none"]) == (["1.0", "1.1"], ["0"])
    assert editor.post(path, {**form, "used": ["1.1", "0.0"], "none": []}).status_code == 302
    form = form_on(editor.get(path).text)
    assert (sorted(form["used"]), form["none"]) == (["0.0", "1.1"], [])


def test_saving_the_same_twice_changes_nothing(
    rows: dict[str, UUID], visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    editor = visitor(cast.editor)
    form = {**form_on(editor.get(USED).text), "used": ["0.0"], "none": ["1"]}
    for _ in range(2):
        assert editor.post(USED, form).status_code == 302
    assert pairs(scope_of, cast) == {("Bakery", "Mail")}
    assert without_systems(scope_of, cast) == {"Shop"}
    with scope_of(cast.bakery):
        versions = dict(db.session().execute(sa.select(Department.name, Department.version)).all())
    assert versions == {"Bakery": 1, "Shop": 2}


def test_boxes_nobody_touched_keep_what_somebody_else_ticked(
    rows: dict[str, UUID], visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    owner, editor = visitor(cast.owner), visitor(cast.editor)
    form = form_on(editor.get(USED).text)
    owner.post(USED, {**form, "used": ["0.0", "1.0"], "none": []})
    editor.post(USED, {**form, "used": ["1.1"], "none": []})
    assert pairs(scope_of, cast) == {("Bakery", "Mail"), ("Shop", "Mail"), ("Shop", "Tills")}


def test_department_that_uses_something_is_not_one_that_uses_nothing(
    rows: dict[str, UUID], visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    owner, editor = visitor(cast.owner), visitor(cast.editor)
    form = form_on(editor.get(USED).text)
    owner.post(USED, {**form, "none": ["0"]})
    editor.post(USED, {**form, "used": ["0.1"]})
    assert pairs(scope_of, cast) == {("Bakery", "Tills")}
    assert without_systems(scope_of, cast) == set()
    page, told = editor.get(USED).text, "was marked as using no system at all"
    assert f"Bakery {told}" in page, "what somebody else ticked does not go untold"
    editor.post(USED, {**form_on(page), "used": [], "none": ["0"]})
    editor.post(USED, {**form_on(editor.get(USED).text), "used": ["0.0"], "none": []})
    assert told not in editor.get(USED).text


def test_contradiction_is_told_and_stays_as_ticked(
    rows: dict[str, UUID], visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    editor = visitor(cast.editor)
    answer = editor.post(USED, {**form_on(editor.get(USED).text), "used": ["0.0", "1.1"], "none": ["1"]})
    assert answer.status_code == 422
    assert "Shop is ticked as using no system at all" in answer.text
    assert "Bakery is ticked" not in answer.text
    form = form_on(answer.text)
    assert (form["used"], form["none"], form["used_before"]) == (["0.0", "1.1"], ["1"], [""])
    assert pairs(scope_of, cast) == set()


def test_rows_put_away_meanwhile_are_passed_over(
    rows: dict[str, UUID], visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    editor = visitor(cast.editor)
    form = form_on(editor.get(USED).text)
    with scope_of(cast.bakery):
        services.archive_row(register("systems"), rows["Mail"], at=NOW)
        services.archive_row(register("departments"), rows["Bakery"], at=NOW)
    assert editor.post(USED, {**form, "used": ["0.0", "0.1", "1.0", "1.1"]}).status_code == 302
    assert pairs(scope_of, cast) == {("Shop", "Tills")}


@pytest.mark.parametrize(
    "change",
    [
        {"departments": ["x"]},
        {"things": ["x"]},
        {"used": ["9.0"]},
        {"used": ["0.9"]},
        {"used": ["0"]},
        {"used": ["-1.0"]},
        {"none": ["x"]},
        {"used_before": ["1.5"]},
        {"departments": [str(uuid4())], "used": []},
    ],
)
def test_made_up_ticks_are_not_found(
    change: dict[str, list[str]], rows: dict[str, UUID], visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    editor = visitor(cast.editor)
    form = {**form_on(editor.get(USED).text), "used": ["0.0"]}
    assert editor.post(USED, {**form, **change}).status_code == 404
    assert pairs(scope_of, cast) == set()


def test_rows_of_another_organisation_cannot_be_ticked(
    rows: dict[str, UUID], visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    with scope_of(cast.other):
        department, system = add("departments", "Garage"), add("systems", "Lift")
    editor = visitor(cast.editor)
    for departments, things in ((department, rows["Mail"]), (rows["Shop"], system)):
        form = {"departments": str(departments), "things": str(things), "used": ["0.0"]}
        assert editor.post(USED, form).status_code == 404
    with scope_of(cast.other):
        assert db.session().scalar(sa.select(sa.func.count(DepartmentSystem.id))) == 0


def test_empty_matrix_leads_to_what_is_missing(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    editor = visitor(cast.editor)
    assert f'href="{HOME}/departments/new"' in editor.get(USED).text
    with scope_of(cast.bakery):
        add("departments", "Shop")
    assert f'href="{HOME}/systems/new"' in editor.get(USED).text
    assert f'href="{HOME}/data-sets/new"' in editor.get(f"{HOME}/data-needed").text


def test_large_matrix_comes_in_pages_that_stay_small(
    visitor: Visiting, cast: Cast, scope_of: Scoping, count_queries: Counting
) -> None:
    with scope_of(cast.bakery):
        for number in range(20):
            add("departments", f"Department {number}")
        for number in range(80):
            add("systems", f"Purchasing and stock system {number}")
    editor = visitor(cast.editor)
    with count_queries() as sent:
        page = editor.get(f"{USED}?page=2")
    assert len(sent) <= MOST_QUERIES
    assert len(page.data) < MOST_BYTES
    form = form_on(page.text)
    with count_queries() as sent:
        answer = editor.post(f"{USED}?page=2", {**form, "used": ["0.0", "1.5", "2.79"], "none": []})
    assert answer.location == f"{USED}?page=2"
    assert pairs(scope_of, cast) == {
        ("Department 3", "Purchasing and stock system 0"),
        ("Department 4", "Purchasing and stock system 5"),
        ("Department 5", "Purchasing and stock system 79"),
    }


def test_very_many_systems_come_in_parts_and_none_at_all_counts_them_all(
    visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    with scope_of(cast.bakery):
        for number in range(3):
            add("departments", f"Department {number}")
        for number in range(300):
            add("systems", f"Purchasing, stock and planning of the bakery, system {number:03}")
    editor = visitor(cast.editor)
    pages = [editor.get(f"{USED}?page={number}") for number in range(1, 7)]
    assert max(len(page.data) for page in pages) < MOST_BYTES
    assert "Rows 101 to 200 of 300" in pages[1].text
    assert 'aria-current="page"' in editor.get(f"{USED}?page=9").text
    shown = {tuple(form_on(page.text)[name][0] for name in ("departments", "things")) for page in pages}
    assert len(shown) == 6
    assert editor.post(f"{USED}?page=3", {**form_on(pages[2].text), "used": ["1.99"]}).status_code == 302
    refused = editor.post(f"{USED}?page=1", {**form_on(pages[0].text), "used": [], "none": ["1"]})
    assert refused.status_code == 422
    assert "Department 1 is ticked as using no system at all" in refused.text
    assert pairs(scope_of, cast) == {("Department 1", "Purchasing, stock and planning of the bakery, system 299")}


def test_a_contradiction_shows_what_somebody_else_ticked_meanwhile(
    rows: dict[str, UUID], visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    owner, editor = visitor(cast.owner), visitor(cast.editor)
    form = form_on(editor.get(USED).text)
    owner.post(USED, {**form, "used": ["0.0"], "none": []})
    refused = editor.post(USED, {**form, "used": ["1.1"], "none": ["0"]})
    assert refused.status_code == 422
    again = form_on(refused.text)
    assert (again["used"], again["none"], again["used_before"]) == (["0.0", "1.1"], ["0"], ["0.0 "])
    assert editor.post(USED, {**again, "used": ["1.1"]}).status_code == 302
    assert pairs(scope_of, cast) == {("Shop", "Tills")}
    assert without_systems(scope_of, cast) == {"Bakery"}


def priorities_on(page: str) -> dict[str, list[str]]:
    """What a browser would send of the page of priorities as it is."""
    form: dict[str, list[str]] = {}
    names = "system|version|recovery_priority|rto_hours|rpo_hours"
    for tag in re.findall(r"<input[^>]*>", page):
        if found := re.search(rf'name="({names})"', tag):
            value = re.search(r'value="([^"]*)"', tag)
            form.setdefault(found.group(1), []).append(value.group(1) if value else "")
    return form


def numbers(scope_of: Scoping, cast: Cast) -> dict[str, tuple[int | None, int | None, int | None]]:
    with scope_of(cast.bakery):
        query = sa.select(System.name, System.recovery_priority, System.rto_hours, System.rpo_hours)
        return {name: (first, second, third) for name, first, second, third in db.session().execute(query)}


def test_priorities_of_all_systems_are_saved_at_once(
    rows: dict[str, UUID], visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    editor = visitor(cast.editor)
    form = priorities_on(editor.get(PRIORITIES).text)
    assert form["system"] == [str(rows["Mail"]), str(rows["Tills"])]
    form |= {"recovery_priority": ["2", "1"], "rto_hours": ["48", "4"], "rpo_hours": ["", "24"]}
    assert editor.post(PRIORITIES, form).status_code == 302
    assert numbers(scope_of, cast) == {"Mail": (2, 48, None), "Tills": (1, 4, 24)}
    assert priorities_on(editor.get(PRIORITIES).text)["system"] == [str(rows["Tills"]), str(rows["Mail"])]


def test_bad_priority_is_told_at_its_box_and_nothing_is_saved(
    rows: dict[str, UUID], visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    editor = visitor(cast.editor)
    form = priorities_on(editor.get(PRIORITIES).text)
    form |= {"recovery_priority": ["1", "0"], "rto_hours": ["soon", "4"], "rpo_hours": ["", ""]}
    answer = editor.post(PRIORITIES, form)
    assert answer.status_code == 422
    assert 'href="#rto_hours-0"' in answer.text
    assert 'href="#recovery_priority-1"' in answer.text
    again = priorities_on(answer.text)
    assert (again["recovery_priority"], again["rto_hours"]) == (["1", "0"], ["soon", "4"])
    assert numbers(scope_of, cast) == {"Mail": (None, None, None), "Tills": (None, None, None)}


def test_priorities_saved_by_somebody_else_are_told_beside_what_was_typed(
    rows: dict[str, UUID], visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    owner, editor = visitor(cast.owner), visitor(cast.editor)
    form = priorities_on(editor.get(PRIORITIES).text)
    owner.post(PRIORITIES, {**form, "rto_hours": ["8", ""]})
    refused = editor.post(PRIORITIES, {**form, "rto_hours": ["48", "4"]})
    assert refused.status_code == 409
    assert "Stored now: 8" in refused.text
    assert numbers(scope_of, cast)["Tills"] == (None, None, None)
    again = priorities_on(refused.text)
    assert again["rto_hours"] == ["48", "4"]
    assert editor.post(PRIORITIES, again).status_code == 302
    assert numbers(scope_of, cast) == {"Mail": (None, 48, None), "Tills": (None, 4, None)}


@pytest.mark.parametrize(
    "change",
    [
        {"system": ["x", "y"]},
        {"system": [str(uuid4()), str(uuid4())]},
        {"version": ["1"]},
        {"version": ["x", "1"]},
        {"rto_hours": ["1"]},
        {"rpo_hours": []},
    ],
)
def test_made_up_priorities_are_not_found(
    change: dict[str, list[str]], rows: dict[str, UUID], visitor: Visiting, cast: Cast
) -> None:
    editor = visitor(cast.editor)
    assert editor.post(PRIORITIES, {**priorities_on(editor.get(PRIORITIES).text), **change}).status_code == 404


def test_page_of_many_priorities_stays_small(
    visitor: Visiting, cast: Cast, scope_of: Scoping, count_queries: Counting
) -> None:
    with scope_of(cast.bakery):
        for number in range(120):
            add("systems", f"Purchasing and stock system {number}", recovery_priority=number + 1)
    editor = visitor(cast.editor)
    with count_queries() as sent:
        page = editor.get(f"{PRIORITIES}?page=3")
    assert len(sent) <= MOST_QUERIES
    assert len(page.data) < MOST_BYTES
    assert len(priorities_on(page.text)["system"]) == 20


@pytest.mark.parametrize("path", [USED, f"{HOME}/data-needed", PRIORITIES])
def test_reader_sees_the_tables_and_changes_nothing(
    path: str, rows: dict[str, UUID], visitor: Visiting, cast: Cast
) -> None:
    reader = visitor(cast.reader)
    page = reader.get(path)
    assert page.status_code == 200
    assert 'type="submit">Save' not in page.text
    assert reader.post(path).status_code == 403
    assert visitor(cast.stranger).get(path).status_code == 404
