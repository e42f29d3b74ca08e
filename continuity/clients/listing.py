"""A list of clients as text or cells: which column is what, what is wrong with each cell. Pure."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from core.i18n import Language
from core.mail.outbox import ADDRESS, ADDRESS_LENGTH
from tenants.clients import reading
from tenants.clients.reading import NONE, Cells, Columns

NAME_LENGTH = 200
MOST_ROWS = 2000
HIGHEST_FEE = Decimal(1_000_000)
# Headings as people write them, without blanks and marks; those of name, KvK number and address are known elsewhere.
HEADINGS = {
    "fee": ("vergoeding", "vergoedingpermaand", "maandvergoeding", "bijdrage", "fee", "monthlyfee", "feepermonth"),
    "language": ("taal", "language", "lang"),
}
LANGUAGES = {
    "": None, "nl": Language.DUTCH, "nederlands": Language.DUTCH, "dutch": Language.DUTCH,
    "en": Language.ENGLISH, "engels": Language.ENGLISH, "english": Language.ENGLISH,
}  # fmt: skip
_ACCEPTED = re.compile(r"\d+([.,]\d{1,2})?")


class Problem(StrEnum):
    """What is wrong with a cell; KNOWN and TWICE are about the row."""

    NO_NAME = "no_name"
    LONG_NAME = "long_name"
    WRONG_EMAIL = "wrong_email"
    WRONG_KVK = "wrong_kvk"
    WRONG_FEE = "wrong_fee"
    WRONG_LANGUAGE = "wrong_language"
    TWICE = "twice"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Places:
    """Which column is what, from 0; NONE: not in the list. header_row: from 1, 0 without headings."""

    header_row: int
    name: int
    kvk: int
    email: int
    fee: int
    language: int


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list. number: from 1; problems: by the name of the cell, "" for the row."""

    number: int
    name: str
    kvk: str
    email: str
    fee: Decimal | None
    language: Language | None
    problems: tuple[tuple[str, Problem], ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """The clients that are there: their names in lower case, and their KvK numbers."""

    names: frozenset[str] = frozenset()
    kvks: frozenset[str] = frozenset()


def to_text(rows: Cells) -> tuple[str, int]:
    """Return cells as text with a tab between them, and how many KvK numbers got their zeros in front back.

    The text is as a spreadsheet gives it to a text field; that a cell was a number can no longer be seen in it.
    """
    places, mended = reading.guess(rows), 0
    kept = io.StringIO()
    writer = csv.writer(kept, dialect="excel-tab", lineterminator="\n")
    for number, row in enumerate(rows, start=1):
        told = [" ".join(str("" if value is None else value).split()) for value in row]
        if number > places.header_row and 0 <= places.kvk < len(told):
            kvk, zeros = reading.kvk_of(row[places.kvk])
            if zeros:
                told[places.kvk] = kvk
                mended += 1
        writer.writerow(told)
    return kept.getvalue(), mended


def to_cells(text: str) -> list[list[str]]:
    """Return the cells of pasted text: by tabs, semicolons or commas, whichever stands in it most. Never raises."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    sign = max("\t;,", key=lines.count) if lines else "\t"
    try:
        return [row for row in csv.reader(io.StringIO(lines), delimiter=sign) if any(cell.strip() for cell in row)]
    except csv.Error:
        return [line.split(sign) for line in lines.split("\n") if line.strip()]


def guess(cells: Cells) -> Places:
    """Return the likeliest columns, by their headings."""
    found = reading.guess(cells)
    row = cells[found.header_row - 1] if 0 < found.header_row <= len(cells) else []
    normal = [re.sub(r"[^a-z]", "", str(value or "").lower()) for value in row]
    at = {what: next((i for i, text in enumerate(normal) if text in words), NONE) for what, words in HEADINGS.items()}
    return Places(found.header_row, found.name, found.kvk, found.email, at["fee"], at["language"])


def read(cells: Cells, places: Places, known: Known) -> list[Line]:
    """Return the rows below the headings, at most MOST_ROWS, each with what is wrong with its cells."""
    columns = Columns(places.header_row, places.name, places.kvk, places.email)
    found: list[Line] = []
    names: set[str] = set(known.names)
    first: set[tuple[str, str]] = set()
    for line in reading.read(cells, columns, reading.Known())[:MOST_ROWS]:
        row = cells[line.number - 1]
        fee, wrong_fee = _fee(_at(row, places.fee))
        language, wrong_language = _language(_at(row, places.language))
        one = Line(line.number, line.name, line.kvk, line.email, fee, language)
        problems = _problems(one)
        problems += [("fee", Problem.WRONG_FEE)] if wrong_fee else []
        problems += [("language", Problem.WRONG_LANGUAGE)] if wrong_language else []
        if _is_known(one, known):
            problems.append(("", Problem.KNOWN))
        elif (one.name.casefold(), one.kvk) in first or (one.name and one.name.casefold() in names):
            problems.append(("", Problem.TWICE))
        first.add((one.name.casefold(), one.kvk))
        names.add(one.name.casefold())
        found.append(replace(one, problems=tuple(problems)))
    return found


def _problems(line: Line) -> list[tuple[str, Problem]]:
    found = []
    if not line.name:
        found.append(("name", Problem.NO_NAME))
    elif len(line.name) > NAME_LENGTH:
        found.append(("name", Problem.LONG_NAME))
    if line.email and (len(line.email) > ADDRESS_LENGTH or not ADDRESS.fullmatch(line.email)):
        found.append(("email", Problem.WRONG_EMAIL))
    if line.kvk and not re.fullmatch(r"[0-9]{8}", line.kvk):
        found.append(("kvk", Problem.WRONG_KVK))
    return found


def _is_known(line: Line, known: Known) -> bool:
    return bool(line.kvk and line.kvk in known.kvks) or line.name.casefold() in known.names


def _fee(text: str) -> tuple[Decimal | None, bool]:
    plain = text.replace("€", "").replace(" ", "").replace("\xa0", "")
    if not plain:
        return None, False
    if not _ACCEPTED.fullmatch(plain):
        return None, True
    amount = Decimal(plain.replace(",", "."))
    return (amount, False) if amount < HIGHEST_FEE else (None, True)


def _language(text: str) -> tuple[Language | None, bool]:
    plain = text.strip().lower()
    return LANGUAGES.get(plain), plain not in LANGUAGES


def _at(row: Sequence[Any], index: int) -> str:
    value = row[index] if 0 <= index < len(row) else None
    return "" if value is None else " ".join(str(value).split())
