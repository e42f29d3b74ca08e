"""Which tables of the plan are what it says, column by column, and why the others are not."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from plans import models
from plans.handbook import Section

Plain = Mapping[str, Any]


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
        frozenset(
            {
                "author",
                "author_id",
                "proposed_on",
                "state",
                "decided_by",
                "decided_by_id",
                "alone",
                "refusal",
                "starts_on",
                "ended_at",
            }
        ),
        (models.Waiver.state == models.WaiverState.APPROVED, models.Waiver.ended_at.is_(None)),
    ),
    Table(
        models.BackupCopy,
        Part.BACKUP,
        left_out=frozenset({"plan_version"}),
        where=(models.BackupCopy.holds != models.CopyOf.PLAN,),
    ),
    _links(models.BackupCopySystem, Part.BACKUP, "copy_id", "system_id"),
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
    Table(models.IntervalSetting, Part.UPKEEP, ("name",), frozenset({"set_by", "set_on", "reason"})),
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
