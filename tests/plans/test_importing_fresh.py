"""What is read, decided and written a column at a time is what it would be row by row."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from plans.importing.cells import Grid, unpacked
from plans.importing.headings import KEY_HEADING, NOT_USED, STATE_HEADING
from plans.importing.layouts import BY_SLUG, LAYOUTS, Layout
from plans.importing.mapping import Chosen, data_rows
from plans.importing.matching import plan
from plans.importing.planned import Outcome, Plan, PlannedRow
from plans.importing.reading import read_apart, read_rows
from plans.importing.row import ReadRow, read_row
from plans.importing.showing import Show, counts
from plans.importing.states import named_columns
from plans.importing.states_before import digest, mark
from plans.importing.steps import People, SheetSteps
from plans.importing.straight import OURS
from plans.importing.writing import new_rows
from plans.registers.cells.texts import each_folded, folded
from plans.registers.columns import REGISTERS
from plans.registers.recognising import identities, identity
from plans.registers.rows import settled, settled_columns
from plans.registers.shape import Forever, Register, Value
from tests.plans.test_importing_rules import held

NOBODY = People()
NAMES = st.sampled_from(["PC 1", "PC 2", "pc  1", "Printer", "Café", "Naam", ""])
MARKS = st.sampled_from(["S1", "S2", "s1", "S 1", "-", "", "00:1B:44:11:3A:B7", "10.0.0.1", "2027-01-31", "onbepaald"])
SINGLE = st.sampled_from([found for found in LAYOUTS if not found.mixed])
VALUES: st.SearchStrategy[Value] = st.none() | NAMES | st.integers(0, 3) | st.booleans() | st.dates()


def sheet_of(data: st.DataObject, layout: Layout) -> tuple[Grid, Chosen]:
    """A sheet of few different cells, so that rows resemble each other."""
    keyed = {name for found in layout.registers for key in found.keys for name in key.columns}
    wanted = st.lists(st.sampled_from([*layout.targets, *sorted(keyed) * 3]), min_size=1, max_size=4)
    targets = ("name", *(target for target in data.draw(wanted) if target != "name"))
    rows = data.draw(st.lists(st.tuples(NAMES, *([MARKS | st.none() | st.dates()] * (len(targets) - 1))), min_size=1))
    return Grid((("Naam", *targets[1:]), *rows), {}), Chosen(layout, 1, targets)


@settings(deadline=None)
@given(st.data(), SINGLE, st.integers(0, 2), st.lists(st.integers(2, 9)))
def test_a_plan_made_by_column_is_the_plan_made_row_by_row(
    data: st.DataObject, layout: Layout, known: int, refused: list[int]
) -> None:
    cells, chosen = sheet_of(data, layout)
    answers = {str(number): False for number in refused}
    first: list[ReadRow] = list(read_rows(cells, chosen, NOBODY))
    there = [
        held(layout.slug, archived=data.draw(st.booleans()), **row.values)
        for row in first[:known]
        if row.register.slug == layout.slug
    ]
    rows, fresh = read_apart(cells, chosen, NOBODY, {layout.slug: there})
    slow = plan(first, {layout.slug: there}, answers=answers)
    fast = plan(rows, {layout.slug: there}, answers=answers, fresh=fresh)
    assert told(fast.rows) == told(slow.rows)
    assert len(fast) == len(slow.rows)
    for outcome in Outcome:
        assert fast.count(outcome) == slow.count(outcome)
        assert fast.count_in(outcome) == slow.count_in(outcome)
    assert told([row for row in fast.noticed() if noticeable(fast, row)]) == told(
        [row for row in slow.rows if noticeable(slow, row)]
    )
    assert written(fast) == written(slow)
    assert counts(fast) == counts(slow)
    assert counts(fast)[Show.REMARKS] == sum(bool(row.remarks) for row in slow.rows)


@settings(deadline=None)
@given(st.data(), SINGLE, st.integers(0, 3))
def test_rows_that_come_back_are_decided_by_column_as_they_are_one_by_one(
    data: st.DataObject, layout: Layout, known: int
) -> None:
    plain, drawn = sheet_of(data, layout)
    targets = tuple(target if target not in OURS else NOT_USED for target in drawn.targets)
    (found,) = layout.registers
    there = [
        held(layout.slug, archived=data.draw(st.booleans()), **row.values)
        for row in list(read_rows(plain, replace(drawn, targets=targets), NOBODY))[:known]
    ]
    keys, names = [None, "", "x", uuid4().hex, *(row.id.hex for row in there)], named_columns(found)
    was = {
        row.id.hex: f"{version} {mark(names)} {''.join(digest(one, row.values[one]).hex() for one in names)}"
        for version, row in enumerate(there, start=1)
    }
    rows = []
    for row in plain.rows[1:]:
        key = data.draw(st.sampled_from(keys))
        rows.append((*row, key, data.draw(st.sampled_from([was.get(key or ""), None, "x"]))))
    cells = Grid(((*plain.rows[0], KEY_HEADING, STATE_HEADING), *rows), {})
    chosen = Chosen(layout, 1, (*targets, *OURS), downloaded=tuple(row.id for row in there))
    alone = SheetSteps(cells, chosen, NOBODY)
    each = [read_row(alone, number) for number in data_rows(cells, 1)]
    slow = plan(each, {layout.slug: there}, chosen.downloaded, registers=layout.registers)
    apart, fresh = read_apart(cells, chosen, NOBODY, {layout.slug: there})
    fast = plan(apart, {layout.slug: there}, chosen.downloaded, registers=layout.registers, fresh=fresh)
    assert told(fast.rows) == told(slow.rows)
    assert list(read_rows(cells, chosen, NOBODY)) == each


def told(rows: Sequence[PlannedRow]) -> list[object]:
    """Rows for comparing; a text that is translated when it is shown equals no other, so it is written out."""
    return [
        (
            *row._replace(remarks=(), reason=str(row.reason)),
            [(one.kind, str(one.text), one.cell) for one in row.remarks],
        )
        for row in rows
    ]


def noticeable(made: Plan, row: PlannedRow) -> bool:
    return bool(row.remarks) or (row.outcome is not Outcome.UNCHANGED and not made.comes_in(row))


def written(made: Plan) -> list[object]:
    """Every new row that comes in, in order, with what it says."""
    blocks = new_rows(made)
    return [
        (block.register.slug, number, {name: cells[place] for name, cells in block.columns.items() if cells[place]})
        for block in blocks
        for place, number in enumerate(block.numbers)
    ]


def test_rows_that_nothing_resembles_are_found_by_column() -> None:
    cells = Grid((("Naam", "Serienummer"), ("PC 1", "S1"), ("PC 2", "S2"), ("PC 3", "s1"), ("PC 4", None)), {})
    rows, fresh = read_apart(cells, Chosen(BY_SLUG["office-pcs"], 1, ("name", "serial_number")), NOBODY, {})
    assert fresh is not None
    assert fresh.numbers == [3, 5]
    assert fresh.columns["serial_number"] == ["S2", None]
    assert list(fresh.remarks) == [5]
    assert [row.number for row in rows] == [2, 4]


@given(st.sampled_from(REGISTERS), st.lists(st.tuples(VALUES, VALUES, VALUES)), st.data())
def test_marks_by_column_are_the_marks_of_each_row(
    found: Register, rows: list[tuple[Value, Value, Value]], data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from(found.keys))
    by_column = {name: [row[place] for row in rows] for place, name in enumerate(key.columns)}
    alone = [identity(key, dict(zip(key.columns, row, strict=False))) for row in rows]
    assert identities(key, by_column, len(rows)) == alone
    assert identities(key, {}, len(rows)) == [identity(key, {})] * len(rows)


def test_name_of_accents_alone_is_a_name() -> None:
    assert folded("\u00b8") == "\u00b8"
    assert folded("Caf\u00e9") == "cafe"
    assert folded("\u00a0") == ""


@given(st.lists(st.text(max_size=12) | st.sampled_from(["PC 1", "a|b", " a", "b ", "A  B", "É"]) | st.none()))
def test_many_texts_are_folded_as_each_is(texts: list[str | None]) -> None:
    assert each_folded(texts) == [folded(text or "") for text in texts]


TERMS = st.lists(st.tuples(st.dates() | st.none() | st.just(Forever.FOREVER), st.booleans() | st.none()), min_size=1)


@given(TERMS)
def test_last_days_are_settled_by_column_as_in_each_row(rows: list[tuple[Value, bool | None]]) -> None:
    licences = BY_SLUG["licences"].registers[0]
    columns: dict[str, list[Value]] = {
        "expires_on": [day for day, _ in rows],
        "perpetual": [told_so for _, told_so in rows],
    }
    found = settled_columns(licences, columns)
    for place, (day, told_so) in enumerate(rows):
        alone = settled(licences, {"expires_on": day, "perpetual": told_so})
        assert {name: cells[place] for name, cells in found.items()} == alone


def test_cells_that_were_kept_row_by_row_still_come_out() -> None:
    rows = [["naam", ["day", "2027-01-31"]], [None, ["time", "12:00:00"]], [1.5, ["moment", "2027-01-31T08:00:00"]]]
    kept = zlib.compress(json.dumps({"rows": rows, "notes": []}).encode())
    found = (("naam", date(2027, 1, 31)), (None, time(12)), (1.5, datetime.fromisoformat("2027-01-31T08:00:00")))
    assert unpacked(kept).rows == found


def test_no_mark_of_its_own_is_part_of_another_key() -> None:
    # Where an earlier row has such a mark a row loses it; its other keys must find what they found before.
    for found in REGISTERS:
        own = {name for key in found.keys if not key.weak and "name" not in key.columns for name in key.columns}
        assert not own & {name for key in found.keys if len(key.columns) > 1 for name in key.columns}
