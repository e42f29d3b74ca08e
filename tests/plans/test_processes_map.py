"""The dependency map: where boxes stand, what is drawn of many systems, what is marked."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from itertools import combinations, pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.processes import services
from plans.processes.drawing import ACROSS, BOX_HEIGHT, BOX_WIDTH, DOWN, Drawing, draw
from plans.processes.network import MOST_DRAWN, network
from plans.processes.protection import Protection
from plans.processes.services import Wanted
from plans.registers import services as register_services
from plans.registers.columns import register
from tests.audits.rules.changing import replace
from tests.cast import Cast, Organisation, Person
from tests.plans.registers_rows import add
from tests.visitor import Visitor

Scoping = Callable[[Organisation], AbstractContextManager[None]]
Visiting = Callable[[Person | None], Visitor]
Counting = Callable[[], AbstractContextManager[list[str]]]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAGE = "/o/bakery/registers/dependency-map"
IDS = [UUID(int=number) for number in range(1, 10)]
A, B, C, D = IDS[:4]
# Pairs of places: the later one needs the earlier one, so that there is no loop.
EDGES = st.sets(st.tuples(st.sampled_from(range(9)), st.sampled_from(range(9))).filter(lambda pair: pair[0] < pair[1]))


def spots(drawing: Drawing) -> dict[UUID, tuple[int, int]]:
    return {box.id: (box.x, box.y) for box in drawing.boxes}


@given(EDGES)
def test_no_box_lies_over_another_and_every_line_runs_to_the_right(edges: set[tuple[int, int]]) -> None:
    needs: dict[UUID, set[UUID]] = {}
    for needed, system in edges:
        needs.setdefault(IDS[system], set()).add(IDS[needed])
    drawing = draw(IDS, needs)
    assert [box.id for box in drawing.boxes] == IDS
    for one, other in combinations(drawing.boxes, 2):
        assert one.x != other.x or abs(one.y - other.y) >= BOX_HEIGHT + DOWN - 1
    assert all(box.x >= 0 and box.y >= 0 for box in drawing.boxes)
    assert max(box.x for box in drawing.boxes) + BOX_WIDTH <= drawing.width
    assert max(box.y for box in drawing.boxes) + BOX_HEIGHT <= drawing.height
    at = spots(drawing)
    assert {(line.start, line.end) for line in drawing.lines} == {(IDS[two], IDS[one]) for one, two in edges}
    for line in drawing.lines:
        (x, y), (to_x, to_y) = at[line.start], at[line.end]
        assert to_x >= x + BOX_WIDTH + ACROSS
        assert re.match(r"M(\d+) (\d+)", line.path).groups() == (str(x + BOX_WIDTH), str(y + BOX_HEIGHT // 2))  # type: ignore[union-attr]
        end_x, end_y = re.search(r" (\d+) (\d+)$", line.path).groups()  # type: ignore[union-attr]
        assert int(end_x) == to_x
        assert abs(int(end_y) - to_y - BOX_HEIGHT // 2) <= 1


def test_a_line_over_two_columns_passes_beside_the_box_in_between() -> None:
    drawing = draw([A, B, C], {C: {A, B}, B: {A}})
    at = spots(drawing)
    assert [at[one][0] for one in (C, B, A)] == [8, 8 + BOX_WIDTH + ACROSS, 8 + 2 * (BOX_WIDTH + ACROSS)]
    long = next(line for line in drawing.lines if (line.start, line.end) == (C, A))
    level = int(re.search(r" (\d+)H", long.path)[1])  # type: ignore[index]
    assert not at[B][1] <= level <= at[B][1] + BOX_HEIGHT


def test_without_lines_boxes_stand_in_rows() -> None:
    drawing = draw(IDS[:5], {})
    assert len({box.x for box in drawing.boxes}) == 4
    assert len({box.y for box in drawing.boxes}) == 2
    assert draw([], {}).boxes == ()


@pytest.fixture
def ids(scope_of: Scoping, cast: Cast) -> dict[str, UUID]:
    """A till that needs the internet of a supplier and its prices; the internet is promised later than the till."""
    with scope_of(cast.bakery):
        party, data = add("parties", "BelGoed <&> Co"), add("data-sets", "Prices")
        internet = add("systems", "Internet", rto_hours=24, supplier_id=party)
        till = add("systems", "Till", rto_hours=4)
        services.save_needs(till, Wanted(frozenset({internet}), data_sets=frozenset({data})))
        return {"party": party, "data": data, "internet": internet, "till": till}


def test_map_draws_each_need_links_each_box_and_says_the_same_in_a_list(
    ids: dict[str, UUID], visitor: Visiting, cast: Cast
) -> None:
    page = visitor(cast.reader).get(PAGE).text
    drawing, _, told = page.partition("<table")
    assert drawing.count('marker-end="url(#map-end)"') == 3
    for address in (f"systems/{ids['till']}/needs", f"parties/{ids['party']}", f"data-sets/{ids['data']}"):
        assert visitor(cast.reader).get(f"/o/bakery/registers/{address}").status_code == 200
        assert f'href="{address}"' in drawing
    assert re.findall(r'class="map-late".*?<text x="10" y="23">(\w+)<', drawing) == ["Till"]
    assert "4 hours, chain 24 hours" in drawing
    assert "Till: 4 hours promised, but Internet takes 24 hours." in told
    assert "<li>BelGoed &lt;&amp;&gt; Co</li>" in told
    assert 'style="' not in page


def test_what_was_put_away_is_neither_drawn_nor_needed(ids: dict[str, UUID], scope_of: Scoping, cast: Cast) -> None:
    with scope_of(cast.bakery):
        register_services.archive_row(register("systems"), ids["internet"], at=NOW)
    with scope_of(cast.bakery):
        found = network(None, ())
        assert [knot.name for knot in found.order] == ["Till"]
        assert [knot.name for knot in found.needs[ids["till"]]] == ["Prices"]
        assert {box.id for box in found.drawing.boxes} == {ids["till"], ids["data"]}


def test_of_many_systems_the_chains_through_one_are_drawn(
    ids: dict[str, UUID], visitor: Visiting, scope_of: Scoping, cast: Cast, count_queries: Counting
) -> None:
    reader = visitor(cast.reader)
    reader.get(PAGE)
    with count_queries() as few:
        reader.get(PAGE)
    with scope_of(cast.bakery):
        made = [add("systems", f"System {number}") for number in range(MOST_DRAWN + 20)]
        for one, other in pairwise(made):
            services.save_needs(one, Wanted(frozenset({other})))
        found = network(None, ())
        # The one with the promise that cannot be kept tells most.
        assert (found.around, found.left_out) == (ids["till"], MOST_DRAWN + 20)
        assert {knot.name for knot in found.order} == {"Till", "Internet"}
        found = network(made[40], ())
        assert len(found.order) == MOST_DRAWN
        assert {made[39], made[41]} <= {knot.id for knot in found.order}
    with count_queries() as many:
        page = reader.get(f"{PAGE}?around={made[40].hex}")
    assert len(many) == len(few)
    assert f"{20 + 2} systems are not in this drawing" in page.text
    assert len(page.data) < 60_000
    assert reader.get(f"{PAGE}?around=nothing").status_code == 200


def test_scheme_protects_the_service_it_names_and_nothing_else_of_the_supplier(
    ids: dict[str, UUID], scope_of: Scoping, cast: Cast
) -> None:
    hosting = Protection("BELGOED <&> co", "", "Hosting", date(2026, 10, 1))
    elsewhere = Protection("Somebody else", "", "Hosting", date(2026, 10, 1))
    with scope_of(cast.bakery):
        site = add("systems", "Web shop", supplier_id=ids["party"], scheme_service="hósting")
        other = add("systems", "Mail", supplier_id=ids["party"], scheme_service="Mail")
        assert network(None, ()).kept == network(None, (elsewhere,)).kept == {}
        found = network(None, (elsewhere, hosting))
        assert found.kept == {(site, ids["party"]): hosting}
        assert [knot.name for knot in found.protects(hosting)] == ["Web shop"]
        assert found.protects(elsewhere) == ()
        assert other in found.needs
        # A number tells suppliers of the same name apart.
        assert network(None, (replace(hosting, kvk="00990101"),)).kept != {}
        row = register_services.find_row(register("parties"), ids["party"])
        register_services.change_row(register("parties"), row.id, {"kvk": "00990102"}, version=None)
        assert network(None, (replace(hosting, kvk="00990101"),)).kept == {}
        assert network(None, (replace(hosting, kvk="00990102"),)).kept != {}
