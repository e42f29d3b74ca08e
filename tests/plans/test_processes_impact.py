"""How bad an outage gets as it lasts: what follows from the five answers, and the page that asks them."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from core import db
from plans.models import DepartmentSystem, Impact, System
from plans.processes import services
from plans.processes.chains import Node
from plans.processes.impact import STRETCHES, Limit, Proposal, bearable, falls, limits, proposals
from plans.processes.services import Wanted
from plans.registers.people import DEPARTMENTS
from plans.registers.services import find_row
from tests.cast import Cast, Organisation, Person
from tests.plans.registers_rows import add
from tests.visitor import Visitor

Scoping = Callable[[Organisation], AbstractContextManager[None]]
Visiting = Callable[[Person | None], Visitor]
HOME = "/o/bakery/registers"
NONE, ANNOYING, SERIOUS, SEVERE, RUINOUS = Impact
A, B, C, D = (UUID(int=number) for number in range(1, 5))
SHOP, OFFICE = Limit(4, "Shop"), Limit(72, "Office")


@pytest.mark.parametrize(
    ("levels", "hours"),
    [
        ((SEVERE, SEVERE, SEVERE, SEVERE, SEVERE), 1),
        ((SERIOUS, SEVERE, SEVERE, SEVERE, SEVERE), 4),
        ((NONE, NONE, RUINOUS, RUINOUS, RUINOUS), 24),
        ((NONE, SERIOUS, SERIOUS, SEVERE, SEVERE), 72),
        ((NONE, NONE, NONE, NONE, SEVERE), 168),
        ((SERIOUS, SERIOUS, SERIOUS, SERIOUS, SERIOUS), None),
        ((None, None, SEVERE, None, None), 24),
        ((None, None, None, None, None), None),
    ],
)
def test_what_can_be_borne_ends_where_the_stretch_before_the_first_severe_one_ends(
    levels: tuple[Impact | None, ...], hours: int | None
) -> None:
    assert bearable(levels) == hours


def test_a_longer_outage_that_is_less_bad_falls_also_over_an_open_question() -> None:
    assert falls((SERIOUS, None, ANNOYING, None, None))
    assert not falls((SERIOUS, None, SERIOUS, None, RUINOUS))
    assert not falls((None, None, None, None, None))


def test_of_the_departments_that_use_a_system_the_least_patient_counts() -> None:
    borne = {A: OFFICE, B: SHOP}
    assert limits(borne, [(A, C), (B, C), (A, D)]) == {C: SHOP, D: OFFICE}
    assert limits(borne, [(D, C)]) == {}


def test_what_a_system_needs_must_be_back_as_soon_and_stands_before_it() -> None:
    nodes = [
        Node(A, "Till", None, None),
        Node(B, "Internet", 9, 99),
        Node(C, "Books", None, None),
        Node(D, "Old", 1, 1),
    ]
    found = proposals(nodes, {A: {B}}, {A: SHOP, B: OFFICE, C: OFFICE})
    assert found == {B: Proposal(1, SHOP), A: Proposal(2, SHOP), C: Proposal(3, OFFICE), D: Proposal(4, None)}


IDS = [UUID(int=number) for number in range(1, 8)]


@given(
    st.sets(st.tuples(st.sampled_from(range(7)), st.sampled_from(range(7))).filter(lambda pair: pair[0] < pair[1])),
    st.dictionaries(st.sampled_from(IDS), st.integers(1, 99).map(lambda hours: Limit(hours, "x"))),
)
def test_no_proposal_breaks_another(edges: set[tuple[int, int]], own: dict[UUID, Limit]) -> None:
    needs: dict[UUID, set[UUID]] = {}
    for first, second in edges:
        needs.setdefault(IDS[second], set()).add(IDS[first])
    found = proposals([Node(one, str(one), None, None) for one in IDS], needs, own)
    assert sorted(one.priority for one in found.values()) == list(range(1, 8))
    hours = {one: each.limit.hours for one, each in found.items() if each.limit is not None}
    assert all(hours[one] <= limit.hours for one, limit in own.items())
    for system, wanted in needs.items():
        for other in wanted:
            assert found[other].priority < found[system].priority
            assert system not in hours or hours[other] <= hours[system]


def form_on(page: str) -> dict[str, str]:
    """What a browser would send of the page as it is."""
    version = re.findall(r'name="version"[^>]*value="(\d+)"', page)[0]
    ticked = dict(re.findall(r'<input checked[^>]*name="(impact_\w+)"[^>]*value="(\w*)"', page))
    return {"version": version, **ticked}


def answers(*levels: Impact | None) -> dict[str, str]:
    return {stretch.column: level or "" for stretch, level in zip(STRETCHES, levels, strict=True)}


def test_answers_are_saved_judged_on_the_page_and_taken_over(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        shop, other = add("departments", "Shop"), add("departments", "Other")
        till = add("systems", "Till", rto_hours=24)
        net, spare = add("systems", "Internet"), add("systems", "Spare")
        services.save_needs(till, Wanted(frozenset({net})))
        db.session().add(DepartmentSystem(department_id=shop, system_id=till))
    editor, path = visitor(cast.editor), f"{HOME}/departments/{shop}/impact"
    page = editor.get(path).text
    assert "no outage is severe" in page
    assert "Proposed" not in editor.get(f"{HOME}/priorities").text
    form = form_on(page)
    milder = editor.post(path, {**form, **answers(SERIOUS, SEVERE, ANNOYING, SEVERE, RUINOUS)})
    assert milder.status_code == 422
    assert milder.text.count("A longer outage cannot be less bad than a shorter one.") == 2
    assert form_on(milder.text)["impact_3_days"] == "annoying"
    wanted = answers(SERIOUS, SEVERE, SEVERE, SEVERE, None)
    assert editor.post(path, {**form, **wanted}).status_code == 302
    page = editor.get(path).text
    assert {**form_on(page), "version": ""} == {**wanted, "version": ""}
    assert "can bear an outage of 4 hours" in page
    assert page.count("Longer than it can bear") == 1
    assert editor.post(path, {**form, **wanted, "impact_longer": "severe"}).status_code == 409
    assert editor.post(path, {**form_on(page), "impact_day": "apocalyptic"}).status_code == 422
    assert editor.get(f"{HOME}/departments/{till}/impact").status_code == 404
    page = editor.get(f"{HOME}/priorities").text
    assert page.count("within 4 hours (Shop)") == 2
    assert editor.post(f"{HOME}/priorities/proposed", {}).status_code == 302
    with scope_of(cast.bakery):
        rows = {
            row[0]: tuple(row[1:])
            for row in db.session().execute(sa.select(System.id, System.recovery_priority, System.rto_hours))
        }
        assert rows == {net: (1, 4), till: (2, 24), spare: (3, None)}
        assert find_row(DEPARTMENTS, other).impact_day is None  # type: ignore[union-attr]
    changes = editor.get(f"{HOME}/changes").text
    undo = re.findall(r'action="([^"]*/undo)"', changes)[0]
    assert editor.post(undo, {}).status_code == 302
    with scope_of(cast.bakery):
        assert db.session().scalars(sa.select(System.recovery_priority)).all() == [None] * 3


def test_reader_sees_the_answers_and_cannot_change_them(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        shop = add("departments", "Shop", impact_day=SEVERE)
    reader, path = visitor(cast.reader), f"{HOME}/departments/{shop}/impact"
    page = reader.get(path).text
    assert "Severe" in page
    assert '<form method="post" novalidate' not in page
    assert reader.post(path, {}).status_code == 403
