"""The bounds of a reading and the reasons to refuse one, known on both sides of the process boundary."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MIB: Final = 1024 * 1024


class UnreadableCode(StrEnum):
    """Say why a file was refused."""

    EMPTY = "empty"
    NOT_A_SPREADSHEET = "not_a_spreadsheet"
    OLD_EXCEL = "old_excel"
    BINARY_EXCEL = "binary_excel"
    OPEN_DOCUMENT = "open_document"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    DOCTYPE = "doctype"
    UNKNOWN_ENCODING = "unknown_encoding"
    UNCLOSED_QUOTE = "unclosed_quote"
    TOO_LARGE = "too_large"
    UNPACKED_TOO_LARGE = "unpacked_too_large"
    TOO_MANY_PARTS = "too_many_parts"
    TOO_MANY_STYLES = "too_many_styles"
    TOO_MANY_SHEETS = "too_many_sheets"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_MANY_CELLS = "too_many_cells"
    TEXT_TOO_LONG = "text_too_long"
    TOO_MUCH_TEXT = "too_much_text"
    TOO_SLOW = "too_slow"
    TOO_MUCH_MEMORY = "too_much_memory"
    BUSY = "busy"


class NoteKind(StrEnum):
    """Say why one cell came out other than it stands in the file."""

    FORMULA_WITHOUT_VALUE = "formula_without_value"
    ERROR_VALUE = "error_value"
    UNREADABLE_NUMBER = "unreadable_number"
    NOT_A_DAY = "not_a_day"


class SpreadsheetKind(StrEnum):
    """Name the two families of files that are read."""

    WORKBOOK = "xlsx"
    DELIMITED = "csv"


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Bound one reading. Sizes in bytes, times in seconds, counts inclusive.

    part_ratio: unpacked size over packed size, judged on parts over 1 MiB only (small parts compress freely).
    cells: rows times columns, padding included, over all sheets together.
    cell_characters: 32,767 is what a spreadsheet program itself accepts in one cell.
    reply_bytes: what the limited process may hand back; a text used in many cells counts each time.
    """

    file_bytes: int = 10 * MIB
    unpacked_bytes: int = 100 * MIB
    part_bytes: int = 50 * MIB
    part_ratio: int = 400
    parts: int = 2_000
    styles: int = 65_490
    sheets: int = 200
    rows: int = 50_000
    columns: int = 300
    cells: int = 2_000_000
    cell_characters: int = 32_767
    reply_bytes: int = 64 * MIB
    wall_seconds: int = 20
    cpu_seconds: int = 10
    memory_bytes: int = 1024 * MIB


@dataclass(frozen=True, slots=True)
class Place:
    """Point at the spot of a refusal: a part of the package, or a sheet with a row and column (counted from 1)."""

    part: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: int | None = None


class Refused(Exception):
    """Stop the reading for a reason the person who uploaded the file can be told."""

    def __init__(self, code: UnreadableCode, place: Place = Place()) -> None:
        super().__init__(code.value)
        self.code = code
        self.place = place
