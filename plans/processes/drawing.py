"""Place boxes and lines of a dependency map: what needs stands left of what it needs. Pure; all measures in pixels."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

BOX_WIDTH, BOX_HEIGHT = 188, 56
ACROSS, DOWN = 60, 14
MARGIN = 8
BEND_HEIGHT = 10
SWEEPS = 6
# Boxes that nothing is tied to stand below, so many beside each other.
LOOSE_ACROSS = 4

# A box by its id, or a bend of the line between two boxes in the column it passes.
Point = UUID | tuple[UUID, UUID, int]


@dataclass(frozen=True, slots=True)
class Box:
    """Where a box stands: its upper left corner."""

    id: UUID
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line from what needs to what it needs. path: as SVG writes it; x, y: a point where it begins, for a mark."""

    start: UUID
    end: UUID
    path: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map. Boxes stand in the order in which they were given."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: int
    height: int


def draw(order: Sequence[UUID], needs: Mapping[UUID, Collection[UUID]]) -> Drawing:
    """Place the boxes `order` and a line for each need between two of them.

    order: what is needed before what needs it, as recovery_order() gives it. Every line runs to the right, lines that
    pass a column run between its boxes, and what belongs together stands near each other.
    """
    place = {one: number for number, one in enumerate(order)}
    links = [(one, other) for one in order for other in sorted(needs.get(one, ()), key=str) if other in place]
    columns = _columns(order, links)
    tied = {one for link in links for one in link}
    ways = {link: _way(link, columns) for link in links}
    layers = _layers([one for one in order if one in tied], columns, ways.values())
    beside = _neighbours(ways.values())
    layers = _untangled(layers, beside)
    middles = _heights(layers, beside)
    spots = {
        point: (MARGIN + column * (BOX_WIDTH + ACROSS), middle)
        for column, layer in enumerate(layers)
        for point, middle in ((one, middles[one]) for one in layer)
    }
    bottom = max((round(middle) + BOX_HEIGHT // 2 for _, middle in spots.values()), default=MARGIN - DOWN)
    boxes = {one: Box(one, spots[one][0], round(spots[one][1]) - BOX_HEIGHT // 2) for one in tied}
    loose, bottom = _loose([one for one in order if one not in tied], len(layers), bottom)
    width = max((box.x + BOX_WIDTH for box in (*boxes.values(), *loose.values())), default=0) + MARGIN
    lines = tuple(_line(link, way, spots) for link, way in ways.items())
    every = {**boxes, **loose}
    return Drawing(tuple(every[one] for one in order), lines, width, bottom + MARGIN)


def _columns(order: Sequence[UUID], links: Iterable[tuple[UUID, UUID]]) -> dict[UUID, int]:
    """Return in which column each box stands: one further than anything that needs it."""
    wanted: dict[UUID, list[UUID]] = defaultdict(list)
    for one, other in links:
        wanted[one].append(other)
    found = dict.fromkeys(order, 0)
    for one in reversed(order):
        for other in wanted[one]:
            found[other] = max(found[other], found[one] + 1)
    return found


def _way(link: tuple[UUID, UUID], columns: Mapping[UUID, int]) -> tuple[Point, ...]:
    """Return the points a line runs along: a bend in each column it passes."""
    start, end = link
    bends = ((start, end, column) for column in range(columns[start] + 1, columns[end]))
    return (start, *bends, end)


def _layers(boxes: Iterable[UUID], columns: Mapping[UUID, int], ways: Iterable[tuple[Point, ...]]) -> list[list[Point]]:
    """Return what stands in each column, as yet in the order given."""
    found: dict[int, list[Point]] = defaultdict(list)
    for box in boxes:
        found[columns[box]].append(box)
    for way in ways:
        for bend in way[1:-1]:
            assert isinstance(bend, tuple)
            found[bend[2]].append(bend)
    return [found[column] for column in sorted(found)]


def _neighbours(ways: Iterable[tuple[Point, ...]]) -> dict[Point, list[Point]]:
    found: dict[Point, list[Point]] = defaultdict(list)
    for way in ways:
        for one, other in pairwise(way):
            found[one].append(other)
            found[other].append(one)
    return found


def _untangled(layers: list[list[Point]], beside: Mapping[Point, list[Point]]) -> list[list[Point]]:
    """Return the columns sorted so that fewer lines cross: by the mean place of what each point is tied to."""
    layers = [list(layer) for layer in layers]
    for sweep in range(SWEEPS):
        forth = sweep % 2 == 0
        for column in range(1, len(layers)) if forth else range(len(layers) - 2, -1, -1):
            fixed = {one: number for number, one in enumerate(layers[column - 1 if forth else column + 1])}
            now = {one: float(number) for number, one in enumerate(layers[column])}
            aim = {one: _mean([fixed[other] for other in beside[one] if other in fixed], now[one]) for one in now}
            layers[column].sort(key=lambda one, aim=aim: aim[one])  # type: ignore[misc]
    return layers


def _heights(layers: list[list[Point]], beside: Mapping[Point, list[Point]]) -> dict[Point, float]:
    """Return how far down the middle of each point is: near what it is tied to, never over another."""
    found: dict[Point, float] = {}
    for layer in layers:
        found |= _spread(layer, [0.0] * len(layer))
    for sweep in range(SWEEPS):
        forth = sweep % 2 == 0
        for column in range(1, len(layers)) if forth else range(len(layers) - 2, -1, -1):
            fixed = set(layers[column - 1 if forth else column + 1])
            aims = [
                _mean([found[other] for other in beside[one] if other in fixed], found[one]) for one in layers[column]
            ]
            found |= _spread(layers[column], aims)
    top = min((found[one] - _half(one) for layer in layers for one in layer), default=0.0)
    return {one: middle - top + MARGIN for one, middle in found.items()}


def _spread(layer: Sequence[Point], aims: Sequence[float]) -> dict[Point, float]:
    """Return heights as near to `aims` as the order and the room between two points allow.

    Points that would come too near each other move as one block to the mean of what they aim at.
    """
    offsets = [0.0]
    for one, other in pairwise(layer):
        offsets.append(offsets[-1] + _half(one) + DOWN + _half(other))
    # Each block: how many points, and the sum of where they want the first of all to be.
    blocks: list[tuple[int, float]] = []
    for aim, offset in zip(aims, offsets, strict=False):
        block = (1, aim - offset)
        while blocks and blocks[-1][1] / blocks[-1][0] > block[1] / block[0]:
            before = blocks.pop()
            block = (before[0] + block[0], before[1] + block[1])
        blocks.append(block)
    starts = [total / number for number, total in blocks for _ in range(number)]
    return {one: start + offset for one, start, offset in zip(layer, starts, offsets, strict=False)}


def _half(point: Point) -> float:
    return (BOX_HEIGHT if isinstance(point, UUID) else BEND_HEIGHT) / 2


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _loose(boxes: Sequence[UUID], columns: int, bottom: int) -> tuple[dict[UUID, Box], int]:
    """Place boxes without any line in rows below; return them and where they end."""
    across = max(columns, LOOSE_ACROSS)
    found, y = {}, bottom
    for number, one in enumerate(boxes):
        row, column = divmod(number, across)
        y = bottom + DOWN + row * (BOX_HEIGHT + DOWN)
        found[one] = Box(one, MARGIN + column * (BOX_WIDTH + ACROSS), y)
    return found, y + BOX_HEIGHT if found else bottom


def _line(link: tuple[UUID, UUID], way: Sequence[Point], spots: Mapping[Point, tuple[int, float]]) -> Line:
    """Return a line that leaves a box at its right side, keeps level through the columns it passes, and arrives."""
    x, y = spots[way[0]]
    here, level = x + BOX_WIDTH, round(y)
    mark = (here + ACROSS // 5, level)
    parts = [f"M{here} {level}"]
    for point in way[1:]:
        there, down = spots[point][0], round(spots[point][1])
        half = (here + there) // 2
        parts.append(f"C{half} {level} {half} {down} {there} {down}")
        here, level = there, down
        if isinstance(point, tuple):
            here = there + BOX_WIDTH
            parts.append(f"H{here}")
    return Line(*link, "".join(parts), *mark)
