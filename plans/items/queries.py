"""What is stored about the items of a plan, for pages. Copies of columns, never rows that could be changed."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.fields import TEAM_ITEM
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
    Waiver,
    WaiverState,
)
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
class CurrentWaiver:
    """Why an item or part of it is left out. `until` may have passed: it then no longer counts.

    author: who proposed it, decided_by: who approved it; alone: the only owner there was did both.
    """

    id: UUID
    item_id: str
    part: str
    reason: str
    author: str
    starts_on: date
    until: date
    decided_by: str
    alone: bool
    proposed_on: date | None

    @property
    def version(self) -> int:
        """Return how often it was saved: what is left out is told anew, never changed."""
        return 1

    @property
    def approved_by(self) -> str:
        """Return who approved it: of days that were kept before that was a step of its own, who left it out."""
        return self.decided_by or self.author


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody proposes to leave out, and nobody decided about yet. author_id: their account."""

    id: UUID
    item_id: str
    part: str
    reason: str
    author: str
    author_id: UUID | None
    proposed_on: date
    until: date

    @property
    def version(self) -> int:
        """Return how often it was saved: it is proposed anew, never changed."""
        return 1


@dataclass(frozen=True, slots=True)
class Refused:
    """The newest proposal for an item, or a part of it, that was refused, where nothing came after it."""

    part: str
    reason: str
    author: str
    refusal: str
    decided_by: str
    ended_at: datetime


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


def _told(model: Any, kind: Any) -> list[Any]:
    """Return the columns that are called as the fields of `kind`."""
    return [getattr(model, one.name) for one in fields(kind)]


# What every page of an item asks.
_ITEM_IDS: sa.BindParameter[str] = sa.bindparam("item_ids", expanding=True)
_ANSWERS = Prepared(sa.select(*_told(Answer, StoredAnswer)).where(Answer.item_id.in_(_ITEM_IDS)))
_SEATED = Prepared(sa.select(*_told(Assignment, Seated)).where(Assignment.item_id.in_(_ITEM_IDS)))
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


def waivers(item_ids: Collection[str]) -> tuple[CurrentWaiver, ...]:
    """Return the approved waivers of `item_ids` that nobody ended, by part."""
    row = Waiver
    query: sa.Select[*tuple[Any, ...]] = sa.select(
        row.id,
        row.item_id,
        row.part,
        row.reason,
        row.author,
        row.starts_on,
        row.until,
        row.decided_by,
        row.alone,
        row.proposed_on,
    ).where(row.item_id.in_(item_ids), row.state == WaiverState.APPROVED, row.ended_at.is_(None))
    found = (CurrentWaiver(*line) for line in db.session().execute(query))
    return tuple(sorted(found, key=lambda waiver: (waiver.item_id, waiver.part)))


def proposals(item_ids: Collection[str]) -> tuple[Proposal, ...]:
    """Return what is proposed to be left out of `item_ids` and waits for a decision, by part."""
    row = Waiver
    query: sa.Select[*tuple[Any, ...]] = sa.select(
        row.id, row.item_id, row.part, row.reason, row.author, row.author_id, row.proposed_on, row.until
    ).where(row.item_id.in_(item_ids), row.state == WaiverState.PROPOSED, row.ended_at.is_(None))
    found = (Proposal(*line) for line in db.session().execute(query))
    return tuple(sorted(found, key=lambda proposal: (proposal.item_id, proposal.part)))


_PROPOSED = Prepared(sa.select(Waiver.id).where(Waiver.state == WaiverState.PROPOSED, Waiver.ended_at.is_(None)))


def proposals_waiting() -> int:
    """Return how many proposals to leave something out wait for an owner."""
    return len(_PROPOSED.rows())


@dataclass(frozen=True, slots=True)
class LeavingOut:
    """Where leaving out an item and its parts stands. refused: the newest of a part, where nothing came after it."""

    waivers: tuple[CurrentWaiver, ...]
    proposals: tuple[Proposal, ...]
    refused: tuple[Refused, ...]


_LEFT_OUT = Prepared(
    sa.select(*_told(Waiver, CurrentWaiver), Waiver.author_id, Waiver.state, Waiver.refusal, Waiver.ended_at)
    .where(Waiver.item_id == sa.bindparam("item_id"))
    .order_by(Waiver.part, Waiver.id)
)


def leaving_out_of(item_id: str) -> LeavingOut:
    """Return where leaving out an item and its parts stands, each by part. One query."""
    rows = _LEFT_OUT.rows(item_id=item_id)
    newest = {row.part: row for row in rows}
    running = [row for row in rows if row.ended_at is None]
    return LeavingOut(
        tuple(_current(row) for row in running if row.state is WaiverState.APPROVED),
        tuple(_proposal(row) for row in running if row.state is WaiverState.PROPOSED),
        tuple(_refused(row) for row in newest.values() if row.state is WaiverState.REFUSED),
    )


def _current(row: Any) -> CurrentWaiver:
    return CurrentWaiver(
        row.id, row.item_id, row.part, row.reason, row.author, row.starts_on, row.until, row.decided_by, row.alone,
        row.proposed_on,
    )  # fmt: skip


def _proposal(row: Any) -> Proposal:
    day = row.proposed_on or row.starts_on
    return Proposal(row.id, row.item_id, row.part, row.reason, row.author, row.author_id, day, row.until)


def _refused(row: Any) -> Refused:
    assert row.ended_at is not None
    return Refused(row.part, row.reason, row.author, row.refusal, row.decided_by, row.ended_at)


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
