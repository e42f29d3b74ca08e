"""Loops, the order of recovery and the slowest link."""

from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from plans.processes.chains import Node, loop_through, recovery_order, slowest_links

A, B, C, D = (UUID(int=number) for number in range(1, 5))


def node(row_id: UUID, priority: int | None = None, rto: int | None = None) -> Node:
    return Node(row_id, "ABCD"[row_id.int - 1], priority, rto)


def test_a_loop_is_told_from_its_start_back_to_it() -> None:
    assert loop_through({A: {B}, B: {C}, C: {A, D}}, A) == (A, B, C, A)
    assert loop_through({A: {A}}, A) == (A, A)
    assert loop_through({A: {B, C}, B: {C}, C: {A}}, A) == (A, C, A)


def test_what_leads_to_a_loop_is_not_in_it() -> None:
    assert loop_through({A: {B}, B: {C}, C: {B}}, A) == ()
    assert loop_through({A: {B}, C: {B}, B: {D}}, A) == ()


def test_what_is_needed_comes_back_first_then_by_priority_then_by_name() -> None:
    nodes = [node(A, 1), node(B, 3), node(C), node(D, 2)]
    assert [one.id for one in recovery_order(nodes, {A: {C}})] == [D, B, C, A]
    assert [one.id for one in recovery_order([node(B), node(A)], {})] == [A, B]
    assert [one.id for one in recovery_order([node(A, 1), node(B, 2)], {A: {B, D}})] == [B, A]


def test_systems_of_a_loop_stand_at_the_end() -> None:
    assert [one.id for one in recovery_order([node(A, 1), node(B, 2), node(C, 3)], {A: {B}, B: {A}})] == [C, A, B]


def test_the_slowest_link_may_be_far_away_and_pass_through_systems_without_a_time() -> None:
    nodes = [node(A, 1, 4), node(B, 2), node(C, 3, 24), node(D, 4)]
    needs = {A: {B}, B: {C}}
    found = slowest_links(recovery_order(nodes, needs), needs)
    assert {row_id: link.id for row_id, link in found.items()} == {A: C, B: C, C: C}


def test_of_links_that_take_equally_long_the_system_itself_is_named() -> None:
    needs = {A: {B, C}}
    for rto, slowest in ((4, A), (3, B), (5, A)):
        order = recovery_order([node(A, 1, rto), node(B, 2, 4), node(C, 3, 4)], needs)
        assert slowest_links(order, needs)[A].id == slowest


IDS = [UUID(int=number) for number in range(1, 8)]
EDGES = st.sets(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).filter(lambda pair: pair[0] != pair[1]))
TIMES = st.lists(st.none() | st.integers(0, 99), min_size=len(IDS), max_size=len(IDS))


@given(EDGES, TIMES)
def test_every_system_comes_after_what_it_needs_and_takes_as_long_as_the_longest_it_reaches(
    edges: set[tuple[UUID, UUID]], times: list[int | None]
) -> None:
    needs: dict[UUID, set[UUID]] = {}
    for row_id, needed in sorted(edges):
        trial = {**needs, row_id: needs.get(row_id, set()) | {needed}}
        needs = needs if loop_through(trial, row_id) else trial
    nodes = [Node(row_id, str(row_id), None, rto) for row_id, rto in zip(IDS, times, strict=True)]
    order = recovery_order(nodes, needs)
    place = {one.id: number for number, one in enumerate(order)}
    assert set(place) == set(IDS)
    assert all(place[needed] < place[row_id] for row_id, wanted in needs.items() for needed in wanted)
    slowest = slowest_links(order, needs)
    for one in nodes:
        reached = [rto for other, rto in zip(IDS, times, strict=True) if other in _reached(needs, one.id)]
        known = [rto for rto in reached if rto is not None]
        assert (slowest[one.id].rto if one.id in slowest else None) == max(known, default=None)


def _reached(needs: dict[UUID, set[UUID]], start: UUID) -> set[UUID]:
    found, waiting = {start}, [start]
    while waiting:
        new = needs.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


@given(EDGES)
def test_a_loop_that_is_told_follows_needs_and_returns(edges: set[tuple[UUID, UUID]]) -> None:
    needs: dict[UUID, set[UUID]] = {}
    for row_id, needed in edges:
        needs.setdefault(row_id, set()).add(needed)
    for start in IDS:
        way = loop_through(needs, start)
        assert all(needed in needs[row_id] for row_id, needed in pairwise(way))
        back = any(start in _reached(needs, one) for one in needs.get(start, ()))
        assert bool(way) == back
        assert not way or way[0] == way[-1] == start
