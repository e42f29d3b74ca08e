"""Read a list of clients: where its headings are, which column is what, what is wrong with a row. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum
from typing import Any

from core.mail.outbox import ADDRESS, ADDRESS_LENGTH

LOOK_ROWS = 20
NAME_LENGTH = 200
# No column of the file.
NONE = -1
# Headings as people write them, without blanks and marks.
HEADINGS = {
    "name": ("klantnaam", "klant", "naam", "bedrijfsnaam", "bedrijf", "organisatie", "relatie", "clientname", "client",
             "customername", "customer", "name", "companyname", "company", "organisation", "organization"),
    "kvk": ("kvk", "kvknummer", "kvknr", "kamervankoophandel", "handelsregisternummer", "cocnumber", "coc",
            "chamberofcommerce", "registrationnumber"),
    "email": ("email", "emailadres", "mail", "mailadres", "emailcontactpersoon", "emailcontact", "contactemail",
              "emailaddress", "contactemailaddress", "emailcontactperson"),
}  # fmt: skip
# How a list of clients calls them, above their names.
CALLED = ("klant", "client", "customer")
Cells = Sequence[Sequence[Any]]


class Problem(StrEnum):
    """Why a row is not invited."""

    NO_NAME = "no_name"
    LONG_NAME = "long_name"
    NO_EMAIL = "no_email"
    WRONG_EMAIL = "wrong_email"
    WRONG_KVK = "wrong_kvk"
    TWICE = "twice"
    CLIENT = "client"
    INVITED = "invited"


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is what, from 0; NONE: not in the file. header_row: from 1, 0 without headings."""

    header_row: int
    name: int
    kvk: int
    email: int


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list. number: in the file, from 1; first: the row it repeats; mended: a lost zero was put back."""

    number: int
    name: str
    kvk: str
    email: str
    problem: Problem | None = None
    first: int = 0
    mended: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """Who needs no invitation: clients by KvK number or address, and who has an open one."""

    client_kvks: frozenset[str] = frozenset()
    client_emails: frozenset[str] = frozenset()
    invited_kvks: frozenset[str] = frozenset()
    invited_emails: frozenset[str] = frozenset()


def to_cells(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Return the values of a sheet as JSON keeps them: texts, numbers and nothing."""
    return [[_plain(value) for value in row] for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, (date, time)):
        return value.isoformat()
    return value if value is None or isinstance(value, (int, float)) else str(value)


def guess(cells: Cells) -> Columns:
    """Return the likeliest columns, by their headings; without any heading known to us, the first three."""
    best, most = Columns(0, 0, 1, 2), 0
    for number, row in enumerate(cells[:LOOK_ROWS], start=1):
        normal = [re.sub(r"[^a-z]", "", str(value or "").lower()) for value in row]
        at = {
            what: next((i for i, text in enumerate(normal) if text in words), NONE) for what, words in HEADINGS.items()
        }
        found = sum(place != NONE for place in at.values())
        if found > most:
            best, most = Columns(number, at["name"], at["kvk"], at["email"]), found
    return best


def tells_of_clients(above: Sequence[str]) -> bool:
    """Tell whether these headings are of a list of clients: it calls them so, or has the KvK number of each."""
    found = guess([above])
    if found.header_row == 0 or found.name == NONE:
        return False
    return found.kvk != NONE or any(word in above[found.name].lower() for word in CALLED)


def headings(cells: Cells, header_row: int) -> list[str]:
    """Return what stands above each column, "" where nothing does."""
    width = max(map(len, cells), default=0)
    row = cells[header_row - 1] if 0 < header_row <= len(cells) else []
    return [_text(row[index]) if index < len(row) else "" for index in range(width)]


def read(cells: Cells, columns: Columns, known: Known) -> list[Line]:
    """Return the rows below the headings, each with the first thing that is wrong with it, if anything is."""
    lines: list[Line] = []
    first_kvk: dict[str, int] = {}
    first_email: dict[str, int] = {}
    for line in _lines(cells, columns):
        problem = _problem(line, known)
        first = 0
        if problem is None:
            first = first_kvk.get(line.kvk, 0) or first_email.get(line.email, 0)
            problem = Problem.TWICE if first else None
        if problem is None:
            first_email[line.email] = line.number
            if line.kvk:
                first_kvk[line.kvk] = line.number
        lines.append(replace(line, problem=problem, first=first))
    return lines


def _lines(cells: Cells, columns: Columns) -> Iterator[Line]:
    for number, row in enumerate(cells[columns.header_row :], start=columns.header_row + 1):
        if not any(_text(value) for value in row):
            continue
        name, email = _text(_at(row, columns.name)), _text(_at(row, columns.email)).lower()
        kvk, mended = kvk_of(_at(row, columns.kvk))
        yield Line(number, name, kvk, email.removeprefix("mailto:"), mended=mended)


def _at(row: Sequence[Any], index: int) -> Any:
    return row[index] if 0 <= index < len(row) else None


def kvk_of(value: Any) -> tuple[str, bool]:
    """Return a KvK number as it was typed, without blanks and dots, and whether zeros came back.

    A spreadsheet drops the zeros in front of a number: a number cell gets them back.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        # A spreadsheet drops the zeros in front of a number; a text would have kept them.
        text = str(value)
        return text.zfill(8), value > 0 and len(text) < 8
    return re.sub(r"[\s.]", "", _text(value)), False


def _problem(line: Line, known: Known) -> Problem | None:
    if not line.name:
        return Problem.NO_NAME
    if len(line.name) > NAME_LENGTH:
        return Problem.LONG_NAME
    if not line.email:
        return Problem.NO_EMAIL
    if len(line.email) > ADDRESS_LENGTH or not ADDRESS.fullmatch(line.email):
        return Problem.WRONG_EMAIL
    if line.kvk and not re.fullmatch(r"[0-9]{8}", line.kvk):
        return Problem.WRONG_KVK
    if line.kvk in known.client_kvks or line.email in known.client_emails:
        return Problem.CLIENT
    if line.kvk in known.invited_kvks or line.email in known.invited_emails:
        return Problem.INVITED
    return None


def _text(value: Any) -> str:
    return "" if value is None else " ".join(str(value).split())
