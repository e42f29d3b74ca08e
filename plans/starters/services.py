"""Add lines of a starter as rows that are proposals; keep them or drop them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from core.clock import add_months
from core.i18n import Language
from plans.errors import NotThere
from plans.models import Answer, DataSet, Department, ExternalParty, LineKind, PlannedTest, StarterLine, System
from plans.starters.catalogue import POLICY, Line, Starter
from plans.starters.queries import NAMED, Had, had
from plans.turns import take_turn

Row = Answer | DataSet | Department | ExternalParty | PlannedTest | System
# What is put away when it is dropped; an answer is emptied.
PUT_AWAY: Mapping[LineKind, Any] = {**NAMED, LineKind.TEST: PlannedTest}


@dataclass(frozen=True, slots=True)
class Adding:
    """Who adds lines, on which day, and in which language they are written."""

    by: str
    today: date
    language: Language


def add_lines(starter: Starter, keys: Collection[str], adding: Adding) -> int:
    """Add the lines `keys` of a starter as proposals; return how many were added.

    What was added before, bears the name of a row in use, or would answer an item that has an answer is passed over:
    doing it twice adds nothing twice. Systems come back after those that have a place already.
    Raises NotThere when the starter has no such line.
    """
    wanted = [line for line in starter.lines if line.key in keys]
    if len(wanted) != len(set(keys)):
        raise NotThere
    take_turn()
    there = had()
    last = db.session().scalar(sa.select(sa.func.max(System.recovery_priority)).where(System.archived_at.is_(None)))
    made = [(line, _row(line, adding)) for line in wanted if _fits(line, there, adding.language)]
    systems = [row for _line, row in made if isinstance(row, System)]
    for place, system in enumerate(systems, (last or 0) + 1):
        system.recovery_priority = place
    for line, row in made:
        db.session().add(row)
        db.session().add(StarterLine(line=line.key, kind=line.kind, item_id=line.item_id, row_id=row.id))
    db.session().flush()
    return len(made)


def _fits(line: Line, there: Had, language: Language) -> bool:
    return not there.has(line, line.text_in(language))


def _row(line: Line, adding: Adding) -> Row:
    text = line.text_in(adding.language)
    match line.kind:
        case LineKind.DEPARTMENT:
            return Department(name=text)
        case LineKind.SYSTEM:
            return System(name=text, rto_hours=line.rto, rpo_hours=line.rpo)
        case LineKind.DATA_SET:
            return DataSet(name=text, attractive=line.attractive, personal=line.personal)
        case LineKind.PARTY:
            return ExternalParty(kind=line.party, name=text)
        case LineKind.TEST:
            return PlannedTest(item_id=line.item_id, planned_on=add_months(adding.today, line.months), how=text)
        case _:
            values = {"text": text} if line.item_id == POLICY else {"included": "yes", "own_text": text}
            return Answer(item_id=line.item_id, values=values, answered_on=adding.today, answered_by=adding.by)


def keep(line_ids: Collection[UUID], *, today: date) -> int:
    """Let proposals count as the organisation's own; return how many were not yet. Raises NotThere."""
    take_turn()
    lines = [line for line in _lines(line_ids) if line.settled_on is None]
    for line in lines:
        line.settled_on = today
    db.session().flush()
    return len(lines)


def drop(line_ids: Collection[UUID], *, today: date, at: datetime) -> int:
    """Put proposals away, and empty the answers among them; return how many. What was settled meanwhile stays.

    Raises NotThere.
    """
    take_turn()
    lines = [line for line in _lines(line_ids) if line.settled_on is None]
    for line in lines:
        line.settled_on = today
        if line.kind is LineKind.ANSWER:
            answer = db.session().get_one(Answer, (line.tenant_id, line.row_id))
            answer.values = {}
        else:
            row = db.session().get_one(PUT_AWAY[line.kind], (line.tenant_id, line.row_id))
            row.archived_at = row.archived_at or at
    db.session().flush()
    return len(lines)


def _lines(line_ids: Collection[UUID]) -> list[StarterLine]:
    query = sa.select(StarterLine).where(StarterLine.id.in_(set(line_ids))).order_by(StarterLine.id)
    found = list(db.session().scalars(query))
    if len(found) != len(set(line_ids)):
        raise NotThere
    return found
