"""Chains of systems that need each other: loops, the order of recovery and the slowest link. Pure."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import NamedTuple
from uuid import UUID

# Which systems each system needs, by its id.
Needs = Mapping[UUID, Collection[UUID]]


class Node(NamedTuple):
    """A system in a chain. rto: hours."""

    id: UUID
    name: str
    priority: int | None
    rto: int | None


def loop_through(needs: Needs, start: UUID) -> tuple[UUID, ...]:
    """Return the shortest way from `start` along what each system needs back to `start`; empty when there is none.

    The way begins and ends with `start`.
    """
    came_from: dict[UUID, UUID] = {}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for needed in sorted(needs.get(here, ())):
            if needed == start:
                return _way_back(came_from, start, here)
            if needed not in came_from:
                came_from[needed] = here
                waiting.append(needed)
    return ()


def _way_back(came_from: Mapping[UUID, UUID], start: UUID, last: UUID) -> tuple[UUID, ...]:
    way = [start]
    while last != start:
        way.append(last)
        last = came_from[last]
    return (start, *reversed(way))


def recovery_order(nodes: Iterable[Node], needs: Needs) -> tuple[Node, ...]:
    """Return the systems in the order in which they come back: what is needed first, then by priority and name.

    Systems without a priority come after those with one that could begin at the same time. Needs of systems that are
    not among `nodes` do not count. Were there a loop, its systems would stand at the end.
    """
    known = {node.id: node for node in nodes}
    if not needs:
        return tuple(sorted(known.values(), key=_rank))
    # Only what needs something: hardly any system does.
    waits = {row_id: set(wanted) & known.keys() for row_id, wanted in needs.items() if row_id in known}
    needed_by: dict[UUID, list[UUID]] = defaultdict(list)
    for row_id, wanted in waits.items():
        for one in wanted:
            needed_by[one].append(row_id)
    ready = [_rank(node) for row_id, node in known.items() if not waits.get(row_id)]
    heapify(ready)
    found: list[Node] = []
    while ready:
        here = heappop(ready)[-1]
        found.append(known[here])
        for row_id in needed_by.get(here, ()):
            waits[row_id].discard(here)
            if not waits[row_id]:
                heappush(ready, _rank(known[row_id]))
    if len(found) < len(known):
        done = {node.id for node in found}
        found.extend(sorted((node for node in known.values() if node.id not in done), key=_rank))
    return tuple(found)


def _rank(node: Node) -> tuple[bool, int, str, UUID]:
    return (node.priority is None, node.priority or 0, node.name.casefold(), node.id)


def slowest_links(order: Sequence[Node], needs: Needs) -> Mapping[UUID, Node]:
    """Return for each system which one in its chain takes longest: itself, or what it needs, near or far.

    order: of recovery_order(). The recovery time of that link is the effective one of the system. A system whose
    chain tells no recovery time at all is not in the result. Of links that take equally long: the system itself
    before what it needs, then the one that comes back first.
    """
    found: dict[UUID, Node] = {}
    place = {node.id: number for number, node in enumerate(order)}
    for node in order:
        links = [found[one] for one in needs.get(node.id, ()) if one in found]
        if node.rto is not None:
            links.append(node)
        if links:
            # Its own place is the last of its chain, so it has to be put in front.
            found[node.id] = min(links, key=lambda link: (-(link.rto or 0), link.id != node.id, place[link.id]))
    return found
