"""What a hidden cell says of a record as it was downloaded."""

import binascii
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from flask import Flask

from plans.importing import states_before
from plans.importing.states import States
from plans.importing.states_before import read_state
from plans.registers.columns import register
from plans.registers.shape import Forever, Value

pytestmark = pytest.mark.once
OURS, THEIRS = 1, 2
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


KEYS = [UUID(int=2**127 + n) for n in range(len(ROWS))]
VALUES: list[Value] = ["A", "a", "", None, True, False, 1, 10, Decimal("1.50"), date(2027, 1, 31), UUID(int=1)]


@pytest.fixture(autouse=True)
def _within(app: Flask) -> Iterator[None]:
    """Digests are keyed by the master key of an application."""
    with app.app_context():
        yield


def cells(tenant_id: int = OURS) -> list[str]:
    columns = {name: [row[name] for row in ROWS] for name in NAMES}
    versions = [n + 1 for n in range(len(ROWS))]
    return States(LICENCES, tenant_id).write([key.hex for key in KEYS], versions, columns)


def test_cell_tells_of_each_column_whether_a_value_stood_there() -> None:
    for number, (text, row) in enumerate(zip(cells(), ROWS, strict=True), start=1):
        found = States(LICENCES, OURS).read(text)
        assert found is not None
        key, state = found
        assert (key, state.version) == (KEYS[number - 1], number)
        assert list(state.digests) == NAMES
        assert [state.says(name, row[name]) for name in NAMES] == [True] * len(NAMES)
        assert [state.says(name, OTHER[name]) for name in NAMES] == [False] * len(NAMES)


def test_cells_are_the_same_however_many_values_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    every = cells()
    monkeypatch.setattr("plans.importing.states.MOST_KNOWN", 2)
    columns = {name: [row[name] for row in ROWS] for name in NAMES}
    states = States(LICENCES, OURS)
    for place, text in enumerate(every):
        few = {name: values[place : place + 1] for name, values in columns.items()}
        assert states.write([KEYS[place].hex], [place + 1], few) == [text]


def test_cell_says_nothing_to_whoever_has_not_the_key_of_that_organisation_and_column() -> None:
    (text, *_rest) = cells()
    found, elsewhere = States(LICENCES, OURS).read(text), States(LICENCES, THEIRS).read(text)
    assert found is not None
    assert elsewhere is not None
    assert [elsewhere[1].says(name, ROWS[0][name]) for name in NAMES] == [False] * len(NAMES)
    bare = {states_before.digest(name, ROWS[0][name])[:4] for name in NAMES}
    assert bare.isdisjoint(found[1].digests.values())
    states = States(LICENCES, OURS)
    assert len({states.digest(name, "A") for name in NAMES}) == len(NAMES)


def test_no_cell_begins_as_a_formula_or_needs_escaping() -> None:
    for text in cells():
        assert text.isascii()
        assert text[0].isalpha()
        assert not set(text) & set("&<>_ ")


def test_nothing_of_another_column_is_taken_for_what_stood_in_one() -> None:
    (text, *_rest) = cells()
    columns = LICENCES.columns
    for changed in ((columns[1], columns[0], *columns[2:]), columns[1:], (*columns, replace(columns[0], name="alias"))):
        found = States(replace(LICENCES, columns=changed), OURS).read(text)
        assert found is not None
        assert (found[0], found[1].version, found[1].digests) == (KEYS[0], 1, {})


def test_cell_of_a_file_of_before_is_read_without_a_key() -> None:
    mark = states_before.mark(tuple(NAMES))
    # The first five bytes of BLAKE2b of "A", and of nothing.
    state = read_state(f"3 {mark} b685b2f862{states_before.digest('', None).hex() * (len(NAMES) - 1)}", LICENCES)
    assert state is not None
    assert state.version == 3
    assert state.says("name", "A")
    assert not state.says("name", "B")
    assert state.says("quantity", None)
    other = read_state(f"3 abcdef {'b685b2f862' * len(NAMES)}", LICENCES)
    assert other is not None
    assert (other.version, other.digests) == (3, {})


def test_cell_of_a_file_before_that_names_its_columns() -> None:
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
    assert States(LICENCES, OURS).read(text) is None


def test_part_of_a_cell_or_one_of_another_make_is_no_cell() -> None:
    (text, *_rest) = cells()
    states = States(LICENCES, OURS)
    assert states.read(text[:28]) is None
    assert states.read("é" + text) is None
    other = bytearray(binascii.a2b_base64(text))
    other[0] += 1
    assert states.read(binascii.b2a_base64(other, newline=False).decode()) is None
    shorter = states.read(text[:-4])
    assert shorter is not None
    assert (shorter[0], shorter[1].digests) == (KEYS[0], {})


def test_digests_tell_values_apart_and_are_the_same_for_ever() -> None:
    assert len({states_before.digest("", value) for value in VALUES}) == len(VALUES)
    assert states_before.digest("", "A").hex() == "b685b2f862"
    digests = [{States(LICENCES, OURS).digest("name", value) for value in VALUES} for _ in range(2)]
    assert digests[0] == digests[1]
    assert len(digests[0]) == len(VALUES)
