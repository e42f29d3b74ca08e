"""Read what people type: days, amounts in euro, whole numbers and plain text. Pure; used by every form of the plan."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _l

FIRST_YEAR, LAST_YEAR = 1990, 2100
MOST_EURO = Decimal("999999999.99")
MOST_NUMBER = 999_999
ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
DUTCH = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})")
# Grouped with dots and a decimal comma, grouped the other way round, or not grouped at all.
AMOUNTS = (
    (re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]{1,2})?"), ".", ","),
    (re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?"), ",", "."),
    (re.compile(r"[0-9]+(?:,[0-9]{1,2})?"), ".", ","),
    (re.compile(r"[0-9]+(?:\.[0-9]{1,2})?"), ",", "."),
)


class NotReadable(ValueError):
    """What was typed has not the shape it needs. The only argument is a text fit to show."""


def read_text(typed: str, most: int) -> str:
    """Return `typed` without blanks around it, line ends as one character.

    most: characters. Raises NotReadable for a longer text and for characters that are no text.
    """
    text = typed.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > most:
        raise NotReadable(_l("At most %(most)d characters.", most=most))
    if any(unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t" for character in text):
        raise NotReadable(_l("This holds characters that are no text. Type it once more."))
    return text


def read_day(typed: str) -> date | None:
    """Return the day written as 2027-01-31 or 31-01-2027, None for an empty text.

    Raises NotReadable for anything else, for days that do not exist and for years outside 1990 to 2100.
    """
    text = typed.strip()
    if not text:
        return None
    if found := ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := DUTCH.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    else:
        raise NotReadable(_l("This is not a date. Write it as 31-01-2027."))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotReadable(_l("The year must lie between 1990 and 2100."))
    try:
        return date(year, month, day)
    except ValueError:
        raise NotReadable(_l("This day does not exist.")) from None


def read_amount(typed: str) -> Decimal | None:
    """Return the amount in euro written as 1.250,00, € 1250 or 1250.50, None for an empty text.

    A dot or comma before exactly three digits groups thousands: money has no third decimal.
    Raises NotReadable for anything else, for amounts below zero and above 999,999,999.99.
    """
    text = re.sub(r"[\s\u00a0\u202f]|€|(?i:eur)|,-+$|,=$", "", typed)
    if not text:
        return None
    if re.match(r"[-\u2212(]", text):
        raise NotReadable(_l("An amount cannot be below zero."))
    for shape, group, point in AMOUNTS:
        if shape.fullmatch(text):
            amount = Decimal(text.replace(group, "").replace(point, "."))
            if amount > MOST_EURO:
                raise NotReadable(_l("This amount is too large."))
            return amount.quantize(Decimal("0.01"))
    raise NotReadable(_l("This is not an amount. Write it as 1.250,00."))


def read_number(typed: str) -> int | None:
    """Return the whole number from 0 to 999,999, None for an empty text. Raises NotReadable for anything else."""
    text = typed.strip()
    if not text:
        return None
    if not re.fullmatch(r"-?[0-9]+", text):
        raise NotReadable(_l("This is not a whole number."))
    if text.startswith("-"):
        raise NotReadable(_l("A number cannot be below zero."))
    if len(text) > 12 or int(text) > MOST_NUMBER:
        raise NotReadable(_l("This number is too large."))
    return int(text)
