"""What a hidden cell says of a record as it was downloaded."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from plans.importing.states import RowState, digest, read_state, state_writer
from plans.registers.columns import register
from plans.registers.shape import Forever, Value

pytestmark = pytest.mark.once
LICENCES = register("licences")
NAMES = [column.name for column in LICENCES.columns if not column.secret]
OTHER: dict[str, Value] = {
    "name": "B", "supplier": "Y", "quantity": 7, "expires_on": date(2028, 1, 1), "perpetual": True,
    "yearly_cost": Decimal("2.50"), "confirmed_on": date(2026, 2, 1), "note": "later",
}  # fmt: skip
ROWS: list[dict[str, Value]] = [
    {
        "name": f"A {n}", "supplier": f"X {n % 2}", "quantity": n % 3 or None, "perpetual": False,
        "expires_on": date(2027, 1, 31) if n % 2 else Forever.FOREVER, "yearly_cost": Decimal(n % 3) / 4,
        "confirmed_on": None, "note": "",
    }
    for n in range(9)
]  # fmt: skip


def cells() -> list[str]:
    columns = {name: [row[name] for row in ROWS] for name in NAMES}
    return state_writer(LICENCES)([n + 1 for n in range(len(ROWS))], columns)


def test_cell_tells_of_each_column_whether_a_value_stood_there() -> None:
    for number, (text, row) in enumerate(zip(cells(), ROWS, strict=True), start=1):
        state = read_state(text, LICENCES)
        assert state is not None
        assert state.version == number
        assert list(state.digests) == NAMES
        assert [state.says(name, row[name]) for name in NAMES] == [True] * len(NAMES)
        assert [state.says(name, OTHER[name]) for name in NAMES] == [False] * len(NAMES)


def test_nothing_of_another_column_is_taken_for_what_stood_in_one() -> None:
    (text, *_rest) = cells()
    columns = LICENCES.columns
    for changed in ((columns[1], columns[0], *columns[2:]), columns[1:], (*columns, replace(columns[0], name="alias"))):
        assert read_state(text, replace(LICENCES, columns=changed)) == RowState(1, {})


def test_cell_of_a_file_of_before_names_its_columns() -> None:
    # The first twelve of SHA-256 of "A" and of "2027-01-31".
    state = read_state("3 name=559aead08264 expires_on=b29cfc423801", LICENCES)
    assert state is not None
    assert state.version == 3
    assert state.says("name", "A")
    assert not state.says("name", "B")
    assert state.says("expires_on", date(2027, 1, 31))
    assert not state.says("supplier", "X")


@pytest.mark.parametrize("text", ["", "x", "1 abcdef", "1 abcdef 0123", "1 name=0123", "-1", "99999999999"])
def test_cell_that_somebody_changed_says_nothing(text: str) -> None:
    assert read_state(text, LICENCES) is None


def test_digests_tell_values_apart_and_are_the_same_for_ever() -> None:
    values: list[Value] = ["A", "a", "", None, True, False, 1, 10, Decimal("1.50"), date(2027, 1, 31), UUID(int=1)]
    assert len({digest(value) for value in values}) == len(values)
    assert digest("A") == "b685b2f862"
