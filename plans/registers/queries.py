"""What the pages of the registers show."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.models import (
    Answer,
    Asset,
    AssetKind,
    Assignment,
    Contact,
    DataSet,
    Department,
    DepartmentDataSet,
    DepartmentSystem,
    ExternalParty,
    RecoveryStep,
    System,
    SystemNeed,
)
from plans.registers.cells import folded
from plans.registers.columns import BY_SLUG, REGISTERS
from plans.registers.display import Names, searchable, shown, sort_key
from plans.registers.rows import Values
from plans.registers.shape import Forever, Kind, Register, Row, Value
from tenants.prepared import Prepared, number_in_use

PAGE_LENGTH = 80
# As many questions for chosen columns are kept: some for each register.
SELECTS_KEPT = 100

# A row's id, and what it holds by column name, as far as it was asked for.
Held = tuple[UUID, Values]


@dataclass(frozen=True, slots=True)
class Wish:
    """What of a register to show. sort: a column's name; page: from 1; within: the column to search, "" for all;
    empty: a column that has to be empty; columns: those to show, () for the register's own choice.
    """

    q: str = ""
    sort: str = "name"
    descending: bool = False
    archived: bool = False
    page: int = 1
    within: str = ""
    empty: str = ""
    columns: tuple[str, ...] = ()

    @property
    def filters(self) -> bool:
        """Tell whether some rows are left out."""
        return bool(self.q or self.empty)

    def shown(self, register: Register) -> tuple[str, ...]:
        """Return the names of the columns to show."""
        return self.columns or register.listed


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: what stands in each listed column, in words."""

    id: UUID
    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a register. total: rows there are; found: rows that fit the search; page, last: from 1."""

    lines: tuple[Line, ...]
    total: int
    found: int
    page: int
    last: int


class Which(StrEnum):
    """Which rows of a register: those in use, those put away, or those with given ids."""

    IN_USE = "in_use"
    PUT_AWAY = "put_away"
    NAMED = "named"


class Target(StrEnum):
    """What kind of place a row is used in."""

    ITEM = "item"
    DEPARTMENT = "departments"
    SYSTEM = "systems"


@dataclass(frozen=True, slots=True)
class Place:
    """A place where a row is used: a handbook item by its id, or a row of another register."""

    target: Target
    item_id: str = ""
    row_id: UUID | None = None
    name: str = ""


def counts() -> Mapping[str, int]:
    """Return how many rows each register holds, by its slug; rows put away do not count."""
    by_kind: dict[AssetKind, int] = dict(_ASSETS.rows())
    return {
        one.slug: by_kind.get(one.asset_kind, 0) if one.asset_kind else number_in_use(one.model) for one in REGISTERS
    }


_ASSETS = Prepared(
    sa.select(Asset.kind, sa.func.count(Asset.id)).where(Asset.archived_at.is_(None)).group_by(Asset.kind)
)


def names_of(model: type[Contact | ExternalParty]) -> Names:
    """Return the names of all rows by id, those put away too."""
    return dict(zip(*_names(model).all_columns(), strict=True))


@cache
def _names(model: type[Contact | ExternalParty]) -> Prepared:
    return Prepared(sa.select(model.id, model.name))


@cache
def _offers(model: type[Contact | ExternalParty]) -> Prepared:
    return Prepared(sa.select(model.id, model.name, model.archived_at))


def names_for(register: Register) -> Names:
    """Return the names of the rows that this register's rows refer to."""
    kinds = {column.kind for column in register.columns}
    contacts = names_of(Contact) if Kind.CONTACT in kinds else {}
    return {**contacts, **(names_of(ExternalParty) if Kind.PARTY in kinds else {})}


def offered(register: Register, kind: Kind, keep: Iterable[Value] = ()) -> Names:
    """Return the rows a CONTACT or PARTY column may name, sorted by name; keep: ids to offer even when put away."""
    if kind not in {column.kind for column in register.columns}:
        return {}
    model = Contact if kind is Kind.CONTACT else ExternalParty
    held, columns = set(keep), _offers(model).all_columns()
    pairs = [(row_id, name) for row_id, name, gone in zip(*columns, strict=True) if gone is None or row_id in held]
    return dict(sorted(pairs, key=lambda pair: (sort_key(pair[1], {}), pair[0])))


def listing(register: Register, wish: Wish) -> Listing:
    """Return one page of a register, filtered and sorted in Python, so that both databases do it alike."""
    names = names_for(register)
    rows, total = _fitting(register, wish, names)
    rows = _sorted(rows, wish, names)
    last = max(1, -(-len(rows) // PAGE_LENGTH))
    page = min(wish.page, last)
    ids = [row_id for row_id, _held in rows[(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH]]
    told = dict(_values(register, {"name", *wish.shown(register)}, Which.NAMED, ids=ids)) if ids else {}
    lines = tuple(_line(register, (row_id, told[row_id]), names, wish.shown(register)) for row_id in ids)
    return Listing(lines, total, len(rows), page, last)


def fitting(register: Register, wish: Wish) -> list[UUID]:
    """Return the rows that fit the filter, on whatever page they are."""
    rows, _total = _fitting(register, wish, names_for(register))
    return [row_id for row_id, _held in rows]


def _fitting(register: Register, wish: Wish, names: Names) -> tuple[list[Held], int]:
    """Return the rows that fit the filter, with what sorts them, and how many there are without it."""
    # What is confidential costs time to open: of every row only what finds and sorts it.
    searched = [column.name for column in register.columns if wish.q and wish.within in ("", column.name)]
    wanted = {"name", wish.sort, *searched, *([wish.empty] if wish.empty else [])}
    rows = _values(register, wanted, Which.PUT_AWAY if wish.archived else Which.IN_USE)
    total = len(rows)
    if wish.q:
        words = folded(wish.q).split()
        rows = [row for row in rows if _fits(register, row, words, names, searched)]
    if wish.empty:
        rows = [row for row in rows if row[1][wish.empty] in (None, "")]
    return rows, total


def _values(register: Register, wanted: Collection[str], which: Which, **told: Any) -> list[Held]:
    """Return the columns `wanted` of each row; the last day of a row without one is FOREVER. told: the `ids` NAMED."""
    columns = [column for column in register.columns if column.name in wanted]
    terms = {column.name for column in columns if column.kind is Kind.TERM}
    named = {column.name for column in columns} | ({"perpetual"} if terms else set())
    keys = tuple(sorted(named))
    found: list[Held] = []
    for row_id, *values in zip(*_select(register.slug, keys, which).all_columns(**told), strict=True):
        held = dict(zip(keys, values, strict=True))
        if terms and held["perpetual"]:
            held |= dict.fromkeys(terms, Forever.FOREVER)
        found.append((row_id, held))
    return found


@lru_cache(SELECTS_KEPT)
def _select(slug: str, keys: tuple[str, ...], which: Which) -> Prepared:
    """Return the question for these columns of the rows of a register."""
    register = BY_SLUG[slug]
    model = register.model
    where = {
        Which.IN_USE: model.archived_at.is_(None),
        Which.PUT_AWAY: model.archived_at.is_not(None),
        Which.NAMED: model.id.in_(sa.bindparam("ids", expanding=True)),
    }
    query = sa.select(model.id, *(getattr(model, key) for key in keys)).where(where[which])
    return Prepared(query if register.asset_kind is None else query.where(Asset.kind == register.asset_kind))


def _sorted(rows: list[Held], wish: Wish, names: Names) -> list[Held]:
    rows = sorted(rows, key=lambda row: (sort_key(row[1]["name"], names), row[0]))
    empty = [row for row in rows if row[1][wish.sort] in (None, "")]
    filled = [row for row in rows if row[1][wish.sort] not in (None, "")]
    filled.sort(key=lambda row: sort_key(row[1][wish.sort], names), reverse=wish.descending)
    return [*filled, *empty]


def _line(register: Register, row: Held, names: Names, columns: Iterable[str]) -> Line:
    row_id, held = row
    cells = tuple(shown(register.column(name), held[name], names) for name in columns)
    return Line(row_id, str(held["name"]), cells)


def _fits(register: Register, row: Held, words: Iterable[str], names: Names, searched: Iterable[str]) -> bool:
    text = "\n".join(searchable(register.column(name), row[1][name], names) for name in searched)
    return all(word in text for word in words)


def places_of(row: Row) -> tuple[Place, ...]:
    """Return where a contact, party, system or data set is used, so that nobody puts it away unawares."""
    if isinstance(row, Contact):
        return _places_of_contact(row.id)
    if isinstance(row, ExternalParty):
        needed = sa.select(SystemNeed.system_id).where(SystemNeed.party_id == row.id)
        relying = sa.or_(System.supplier_id == row.id, System.id.in_(needed))
        return (*_items_where(Answer, Answer.party_id == row.id), *_rows_where(System, Target.SYSTEM, relying))
    if isinstance(row, System):
        steps = sa.select(RecoveryStep.id).where(RecoveryStep.system_id == row.id, RecoveryStep.archived_at.is_(None))
        recovery = db.session().scalar(steps.limit(1)) is not None
        link = sa.select(DepartmentSystem.department_id).where(DepartmentSystem.system_id == row.id)
        using = _rows_where(Department, Target.DEPARTMENT, Department.id.in_(link))
        needing = _needing(SystemNeed.needed_system_id == row.id)
        return (*([Place(Target.ITEM, "runbook.recovery")] if recovery else []), *using, *needing)
    if isinstance(row, DataSet):
        link = sa.select(DepartmentDataSet.department_id).where(DepartmentDataSet.data_set_id == row.id)
        needing = _needing(SystemNeed.data_set_id == row.id)
        return (*_rows_where(Department, Target.DEPARTMENT, Department.id.in_(link)), *needing)
    return ()


def _needing(where: sa.ColumnElement[bool]) -> tuple[Place, ...]:
    """Return the systems that need what `where` names."""
    return _rows_where(System, Target.SYSTEM, System.id.in_(sa.select(SystemNeed.system_id).where(where)))


def _places_of_contact(contact_id: UUID) -> tuple[Place, ...]:
    seats = _items_where(Assignment, sa.or_(Assignment.contact_id == contact_id, Assignment.deputy_id == contact_id))
    answers = _items_where(Answer, Answer.contact_id == contact_id)
    heads = sa.or_(Department.head_id == contact_id, Department.deputy_id == contact_id)
    return (*seats, *answers, *_rows_where(Department, Target.DEPARTMENT, heads))


def _items_where(model: type[Answer | Assignment], where: sa.ColumnElement[bool]) -> tuple[Place, ...]:
    found = db.session().scalars(sa.select(model.item_id).where(where).distinct())
    return tuple(Place(Target.ITEM, item_id) for item_id in sorted(found))


def _rows_where(model: type[Department | System], target: Target, where: sa.ColumnElement[bool]) -> tuple[Place, ...]:
    query = sa.select(model.id, model.name).where(where, model.archived_at.is_(None))
    found = sorted(
        ((row_id, name) for row_id, name in db.session().execute(query)), key=lambda pair: pair[1].casefold()
    )
    return tuple(Place(target, row_id=row_id, name=name) for row_id, name in found)
