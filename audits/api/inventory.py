"""The inventory, as programs read and change it: checked as its forms are, written down as every change is.

Whoever changes a record names the version it read (If-Match), so that nobody's change is written over unseen.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import request, url_for
from sqlalchemy.orm.exc import StaleDataError

from audits.api.paging import Part, part_of
from core import clock, db
from core.columns import IdText
from core.serving.problems import Problem
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
from tenants.prepared import Prepared
from tenants.tokens.door import caller
from tenants.tokens.scopes import TokenScope

ASSETS = "inventory"
REGISTER_NAMES = tuple(register.slug for register in INVENTORY)
# Written, and never answered: whoever holds a token that reads must not get at them.
UNTOLD = frozenset(column.name for register in INVENTORY for column in register.columns if column.secret)
# Every other column that some class has, once.
COLUMNS = tuple(dict.fromkeys(one.name for register in INVENTORY for one in register.columns if one.name not in UNTOLD))
NO_ID = UUID(int=0)
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
    after = wish.part.after(ASSETS)
    kinds = [AssetKind(wish.register)] if wish.register else list(AssetKind)
    last = UUID(after[0]) if after else NO_ID
    most = wish.part.limit + 1
    with closing(_records(wish.archived).columns(most, after=last, kinds=kinds, most=most)) as parts:
        found = [line for part in parts for line in _lines(wish.archived, *part)]
    return part_of(ASSETS, found, wish.part, lambda one: (str(one["id"]),))


@cache
def _records(archived: bool) -> Prepared:
    """Return what reads the records of a part, column by column: whole rows cost twice as much."""
    gone = Asset.archived_at.is_not(None) if archived else Asset.archived_at.is_(None)
    key = sa.type_coerce(Asset.id, IdText())
    query = sa.select(key, Asset.kind, Asset.version, *(getattr(Asset, name) for name in COLUMNS))
    query = query.where(gone, Asset.kind.in_(sa.bindparam("kinds", expanding=True)), Asset.id > sa.bindparam("after"))
    return Prepared(query.order_by(Asset.id).limit(sa.bindparam("most", type_=sa.Integer)))


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
        return _answer(there, 200, ())
    register = BY_SLUG[new.register]
    values = _values(register, new.fields, {column.name: column.empty for column in register.columns})
    try:
        row = services.add_row(register, values, row_id=new.id, record=Record(clock.now()))
    except PlanError as wrong:
        raise _refused(wrong) from None
    assert isinstance(row, Asset)
    return _answer(row, 201, new.fields)


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
    return _answer(_asset(asset_id), 200, fields)


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


def _answer(row: Asset, status: int, sent: Collection[str] | None = None) -> Answer:
    """Answer a record: to a program that only writes, no fields but those it has just sent. sent: None for a reader."""
    headers = {"ETag": f'"{row.version}"'}
    if status == 201:
        headers["Location"] = url_for("api.show_asset", asset_id=row.id)
    told = _told(row)
    if sent is not None and TokenScope.INVENTORY_READ not in caller().scopes:
        told["fields"] = {name: value for name, value in told["fields"].items() if name in sent}
    return told, status, headers


def _told(row: Asset) -> dict[str, Any]:
    """Return a record as JSON holds it."""
    held = ([getattr(row, name)] for name in COLUMNS)
    return _lines(row.archived_at is not None, [str(row.id)], [row.kind], [row.version], *held)[0]


def _lines(
    archived: bool, keys: Sequence[str], kinds: Sequence[AssetKind], versions: Sequence[int], *held: Sequence[Any]
) -> list[dict[str, Any]]:
    """Return records as JSON holds them. held: what stands in COLUMNS, column by column."""
    shown = zip(*(SHOWN[name](values) for name, values in zip(COLUMNS, held, strict=True)), strict=True)
    return [
        {
            "id": key,
            "register": NAMES[kind],
            "version": version,
            "archived": archived,
            "fields": dict(zip(FIELDS[kind], PICKED[kind](values), strict=True)),
        }
        for key, kind, version, values in zip(keys, kinds, versions, shown, strict=True)
    ]


def _shown(kind: Kind) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Return what turns a column into JSON: days in ISO 8601, amounts as text with two decimals, null where empty."""
    if kind in TEXT_KINDS:
        return lambda values: [value or None for value in values]
    if kind in (Kind.DAY, Kind.TERM):
        return lambda values: [None if value is None else value.isoformat() for value in values]
    if kind is Kind.AMOUNT:
        return lambda values: [None if value is None else f"{value:.2f}" for value in values]
    return lambda values: values


# Of each column how it is shown, in whichever class it stands.
SHOWN = {one.name: _shown(one.kind) for register in INVENTORY for one in register.columns if one.name in COLUMNS}
# Asking each record's class for its name costs more than finding it here.
NAMES = {kind: kind.value for kind in AssetKind}
# Of each class its columns, and what picks them out of COLUMNS.
FIELDS = {
    AssetKind(register.slug): tuple(one.name for one in register.columns if one.name not in UNTOLD)
    for register in INVENTORY
}
PICKED = {kind: itemgetter(*map(COLUMNS.index, names)) for kind, names in FIELDS.items()}
