"""What stands in one cell: numbers, moments, and the letters of its column."""

import re
from datetime import date, datetime, time
from typing import Final

LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384
EXACT_DIGITS: Final = 15  # what a spreadsheet keeps of a whole number
NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
NUMBER_CHARACTERS: Final = 64

Plain = str | int | float | bool | None
Moment = date | datetime | time


def number_of(text: str) -> int | float | None:
    """Return the number that is written, None when no one can read it."""
    text = text.strip()
    if len(text) <= EXACT_DIGITS and text.isascii() and text.isdigit():
        return int(text)
    if len(text) <= NUMBER_CHARACTERS and NUMBER.fullmatch(text) and abs(float(text)) < float("inf"):
        number = float(text)
        return int(number) if number.is_integer() and abs(number) < 10**EXACT_DIGITS else number
    return None


def moment_tag(value: Moment) -> str:
    """Name the sort of moment."""
    if isinstance(value, datetime):
        return "datetime"
    return "date" if isinstance(value, date) else "time"


def column_number(letters: str) -> int:
    """Count a column from 1 (A) to 16,384 (XFD); 0 when the letters name none."""
    number = 0
    for letter in letters:
        if not "A" <= letter <= "Z" or number > LAST_COLUMN:
            return 0
        number = number * 26 + ord(letter) - ord("A") + 1
    return number if number <= LAST_COLUMN else 0
