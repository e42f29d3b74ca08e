"""What a cell of a form or spreadsheet means in its column."""

from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plans.models import PartyKind
from plans.registers.cells import BadCell, DayOrder, parse, phone_text
from plans.registers.columns import REGISTERS, register
from plans.registers.shape import Column, Forever, Kind

COLUMNS = {kind: Column("cell", kind, "Cell") for kind in Kind}
PARTY_KIND = register("parties").column("kind")
LINE_USE = register("telephone-lines").column("line_use")
SOMEBODY = UUID("01890000-0000-7000-8000-000000000001")
JANUARY_31 = date(2027, 1, 31)

GOOD = [
    (Kind.TEXT, "  Lenovo ThinkPad L14 ", "Lenovo ThinkPad L14"),
    (Kind.TEXT, "two\nlines\tand\u00a0blanks", "two lines and blanks"),
    (Kind.TEXT, "=Reserve-pc", "=Reserve-pc"),
    (Kind.TEXT, 12, "12"),
    (Kind.TEXT, 12.0, "12"),
    (Kind.TEXT, 12.5, "12.5"),
    (Kind.TEXT, date(2027, 1, 31), "2027-01-31"),
    (Kind.TEXT, time(8, 30), "08:30:00"),
    (Kind.TEXT, "e\u0301e\u0301n", "één"),
    (Kind.TEXT, None, ""),
    (Kind.TEXT, "   ", ""),
    (Kind.LONG_TEXT, " one\r\ntwo\rthree\u2028four ", "one\ntwo\nthree\nfour"),
    (Kind.SERIAL, 2060, "2060"),
    (Kind.SERIAL, "007", "007"),
    (Kind.PHONE, "06-12345678", "+31612345678"),
    (Kind.PHONE, "+31 6 2345 6789", "+31623456789"),
    (Kind.PHONE, "0031 (0)6-12345678", "+31612345678"),
    (Kind.PHONE, "06.12.34.56.78", "+31612345678"),
    (Kind.PHONE, "076 - 520 11 22", "+31765201122"),
    (Kind.PHONE, "076–5201123", "+31765201123"),
    (Kind.PHONE, "088 123 45 67", "+31881234567"),
    (Kind.PHONE, "0800 5555", "+318005555"),
    (Kind.PHONE, "14 020", "+3114020"),
    (Kind.PHONE, "tel:+31612345678", "+31612345678"),
    (Kind.PHONE, "+32 2 123 45 67", "+3221234567"),
    (Kind.PHONE, 612345678, "+31612345678"),
    (Kind.PHONE, 31612345678.0, "+31612345678"),
    (Kind.PHONE, "", ""),
    (Kind.EMAIL, "HENK@bakkerijdehalm.example", "henk@bakkerijdehalm.example"),
    (Kind.EMAIL, "mailto:a.b+c@post.example.nl", "a.b+c@post.example.nl"),
    (Kind.EMAIL, "info@brood-en-münchen.de", "info@brood-en-münchen.de"),
    (Kind.DAY, JANUARY_31, JANUARY_31),
    (Kind.DAY, datetime(2027, 1, 31, 23, 59), JANUARY_31),  # noqa: DTZ001 -- a spreadsheet's moments have no zone
    (Kind.DAY, 44562, date(2022, 1, 1)),
    (Kind.DAY, 44562.75, date(2022, 1, 1)),
    (Kind.DAY, "44562", date(2022, 1, 1)),
    (Kind.DAY, "14-3-2021", date(2021, 3, 14)),
    (Kind.DAY, "14/03/2021", date(2021, 3, 14)),
    (Kind.DAY, "14.3.2021", date(2021, 3, 14)),
    (Kind.DAY, "31. 1. 2027", JANUARY_31),
    (Kind.DAY, "2022-09-01", date(2022, 9, 1)),
    (Kind.DAY, "2022-09-01 00:00:00", date(2022, 9, 1)),
    (Kind.DAY, "2022-09-01T12:00+02:00", date(2022, 9, 1)),
    (Kind.DAY, "20270131", JANUARY_31),
    (Kind.DAY, "01-12-26", date(2026, 12, 1)),
    (Kind.DAY, "01-12-'26", date(2026, 12, 1)),
    (Kind.DAY, "01-12-69", date(2069, 12, 1)),
    (Kind.DAY, "01-12-70", date(1970, 12, 1)),
    (Kind.DAY, "31 januari 2027", JANUARY_31),
    (Kind.DAY, "31 JANUARI 2027", JANUARY_31),
    (Kind.DAY, "zondag 31 januari 2027", JANUARY_31),
    (Kind.DAY, "zo. 31 jan. 2027", JANUARY_31),
    (Kind.DAY, "31 mrt 2027", date(2027, 3, 31)),
    (Kind.DAY, "31-jan-27", JANUARY_31),
    (Kind.DAY, "31st January 2027", JANUARY_31),
    (Kind.DAY, "January 31, 2027", JANUARY_31),
    (Kind.DAY, "29-02-2028", date(2028, 2, 29)),
    (Kind.DAY, "1-1-1950", date(1950, 1, 1)),
    (Kind.DAY, "31-12-2199", date(2199, 12, 31)),
    (Kind.DAY, None, None),
    (Kind.TERM, "onbepaald", Forever.FOREVER),
    (Kind.TERM, " Perpetual ", Forever.FOREVER),
    (Kind.TERM, "voor  onbepaalde tijd", Forever.FOREVER),
    (Kind.TERM, "31 januari 2027", JANUARY_31),
    (Kind.TERM, "", None),
    (Kind.NUMBER, 9, 9),
    (Kind.NUMBER, 9.0, 9),
    (Kind.NUMBER, "9", 9),
    (Kind.NUMBER, "9,0", 9),
    (Kind.NUMBER, "1.250", 1250),
    (Kind.NUMBER, "1,250", 1250),
    (Kind.NUMBER, "1 000 000", 1_000_000),
    (Kind.NUMBER, 0, 0),
    (Kind.NUMBER, "", None),
    (Kind.AMOUNT, "€ 1.263,60", Decimal("1263.60")),
    (Kind.AMOUNT, "€ 1.250,00", Decimal("1250.00")),
    (Kind.AMOUNT, "1.250", Decimal("1250.00")),
    (Kind.AMOUNT, "1250.50", Decimal("1250.50")),
    (Kind.AMOUNT, "1,250.00", Decimal("1250.00")),
    (Kind.AMOUNT, "1 250,5", Decimal("1250.50")),
    (Kind.AMOUNT, "€1.250.000,-", Decimal("1250000.00")),
    (Kind.AMOUNT, "€ 45,--", Decimal("45.00")),
    (Kind.AMOUNT, "45 euro", Decimal("45.00")),
    (Kind.AMOUNT, "EUR 12,5", Decimal("12.50")),
    (Kind.AMOUNT, "€ 45,- per jaar", Decimal("45.00")),
    (Kind.AMOUNT, 890, Decimal("890.00")),
    (Kind.AMOUNT, 0.1 + 0.2, Decimal("0.30")),
    (Kind.AMOUNT, 0, Decimal("0.00")),
    (Kind.AMOUNT, "999999999,99", Decimal("999999999.99")),
    (Kind.AMOUNT, "", None),
    (Kind.YES_NO, "ja", True),
    (Kind.YES_NO, "Nee", False),
    (Kind.YES_NO, "YES", True),
    (Kind.YES_NO, "no", False),
    (Kind.YES_NO, "x", True),
    (Kind.YES_NO, True, True),
    (Kind.YES_NO, 0, False),
    (Kind.YES_NO, "", None),
    (Kind.CONTACT, str(SOMEBODY), SOMEBODY),
    (Kind.PARTY, SOMEBODY, SOMEBODY),
    (Kind.PARTY, "", None),
    (Kind.IP_ADDRESS, "192.168.10.5", "192.168.10.5"),
    (Kind.IP_ADDRESS, "192.168.10.0/24", "192.168.10.0/24"),
    (Kind.IP_ADDRESS, "FE80:0::0001", "fe80::1"),
    (Kind.IP_ADDRESS, "2001:db8::/32", "2001:db8::/32"),
    (Kind.IP_ADDRESS, "", ""),
    (Kind.IMEI, "356938035643809", "356938035643809"),
    (Kind.IMEI, 356938035643809, "356938035643809"),
    (Kind.IMEI, 356938035643809.0, "356938035643809"),
    (Kind.IMEI, "35-693803-564380-9", "356938035643809"),
    (Kind.IMEI, None, ""),
]
BAD = [
    (Kind.TEXT, "x" * 201),
    (Kind.TEXT, "bell\x07"),
    (Kind.TEXT, "nul\x00"),
    (Kind.TEXT, "unit\x1fseparator"),
    (Kind.TEXT, "half \ud800"),
    (Kind.TEXT, "never \uffff"),
    (Kind.TEXT, "exe.\u202efdp"),
    (Kind.TEXT, 10**400),
    (Kind.TEXT, float("nan")),
    (Kind.TEXT, b"bytes"),
    (Kind.TEXT, ["a", "list"]),
    (Kind.LONG_TEXT, "x" * 50_000),
    (Kind.PHONE, "0612 345 67"),
    (Kind.PHONE, "112"),
    (Kind.PHONE, "06 12345678 x12"),
    (Kind.PHONE, "06 12345678 / 06 87654321"),
    (Kind.PHONE, "1-800-FLOWERS"),
    (Kind.PHONE, "n.v.t."),
    (Kind.PHONE, "+"),
    (Kind.PHONE, "+999 12345678"),
    (Kind.PHONE, "0" * 60),
    (Kind.PHONE, True),
    (Kind.EMAIL, "joost@bakkerijdehalm"),
    (Kind.EMAIL, "joost"),
    (Kind.EMAIL, "@example.nl"),
    (Kind.EMAIL, "a b@example.nl"),
    (Kind.EMAIL, "a@b@example.nl"),
    (Kind.EMAIL, "a..b@example.nl"),
    (Kind.EMAIL, ".a@example.nl"),
    (Kind.EMAIL, "a@example..nl"),
    (Kind.EMAIL, "a@-example.nl"),
    (Kind.EMAIL, "a@example.n"),
    (Kind.EMAIL, "a@192.168.1.1"),
    (Kind.EMAIL, "a@example.nl, b@example.nl"),
    (Kind.EMAIL, "Henk <henk@example.nl>"),
    (Kind.EMAIL, "a@" + "x" * 70 + ".nl"),
    (Kind.EMAIL, "a@" + "x.nl" * 100),
    (Kind.DAY, "begin 2019"),
    (Kind.DAY, "31-02-2023"),
    (Kind.DAY, "29-02-2027"),
    (Kind.DAY, "2021"),
    (Kind.DAY, 2021),
    (Kind.DAY, "maart 2021"),
    (Kind.DAY, "1-13-2027"),
    (Kind.DAY, "31-12-1949"),
    (Kind.DAY, date(2200, 1, 1)),
    (Kind.DAY, 109_575.0),
    (Kind.DAY, -1),
    (Kind.DAY, float("inf")),
    (Kind.DAY, True),
    (Kind.DAY, time(12)),
    (Kind.DAY, "onbepaald"),
    (Kind.DAY, "1²-3-2027"),
    (Kind.DAY, "31 foo 2027"),
    (Kind.DAY, "202701"),
    (Kind.TERM, "geen idee"),
    (Kind.NUMBER, "?"),
    (Kind.NUMBER, "9 stuks"),
    (Kind.NUMBER, 9.5),
    (Kind.NUMBER, "9,5"),
    (Kind.NUMBER, -1),
    (Kind.NUMBER, 1_000_001),
    (Kind.NUMBER, "9" * 500),
    (Kind.NUMBER, True),
    (Kind.NUMBER, "٣"),
    (Kind.AMOUNT, "€ 45,- p.m."),
    (Kind.AMOUNT, "45 per maand"),
    (Kind.AMOUNT, "45/mnd"),
    (Kind.AMOUNT, "$ 45"),
    (Kind.AMOUNT, "1,250"),
    (Kind.AMOUNT, "12,345"),
    (Kind.AMOUNT, "-5"),
    (Kind.AMOUNT, -5.0),
    (Kind.AMOUNT, "veel"),
    (Kind.AMOUNT, "1.250.00,00"),
    (Kind.AMOUNT, "1e5"),
    (Kind.AMOUNT, "1000000000"),
    (Kind.AMOUNT, 1e300),
    (Kind.AMOUNT, True),
    (Kind.YES_NO, "misschien"),
    (Kind.YES_NO, 2),
    (Kind.CONTACT, "Henk Bakker"),
    (Kind.IP_ADDRESS, "192.168.10.300"),
    (Kind.IP_ADDRESS, "192.168.10.5/24"),
    (Kind.IP_ADDRESS, "192.168.10.05"),
    (Kind.IP_ADDRESS, "fe80::1%eth0"),
    (Kind.IP_ADDRESS, 3232238085),
    (Kind.IP_ADDRESS, "server 1"),
    (Kind.IMEI, "35693803564380X"),
    (Kind.IMEI, "356938035643808"),
    (Kind.IMEI, "35693803564380"),
    (Kind.IMEI, "3569380356438090"),
]


@pytest.mark.parametrize(("kind", "raw", "value"), GOOD, ids=lambda part: repr(part)[:40])
def test_cell_is_read_as_its_column_wants(kind: Kind, raw: object, value: object) -> None:
    found = parse(COLUMNS[kind], raw)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(("kind", "raw"), BAD, ids=lambda part: ascii(part)[:40])
def test_cell_that_cannot_be_used_says_why(kind: Kind, raw: object) -> None:
    with pytest.raises(BadCell) as caught:
        parse(COLUMNS[kind], raw)
    assert str(caught.value).strip()


@pytest.mark.parametrize(
    ("raw", "order", "value"),
    [
        ("03/04/2027", DayOrder.DAY_FIRST, date(2027, 4, 3)),
        ("03/04/2027", DayOrder.MONTH_FIRST, date(2027, 3, 4)),
        ("12/31/2027", DayOrder.MONTH_FIRST, date(2027, 12, 31)),
        ("2027-04-03", DayOrder.MONTH_FIRST, date(2027, 4, 3)),
    ],
)
def test_order_of_day_and_month_decides_a_day_in_numbers(raw: str, order: DayOrder, value: date) -> None:
    assert parse(COLUMNS[Kind.DAY], raw, order) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("it-administrator", PartyKind.IT_ADMINISTRATOR),
        ("IT-beheerder", PartyKind.IT_ADMINISTRATOR),
        (" Verzekeringsmaatschappij ", PartyKind.INSURER),
        ("Advocaat", PartyKind.LAWYER),
        ("overig", PartyKind.OTHER),
        ("", None),
    ],
)
def test_choice_is_known_by_its_value_and_its_words(raw: str, value: StrEnum | None) -> None:
    assert parse(PARTY_KIND, raw) is value


@pytest.mark.parametrize("raw", ["bakker", "handset", 7])
def test_word_outside_the_choices_is_refused(raw: object) -> None:
    with pytest.raises(BadCell):
        parse(LINE_USE, raw)


def test_empty_yes_no_cell_takes_the_default_of_its_column() -> None:
    assert parse(register("contacts").column("is_staff"), "") is True
    assert parse(register("mobile-phones").column("holds_business_data"), "") is None


def test_bad_amount_per_month_is_told_apart_from_no_amount() -> None:
    with pytest.raises(BadCell, match="per month"):
        parse(COLUMNS[Kind.AMOUNT], "€ 45,- p.m.")


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("+31612345678", "06 12345678"),
        ("+318005555", "0800 5555"),
        ("+3221234567", "+32 2 123 45 67"),
        ("internal 12", "internal 12"),
        ("", ""),
    ],
)
def test_phone_is_shown_as_people_dial_it(stored: str, shown: str) -> None:
    assert phone_text(stored) == shown


@given(st.from_regex(r"\+31[1-9][0-9]{7,9}", fullmatch=True))
@example("+31661526893")
def test_a_dutch_number_is_shown_as_the_library_writes_it(stored: str) -> None:
    written = phonenumbers.format_number(phonenumbers.parse(stored, None), phonenumbers.PhoneNumberFormat.NATIONAL)
    assert phone_text(stored) == written


ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.text(st.characters()),
    st.text(" 0123456789-+/.,:€()'janmrt@xp", max_size=40),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.binary(max_size=5),
    st.uuids(),
    st.lists(st.integers(), max_size=2),
)


@settings(deadline=None)
@given(raw=ANYTHING, kind=st.sampled_from(Kind), order=st.sampled_from(DayOrder))
@example(raw=10**5000, kind=Kind.AMOUNT, order=DayOrder.DAY_FIRST)
@example(raw=Decimal("1E+1000000"), kind=Kind.AMOUNT, order=DayOrder.DAY_FIRST)
@example(raw=Decimal("sNaN"), kind=Kind.DAY, order=DayOrder.DAY_FIRST)
@example(raw="\ud800", kind=Kind.EMAIL, order=DayOrder.DAY_FIRST)
@example(raw="a@" + "\u0660.nl", kind=Kind.EMAIL, order=DayOrder.DAY_FIRST)
def test_no_cell_brings_anything_but_a_value_or_a_reason(raw: object, kind: Kind, order: DayOrder) -> None:
    try:
        found = parse(COLUMNS[kind], raw, order)
    except BadCell:
        return
    if isinstance(found, str):
        assert "\x00" not in found
        found.encode()
    if isinstance(found, date):
        assert 1950 <= found.year <= 2199


@settings(deadline=None)
@given(raw=ANYTHING)
def test_value_read_once_is_read_the_same_again(raw: object) -> None:
    for found in REGISTERS:
        for column in found.columns:
            try:
                value = parse(column, raw)
            except BadCell:
                continue
            assert parse(column, value) == value


HOURS = Column("rto_hours", Kind.NUMBER, "Back within", hours=True, high=8760)


@pytest.mark.parametrize(
    ("raw", "hours"),
    [
        ("4", 4),
        (4, 4),
        ("4 uur", 4),
        ("4u", 4),
        ("1 uur.", 1),
        ("48 Hours", 48),
        ("2 dagen", 48),
        ("1 etmaal", 24),
        ("1,5 dag", 36),
        ("0.5 day", 12),
        ("2 weken", 336),
        ("0 uur", 0),
        ("365 dagen", 8760),
        ("", None),
    ],
)
def test_hours_are_read_as_people_write_them(raw: object, hours: int | None) -> None:
    assert parse(HOURS, raw) == hours


@pytest.mark.parametrize(
    "raw", ["uur", "4 werkdagen", "4 m", "1,5 uur", "0,33 dag", "366 dagen", "-1 dag", "2 dagen 4 uur", "٣ uur"]
)
def test_hours_that_are_not_whole_or_no_stretch_of_time_are_refused(raw: str) -> None:
    with pytest.raises(BadCell):
        parse(HOURS, raw)
