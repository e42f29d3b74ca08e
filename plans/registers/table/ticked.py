"""Which rows are meant: those that were ticked, or all that fit the filter in the address, on whatever page."""

from uuid import UUID

from werkzeug.datastructures import MultiDict

from plans.registers import queries
from plans.registers.forms import read_ids, read_wish
from plans.registers.shape import Register
from tenants.owned import EditConflict


def every(sent: MultiDict[str, str]) -> int | None:
    """Return of how many rows somebody ticked "all that fit"; None when rows were ticked one by one."""
    text = sent.get("all", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def ticked_rows(register: Register, sent: MultiDict[str, str], args: MultiDict[str, str]) -> list[UUID]:
    """Return the rows that are meant. args: of the address, which holds the filter.

    Raises NotThere for what is no id, EditConflict when no longer as many rows fit as the page told.
    """
    number = every(sent)
    if number is None:
        return read_ids(sent.getlist("row"))
    found = queries.fitting(register, read_wish(register, args))
    if len(found) != number:
        raise EditConflict
    return found
