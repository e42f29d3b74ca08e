"""Place what a picture of trends is made of: stacked areas over time, stacked columns. Pure; measures in SVG units."""

from collections.abc import Sequence
from dataclasses import dataclass

# As wide as a telephone, so that letters stay readable there; elsewhere two stand beside each other.
WIDTH, HEIGHT = 400, 232
LEFT, RIGHT, TOP, BOTTOM = 38, 8, 22, 30
_WIDE, _HIGH = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
_GROUND = TOP + _HIGH
# At most so many lines across, at these distances or ten, a hundred, a thousand times as much.
_LINES, _STEPS = 4, (1, 2, 5, 10)
_COLUMN_SHARE = 0.68


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark at an axis. at: its x or y."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Area:
    """One layer of stacked areas. name: of what it tells; path: as SVG writes it, "" where it never is there."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a column."""

    name: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """One column and the words above and below it."""

    x: float
    width: float
    middle: float
    top: float
    told: str
    label: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture. lines: across, at the numbers of the upright axis; ticks: below."""

    lines: tuple[Tick, ...]
    ticks: tuple[Tick, ...] = ()
    areas: tuple[Area, ...] = ()
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """What one column tells. parts: numbers by name, the lowest first; told: the words above it."""

    label: str
    told: str
    parts: Sequence[tuple[str, float]]


def areas(layers: Sequence[tuple[str, Sequence[int]]], labels: Sequence[tuple[int, str]]) -> Picture:
    """Stack layers of numbers over equal steps of time, the first lowest.

    labels: the place of a step and what stands below it. Every layer has as many numbers, at least two.
    """
    steps = len(layers[0][1])
    totals = [sum(numbers[at] for _, numbers in layers) for at in range(steps)]
    most, lines = _scale(max(totals))
    across = [LEFT + _WIDE * at / (steps - 1) for at in range(steps)]
    below = [0] * steps
    drawn = []
    for name, numbers in layers:
        above = [low + number for low, number in zip(below, numbers, strict=True)]
        points = [
            *zip(across, above, strict=True),
            *zip(reversed(across), reversed(below), strict=True),
        ]
        path = "M" + "L".join(f"{x:.1f} {_up(number, most):.1f}" for x, number in points) + "z"
        drawn.append(Area(name, path if any(numbers) else ""))
        below = above
    return Picture(lines, ticks=tuple(Tick(across[at], text) for at, text in labels), areas=tuple(drawn))


def columns(bars: Sequence[Bar]) -> Picture:
    """Stand columns beside each other, each stacked from its parts."""
    most, lines = _scale(max(sum(number for _, number in bar.parts) for bar in bars))
    room = _WIDE / len(bars)
    width = room * _COLUMN_SHARE
    drawn = []
    for at, bar in enumerate(bars):
        below, blocks = 0.0, []
        for name, number in bar.parts:
            if number:
                top = _up(below + number, most)
                blocks.append(Block(name, round(top, 1), round(_up(below, most) - top, 1)))
            below += number
        middle = LEFT + room * (at + 0.5)
        drawn.append(
            Column(
                round(middle - width / 2, 1),
                round(width, 1),
                round(middle, 1),
                round(_up(below, most) - 5, 1),
                bar.told,
                bar.label,
                tuple(blocks),
            )
        )
    return Picture(lines, columns=tuple(drawn))


def _up(number: float, most: float) -> float:
    return _GROUND - _HIGH * number / most


def _scale(most: float) -> tuple[float, tuple[Tick, ...]]:
    """Return the number at the top and the lines across: whole, evenly apart, with room for all."""
    step = next(size * 10**power for power in range(12) for size in _STEPS if size * 10**power * _LINES >= max(most, 1))
    count = max(1, -(-int(-(-most // 1)) // step))
    top = step * count
    return top, tuple(Tick(round(_up(step * at, top), 1), str(step * at)) for at in range(count + 1))
