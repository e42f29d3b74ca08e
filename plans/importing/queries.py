"""What the pages of an import show, and what an import is compared with."""

import json
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from core import db
from plans.errors import NotThere
from plans.importing.cells import unpacked
from plans.importing.headings import ROW_KEY
from plans.importing.mapping import Chosen
from plans.importing.matching import plan
from plans.importing.models import ImportBatch, ImportSheet, SheetState
from plans.importing.planned import HeldRow, Plan
from plans.importing.reading import read_apart
from plans.importing.states import States
from plans.importing.steps import Known, People
from plans.models import Asset, Contact, ExternalParty
from plans.registers.cells import folded
from plans.registers.columns import BY_SLUG as REGISTER_BY_SLUG
from plans.registers.shape import Kind, Register, Row
from tenants.prepared import Prepared
from tenants.scope import current_scope

KEPT = timedelta(days=30)
LISTED = 50
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded file with its sheets, in the order of the file."""

    batch: ImportBatch
    sheets: tuple[ImportSheet, ...]


@dataclass(frozen=True, slots=True)
class Unused:
    """One line of what could not be used, as it was told to whoever brought the sheet in."""

    row: int
    name: str
    heading: str
    cell: str
    text: str


def uploads() -> tuple[Upload, ...]:
    """Return the latest uploads, newest first."""
    newest = sa.select(ImportBatch).order_by(ImportBatch.uploaded_at.desc(), ImportBatch.id.desc()).limit(LISTED)
    batches = list(db.session().scalars(newest))
    sheets: dict[UUID, list[ImportSheet]] = defaultdict(list)
    wanted = sa.select(ImportSheet).where(ImportSheet.batch_id.in_([batch.id for batch in batches]))
    for sheet in db.session().scalars(wanted.order_by(ImportSheet.position)):
        sheets[sheet.batch_id].append(sheet)
    return tuple(Upload(batch, tuple(sheets[batch.id])) for batch in batches)


def upload(batch_id: UUID) -> Upload:
    """Return one upload. Raises NotThere."""
    batch = db.session().scalar(sa.select(ImportBatch).where(ImportBatch.id == batch_id))
    if batch is None:
        raise NotThere
    of_batch = sa.select(ImportSheet).where(ImportSheet.batch_id == batch_id).order_by(ImportSheet.position)
    return Upload(batch, tuple(db.session().scalars(of_batch)))


def sheet_of(batch_id: UUID, position: int) -> ImportSheet:
    """Return one sheet as it is now, with its cells and report. Raises NotThere."""
    query = (
        sa.select(ImportSheet)
        .where(ImportSheet.batch_id == batch_id, ImportSheet.position == position)
        .options(undefer(ImportSheet.cells), undefer(ImportSheet.report))
        # Somebody may have brought it in between an earlier look and our turn.
        .execution_options(populate_existing=True)
    )
    sheet: ImportSheet | None = db.session().scalar(query)
    if sheet is None:
        raise NotThere
    return sheet


def expired(batch: ImportBatch, *, at: datetime) -> bool:
    """Tell whether the cells of an upload are too old to be brought in."""
    return batch.uploaded_at + KEPT < at


def open_sheets(found: Upload) -> int:
    """Return how many sheets of an upload can still be brought in."""
    return sum(
        sheet.state in (SheetState.UPLOADED, SheetState.MAPPED) and sheet.row_count > 0 for sheet in found.sheets
    )


def plan_of(sheet: ImportSheet, chosen: Chosen) -> Plan:
    """Return what bringing in a sheet would do now."""
    held = {found.slug: _held(found) for found in chosen.layout.registers}
    read, fresh = read_apart(unpacked(sheet.cells), chosen, people_named(chosen), held, _states(chosen))
    return plan(read, held, chosen.downloaded, chosen.answers, chosen.layout.registers, fresh)


def rows_to_change(plan: Plan) -> Mapping[UUID, Row]:
    """Return the rows that bringing in this plan changes, by their id: of most files few, so only those are objects."""
    wanted: dict[type[Row], list[UUID]] = defaultdict(list)
    for planned in plan.each:
        if planned.held is not None and plan.comes_in(planned):
            wanted[planned.register.model].append(planned.held.id)
    found: dict[UUID, Row] = {}
    for model, ids in wanted.items():
        for start in range(0, len(ids), AT_ONCE):
            chosen: sa.Select[Any] = sa.select(model).where(model.id.in_(ids[start : start + AT_ONCE]))
            found |= {row.id: row for row in db.session().scalars(chosen)}
    return found


def _states(chosen: Chosen) -> States | None:
    """Return what reads the hidden cells of a sheet that was downloaded here; None for any other."""
    if ROW_KEY not in chosen.targets:
        return None
    return States(chosen.layout.registers[0], current_scope().only_tenant)


def people_named(chosen: Chosen) -> People:
    """Return whom the cells of a sheet can name; nobody where no column asks for a name."""
    kinds = {column.kind for target in chosen.targets if target and (column := chosen.layout.column(target))}
    return People(
        _known(Contact) if Kind.CONTACT in kinds else {},
        _known(ExternalParty) if Kind.PARTY in kinds else {},
    )


def _known(model: type[Contact | ExternalParty]) -> Known:
    found: dict[str, tuple[UUID, ...]] = {}
    for row_id, name in db.session().execute(sa.select(model.id, model.name).where(model.archived_at.is_(None))):
        found[folded(name)] = (*found.get(folded(name), ()), row_id)
    return found


@cache
def _every(slug: str) -> Prepared:
    register = REGISTER_BY_SLUG[slug]
    model: Any = register.model
    values = (getattr(model, column.name) for column in register.columns)
    query = sa.select(model.id, model.version, model.archived_at, *values).order_by(model.id)
    return Prepared(query if register.asset_kind is None else query.where(Asset.kind == register.asset_kind))


def _held(register: Register) -> list[HeldRow]:
    """Return the rows of a register, those put away too, in the order in which they were added."""
    ids, versions, ended, *columns = _every(register.slug).all_columns()
    names = [column.name for column in register.columns]
    each = zip(ids, versions, ended, zip(*columns, strict=True), strict=True)
    return [HeldRow(row, one, at is not None, dict(zip(names, values, strict=True))) for row, one, at, values in each]


def packed_report(lines: Sequence[Unused]) -> bytes:
    """Return what could not be used, for keeping."""
    told = [[line.row, line.name, line.heading, line.cell, line.text] for line in lines]
    return zlib.compress(json.dumps(told, ensure_ascii=False).encode())


def report_of(sheet: ImportSheet) -> tuple[Unused, ...]:
    """Return what could not be used of a sheet that was brought in."""
    return tuple(Unused(*line) for line in json.loads(zlib.decompress(sheet.report))) if sheet.report else ()
