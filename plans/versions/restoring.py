"""Take one part of the plan back to what a version said, by the services that every other change goes through."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from core import db
from plans.intervals import Interval
from plans.items.leaving_out import Signer, WaiverValues, latest_until, propose, take_back_in
from plans.items.services import AnswerValues, SeatValues, assign, save_answer
from plans.models import Answer, Assignment, IntervalSetting, SystemNeed, Waiver, WaiverState
from plans.processes.services import Wanted, needs_of, save_needs
from plans.registers.undo.models import ChangeKind
from plans.registers.undo.services import Record, keep
from plans.registers.undo.steps import Step
from plans.runbook.services import save_tasks
from plans.seats import TEAM_ITEM
from plans.turns import take_turn
from plans.upkeep.services import Setter, tighten
from plans.versions.comparing import PartChange, compare
from plans.versions.content import Content, content_of, digest
from plans.versions.rooms import BY_NAME, LOOKED, TABLES, Part, Plain, Table, part_of
from plans.versions.rows import put_registered, put_row
from plans.versions.services import Signed
from plans.versions.telling import names_of, register_of, tell
from tenants.owned import EditConflict
from tenants.scope import current_scope


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking a part back would do. wanted: what that part says afterwards; remarks: what cannot come back.

    proposed: what was left out then, by its key, and is proposed again: approving it then was for then.
    """

    part: Part
    wanted: Content
    changes: tuple[PartChange, ...]
    remarks: tuple[str, ...]
    proposed: Mapping[str, Plain] = field(default_factory=dict)


def preview(now: Content, version: Content, part: Part, today: date) -> Preview:
    """Return what it would do to let `part` of the plan say again what it said in `version`. Pure.

    Who or what was put away elsewhere meanwhile is not brought back by another part: that place stays empty.
    In the language texts are now written in.
    """
    names, remarks = names_of(version, now), list[str]()
    alive = {table.name: (version if table.part is part else now).get(table.name, {}).keys() for table in TABLES}
    wanted: dict[str, dict[str, Plain]] = {}
    proposed: dict[str, Plain] = {}
    for table in TABLES:
        rows: dict[str, Plain] = {}
        for key, row in version.get(table.name, {}).items():
            if part_of(table, key, row) is not part:
                continue
            gone = [name for name in _referring(table, key, row) if not _alive(table, name, key, row, alive)]
            told = tell(table, key, row, names)
            called = f"{told.heading}: {told.name}" if told.name else told.heading
            if table.model is Waiver and not today <= date.fromisoformat(row["until"]) <= latest_until(today):
                remarks.append(_("%(row)s is not left out again: that day has passed.", row=called))
            elif table.model is Waiver and now.get(table.name, {}).get(key) != row:
                remarks.append(_("%(row)s is proposed to be left out again: an owner approves it.", row=called))
                proposed[key] = row
                if key in now.get(table.name, {}):
                    rows[key] = now[table.name][key]
            elif table.is_link and gone:
                remarks += _left_apart(table, gone, called)
            else:
                if gone:
                    remarks.append(_("%(row)s: who or what stood there is gone, so it stays empty.", row=called))
                left = {name: value for name, value in row.items() if name not in gone}
                if left or table.is_link:
                    rows[key] = left
        wanted[table.name] = rows
    after = {name: {**_others(table, now, part), **wanted[name]} for name, table in BY_NAME.items()}
    return Preview(part, wanted, compare(now, after, only=part), tuple(remarks), proposed)


def restore(version: Content, part: Part, seen: str, signed: Signed, record: Record) -> int:
    """Let `part` of the plan say again what it said in `version`; return how many rows that changed.

    seen: fingerprint of the plan as the preview showed it; record: by which the rows of registers can be taken back.
    Raises EditConflict when the plan was changed since the preview, PlanError when a rule of the plan forbids it.
    """
    take_turn()
    now = content_of(current_scope().only_tenant)
    if digest(now) != seen:
        raise EditConflict
    found = preview(now, version, part, signed.today)
    work = _Work(signed, now, rows=_propose(found.proposed, signed))
    for table in TABLES:
        rows = found.wanted[table.name]
        held = {key: row for key, row in now.get(table.name, {}).items() if part_of(table, key, row) is part}
        changed = {key: rows.get(key) for key in sorted(held.keys() | rows.keys()) if held.get(key) != rows.get(key)}
        work.rows += len(changed)
        HANDLERS.get(table.model, _put_rows)(table, changed, work)
    db.session().flush()
    keep(ChangeKind.RESTORED, work.steps, record)
    return work.rows


@dataclass(slots=True)
class _Work:
    """A taking back under way. steps: of register rows, to be undone."""

    signed: Signed
    now: Content
    rows: int = 0
    steps: list[Step | None] = field(default_factory=list)


Changed = Mapping[str, Plain | None]


def _put_rows(table: Table, changed: Changed, work: _Work) -> None:
    for key, row in changed.items():
        register = register_of(table, row if row is not None else work.now[table.name][key])
        if register is None:
            put_row(table, key, row, at=work.signed.at)
        else:
            work.steps.append(put_registered(table, register, UUID(key), row, at=work.signed.at))


def _answers(_table: Table, changed: Changed, work: _Work) -> None:
    """Save answers; the days on which somebody looked stay as they are."""
    query = sa.select(Answer.item_id, Answer.values).where(Answer.item_id.in_(changed))
    looked = {
        item_id: {name: value for name, value in values.items() if name in LOOKED}
        for item_id, values in db.session().execute(query)
    }
    for item_id, told in changed.items():
        row = told or {}
        values = AnswerValues(
            {**looked.get(item_id, {}), **row.get("values", {})}, _id(row, "contact_id"), _id(row, "party_id")
        )
        save_answer(item_id, values, by=work.signed.by, today=work.signed.today)


def _seats(_table: Table, changed: Changed, work: _Work) -> None:
    seats: dict[str, dict[str, SeatValues]] = defaultdict(dict)
    tasks = {}
    for key, told in changed.items():
        row = told or {}
        item_id, _slash, seat = key.partition("/")
        seats[item_id][seat] = SeatValues(_id(row, "contact_id"), _id(row, "deputy_id"))
        if item_id == TEAM_ITEM:
            tasks[seat] = str(row.get("task", ""))
    for item_id, chosen in seats.items():
        assign(item_id, chosen)
    if tasks:
        save_tasks(tasks, today=work.signed.today)


def _propose(proposed: Mapping[str, Plain], signed: Signed) -> int:
    """Propose what was left out then and is not now; return how much that is."""
    who = Signer(current_scope().actor.user_id, signed.by, signed.at, signed.today)
    for key, row in sorted(proposed.items()):
        item_id, _slash, part = key.partition("/")
        propose(item_id, WaiverValues(row["reason"], date.fromisoformat(row["until"]), part), who)
    return len(proposed)


def _waivers(_table: Table, changed: Changed, work: _Work) -> None:
    """Let count again what was not left out then: nothing else of what is left out comes here."""
    query = sa.select(Waiver.item_id, Waiver.part, Waiver.id).where(
        Waiver.state == WaiverState.APPROVED, Waiver.ended_at.is_(None)
    )
    held = {f"{item_id}/{part}": row_id for item_id, part, row_id in db.session().execute(query)}
    for key in changed:
        take_back_in(key.partition("/")[0], held[key], at=work.signed.at)


def _intervals(_table: Table, changed: Changed, work: _Work) -> None:
    chosen = {Interval(name): row["days"] if row else None for name, row in changed.items()}
    tighten(chosen, who=Setter(work.signed.by, work.signed.today))


def _needs(_table: Table, changed: Changed, _work: _Work) -> None:
    """Save what systems need: first what goes, so that nothing waits for each other on the way."""
    gone: dict[UUID, set[str]] = defaultdict(set)
    new: dict[UUID, set[str]] = defaultdict(set)
    for key, row in changed.items():
        system, _slash, needed = key.partition("/")
        (gone if row is None else new)[UUID(system)].add(needed)
    for system_id, keys in gone.items():
        held = needs_of(system_id)
        save_needs(system_id, Wanted(*(old - less for old, less in zip(_three(held), _ends(keys), strict=True))))
    for system_id, keys in new.items():
        held = needs_of(system_id)
        save_needs(system_id, Wanted(*(old | more for old, more in zip(_three(held), _ends(keys), strict=True))))


def _three(wanted: Wanted) -> tuple[frozenset[UUID], frozenset[UUID], frozenset[UUID]]:
    return wanted.systems, wanted.parties, wanted.data_sets


def _ends(keys: set[str]) -> tuple[frozenset[UUID], ...]:
    """Return the systems, parties and data sets of keys that name one of the three each."""
    places = [key.split("/") for key in keys]
    return tuple(frozenset(UUID(place[nth]) for place in places if place[nth]) for nth in range(3))


HANDLERS: Mapping[Any, Callable[[Table, Changed, _Work], None]] = MappingProxyType(
    {Answer: _answers, Assignment: _seats, Waiver: _waivers, IntervalSetting: _intervals, SystemNeed: _needs}
)


def _referring(table: Table, key: str, row: Plain) -> Iterator[str]:
    """Yield the columns by which a row names another one."""
    if table.is_link:
        ends = zip(table.key, key.split("/"), strict=True)
        yield from (name for name, end in ends if end)
    else:
        yield from (name for name in table.refers if row.get(name))


def _left_apart(table: Table, gone: Collection[str], called: str) -> Iterator[str]:
    """Yield that a link does not come back, where what it leads to belongs to another part, and so can come first."""
    if any(BY_NAME[table.refers[name]].part is not table.part for name in gone):
        yield _(
            "%(row)s does not come back: one of the two is gone. Bring that back first, then this again.", row=called
        )


def _alive(table: Table, name: str, key: str, row: Plain, alive: Mapping[str, Any]) -> bool:
    end = key.split("/")[table.key.index(name)] if table.is_link else row[name]
    return table.refers[name] not in BY_NAME or end in alive[table.refers[name]]


def _others(table: Table, now: Content, part: Part) -> dict[str, Plain]:
    """Return the rows of other parts, as they are."""
    return {key: row for key, row in now.get(table.name, {}).items() if part_of(table, key, row) is not part}


def _id(row: Plain, name: str) -> UUID | None:
    return UUID(row[name]) if row.get(name) else None
