"""Numbers with a form of their own: read by their libraries, and refused with a message at the cell."""

import pytest

from plans.registers.cells import BadCell, parse
from plans.registers.shape import Column, Kind


@pytest.mark.parametrize(
    ("kind", "raw", "read"),
    [
        (Kind.MAC_ADDRESS, "00-1A-2B-3C-4D-5E", "00:1a:2b:3c:4d:5e"),
        (Kind.MAC_ADDRESS, "001a.2b3c.4d5e", "00:1a:2b:3c:4d:5e"),
        (Kind.MAC_ADDRESS, "", ""),
        (Kind.KVK, "1234 5678", "12345678"),
        (Kind.KVK, 1234567, "01234567"),
        (Kind.VAT, "nl 004495445 b01", "NL004495445B01"),
        (Kind.IBAN, "nl91abna0417164300", "NL91 ABNA 0417 1643 00"),
        (Kind.IMEI, "35-693803-564380-9", "356938035643809"),
    ],
)
def test_number_is_kept_in_one_form(kind: Kind, raw: object, read: str) -> None:
    assert parse(Column("one", kind, "One"), raw) == read


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (Kind.MAC_ADDRESS, "00:1A:2B:3C:4D"),
        (Kind.MAC_ADDRESS, "00:1A:2B:3C:4D:5G"),
        (Kind.KVK, "1234567"),
        (Kind.KVK, "123456789"),
        (Kind.VAT, "NL123456789B99"),
        (Kind.VAT, "x" * 5000),
        (Kind.IBAN, "NL91 ABNA 0417 1643 01"),
        (Kind.IBAN, "x" * 5000),
        (Kind.IMEI, "356938035643808"),
        (Kind.IMEI, "35693803564380"),
    ],
)
def test_number_with_a_slip_is_told_at_the_cell(kind: Kind, raw: object) -> None:
    with pytest.raises(BadCell) as told:
        parse(Column("one", kind, "One"), raw)
    assert str(told.value)
