"""Which lines of the starters an organisation has, and which of its rows are still proposals."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans import handbook
from plans.models import Answer, DataSet, Department, ExternalParty, LineKind, PlannedTest, StarterLine, System
from plans.starters.catalogue import Line

NAMED: Mapping[LineKind, Any] = MappingProxyType(
    {
        LineKind.DEPARTMENT: Department,
        LineKind.SYSTEM: System,
        LineKind.DATA_SET: DataSet,
        LineKind.PARTY: ExternalParty,
    }
)
REGISTER_OF: Mapping[LineKind, str] = MappingProxyType(
    {
        LineKind.DEPARTMENT: "departments",
        LineKind.SYSTEM: "systems",
        LineKind.DATA_SET: "data-sets",
        LineKind.PARTY: "parties",
    }
)


TO_COME = (PlannedTest.archived_at.is_(None), PlannedTest.result_id.is_(None))


@dataclass(frozen=True, slots=True)
class Had:
    """What is there already.

    lines: added before; names: of the rows in use, casefolded; answered: items that have an answer; planned: items of
    which a test is still to come.
    """

    lines: frozenset[str]
    names: Mapping[LineKind, frozenset[str]]
    answered: frozenset[str]
    planned: frozenset[str]

    def has(self, line: Line, text: str) -> bool:
        """Tell whether adding `line`, which says `text`, would repeat something."""
        if line.key in self.lines:
            return True
        if line.kind is LineKind.ANSWER:
            return line.item_id in self.answered
        if line.kind is LineKind.TEST:
            return line.item_id in self.planned
        return text.casefold() in self.names.get(line.kind, frozenset())


@dataclass(frozen=True, slots=True)
class Proposed:
    """A row that came from a starter and was not settled. text: what it is called, or its answer."""

    id: UUID
    kind: LineKind
    item_id: str
    row_id: UUID
    text: str

    @property
    def item(self) -> handbook.Item:
        """Return the item under which it is judged."""
        return handbook.item(self.item_id)


def had() -> Had:
    """Return what the open scope's organisation has of what starters propose: one query for each register."""
    return Had(
        frozenset(db.session().scalars(sa.select(StarterLine.line))),
        {kind: frozenset(name.casefold() for name in _names(kind).values()) for kind in NAMED},
        frozenset(db.session().scalars(sa.select(Answer.item_id))),
        frozenset(db.session().scalars(sa.select(PlannedTest.item_id).where(*TO_COME))),
    )


def proposals() -> list[Proposed]:
    """Return the rows that are still proposals, by kind and name; those put away are none."""
    row = StarterLine
    query = sa.select(row.id, row.kind, row.item_id, row.row_id).where(row.settled_on.is_(None))
    lines = list(db.session().execute(query))
    texts = _texts({line.kind for line in lines}, [line.row_id for line in lines])
    found = [Proposed(*line, texts[line.row_id]) for line in lines if texts.get(line.row_id)]
    kinds = list(LineKind)
    return sorted(found, key=lambda one: (kinds.index(one.kind), one.text.casefold(), one.id))


def _texts(kinds: Iterable[LineKind], row_ids: Collection[UUID]) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for kind in kinds:
        if kind in NAMED:
            found |= _names(kind)
        elif kind is LineKind.ANSWER:
            query = sa.select(Answer.id, Answer.values).where(Answer.id.in_(row_ids))
            for row_id, values in db.session().execute(query):
                found[row_id] = str(values.get("own_text") or values.get("text") or "")
        else:
            query = sa.select(PlannedTest.id, PlannedTest.how, PlannedTest.item_id).where(*TO_COME)
            for row_id, how, item_id in db.session().execute(query):
                found[row_id] = how or handbook.item(item_id).title
    return found


def _names(kind: LineKind) -> dict[UUID, str]:
    model = NAMED[kind]
    query = sa.select(model.id, model.name).where(model.archived_at.is_(None))
    return {row.id: row.name for row in db.session().execute(query)}
