"""What shows that a plan works: tests, copies of the back-up, and what has to follow."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from plans.models import CloudIn, CopyOf, Keeping, MadeEvery, Outcome


class ResultFact(NamedTuple):
    """A test result; `system_ids` the systems a restore covered, minutes: how long it took, as measured."""

    id: UUID
    item_id: str
    done_on: date
    outcome: Outcome
    cost: Decimal | None
    note: str
    system_ids: frozenset[UUID] = frozenset()
    minutes: int | None = None


class CopyFact(NamedTuple):
    """A copy of the back-up. there_on, reached_on: the newest sighting of each kind that nobody took back.

    kept_days: how many days one can go back with it; made_every, cloud_in, settings_in, deletable: as BackupCopy; None
    when nobody said so. system_ids: whose data it holds, of every system when there are none.
    """

    id: UUID
    holds: CopyOf
    name: str
    has_location: bool
    off_site: bool
    offline: bool
    keeping: Keeping | None
    keeper_id: UUID | None
    party_id: UUID | None
    has_encryption: bool
    has_key_place: bool
    key_apart: bool | None
    night_contact_id: UUID | None
    has_night_how: bool
    plan_version: int | None
    kept_days: int | None
    made_every: MadeEvery | None
    cloud_in: CloudIn | None
    settings_in: bool | None
    deletable: bool | None
    has_may_delete: bool
    there_on: date | None = None
    reached_on: date | None = None
    system_ids: frozenset[UUID] = frozenset()


class PlannedFact(NamedTuple):
    """A test that is planned. done: its result is there."""

    id: UUID
    item_id: str
    planned_on: date
    done: bool


class FollowUpFact(NamedTuple):
    """Something that must follow a test of `item_id`, and is still open. due_on: inclusive."""

    id: UUID
    item_id: str
    what: str
    opened_on: date
    due_on: date


class LessonFact(NamedTuple):
    """A lesson of a calamity or an exercise that nobody closed yet. due_on: inclusive."""

    id: UUID
    text: str
    due_on: date
