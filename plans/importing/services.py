"""Take an upload in, keep what was chosen, and bring a sheet in."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm.exc import StaleDataError

from core import db
from core.sheets.reading import Spreadsheet
from plans.errors import NotThere
from plans.importing.cells import grid_of, packed
from plans.importing.guessing import guess
from plans.importing.mapping import Chosen, data_rows, kept, restored
from plans.importing.matching import Outcome, Plan, PlannedRow
from plans.importing.models import ImportBatch, ImportSheet, SheetState
from plans.importing.queries import KEPT, Unused, packed_report, plan_of, sheet_of
from plans.models import Asset
from plans.registers.shape import Row
from plans.turns import take_turn
from tenants import trail
from tenants.owned import EditConflict


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that was read. data: its bytes, for the digest only."""

    file_name: str
    data: bytes
    content: Spreadsheet


class NotReady(Exception):
    """This sheet cannot be brought in: nobody chose its columns yet, or its cells were thrown away."""


def take_in(arrival: Arrival, *, by: str, at: datetime) -> ImportBatch:
    """Keep the cells of an uploaded file, each sheet with a guess of what it holds.

    by: the name of who uploaded it; at: aware UTC. Cells of uploads older than queries.KEPT are thrown away.
    """
    take_turn()
    drop_old(at=at)
    batch = ImportBatch(
        file_name=arrival.file_name[:255],
        sha256=hashlib.sha256(arrival.data).hexdigest(),
        uploaded_at=at,
        uploaded_by=by,
    )
    db.session().add(batch)
    db.session().flush()
    for position, sheet in enumerate(arrival.content.sheets, start=1):
        grid = grid_of(sheet)
        guessed = guess(grid, sheet.name)
        db.session().add(
            ImportSheet(
                batch_id=batch.id,
                position=position,
                name=sheet.name[:255],
                hidden=sheet.hidden,
                row_count=sum(1 for _ in data_rows(grid, guessed.header_row)),
                layout=guessed.layout.slug,
                cells=packed(grid),
            )
        )
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
    sheet.chosen, sheet.layout, sheet.row_count = kept(chosen), chosen.layout.slug, row_count
    sheet.state = SheetState.MAPPED
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
    plan, rows = plan_of(sheet, restored(sheet.chosen))
    if seen is not None and seen != plan.digest:
        raise EditConflict
    _write(plan, rows)
    _close(sheet, plan, by=by, at=at)
    try:
        db.session().flush()
    except StaleDataError:
        raise EditConflict from None
    counts = {outcome.value: plan.count(outcome) for outcome in Outcome}
    trail.record("import.applied", "import_sheet", sheet.id, sheet=sheet.name, **counts)
    db.session().flush()
    return True


def _write(plan: Plan, rows: Mapping[UUID, Row]) -> None:
    for planned in plan.rows:
        if planned.outcome is Outcome.NEW:
            db.session().add(_new_row(planned))
        elif planned.outcome is Outcome.CHANGED and planned.held is not None:
            for name, value in planned.values.items():
                setattr(rows[planned.held.id], name, value)


def _new_row(planned: PlannedRow) -> Row:
    register = planned.register
    row = register.model(**{column.name: column.empty for column in register.columns} | dict(planned.values))
    if isinstance(row, Asset):
        assert register.asset_kind is not None
        row.kind = register.asset_kind
    return row


def _close(sheet: ImportSheet, plan: Plan, *, by: str, at: datetime) -> None:
    sheet.state, sheet.applied_at, sheet.applied_by = SheetState.APPLIED, at, by
    sheet.new, sheet.changed = plan.count(Outcome.NEW), plan.count(Outcome.CHANGED)
    sheet.unchanged, sheet.skipped = plan.count(Outcome.UNCHANGED), plan.count(Outcome.SKIPPED)
    sheet.report = packed_report(unused(plan))
    # People's data in a file nobody needs any more.
    sheet.cells = b""


def unused(plan: Plan) -> list[Unused]:
    """Return a line for each row that is skipped and for each remark, in the order of the file."""
    lines = []
    for row in plan.rows:
        if row.outcome is Outcome.SKIPPED:
            lines.append(Unused(row.number, row.name, "", "", str(row.reason)))
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
