"""What is stored about the items of a plan, for pages. Copies of columns, never rows that could be changed."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.models import (
    Answer,
    Asset,
    AssetKind,
    Assignment,
    Contact,
    DataSet,
    Department,
    ExternalParty,
    PartyKind,
    System,
)
from plans.seats import TEAM_ITEM
from tenants.prepared import Prepared

UPKEEP_OWNER = "upkeep.responsible"
REGISTER_MODELS: Mapping[str, Any] = MappingProxyType(
    {"contacts": Contact, "departments": Department, "systems": System, "data-sets": DataSet}
)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as it is stored; `values` as in plans.models.Answer."""

    id: UUID
    version: int
    item_id: str
    values: Mapping[str, Any]
    contact_id: UUID | None
    party_id: UUID | None
    answered_on: date
    answered_by: str


@dataclass(frozen=True, slots=True)
class Seated:
    """Who fills a seat of an item, and the task that goes with it."""

    id: UUID
    version: int
    item_id: str
    seat: str
    contact_id: UUID | None
    deputy_id: UUID | None
    task: str
    task_changed_on: date | None
    acknowledged_on: date | None


@dataclass(frozen=True, slots=True)
class Person:
    """A contact to choose from."""

    id: UUID
    name: str
    phone: str
    job_title: str
    archived: bool


@dataclass(frozen=True, slots=True)
class Party:
    """An external party to choose from."""

    id: UUID
    name: str
    kind: PartyKind
    phone: str
    contact_name: str
    archived: bool


def columns_of(model: Any, kind: Any) -> list[Any]:
    """Return the columns that are called as the fields of `kind`."""
    return [getattr(model, one.name) for one in fields(kind)]


# What every page of an item asks.
_ITEM_IDS: sa.BindParameter[str] = sa.bindparam("item_ids", expanding=True)
_ANSWERS = Prepared(sa.select(*columns_of(Answer, StoredAnswer)).where(Answer.item_id.in_(_ITEM_IDS)))
_SEATED = Prepared(sa.select(*columns_of(Assignment, Seated)).where(Assignment.item_id.in_(_ITEM_IDS)))
_PEOPLE = Prepared(
    sa.select(Contact.id, Contact.name, Contact.phone, Contact.job_title, Contact.archived_at.is_not(None))
)
_PARTIES = Prepared(
    sa.select(
        ExternalParty.id,
        ExternalParty.name,
        ExternalParty.kind,
        ExternalParty.phone,
        ExternalParty.contact_name,
        ExternalParty.archived_at.is_not(None),
    )
)


def answers(item_ids: Collection[str]) -> dict[str, StoredAnswer]:
    """Return the answers to `item_ids` by item."""
    found = (StoredAnswer(*line) for line in _ANSWERS.rows(item_ids=list(item_ids)))
    return {one.item_id: one for one in found}


def seated(item_ids: Collection[str]) -> dict[tuple[str, str], Seated]:
    """Return who sits where, by item and seat."""
    found = (Seated(*line) for line in _SEATED.rows(item_ids=list(item_ids)))
    return {(one.item_id, one.seat): one for one in found}


def people() -> dict[UUID, Person]:
    """Return every contact by id, those put away too, sorted by name."""
    found = (Person(*line) for line in zip(*_PEOPLE.all_columns(), strict=True))
    return {person.id: person for person in sorted(found, key=lambda person: (person.name.casefold(), person.id))}


def may_sit(item_id: str, known: Mapping[UUID, Person], sitting: Iterable[Seated]) -> Mapping[UUID, Person]:
    """Return whom the seats of an item offer: the upkeep is looked after by the team, once there is one.

    sitting: who fills the seats now, and may stay. Source: handbook, upkeep.responsible.
    """
    if item_id != UPKEEP_OWNER:
        return known
    team = {one for row in seated([TEAM_ITEM]).values() for one in (row.contact_id, row.deputy_id)}
    kept = team | {one for row in sitting for one in (row.contact_id, row.deputy_id)}
    return {row_id: one for row_id, one in known.items() if row_id in kept} if team & set(known) else known


def parties() -> dict[UUID, Party]:
    """Return every external party by id, those put away too, sorted by name."""
    found = (Party(*line) for line in zip(*_PARTIES.all_columns(), strict=True))
    return {party.id: party for party in sorted(found, key=lambda party: (party.name.casefold(), party.id))}


def options(found: Iterable[Person | Party], kept: Collection[UUID | None]) -> list[tuple[UUID, str]]:
    """Return what a list offers: all that is in use, and of what was put away only `kept`. No two labels are alike."""
    offered = [one for one in found if not one.archived or one.id in kept]
    bearers = Counter(one.name.casefold() for one in offered)
    labels: list[tuple[UUID, str]] = []
    for one in offered:
        more = one.job_title if isinstance(one, Person) else one.contact_name
        alone = bearers[one.name.casefold()] == 1
        labels.append((one.id, one.name if alone else f"{one.name} ({more or one.phone or one.id.hex[-6:]})"))
    again = Counter(label.casefold() for _row_id, label in labels)
    return [
        (row_id, label if again[label.casefold()] == 1 else f"{label} {row_id.hex[-6:]}") for row_id, label in labels
    ]


def register_size(register: str) -> int:
    """Return how many rows of a register are in use. register: its slug; those of the inventory are kinds of asset."""
    model = REGISTER_MODELS.get(register, Asset)
    query = sa.select(sa.func.count(model.id)).where(model.archived_at.is_(None))
    if model is Asset:
        query = query.where(Asset.kind == AssetKind(register))
    return int(db.session().scalar(query) or 0)
