"""Whole numbers and amounts in cells."""

import re
from decimal import ROUND_HALF_UP, Decimal

from flask_babel import lazy_gettext as _l

from plans.registers.cells.bad import BadCell
from plans.registers.cells.texts import lowered, plain

MOST_EURO = Decimal("999999999.99")
CENT = Decimal("0.01")
GROUPED = re.compile(r"[0-9]{1,3}([. ,])[0-9]{3}(\1[0-9]{3})*")
DIGITS = re.compile(r"[0-9]{1,12}")
# "45,-" and "45,=": whole euros.
NO_CENTS = re.compile(r"[.,](-{1,2}|=|–|—)$")
MINUS_SIGNS = ("-", "\u2212")
CURRENCY = re.compile(r"^(€|eur|euro) ?| ?(€|eur|euro)$")
A_MONTH = re.compile(
    r"\b(p\.? ?m\.?|per maand|maand|maandelijks|p/m|/ ?(mnd|maand|month)|mnd|monthly|per month|a month|month)($|\W)"
)
A_YEAR = re.compile(r" ?(,? ?p\.? ?j\.?|per jaar|p/j|/ ?(jr|jaar|year)|jaarlijks|yearly|per year|a year|p\.a\.)$")
AMOUNT = re.compile(
    r"(?P<whole>[0-9]{1,12}|[0-9]{1,3}(?P<group>[. ,])[0-9]{3}(?:(?P=group)[0-9]{3})*)"
    r"(?:(?P<point>[.,])(?P<cents>[0-9]{1,2}))?"
)

DURATION = re.compile(r"(?P<number>[0-9]{1,6}(?:[.,][0-9]{1,2})?) ?(?P<unit>[a-z]+)\.?")
# Words for a stretch of time, and the hours in it. A working day is none: it is over long before the night is.
HOURS = (
    (frozenset({"u", "uur", "uren", "h", "hr", "hrs", "hour", "hours"}), 1),
    (frozenset({"d", "dag", "dagen", "day", "days", "etmaal", "etmalen"}), 24),
    (frozenset({"w", "wk", "week", "weken", "weeks"}), 168),
)


def read_number(raw: object, low: int, high: int) -> int | None:
    """Return the whole number in the cell, or None for an empty one. low, high: bounds, inclusive.

    Thousands may be grouped: 1.250. Raises BadCell for fractions, words and what lies outside the bounds.
    """
    if isinstance(raw, bool):
        raise _no_number()
    text = plain(raw)
    if not text:
        return None
    if isinstance(raw, str) and GROUPED.fullmatch(text):
        text = re.sub(r"\D", "", text)
    if re.fullmatch(r"[0-9]{1,12}[.,]0{1,2}", text):
        text = re.split(r"[.,]", text)[0]
    if not DIGITS.fullmatch(text.removeprefix("-")):
        raise _no_number()
    number = int(text)
    if not low <= number <= high:
        raise BadCell(_l("This must be a whole number from %(low)d to %(high)d.", low=low, high=high))
    return number


def read_hours(raw: object, low: int, high: int) -> int | None:
    """Return a duration in whole hours as people write it, or None for an empty cell: 4, 4 uur, 2 days, 1,5 dag.

    low, high: bounds in hours, inclusive. Raises BadCell for what is not whole hours, words and what lies outside.
    """
    found = DURATION.fullmatch(lowered(plain(raw))) if isinstance(raw, str) else None
    if found is None:
        return read_number(raw, low, high)
    each = next((hours for words, hours in HOURS if found["unit"] in words), None)
    if each is None:
        raise _no_number()
    hours = Decimal(found["number"].replace(",", ".")) * each
    if hours != hours.to_integral_value():
        raise BadCell(_l("This is not a number of whole hours. Write only the number, such as 4."))
    return read_number(str(int(hours)), low, high)


def _no_number() -> BadCell:
    return BadCell(_l("This is not a whole number. Write only digits, such as 4."))


def read_amount(raw: object) -> Decimal | None:
    """Return the amount in euro, with two decimals, or None for an empty cell; from 0 to 999,999,999.99.

    Takes 1250, 1.250, 1.250,00, 1,250.00, € 1 250,5 and € 45,-; numbers of a spreadsheet are rounded to cents.
    Raises BadCell for an amount per month, another currency, more than two decimals, below zero, and words.
    """
    if isinstance(raw, bool):
        raise _no_amount()
    written = plain(raw)
    if not written:
        return None
    if isinstance(raw, (int, float, Decimal)):
        return _bounded(Decimal(written))
    text = A_YEAR.sub("", lowered(written)).strip()
    if A_MONTH.search(text):
        raise BadCell(_l("This is an amount per month. Fill in what it costs per year."))
    text = NO_CENTS.sub("", CURRENCY.sub("", text).strip()).strip()
    if text.startswith(MINUS_SIGNS):
        raise BadCell(_l("An amount cannot lie below zero."))
    found = AMOUNT.fullmatch(text)
    if not found or not text.isascii():
        raise _no_amount()
    if (found["group"] is not None and found["group"] == found["point"]) or (
        found["group"] == "," and not found["point"]
    ):
        # 1,250 is one thousand to an Englishman and one and a quarter to a Dutchman.
        raise _no_amount()
    whole = re.sub(r"\D", "", found["whole"])
    return _bounded(Decimal(f"{whole}.{found['cents'] or '0'}"))


def _bounded(amount: Decimal) -> Decimal:
    if amount < 0:
        raise BadCell(_l("An amount cannot lie below zero."))
    if amount > MOST_EURO:
        raise BadCell(_l("This amount is too large."))
    return amount.quantize(CENT, ROUND_HALF_UP)


def _no_amount() -> BadCell:
    return BadCell(_l("This is not an amount in euro. Write it as 1250,00."))
