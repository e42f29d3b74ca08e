"""A file that was not read, and the sentences that tell the person who uploaded it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from .inside.terms import Place, ReadLimits, UnreadableCode

# As the page beside it and the settings count.
MB: Final = 1_000_000
# Every sentence may use: megabytes, sheets, rows, columns, characters (the limits that applied).
SENTENCES: Final[Mapping[UnreadableCode, LazyString]] = MappingProxyType(
    {
        UnreadableCode.EMPTY: _l("This file holds no cells with content."),
        UnreadableCode.NOT_A_SPREADSHEET: _l("This is not a spreadsheet. Save it as .xlsx or .csv and upload that."),
        UnreadableCode.OLD_EXCEL: _l("This is an old Excel file (.xls). Open it, save it as .xlsx and upload that."),
        UnreadableCode.BINARY_EXCEL: _l("This is a binary Excel file (.xlsb). Save it as .xlsx and upload that."),
        UnreadableCode.OPEN_DOCUMENT: _l("This is an OpenDocument file (.ods). Save it as .xlsx and upload that."),
        UnreadableCode.ENCRYPTED: _l("This file is protected with a password. Save it without one and upload that."),
        UnreadableCode.DAMAGED: _l("This file is damaged. Open it in your spreadsheet program and save it again."),
        UnreadableCode.DOCTYPE: _l(
            "This file holds instructions that a spreadsheet never needs, so we do not open it. Open it in your"
            " spreadsheet program and save it again."
        ),
        UnreadableCode.UNKNOWN_ENCODING: _l("We cannot tell how this text is encoded. Save it as CSV UTF-8."),
        UnreadableCode.UNCLOSED_QUOTE: _l("A quotation mark in this file is opened and never closed."),
        UnreadableCode.TOO_LARGE: _l("This file is larger than %(megabytes)s MB."),
        UnreadableCode.UNPACKED_TOO_LARGE: _l("This file unpacks to far more than its own size, so we do not open it."),
        UnreadableCode.TOO_MANY_PARTS: _l("This file is packed from more parts than we open."),
        UnreadableCode.TOO_MANY_STYLES: _l("This file holds more cell styles than a spreadsheet program allows."),
        UnreadableCode.TOO_MANY_SHEETS: _l("This file has more than %(sheets)s sheets."),
        UnreadableCode.TOO_MANY_ROWS: _l(
            "There is content below row %(rows)s. Split the file, or clear what is there."
        ),
        UnreadableCode.TOO_MANY_COLUMNS: _l("There is content past column %(columns)s. Clear what is there."),
        UnreadableCode.TOO_MANY_CELLS: _l("This file holds more cells than we read at once. Split it."),
        UnreadableCode.TEXT_TOO_LONG: _l("A cell holds more than %(characters)s characters."),
        UnreadableCode.TOO_MUCH_TEXT: _l("This file holds more text than we read at once. Split it."),
        UnreadableCode.TOO_SLOW: _l("Reading this file took too long, so we stopped. Split it and try again."),
        UnreadableCode.TOO_MUCH_MEMORY: _l("Reading this file took too much memory, so we stopped. Split it."),
        UnreadableCode.BUSY: _l("Other files are being read. Try again in a minute."),
    }
)
SHEET_ROW_COLUMN: Final = _l("Look at sheet “%(sheet)s”, row %(row)s, column %(column)s.")
SHEET_ROW: Final = _l("Look at sheet “%(sheet)s”, row %(row)s.")
SHEET: Final = _l("Look at sheet “%(sheet)s”.")
ROW: Final = _l("Look at row %(row)s.")
PART: Final = _l("Inside the file, look at “%(part)s”.")


class Unreadable(Exception):
    """Refuse an uploaded file.

    code: why; place: where, as far as known; limits: what applied.
    """

    def __init__(self, code: UnreadableCode, limits: ReadLimits, place: Place) -> None:
        super().__init__(code.value)
        self.code = code
        self.limits = limits
        self.place = place

    def message(self) -> str:
        """Return one sentence or two in the reader's language: what is wrong and what to do."""
        limits = self.limits
        return str(SENTENCES[self.code]) % {
            "megabytes": limits.file_bytes // MB,
            "sheets": limits.sheets,
            "rows": limits.rows,
            "columns": limits.columns,
            "characters": limits.cell_characters,
        }

    def whereabouts(self) -> str:
        """Return a sentence in the reader's language that says where to look; empty where nothing is known."""
        place = self.place
        known = {"sheet": place.sheet, "row": place.row, "column": place.column, "part": place.part}
        return "" if (sentence := _sentence(place)) is None else str(sentence) % known

    def told(self) -> str:
        """Return what is wrong, what to do, and where to look as far as that is known."""
        return " ".join(filter(None, (self.message(), self.whereabouts())))


def _sentence(place: Place) -> LazyString | None:
    if place.sheet is not None:
        if place.row is None:
            return SHEET
        return SHEET_ROW if place.column is None else SHEET_ROW_COLUMN
    if place.row is not None:
        return ROW
    return None if place.part is None else PART
