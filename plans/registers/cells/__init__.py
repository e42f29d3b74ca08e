"""Read what stands in a cell, of a form or of a spreadsheet, as its column wants it."""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from uuid import UUID

from flask_babel import lazy_gettext as _l

from core.i18n import Language, written_in
from plans.registers.cells.addresses import phone_text, read_email, read_imei, read_ip, read_phone
from plans.registers.cells.bad import BadCell
from plans.registers.cells.days import DayOrder, read_day, read_term
from plans.registers.cells.marks import read_iban, read_kvk, read_mac, read_vat
from plans.registers.cells.numbers import read_amount, read_hours, read_number
from plans.registers.cells.texts import folded, one_line, plain, several_lines
from plans.registers.shape import Choice, Column, Kind, Value

__all__ = ["BadCell", "DayOrder", "folded", "parse", "phone_text", "plain"]

YES_WORDS = frozenset({"ja", "j", "yes", "y", "x", "v", "✓", "✔", "☑", "true", "waar", "1", "aan", "on"})
NO_WORDS = frozenset({"nee", "n", "neen", "no", "false", "onwaar", "0", "uit", "off", "✗", "☐"})

Reader = Callable[[Column, object, DayOrder], Value]


def parse(column: Column, raw: object, order: DayOrder = DayOrder.DAY_FIRST) -> Value:
    """Return what `raw` means in `column`, or column.empty for an empty cell.

    raw: what a form sent or a spreadsheet held: text, number, yes/no, day, moment. order: how to take 03/04/2027.
    A TERM gives a day, Forever.FOREVER or None; services.settled() turns it into the two columns that keep it.
    Raises BadCell, and nothing else whatever `raw` is.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return column.empty
    return READERS[column.kind](column, raw, order)


def _choice(column: Column, raw: object, _order: DayOrder) -> Value:
    wanted = folded(plain(raw))
    for choice in column.choices:
        if wanted == choice.value or wanted in choice.words or wanted in _labels(choice):
            return choice.value
    raise BadCell(_l("This is not one of the choices."))


@cache
def _labels(choice: Choice) -> frozenset[str]:
    """Return what a choice is called in each language: a workbook need not be written in the reader's."""
    found = set()
    for spoken in Language:
        with written_in(spoken):
            found.add(folded(str(choice.label)))
    return frozenset(found)


def _yes_no(_column: Column, raw: object, _order: DayOrder) -> Value:
    wanted = folded(plain(raw))
    if wanted in YES_WORDS:
        return True
    if wanted in NO_WORDS:
        return False
    raise BadCell(_l("Answer with yes or no."))


def _reference(_column: Column, raw: object, _order: DayOrder) -> Value:
    if isinstance(raw, UUID):
        return raw
    try:
        return UUID(plain(raw))
    except ValueError:
        raise BadCell(_l("Choose one from the list.")) from None


READERS: Mapping[Kind, Reader] = MappingProxyType(
    {
        Kind.TEXT: lambda column, raw, _: one_line(raw, column.limit),
        Kind.LONG_TEXT: lambda column, raw, _: several_lines(raw, column.limit),
        Kind.SERIAL: lambda column, raw, _: one_line(raw, column.limit),
        Kind.PHONE: lambda _column, raw, _: read_phone(raw),
        Kind.EMAIL: lambda _column, raw, _: read_email(raw),
        Kind.DAY: lambda _column, raw, order: read_day(raw, order),
        Kind.TERM: lambda _column, raw, order: read_term(raw, order),
        Kind.NUMBER: lambda column, raw, _: (read_hours if column.hours else read_number)(raw, column.low, column.high),
        Kind.AMOUNT: lambda _column, raw, _: read_amount(raw),
        Kind.CHOICE: _choice,
        Kind.YES_NO: _yes_no,
        Kind.CONTACT: _reference,
        Kind.PARTY: _reference,
        Kind.IP_ADDRESS: lambda _column, raw, _: read_ip(raw),
        Kind.IMEI: lambda _column, raw, _: read_imei(raw),
        Kind.MAC_ADDRESS: lambda _column, raw, _: read_mac(raw),
        Kind.KVK: lambda _column, raw, _: read_kvk(raw),
        Kind.VAT: lambda _column, raw, _: read_vat(raw),
        Kind.IBAN: lambda _column, raw, _: read_iban(raw),
    }
)
