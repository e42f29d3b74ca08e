"""The inventory, as programs read and change it: checked as its forms are, written down as every change is.

Whoever changes a record names the version it read (If-Match), so that nobody's change is written over unseen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import request, url_for
from sqlalchemy.orm.exc import StaleDataError

from audits.api.paging import Part, part_of
from core import clock, db
from core.problems import Problem
from plans.errors import NotThere, PlanError
from plans.models import Asset, AssetKind
from plans.registers import services
from plans.registers.cells import BadCell, parse
from plans.registers.columns import BY_SLUG
from plans.registers.inventory import INVENTORY
from plans.registers.rows import values_of
from plans.registers.shape import TEXT_KINDS, Kind, Register, Value
from plans.registers.undo.services import Record
from plans.turns import take_turn
from tenants.owned import EditConflict

ASSETS = "inventory"
REGISTER_NAMES = tuple(register.slug for register in INVENTORY)
# Written, and never answered: whoever holds a token that reads must not get at them.
UNTOLD = frozenset(column.name for register in INVENTORY for column in register.columns if column.secret)
Fields = Mapping[str, Any]
Answer = tuple[dict[str, Any], int, dict[str, str]]


@dataclass(frozen=True, slots=True)
class AssetWish:
    """Which records to answer. register: its name, "" for all; archived: those put away instead."""

    part: Part
    register: str = ""
    archived: bool = False


@dataclass(frozen=True, slots=True)
class NewAsset:
    """A record to add. id: chosen by the program, so that sending it twice adds one."""

    register: str
    fields: Fields
    id: UUID | None = None


def list_assets(wish: AssetWish) -> dict[str, Any]:
    """Answer records of the inventory, the oldest first."""
    gone = Asset.archived_at.is_not(None) if wish.archived else Asset.archived_at.is_(None)
    query = sa.select(Asset).where(gone).order_by(Asset.id)
    if wish.register:
        query = query.where(Asset.kind == AssetKind(wish.register))
    if after := wish.part.after(ASSETS):
        query = query.where(Asset.id > UUID(after[0]))
    found = db.session().scalars(query.limit(wish.part.limit + 1)).all()
    return part_of(ASSETS, [_told(row) for row in found], wish.part, lambda one: (str(one["id"]),))


def show_asset(asset_id: UUID) -> Answer:
    """Answer one record."""
    return _answer(_asset(asset_id), 200)


def add_asset(new: NewAsset) -> Answer:
    """Add a record. Sent again under its own id, it answers the one that is there."""
    take_turn()
    there = db.session().scalar(sa.select(Asset).where(Asset.id == new.id)) if new.id else None
    if there is not None and there.kind.value != new.register:
        raise Problem(409, "A record of another register has this id.")
    if there is not None:
        return _answer(there, 200)
    register = BY_SLUG[new.register]
    values = _values(register, new.fields, {column.name: column.empty for column in register.columns})
    try:
        row = services.add_row(register, values, row_id=new.id, record=Record(clock.now()))
    except PlanError as wrong:
        raise _refused(wrong) from None
    assert isinstance(row, Asset)
    return _answer(row, 201)


def replace_asset(fields: Fields, asset_id: UUID) -> Answer:
    """Put these fields in the place of all there were; one that is not sent is empty afterwards."""
    register = BY_SLUG[_asset(asset_id).kind.value]
    return _change(asset_id, fields, {column.name: column.empty for column in register.columns})


def change_asset(fields: Fields, asset_id: UUID) -> Answer:
    """Change these fields and no other."""
    row = _asset(asset_id)
    return _change(asset_id, fields, values_of(BY_SLUG[row.kind.value], row))


def _change(asset_id: UUID, fields: Fields, start: Mapping[str, Value]) -> Answer:
    row, version = _asset(asset_id), _version_sent()
    register = BY_SLUG[row.kind.value]
    if row.archived_at is not None:
        raise Problem(409, "This record was put away. Take it back first.")
    values = _values(register, fields, start)
    try:
        services.change_row(register, asset_id, values, version=version, record=Record(clock.now()))
    except NotThere:
        raise _missing() from None
    except EditConflict:
        raise Problem(412, "Somebody changed this record since. Read it again.") from None
    except StaleDataError:
        raise Problem(409, "Somebody changed this record at the same moment. Read it again.") from None
    except PlanError as wrong:
        raise _refused(wrong) from None
    return _answer(_asset(asset_id), 200)


def _version_sent() -> int:
    """Return the version the program read. Raises Problem with 428 without one, with 412 for none that could be."""
    if "If-Match" not in request.headers:
        raise Problem(428, "Send If-Match with the ETag of the record that you read.")
    tags = list(request.if_match)
    if len(tags) != 1 or not (tags[0].isascii() and tags[0].isdigit() and len(tags[0]) < 10):
        raise Problem(412, "This is not the version that is kept. Read the record again.")
    return int(tags[0])


def _values(register: Register, fields: Fields, start: Mapping[str, Value]) -> dict[str, Value]:
    """Return `start` with `fields` in it, each as its column takes it. Raises Problem with 422."""
    found, wrong = dict(start), dict[str, list[str]]()
    columns = {column.name: column for column in register.columns}
    for name, raw in fields.items():
        if name not in columns:
            wrong[name] = [f"The register {register.slug} has no such field."]
            continue
        try:
            found[name] = columns[name].empty if raw is None else parse(columns[name], raw)
        except BadCell as bad:
            wrong[name] = [str(bad)]
    if found.get("perpetual") and found.get("expires_on"):
        wrong["expires_on"] = ["It has a last day, or it is perpetual: choose one of the two."]
    if wrong:
        raise Problem(422, "Something that was sent does not fit: see errors.", errors={"json": {"fields": wrong}})
    return found


def _asset(asset_id: UUID) -> Asset:
    row = db.session().scalar(sa.select(Asset).where(Asset.id == asset_id))
    if row is None:
        raise _missing()
    return row


def _missing() -> Problem:
    return Problem(404, "There is nothing here, or it is not yours.")


def _refused(wrong: PlanError) -> Problem:
    told = {"json": {"fields": {wrong.field: [str(wrong.text)]}}}
    return Problem(422, "Something that was sent does not fit: see errors.", errors=told)


def _answer(row: Asset, status: int) -> Answer:
    headers = {"ETag": f'"{row.version}"'}
    if status == 201:
        headers["Location"] = url_for("api.show_asset", asset_id=row.id)
    return _told(row), status, headers


def _told(row: Asset) -> dict[str, Any]:
    register = BY_SLUG[row.kind.value]
    held = values_of(register, row)
    return {
        "id": row.id,
        "register": register.slug,
        "version": row.version,
        "archived": row.archived_at is not None,
        "fields": {
            column.name: _shown(column.kind, held[column.name])
            for column in register.columns
            if column.name not in UNTOLD
        },
    }


def _shown(kind: Kind, value: Value) -> Any:
    """Return a value as JSON holds it: days in ISO 8601, amounts as text with two decimals, null where it is empty."""
    if value is None or (kind in TEXT_KINDS and value == ""):
        return None
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:.2f}" if kind is Kind.AMOUNT else value
