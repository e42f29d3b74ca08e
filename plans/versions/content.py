"""What a plan says, as canonical JSON: the same plan gives the same text and fingerprint, on every machine.

What says nothing is not written: a column or table that is added to the service later leaves the fingerprints of
plans that hold nothing in it as they were. Proof that the plan was kept true (confirmations, sightings, tests) is no
part of what it says, or a plan would no longer be what was approved as soon as somebody checked a telephone number.
"""

import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans import models
from plans.handbook import Section
from plans.intervals import DEFAULT_DAYS

FORMAT = 1
Plain = Mapping[str, Any]
Rows = Mapping[str, Plain]
Content = Mapping[str, Rows]


class Part(StrEnum):
    """What can be compared and taken back by itself: the people, and the handbook's sections."""

    PEOPLE = "people"
    SELF_CHECK = Section.SELF_CHECK.value
    BACKUP = Section.BACKUP.value
    INVENTORY = Section.INVENTORY.value
    PROCESSES = Section.PROCESSES.value
    RUNBOOK = Section.RUNBOOK.value
    STAFF = Section.STAFF.value
    TESTING = Section.TESTING.value
    PAYMENTS = Section.PAYMENTS.value
    UPKEEP = Section.UPKEEP.value


# Where a copy of the plan lies, and of which version, cannot stand in that version.
ABOUT_COPIES = "backup.offsite-plan"
# Days on which somebody looked: fields of answers, and columns.
LOOKED = frozenset({"seen_on", "verified_on", "tried_on", "reviewed_on"})
_DEFAULTS = {interval.value: days for interval, days in DEFAULT_DAYS.items()}
_BOOKKEEPING = frozenset({"tenant_id", "id", "version", "archived_at", "confirmed_on"})


@dataclass(frozen=True)
class Table:
    """A table of the plan. part: where its rows belong, None when they tell; key: what a row is known by;
    left_out: columns that are no part of what the plan says; where: which rows are.
    """

    model: Any
    part: Part | None
    key: tuple[str, ...] = ("id",)
    left_out: frozenset[str] = frozenset()
    where: tuple[sa.ColumnElement[bool], ...] = ()

    @property
    def name(self) -> str:
        """Return the name of the table."""
        return str(self.model.__tablename__)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that are content, in the order of the table."""
        every = (column.key for column in sa.inspect(self.model).column_attrs)
        return tuple(key for key in every if key not in _BOOKKEEPING | self.left_out)

    @cached_property
    def refers(self) -> Mapping[str, str]:
        """Return to which table a column refers."""
        found = {}
        for key in self.model.__table__.foreign_key_constraints:
            for column in key.column_keys:
                if column != "tenant_id":
                    found[column] = key.referred_table.name
        return found

    @property
    def is_link(self) -> bool:
        """Tell whether a row says no more than that two things belong together."""
        return set(self.key) <= self.refers.keys()

    @cached_property
    def silent(self) -> frozenset[str]:
        """Return the columns in which a no says as little as nothing: those that hold yes or no, and always one."""
        table = self.model.__table__
        return frozenset(
            name for name in self.columns if isinstance(table.c[name].type, sa.Boolean) and not table.c[name].nullable
        )

    def key_of(self, row: Mapping[str, Any]) -> str:
        """Return what a row is known by. row: with the columns of the key."""
        return "/".join(str(row.get(name) or "") for name in self.key)


def _links(model: Any, part: Part, *key: str) -> Table:
    """Return a table whose rows only link two others."""
    return Table(model, part, key)


TABLES: tuple[Table, ...] = (
    Table(models.Contact, Part.PEOPLE),
    Table(models.ExternalParty, Part.PEOPLE),
    Table(models.Answer, None, ("item_id",), frozenset({"answered_on", "answered_by"})),
    Table(models.Assignment, None, ("item_id", "seat"), frozenset({"task_changed_on", "acknowledged_on"})),
    Table(
        models.Waiver,
        None,
        ("item_id", "part"),
        frozenset({"author", "starts_on", "ended_at"}),
        (models.Waiver.ended_at.is_(None),),
    ),
    Table(
        models.BackupCopy,
        Part.BACKUP,
        left_out=frozenset({"plan_version"}),
        where=(models.BackupCopy.holds != models.CopyOf.PLAN,),
    ),
    Table(models.Asset, Part.INVENTORY),
    Table(models.Department, Part.PROCESSES),
    Table(models.System, Part.PROCESSES),
    Table(models.DataSet, Part.PROCESSES),
    _links(models.DepartmentSystem, Part.PROCESSES, "department_id", "system_id"),
    _links(models.DepartmentDataSet, Part.PROCESSES, "department_id", "data_set_id"),
    _links(models.SystemNeed, Part.PROCESSES, "system_id", "needed_system_id", "party_id", "data_set_id"),
    Table(models.RecoveryStep, Part.RUNBOOK),
    _links(models.RecoveryStepNeed, Part.RUNBOOK, "step_id", "needed_id"),
    Table(models.ActivationSign, Part.RUNBOOK),
    Table(models.Audience, Part.RUNBOOK),
    Table(models.IntervalSetting, Part.UPKEEP, ("name",)),
    Table(models.OwnItem, None, left_out=frozenset({"added_on", "added_by"})),
)
BY_NAME: Mapping[str, Table] = MappingProxyType({table.name: table for table in TABLES})

# Tables of the plan that are not in its content, and why. A test walks every table.
NOT_CONTENT: Mapping[str, str] = MappingProxyType(
    {
        "plan_version": "tells which content was in use",
        "plan_proposal": "tells who approved which content",
        "plan_content": "holds content",
        "instruction_version": "what was made of the answers and published, with versions of its own",
        "instruction_receipt": "proof that staff read it",
        "test_result": "proof that it works",
        "test_result_system": "proof that it works",
        "test_evidence": "proof that it works",
        "planned_test": "when it will be proven",
        "follow_up": "work that came of a test",
        "copy_sighting": "proof that a copy is there",
        "stored_file": "files that prove something",
        "calamity": "what the plan was used for, with a copy of its own",
        "calamity_entry": "what happened when the plan was used",
        "lesson": "work that came of using the plan",
        "correction": "a correction somebody proposes, until it is accepted",
        "changed_item": "what must be looked at after a change",
        "licence_keeper": "whom one asks about a licence",
        "payment_approval": "proof of who approved the payment agreements",
        "business_change": "a reason to change the plan, not what it says",
        "starter_line": "tells which rows are still proposals",
        "kit_copy": "where a copy of a version went",
        "plan_link": "letters to people",
        "register_change": "what can be taken back for a month",
        "import_batch": "a spreadsheet on its way in",
        "import_sheet": "a spreadsheet on its way in",
    }
)


def part_of(table: Table, key: str, row: Plain) -> Part:
    """Return where a row belongs: what its table says, or else its section, or that of the item it is about."""
    if table.part is not None:
        return table.part
    section = str(row.get("section") or key.partition("/")[0].partition(".")[0])
    return Part(section) if section in tuple(Part) else Part.UPKEEP


def load_contents(tenant_ids: Sequence[int]) -> dict[int, Content]:
    """Return what the plans of the open scope's organisations say. Queries: one for each table, however many they are.

    Rows that were put away are not in it, nor links to or from them.
    """
    found: dict[int, dict[str, dict[str, Plain]]] = {one: defaultdict(dict) for one in tenant_ids}
    for table in TABLES:
        for tenant_id, key, row in _rows(table, tenant_ids):
            if row or table.is_link:
                found[tenant_id][table.name][key] = row
    return {one: _whole(tables) for one, tables in found.items()}


def content_of(tenant_id: int) -> Content:
    """Return what the plan of the open scope's organisation says now."""
    return load_contents([tenant_id])[tenant_id]


def canonical(value: object) -> str:
    """Return plain values as JSON with sorted keys and no blanks."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def text_of(content: Content) -> str:
    """Return content as the text of which its fingerprint is made."""
    return canonical({"format": FORMAT, "tables": {name: dict(rows) for name, rows in content.items() if rows}})


def digest(content: Content) -> str:
    """Return the SHA-256 of content, in 64 hexadecimal digits."""
    return hashlib.sha256(text_of(content).encode()).hexdigest()


def packed(content: Content) -> bytes:
    """Return content for keeping."""
    return zlib.compress(text_of(content).encode(), 9)


def unpacked(kept: bytes) -> Content:
    """Return content that was kept. Raises ValueError for a format of which nothing is known."""
    told = json.loads(zlib.decompress(kept))
    if told["format"] != FORMAT:
        raise ValueError(f"content of format {told['format']}")
    tables: Content = told["tables"]
    return tables


def readable(kept: bytes) -> object:
    """Return content that was kept, as JSON can hold it."""
    return json.loads(zlib.decompress(kept))


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it; amounts in euro with two decimals."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value.value if isinstance(value, StrEnum) else value


def _rows(table: Table, tenant_ids: Sequence[int]) -> Iterable[tuple[int, str, Plain]]:
    """Yield organisation, key and content of each row."""
    model = table.model
    names = tuple(dict.fromkeys((*table.key, *table.columns)))
    query = sa.select(model.tenant_id, *(getattr(model, name) for name in names))
    query = query.where(model.tenant_id.in_(tenant_ids), *table.where)
    if hasattr(model, "archived_at"):
        query = query.where(model.archived_at.is_(None))
    for row in db.session().execute(query):
        told = {name: plain(value) for name, value in zip(names, row[1:], strict=True)}
        if told.get("item_id") == ABOUT_COPIES:
            continue
        key = table.key_of(told)
        if table.model is models.Answer:
            told["values"] = {
                name: value for name, value in told["values"].items() if name not in LOOKED and value not in (None, "")
            }
        if table.model is models.IntervalSetting and told["days"] == _DEFAULTS.get(key):
            continue
        yield row[0], key, _telling(table, told)


def _telling(table: Table, told: Plain) -> Plain:
    """Return the columns of a row that say something and do not stand in its key."""
    return {
        name: value
        for name, value in told.items()
        if name not in table.key and value not in (None, "", [], {}) and not (value is False and name in table.silent)
    }


def _whole(tables: Mapping[str, dict[str, Plain]]) -> Content:
    """Return tables without the links that lead to or from what is not there, and without tables of nothing."""
    found: dict[str, dict[str, Plain]] = {}
    for table in TABLES:
        rows = tables.get(table.name, {})
        if table.is_link:
            rows = {key: row for key, row in rows.items() if _led(table, key, tables)}
        if rows:
            found[table.name] = rows
    return found


def _led(table: Table, key: str, tables: Mapping[str, Mapping[str, Plain]]) -> bool:
    ends = zip(table.key, key.split("/"), strict=True)
    return all(end in tables.get(table.refers[name], {}) for name, end in ends if end)
