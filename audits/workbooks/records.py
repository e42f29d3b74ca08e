"""The workbook of all records: a sheet per table, and every column of it, so that no field can be left out by mistake.

What is left out is listed here with its reason; a test walks every table of the plan and the scheme.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from audits.reach import reaches
from audits.trail.words import COLUMN_LABELS as TOLD
from audits.trail.words import HIDDEN, column_label, kind_label
from audits.workbooks.material import Material
from audits.workbooks.record_values import Words, told_value
from core import db
from core.columns import Money, UtcDateTime
from core.db import Base
from core.sheets.cells import Kind
from core.sheets.writing import Column, Sheet, Value
from tenants.models import Tenant, User
from tenants.owned import Area, TenantOwned

AREAS = frozenset({Area.PLAN, Area.CONTINUITY})
AT_ONCE = 500
# In any table.
NOWHERE: Mapping[str, str] = {
    "tenant_id": "whose it is stands on the first sheet",
    "version": "counts how often a row was saved, to keep two people apart",
}
LEFT_OUT: Mapping[tuple[str, str], str] = {
    ("calamity", "frozen"): "a packed copy of the plan; the workbook of calamities tells what matters of it",
    ("deed_invitation", "code_hash"): "answers for a client, for some minutes",
    ("deed_invitation", "email"): "where a client was reached; the row of the client has it as it is now",
    ("handover_opening", "half_secret"): "sealed to an officer of the foundation, and gone when the opening ends",
    ("plan_link", "email"): "where somebody was reached; the row of the contact has it as it is now",
    ("scheme_link", "email"): "where somebody was reached; the row of the counterparty has it as it is now",
    ("sealed_to", "probe"): "a code sealed to an officer, unreadable to anybody else",
}
# Tables that hold no record of the plan or the scheme.
WITHOUT: Mapping[str, str] = {
    "import_batch": "a file on its way in; what came of it are records",
    "import_sheet": "a sheet on its way in; what came of it are records",
    "register_change": "what can be undone for a while; the trail tells what was done",
    "plan_content": "packed copies of the plan; its versions are told by who did what with them",
}
# What the trail has no word for.
_LABELS: Mapping[str, Any] = {
    "author": _l("Written down by"),
    "base_number": _l("Follows version"),
    "changed": _l("Differed from that version"),
    "content_id": _l("What the plan said"),
    "deed_version_id": _l("Beneficiary deed"),
    "digest": _l("Fingerprint (SHA-256)"),
    "id": _l("Number in Waarborg"),
    "file_sha256": _l("SHA-256 of the file"),
    "file_size": _l("Size of the file in bytes"),
    "file_type": _l("Kind of file"),
    "instruction_version_id": _l("Staff instruction"),
    "made_by": _l("Made by"),
    "media_type": _l("Kind of file"),
    "needs_no_data": _l("Needs no data"),
    "part_id": _l("Number of that part"),
    "parts": _l("Parts"),
    "proposed_at": _l("Proposed on"),
    "published_at": _l("Published on"),
    "revoked_by": _l("Revoked by"),
    "seat": _l("Seat"),
    "size": _l("Size of the file in bytes"),
    "task_changed_on": _l("Task changed on"),
    "uploaded_at": _l("Uploaded on"),
    "uses_no_systems": _l("Uses no systems"),
    "version_id": _l("Version of the plan"),
}
# Where the word of the trail stands there already, of another column.
_OF_TABLE: Mapping[tuple[str, str], Any] = {
    ("plan_link", "label"): _l("What it was about"),
    ("scheme_link", "label"): _l("What it was about"),
}
# What a row is called where another refers to it: the first of these it has.
CALLED = ("name", "label", "service_name", "title", "what", "number", "text", "line", "item_id", "kind")
KINDS: tuple[tuple[type[Any], Kind, int], ...] = (
    (Money, Kind.MONEY, 14),
    (UtcDateTime, Kind.INSTANT, 18),
    (sa.Boolean, Kind.YES_NO, 11),
    (sa.Date, Kind.DAY, 13),
    (sa.Integer, Kind.WHOLE, 11),
)
# Where the name of a table is longer than a sheet's may be.
_SHEETS: Mapping[str, Any] = {
    "backup_copy_system": _l("Systems in a copy"),
    "changed_item": _l("To be looked at anew"),
    "deed_invitation": _l("Invitation to accept"),
    "exit_task": _l("Task before the period ends"),
    "handover_check": _l("Check of a delivery"),
    "handover_proof": _l("Proof of a delivery"),
    "instruction_receipt": _l("Read receipt"),
    "licence_keeper": _l("Keeper of a licence"),
    "payment_approval": _l("Approval of payments"),
    "request_step": _l("Step of a request"),
    "scheme_link": _l("Link about the scheme"),
    "scheme_notice": _l("Announced end"),
    "sealed_to": _l("Officer sealed to"),
    "trigger_case": _l("Case of a supplier"),
    "trusted_key": _l("Copy of a public key"),
}


def tables() -> list[type[TenantOwned]]:
    """Return every table of the plan and of the scheme, by name."""
    mapped = (cast(type[TenantOwned], one.class_) for one in Base.registry.mappers)
    owned = [
        one for one in mapped if issubclass(one, TenantOwned) and one.__area__ in AREAS and _name(one) not in WITHOUT
    ]
    return sorted(owned, key=_name)


def fields(model: type[TenantOwned]) -> list[str]:
    """Return the columns of a table that have a column on its sheet, in the order of the table, its number last."""
    keys = [one.key for one in sa.inspect(model).column_attrs]
    told = [key for key in keys if key not in NOWHERE and (_name(model), key) not in LEFT_OUT]
    return sorted(told, key=lambda key: key == "id")


def headings(model: type[TenantOwned]) -> tuple[Column, ...]:
    """Return what stands above each of the columns; no two alike, as whoever sorts or matches by them needs that."""
    told = [heading(model, key) for key in fields(model)]
    often = Counter(column.title for column in told)
    return tuple(
        replace(column, title=_apart(model, key, column)) if often[column.title] > 1 else column
        for key, column in zip(fields(model), told, strict=True)
    )


def _apart(model: type[TenantOwned], key: str, column: Column) -> str:
    """Return what tells a column from the other one of that name: a moment from its day, an account from its name."""
    if column.kind is Kind.INSTANT:
        return str(_("%(what)s (moment)", what=column.title))
    if sa.inspect(model).column_attrs[key].columns[0].foreign_keys:
        return str(_("%(what)s (account)", what=column.title))
    return column.title


def heading(model: type[TenantOwned], key: str) -> Column:
    """Return what stands above a column by itself, and how its cells are typed."""
    if (_name(model), key) in _OF_TABLE:
        return Column(str(_OF_TABLE[_name(model), key]), Kind.TEXT, 26)
    label = str(_LABELS[key]) if key in _LABELS and key not in TOLD else column_label(key)
    column = sa.inspect(model).column_attrs[key].columns[0]
    if not column.foreign_keys:
        for type_, kind, width in KINDS:
            if isinstance(column.type, type_):
                return Column(label, kind, width)
    return Column(label, Kind.TEXT, 26)


def sheet_name(table: str) -> str:
    """Return what the sheet of a table is called: as the table, or shorter where a sheet has no room for that."""
    return str(_SHEETS[table]) if table in _SHEETS else kind_label(table)


def sheets(material: Material) -> Iterator[Sheet]:
    """Yield a sheet for each table that has rows, and one that tells how many rows each table has."""
    names, counted, words = _Names(), dict[str, int](), Words(material)
    for model in tables():
        if not reaches(model.__area__):
            continue
        counted[_name(model)] = 0
        rows = _rows(model, names, words)
        first = next(rows, None)
        if first is not None:
            yield Sheet(sheet_name(_name(model)), headings(model), _counting(_name(model), first, rows, counted))
    columns = (
        Column(_("What"), Kind.TEXT, 50),
        Column(_("Records"), Kind.WHOLE, 12),
        Column(_("Sheet"), Kind.TEXT, 34),
        Column(_("Table"), Kind.TEXT, 30),
    )
    told = ((kind_label(name), number, sheet_name(name) if number else None, name) for name, number in counted.items())
    yield Sheet(_("Records"), columns, told)


def _counting(
    name: str, first: tuple[Value, ...], rows: Iterator[tuple[Value, ...]], counted: dict[str, int]
) -> Iterator[tuple[Value, ...]]:
    counted[name] = 1
    yield first
    for row in rows:
        counted[name] += 1
        yield row


def _rows(model: type[TenantOwned], names: "_Names", words: Words) -> Iterator[tuple[Value, ...]]:
    keys = fields(model)
    attributes = sa.inspect(model).column_attrs
    tell = [_teller(model, key, attributes[key].columns[0], names, words) for key in keys]
    query = sa.select(*(getattr(model, key) for key in keys)).order_by(model.id)
    answered = keys.index("item_id") if _name(model) == "answer" else None
    for row in db.session().execute(query.execution_options(yield_per=AT_ONCE)):
        told = tuple(one(value) for one, value in zip(tell, row, strict=True))
        if answered is not None:
            given = words.answer(row[answered])
            told = tuple(given if key == "values" and given else value for key, value in zip(keys, told, strict=True))
        yield told


def _teller(model: type[TenantOwned], key: str, column: Any, names: "_Names", words: Words) -> Callable[[Any], Value]:
    if key in HIDDEN:
        return lambda value: f"{str(value)[:4]}…" if value else None
    targets = {one.column.table.name for one in column.foreign_keys}
    if not targets:
        return words.teller(_name(model), key)
    known = names.of(targets.pop(), getattr(model, key))
    return lambda value: known.get(value) or (None if value is None else str(value))


def _name(model: type[Any]) -> str:
    return str(model.__tablename__)


class _Names:
    """What rows are called that others refer to, and their number too where several are called so.

    A table of the organisation's own is asked once.
    """

    def __init__(self) -> None:
        self._known: dict[str, Mapping[Any, str]] = {}
        self._models = {_name(one): one for one in tables()}

    def of(self, table: str, asked: Any) -> Mapping[Any, str]:
        """Return the names in a table by id; none of a table that the open scope does not reach.

        asked: the column that refers to it. Of people and organisations only those it names are looked up.
        """
        for model in (User, Tenant):
            if table == _name(model):
                named = sa.select(model.id, model.name).where(model.id.in_(sa.select(asked)))
                return {row.id: row.name for row in db.session().execute(named)}
        if table not in self._known:
            self._known[table] = self._read(self._models.get(table))
        return self._known[table]

    def _read(self, model: type[TenantOwned] | None) -> Mapping[Any, str]:
        if model is None or not reaches(model.__area__):
            return {}
        called = next((getattr(model, name) for name in CALLED if hasattr(model, name)), None)
        if called is None:
            return {}
        found = {id_: str(told_value(name) or "") for id_, name in db.session().execute(sa.select(model.id, called))}
        often = Counter(found.values())
        return {id_: f"{name} ({id_})" if name and often[name] > 1 else name for id_, name in found.items()}
