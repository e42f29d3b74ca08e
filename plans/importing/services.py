"""Take an upload in, keep what was chosen, and bring a sheet in."""

import hashlib
import re
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm.exc import StaleDataError

from core import db
from core.sheets.reading import SheetRows
from core.sheets.uploads import Upload
from plans.errors import NotThere
from plans.importing.cells import Grid, grid_of, packed
from plans.importing.guessing import guess
from plans.importing.mapping import Chosen, data_rows, kept, restored
from plans.importing.models import ImportBatch, ImportSheet, SheetState
from plans.importing.pasting import Pasted
from plans.importing.planned import CHOICES, Outcome, Plan
from plans.importing.queries import KEPT, Unused, packed_report, plan_of, rows_to_change, sheet_of
from plans.importing.returning import MEMORY, recognise
from plans.importing.writing import write
from plans.registers.shape import Register
from plans.registers.undo.models import ChangeKind
from plans.registers.undo.services import Record, keep
from plans.turns import take_turn
from tenants import trail
from tenants.owned import EditConflict

NOT_CHOSEN = _l("Nobody chose this, so it was not brought in.")
MARK = re.compile(r"[0-9]{1,7}|[0-9a-f]{32}")


class NotReady(Exception):
    """This sheet cannot be brought in: nobody chose its columns yet, or its cells were thrown away."""


def take_in(arrival: Upload, *, by: str, at: datetime) -> ImportBatch:
    """Keep the cells of an uploaded file, each sheet with a guess of what it holds.

    by: the name of who uploaded it; at: aware UTC. Cells of uploads older than queries.KEPT are thrown away.
    """
    take_turn()
    drop_old(at=at)
    batch = ImportBatch(
        file_name=arrival.name[:255],
        sha256=hashlib.sha256(arrival.data).hexdigest(),
        uploaded_at=at,
        uploaded_by=by,
    )
    db.session().add(batch)
    db.session().flush()
    sheets = [sheet for sheet in arrival.content.sheets if sheet.name != MEMORY]
    memory = next((grid_of(sheet) for sheet in arrival.content.sheets if sheet.name == MEMORY), None)
    for position, sheet in enumerate(sheets, start=1):
        grid = grid_of(sheet)
        returned = recognise(grid, memory)
        _add_sheet(batch, position, sheet, grid, returned or guess(grid, sheet.name), ready=returned is not None)
    db.session().flush()
    return batch


def _add_sheet(batch: ImportBatch, position: int, sheet: SheetRows, grid: Grid, found: Chosen, *, ready: bool) -> None:
    """Keep one sheet. ready: nobody has to look the columns over before its preview."""
    db.session().add(
        ImportSheet(
            batch_id=batch.id,
            position=position,
            name=sheet.name[:255],
            hidden=sheet.hidden,
            row_count=sum(1 for _number in data_rows(grid, found.header_row)),
            layout=found.layout.slug,
            state=SheetState.MAPPED if ready else SheetState.UPLOADED,
            chosen=kept(found) if ready else None,
            cells=packed(grid),
        )
    )


def take_in_pasted(register: Register, pasted: Pasted, *, by: str, at: datetime) -> ImportBatch:
    """Keep a block that was pasted into the page of a register, ready for its preview. by, at: as for take_in()."""
    take_turn()
    drop_old(at=at)
    digest = hashlib.sha256(pasted.text.encode()).hexdigest()
    name = str(_("Pasted: %(register)s", register=register.title))[:255]
    batch = ImportBatch(file_name=name, sha256=digest, uploaded_at=at, uploaded_by=by)
    db.session().add(batch)
    db.session().flush()
    sheet = SheetRows(name, False, pasted.grid.rows, ())
    _add_sheet(batch, 1, sheet, pasted.grid, pasted.chosen, ready=True)
    db.session().flush()
    return batch


def choose(batch_id: UUID, position: int, chosen: Chosen, row_count: int) -> None:
    """Keep what was chosen for a sheet. row_count: filled rows below the headings that were chosen.

    Raises NotThere, and NotReady when the sheet was brought in or thrown away already.
    """
    take_turn()
    sheet = sheet_of(batch_id, position)
    if sheet.state not in (SheetState.UPLOADED, SheetState.MAPPED):
        raise NotReady
    if sheet.chosen is not None:
        chosen = replace(chosen, downloaded=restored(sheet.chosen).downloaded)
    sheet.chosen, sheet.layout, sheet.row_count = kept(chosen), chosen.layout.slug, row_count
    sheet.state = SheetState.MAPPED
    db.session().flush()


def tick(batch_id: UUID, position: int, shown: Collection[str], ticked: Collection[str]) -> None:
    """Keep which rows are to be brought in. shown: the marks of the rows somebody looked at; ticked: those to bring in.

    Raises NotThere; NotReady when nothing was chosen yet, or the sheet was brought in or thrown away already.
    """
    take_turn()
    sheet = sheet_of(batch_id, position)
    if sheet.state is not SheetState.MAPPED or sheet.chosen is None:
        raise NotReady
    chosen = restored(sheet.chosen)
    # Of any other mark there is nothing to keep.
    marks = {mark for mark in shown if MARK.fullmatch(mark)}
    answers = {**chosen.answers, **{mark: mark in ticked for mark in marks}}
    sheet.chosen = kept(replace(chosen, answers=answers))
    db.session().flush()


def apply(batch_id: UUID, position: int, *, by: str, at: datetime, seen: str | None = None) -> bool:
    """Bring a sheet in, judged anew now; tell whether this was the call that did it.

    A sheet that was brought in already is left as it is. by: the name of who does it; at: aware UTC; seen: the
    digest of the plan that was shown (matching.Plan), None when nobody saw one.
    Raises NotThere; NotReady when nothing was chosen yet; EditConflict when the registers changed in between.
    """
    # From here on nobody else changes this organisation: of two clicks the second finds the sheet brought in.
    take_turn()
    sheet = sheet_of(batch_id, position)
    if sheet.state is SheetState.APPLIED:
        return False
    if sheet.state is not SheetState.MAPPED or sheet.chosen is None:
        raise NotReady
    plan = plan_of(sheet, restored(sheet.chosen))
    if seen is not None and seen != plan.digest:
        raise EditConflict
    steps, added = write(plan, rows_to_change(plan), at)
    record = Record(at)
    _close(sheet, plan, by=by, at=at)
    sheet.change_id = record.id if steps or added else None
    try:
        db.session().flush()
    except StaleDataError:
        raise EditConflict from None
    keep(ChangeKind.IMPORTED, steps, record, added)
    counts = {"new": sheet.new, "changed": sheet.changed, "unchanged": sheet.unchanged, "skipped": sheet.skipped}
    trail.record("import.applied", "import_sheet", sheet.id, sheet=sheet.name, **counts)
    db.session().flush()
    return True


def _close(sheet: ImportSheet, plan: Plan, *, by: str, at: datetime) -> None:
    sheet.state, sheet.applied_at, sheet.applied_by = SheetState.APPLIED, at, by
    sheet.new, sheet.put_away = plan.count_in(Outcome.NEW), plan.count_in(Outcome.REMOVED)
    sheet.changed = plan.count_in(Outcome.CHANGED, Outcome.CONFLICT)
    sheet.unchanged = plan.count(Outcome.UNCHANGED)
    sheet.skipped = len(plan) - sheet.new - sheet.put_away - sheet.changed - sheet.unchanged
    sheet.report = packed_report(unused(plan))
    # People's data in a file nobody needs any more.
    sheet.cells = b""


def unused(plan: Plan) -> list[Unused]:
    """Return a line for each row that is skipped and for each remark, in the order of the file."""
    lines = []
    for row in plan.noticed():
        if row.outcome is Outcome.SKIPPED:
            lines.append(Unused(row.number, row.name, "", "", str(row.reason)))
        elif row.outcome in CHOICES and not plan.comes_in(row):
            lines.append(Unused(row.number, row.name, "", "", str(NOT_CHOSEN)))
        lines += [Unused(row.number, row.name, str(told.heading), told.cell, str(told.text)) for told in row.remarks]
    return lines


def drop(batch_id: UUID) -> None:
    """Throw away the cells of an upload that were not brought in; doing it twice changes nothing. Raises NotThere."""
    take_turn()
    if db.session().scalar(sa.select(ImportBatch.id).where(ImportBatch.id == batch_id)) is None:
        raise NotThere
    _drop(sa.select(ImportSheet).where(ImportSheet.batch_id == batch_id))


def drop_old(*, at: datetime) -> None:
    """Throw away the cells of uploads older than queries.KEPT that nobody brought in."""
    old = sa.select(ImportBatch.id).where(ImportBatch.uploaded_at < at - KEPT)
    _drop(sa.select(ImportSheet).where(ImportSheet.batch_id.in_(old)))


def _drop(query: sa.Select[Any]) -> None:
    waiting = ImportSheet.state.in_((SheetState.UPLOADED, SheetState.MAPPED))
    for sheet in db.session().scalars(query.where(waiting)):
        sheet.cells, sheet.state = b"", SheetState.DROPPED
    db.session().flush()
