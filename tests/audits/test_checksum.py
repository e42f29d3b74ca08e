"""The checksum of a workbook's data: the same whether rows go by or columns, and as its description says."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.workbooks.provenance import TOLD_EVERY, Checksum
from core.sheets.cells import Shaded, Tone, Toned
from core.sheets.writing import Column, InColumns, Sheet, Value

pytestmark = pytest.mark.once

TEXTS = st.just("") | st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
DAYS = st.dates(date(2020, 1, 1), date(2020, 1, 4))
ANY = TEXTS | DAYS | st.datetimes(timezones=st.just(UTC)) | st.integers() | st.booleans() | st.none()
ODD = (
    ANY
    | st.decimals(0, 9, places=2)
    | st.builds(Toned, TEXTS, st.just(Tone.GOOD))
    | st.builds(Shaded, st.integers(0, 9), st.just(1))
)
COLUMN = st.sampled_from([TEXTS | st.none(), DAYS | st.none(), ODD]).flatmap(
    lambda kind: st.lists(kind, min_size=4, max_size=4)
)


def taken(columns: Sequence[Column], rows: object) -> tuple[str, list[Sequence[Value]], int]:
    checksum = Checksum()
    watched = checksum.watch(Sheet("Blad", tuple(columns), rows))  # type: ignore[arg-type]  # rows of either kind
    went_by = list(watched.rows)
    return checksum.hexdigest, went_by, checksum.rows


def plain(value: object) -> object:
    """What the description says stands in the JSON for a cell."""
    if isinstance(value, Toned | Shaded):
        return value.text if isinstance(value, Toned) else value.number
    if value == "":
        return None
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


@given(st.lists(COLUMN, min_size=1, max_size=4))
def test_columns_that_go_by_count_as_their_rows_do(columns: list[list[Value]]) -> None:
    headed = [Column(f"Kop {n}") for n in range(len(columns))]
    rows = list(zip(*columns, strict=True))
    parts = [[column[start : start + 3] for column in columns] for start in (0, 3)]
    lines = [["sheet", "Blad", [one.title for one in headed]], *([plain(value) for value in row] for row in rows)]
    told = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    asked = (hashlib.sha256(told.encode()).hexdigest(), rows, len(rows))
    assert taken(headed, rows) == asked
    assert taken(headed, InColumns(parts)) == asked


@pytest.mark.parametrize("size", [250, 400, 1_000])
def test_it_is_told_now_and_then_how_many_rows_went_by(size: int) -> None:
    told: list[int] = []
    blocks = ([[str(n) for n in range(start, start + size)]] for start in range(0, 4_000, size))
    every = list(Checksum(told.append).watch(Sheet("Blad", (Column("Kop"),), InColumns(blocks))).rows)
    assert len(every) == 4_000
    assert [one // TOLD_EVERY for one in told] == [1, 2, 3, 4]
