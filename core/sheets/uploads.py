"""A spreadsheet as it comes in by a form: under a name that can be shown, read while nobody waits for our place."""

from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from flask import current_app
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from core import db
from core.sheets.reading import DEFAULT_LIMITS, CellValue, Spreadsheet, read_spreadsheet

NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file that could be read. name: its last characters that can be shown."""

    name: str
    data: bytes
    content: Spreadsheet

    @property
    def first_rows(self) -> tuple[tuple[CellValue, ...], ...]:
        """Return the rows of the first sheet that shows something, none when no sheet does."""
        return next((sheet.rows for sheet in self.content.sheets if sheet.rows and not sheet.hidden), ())


def read_upload(file: FileStorage, *, rows: int, columns: int = DEFAULT_LIMITS.columns) -> Upload:
    """Read an uploaded file of at most so many rows and columns. Raises Unreadable.

    The transaction under way is dropped and a new one begun: what was read before may differ from what is read after.
    """
    data, name = file.read(), PurePosixPath(str(file.filename).replace("\\", "/")).name
    name = "".join(character for character in name if character.isprintable())[-NAME_LENGTH:] or _("file")
    size = current_app.config["SETTINGS"].upload_limit
    # Reading may take many seconds; nobody else should wait for our place in the database meanwhile.
    db.rollback()
    try:
        content = read_spreadsheet(data, name, replace(DEFAULT_LIMITS, file_bytes=size, rows=rows, columns=columns))
    finally:
        db.begin(writes=True)
    return Upload(name, data, content)
