"""What a column's value looks like to a reader, and to somebody who is about to change it."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from flask_babel import gettext as _

from core.i18n import Language, day_text, euro_text, language, number_text
from plans.registers.cells import folded, phone_text
from plans.registers.shape import Column, Forever, Kind, Value

Names = Mapping[UUID, str]
SHOWN_OF_SECRET = 4
SORT_DIGITS = re.compile(r"(\d+)")


def shown(column: Column, value: Value, names: Names) -> str:
    """Return `value` as a reader sees it; empty when nothing is filled in. names: of the rows referred to.

    Of a secret only the first four characters are shown.
    """
    if value is None or value == "":
        return ""
    if column.secret:
        return f"{str(value)[:SHOWN_OF_SECRET]}••••"
    if isinstance(value, UUID):
        return names.get(value, "")
    if value is Forever.FOREVER:
        return str(_("Perpetual"))
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, date):
        return str(day_text(value))
    if isinstance(value, Decimal):
        return str(euro_text(value))
    if isinstance(value, int):
        return str(number_text(value))
    if column.kind is Kind.CHOICE:
        return next((str(choice.label) for choice in column.choices if choice.value == value), str(value))
    return phone_text(value) if column.kind is Kind.PHONE else value


def typed(column: Column, value: Value) -> str:
    """Return `value` as somebody would type it into a form; parse() reads it back."""
    if value is None or value is Forever.FOREVER:
        return ""
    if isinstance(value, Decimal):
        return str(value) if language() is Language.ENGLISH else str(value).replace(".", ",")
    if column.kind is Kind.PHONE:
        return phone_text(str(value))
    return str(value)


def searchable(column: Column, value: Value, names: Names) -> str:
    """Return the text a search looks through for `value`; nothing of a secret beyond what is shown."""
    if value in (None, "") or isinstance(value, bool):
        return ""
    if isinstance(value, date):
        return f"{value.isoformat()} {value.day}-{value.month}-{value.year}"
    text = shown(column, value, names)
    if column.kind is Kind.PHONE:
        text = f"{text} {text.replace(' ', '')} {value}"
    return folded(text)


def sort_key(value: Value, names: Names) -> tuple[bool, tuple[tuple[int, str], ...] | float]:
    """Return what to sort by: empty ones last, texts without regard to case and accents, Till 2 before Till 10."""
    if value is None or value == "":
        return True, ()
    if value is Forever.FOREVER:
        return False, float("inf")
    if isinstance(value, date):
        return False, float(value.toordinal())
    if isinstance(value, (bool, int, Decimal)):
        return False, float(value)
    text = names.get(value, "") if isinstance(value, UUID) else str(value)
    parts = SORT_DIGITS.split(folded(text))
    # Odd places are the digits: a number sorts by its size, between texts that are alike.
    return not text, tuple((int(part), "") if place % 2 else (-1, part) for place, part in enumerate(parts))
