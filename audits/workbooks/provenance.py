"""The first sheet of each workbook: what it is, for whom, as of which day, by which rules, what is in it, a checksum.

It is written after the others, as only then their rows are known.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from audits.sweeping.waiting import RULE_SET
from audits.workbooks.material import Made, Material
from audits.workbooks.showing import shown
from core.i18n import Language, language
from core.sheets.cells import Kind, Shaded, Toned
from core.sheets.writing import Column, InColumns, Sheet, Value
from core.version import VERSION

# Rows between two words about how far it is.
TOLD_EVERY = 1000
# Lines that are written as JSON at once: to ask for each costs more than the writing.
LINES_AT_ONCE = 100
LANGUAGES = {Language.DUTCH: "Nederlands", Language.ENGLISH: "English"}


class Checksum:
    """SHA-256 over the data of a workbook, taken while its rows go by.

    Over one line of JSON per sheet (["sheet", name, headings]) and per row (its values; days and instants in ISO
    form, amounts as text, an empty cell or text null), each ending with a line feed, in UTF-8.
    seen: told how many rows went by, now and then.
    """

    def __init__(self, seen: Callable[[int], None] | None = None) -> None:
        self._digest = hashlib.sha256()
        self._seen = seen
        self._lines: list[Sequence[object]] = []
        self._before = 0
        self._sheets: list[tuple[str, int]] = []
        self._now = ""
        self.rows = 0

    def watch(self, sheet: Sheet) -> Sheet:
        """Return the sheet as it is shown; what is read from it is counted.

        The sheet before it was read to its end.
        """
        sheet = shown(sheet)
        self._sheets += self._counted()
        self._now, self._before = sheet.name, self.rows
        self._lines.append(["sheet", sheet.name, [column.title for column in sheet.columns]])
        self._take_in()
        rows = sheet.rows
        told = InColumns(self._each_block(rows.blocks)) if isinstance(rows, InColumns) else self._each(rows)
        return Sheet(sheet.name, sheet.columns, told)

    @property
    def sheets(self) -> Sequence[tuple[str, int]]:
        """Return each sheet that went by, and how many rows it has."""
        return [*self._sheets, *self._counted()]

    def _counted(self) -> list[tuple[str, int]]:
        return [(self._now, self.rows - self._before)] if self._now else []

    @property
    def hexdigest(self) -> str:
        """Return the checksum of what went by so far, in hexadecimal."""
        self._take_in()
        return self._digest.hexdigest()

    def _each(self, rows: Iterable[Sequence[Value]]) -> Iterator[Sequence[Value]]:
        for row in rows:
            # A sheet cannot tell an empty text from an empty cell.
            self._lines.append([None if value == "" else value for value in row] if "" in row else row)
            if len(self._lines) == LINES_AT_ONCE:
                self._take_in()
            self.rows += 1
            if self._seen is not None and self.rows % TOLD_EVERY == 0:
                self._seen(self.rows)
            yield row

    def _each_block(self, blocks: Iterable[Sequence[Sequence[Value]]]) -> Iterator[Sequence[Sequence[Value]]]:
        for columns in blocks:
            self._lines += zip(*map(_told, columns), strict=True)
            before, self.rows = self.rows, self.rows + len(columns[0])
            self._take_in()
            if self._seen is not None and self.rows // TOLD_EVERY > before // TOLD_EVERY:
                self._seen(self.rows)
            yield columns

    def _take_in(self) -> None:
        """Take the lines that wait into the checksum."""
        if self._lines:
            told = _AS_JSON(self._lines)[1:-1]
            # No text in JSON holds the separator itself, so between two lines, and only there, stands ]\0[.
            self._digest.update(told.replace("]\0[", "]\n[").replace("\0", ",").encode() + b"\n")
            self._lines.clear()


def _told(values: Sequence[Value]) -> Sequence[object]:
    """Return a column as it goes into the checksum: empty texts as empty cells, and days, which come back, made once.

    Whatever else JSON does not know is left to `_plain`.
    """
    types = set(map(type, values))
    if types <= {date, type(None)}:
        known = {value: value.isoformat() if isinstance(value, date) else None for value in set(values)}
        return list(map(known.__getitem__, values))
    return [None if value == "" else value for value in values] if str in types and "" in values else values


def _plain(value: object) -> object:
    """Return what stands in the JSON for a value that JSON does not know."""
    if isinstance(value, date):  # first: of what comes here nearly all are days, and an instant is one as well
        return value.isoformat()
    if isinstance(value, Toned):
        return value.text
    if isinstance(value, Shaded):
        return value.number
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"a cell holds no {type(value).__name__}")


_AS_JSON = json.JSONEncoder(ensure_ascii=True, separators=("\0", ":"), default=_plain).encode


def sheet(material: Material, title: str, purpose: str, made: Made, checksum: Checksum) -> Sheet:
    """Return the first sheet; it is read after all others, so the checksum covers them."""
    about: tuple[tuple[str, Value], ...] = (
        (_("Report"), title),
        (_("What it is for"), purpose),
        (_("Organisation"), material.organisation.name),
        (_("KvK number"), material.organisation.kvk),
        (_("As of"), material.as_of),
        (_("Told from"), _told_from(material)),
        (_("Rule set"), material.kept.rule_set if material.kept else RULE_SET),
    )
    made_with = material.kept.made_with if material.kept else VERSION
    return sheet_about(about, made, checksum, material.organisation.zone, made_with)


def _told_from(material: Material) -> str:
    if material.kept:
        return str(_("what was kept of that day"))
    if material.as_of < material.today:
        return str(_("the records as they are now: nothing was kept of that day"))
    return str(_("the records as they are now"))


def sheet_about(
    about: Sequence[tuple[str, Value]], made: Made, checksum: Checksum, zone: str, made_with: str = VERSION
) -> Sheet:
    """Return the first sheet of a workbook that is no report of one organisation.

    about: its first lines; zone: IANA name in which the workbook shows moments; made_with: the version of the product.
    """

    def rows() -> Iterator[tuple[Value, ...]]:
        yield from about
        yield (_("Language"), LANGUAGES[language()])
        yield (_("Made at"), made.at)
        yield (_("Time zone of every moment"), zone)
        yield (_("Made by"), made.by)
        yield (_("Made with"), f"Waarborg {made_with}")
        for name, count in checksum.sheets:
            yield (_("Rows on sheet “%(sheet)s”", sheet=name), count)
        yield (_("Rows of data"), checksum.rows)
        yield (_("SHA-256 of the data"), checksum.hexdigest)

    columns = (Column(_("What"), Kind.TEXT, 44), Column(_("Value"), Kind.MIXED, 72))
    return Sheet(_("About this workbook"), columns, rows(), first=True)
