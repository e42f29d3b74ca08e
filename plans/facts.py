"""Frozen copies of a plan's rows: all that a rule may know. plans/loading.py fills them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from plans.handbook import Section
from plans.models import AssetKind, CopyOf, Impact, Keeping, LineKind, LineUse, Outcome, OwnKind, PartyKind
from plans.own_items.ids import own_id


@dataclass(frozen=True, slots=True)
class AnswerFact:
    """An answer: its fields by name. Days are ISO texts and amounts decimal texts in `values`."""

    item_id: str
    values: Mapping[str, Any]
    contact_id: UUID | None
    party_id: UUID | None
    answered_on: date

    def text(self, name: str) -> str:
        """Return a text field, empty when it was not filled in."""
        return str(self.values.get(name) or "").strip()

    def day(self, name: str) -> date | None:
        """Return a day field."""
        found = self.values.get(name)
        return date.fromisoformat(found) if found else None

    def amount(self, name: str) -> Decimal | None:
        """Return an amount in euro."""
        found = self.values.get(name)
        return None if found in (None, "") else Decimal(str(found))

    def number(self, name: str) -> int | None:
        """Return a whole number."""
        found = self.values.get(name)
        return None if found in (None, "") else int(found)


@dataclass(frozen=True, slots=True)
class AssignmentFact:
    """Who fills a seat."""

    item_id: str
    seat: str
    contact_id: UUID | None
    deputy_id: UUID | None
    task: str
    task_changed_on: date | None
    acknowledged_on: date | None


@dataclass(frozen=True, slots=True)
class WaiverFact:
    """An item or part left out until a day, inclusive. Only waivers nobody ended are facts."""

    item_id: str
    part: str
    starts_on: date
    until: date


@dataclass(frozen=True, slots=True)
class ContactFact:
    """A person."""

    id: UUID
    name: str
    phone: str
    phone_2: str
    email: str
    is_staff: bool
    confirmed_on: date | None


@dataclass(frozen=True, slots=True)
class PartyFact:
    """An external party."""

    id: UUID
    kind: PartyKind
    name: str
    phone: str
    confirmed_on: date | None


@dataclass(frozen=True, slots=True)
class DepartmentFact:
    """A department. impact_: how bad an outage is that lasts so long."""

    id: UUID
    name: str
    head_id: UUID | None
    deputy_id: UUID | None
    uses_no_systems: bool
    needs_no_data: bool
    impact_4_hours: Impact | None = None
    impact_day: Impact | None = None
    impact_3_days: Impact | None = None
    impact_week: Impact | None = None
    impact_longer: Impact | None = None

    @property
    def impacts(self) -> tuple[Impact | None, ...]:
        """Return the answers to the five questions, the shortest outage first."""
        return self.impact_4_hours, self.impact_day, self.impact_3_days, self.impact_week, self.impact_longer


@dataclass(frozen=True, slots=True)
class SystemFact:
    """A system. Hours are whole hours."""

    id: UUID
    name: str
    recovery_priority: int | None
    rto_hours: int | None
    rpo_hours: int | None
    in_use_on: date | None


@dataclass(frozen=True, slots=True)
class NeedFact:
    """A system needs a system, a party or a data set: exactly one of the three."""

    system_id: UUID
    needed_system_id: UUID | None
    party_id: UUID | None = None
    data_set_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DataSetFact:
    """A data set."""

    id: UUID
    name: str
    attractive: bool
    personal: bool
    protection: str


@dataclass(frozen=True, slots=True)
class AssetFact:
    """An inventory record, with the columns that a rule may need.

    Of confidential columns it is told whether they are filled in (`has_`), so that judging opens no more than it must.
    """

    id: UUID
    kind: AssetKind
    name: str
    has_specification: bool
    has_serial_number: bool
    has_imei: bool
    has_location: bool
    holder: str
    supplier: str
    administrator: str
    ip_address: str
    line_use: LineUse | None
    quantity: int | None
    expires_on: date | None
    perpetual: bool
    confirmed_on: date | None


@dataclass(frozen=True, slots=True)
class ResultFact:
    """A test result; `system_ids` the systems a restore covered, minutes: how long it took, as measured."""

    id: UUID
    item_id: str
    done_on: date
    outcome: Outcome
    cost: Decimal | None
    note: str
    system_ids: frozenset[UUID] = frozenset()
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class CopyFact:
    """A copy of the back-up. there_on, reached_on: the newest sighting of each kind that nobody took back."""

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
    there_on: date | None = None
    reached_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlannedFact:
    """A test that is planned. done: its result is there."""

    id: UUID
    item_id: str
    planned_on: date
    done: bool


@dataclass(frozen=True, slots=True)
class FollowUpFact:
    """Something that must follow a test of `item_id`, and is still open. due_on: inclusive."""

    id: UUID
    item_id: str
    what: str
    opened_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class LessonFact:
    """A lesson of a calamity or an exercise that nobody closed yet. due_on: inclusive."""

    id: UUID
    text: str
    due_on: date


@dataclass(frozen=True, slots=True)
class StepFact:
    """A recovery step."""

    id: UUID
    position: int
    text: str
    system_id: UUID | None


@dataclass(frozen=True, slots=True)
class SignFact:
    """A sign by which those who decide know that the plan holds now."""

    id: UUID


@dataclass(frozen=True, slots=True)
class AudienceFact:
    """An audience of the organisation's own, and who informs it."""

    id: UUID
    name: str
    contact_id: UUID | None


@dataclass(frozen=True, slots=True)
class VersionFact:
    """A published version of the plan. digest: of what it said; approved_on: None where nobody approved it."""

    number: int
    published_on: date
    digest: str = ""
    approved_on: date | None = None


@dataclass(frozen=True, slots=True)
class ChangeFact:
    """A reported change in the business."""

    id: UUID
    reported_on: date
    what: str


@dataclass(frozen=True, slots=True)
class InstructionFact:
    """A published staff instruction."""

    id: UUID
    number: int
    published_on: date
    parts: frozenset[str]


@dataclass(frozen=True, slots=True)
class ReceiptFact:
    """A member of staff acknowledged an instruction version."""

    instruction_version_id: UUID
    contact_id: UUID
    acknowledged_on: date


@dataclass(frozen=True, slots=True)
class ProposalFact:
    """A row that came from a starter, on which nobody decided yet. item_id: where it is judged."""

    kind: LineKind
    item_id: str
    row_id: UUID


@dataclass(frozen=True, slots=True)
class OwnItemFact:
    """An item that the organisation added and still asks. interval_days: how long an answer counts, None for ever."""

    id: UUID
    section: Section
    title: str
    kind: OwnKind
    interval_days: int | None

    @property
    def item_id(self) -> str:
        """Return the id under which its answer and waivers stand."""
        return own_id(self.section, self.id)


@dataclass(frozen=True, slots=True)
class ApprovalFact:
    """A director approved the agreements about payments, as they were then (digest)."""

    number: int
    digest: str
    approved_on: date


@dataclass(frozen=True, slots=True)
class LookFact:
    """An item that must be looked at again because of a change in the business."""

    item_id: str
    change_id: UUID
    what: str
    reported_on: date


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """Everything a rule may know of one organisation's plan."""

    answers: Mapping[str, AnswerFact]
    assignments: Mapping[tuple[str, str], AssignmentFact]
    waivers: tuple[WaiverFact, ...]
    contacts: Mapping[UUID, ContactFact]
    parties: tuple[PartyFact, ...]
    departments: tuple[DepartmentFact, ...]
    systems: tuple[SystemFact, ...]
    data_sets: tuple[DataSetFact, ...]
    department_systems: frozenset[tuple[UUID, UUID]]
    department_data_sets: frozenset[tuple[UUID, UUID]]
    assets: Mapping[AssetKind, tuple[AssetFact, ...]]
    results: Mapping[str, tuple[ResultFact, ...]]
    steps: tuple[StepFact, ...]
    versions: tuple[VersionFact, ...]
    changes: tuple[ChangeFact, ...]
    instructions: tuple[InstructionFact, ...]
    receipts: tuple[ReceiptFact, ...]
    intervals: Mapping[str, int]
    needs: frozenset[NeedFact] = frozenset()
    copies: tuple[CopyFact, ...] = ()
    planned: tuple[PlannedFact, ...] = ()
    follow_ups: tuple[FollowUpFact, ...] = ()
    lessons: tuple[LessonFact, ...] = ()
    # Fingerprint of what the plan says now; "" where no version was approved, with which it could be compared.
    digest: str = ""
    proposals: tuple[ProposalFact, ...] = ()
    own_items: tuple[OwnItemFact, ...] = ()
    approvals: tuple[ApprovalFact, ...] = ()
    looks: tuple[LookFact, ...] = ()
    signs: tuple[SignFact, ...] = ()
    audiences: tuple[AudienceFact, ...] = ()


# What is known of a plan that is closed to the reader.
NO_PLAN = PlanFacts(
    answers={},
    assignments={},
    waivers=(),
    contacts={},
    parties=(),
    departments=(),
    systems=(),
    data_sets=(),
    department_systems=frozenset(),
    department_data_sets=frozenset(),
    assets={},
    results={},
    steps=(),
    versions=(),
    changes=(),
    instructions=(),
    receipts=(),
    intervals={},
)
