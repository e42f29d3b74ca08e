"""Ids of many rows at once."""

from uuid import RFC_4122, UUID

from core.ids import hyphened, new_id, new_ids


def test_many_ids_are_what_one_is_and_stand_in_their_order() -> None:
    found = [UUID(hex=one) for one in new_ids(2_000)]
    assert {(one.version, one.variant) for one in [*found, new_id()]} == {(7, RFC_4122)}
    assert found == sorted(set(found))
    assert len(found) == 2_000
    # Each of the 74 bits that are drawn is drawn.
    every, none = 0, ~0
    for one in found:
        every, none = every | one.int, none & one.int
    assert f"{every:032x}"[12:] == "7fffbfffffffffffffff"
    assert f"{none & (1 << 128) - 1:032x}"[12:] == "70008000000000000000"


def test_digits_are_written_as_an_id_is() -> None:
    (one,) = new_ids(1)
    assert hyphened(one) == str(UUID(hex=one))
