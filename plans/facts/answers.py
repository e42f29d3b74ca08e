"""What was filled in of a plan, what was left out, and what asks to be looked at again."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from plans.handbook import Section
from plans.models import LineKind, OwnKind
from plans.own_items.ids import own_id


class AnswerFact(NamedTuple):
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


class AssignmentFact(NamedTuple):
    """Who fills a seat."""

    item_id: str
    seat: str
    contact_id: UUID | None
    deputy_id: UUID | None
    task: str
    task_changed_on: date | None
    acknowledged_on: date | None


class WaiverFact(NamedTuple):
    """An item or part left out until a day, inclusive. Only approved waivers that nobody ended are facts."""

    item_id: str
    part: str
    starts_on: date
    until: date


class OwnItemFact(NamedTuple):
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


class ProposalFact(NamedTuple):
    """A row that came from a starter, on which nobody decided yet. item_id: where it is judged."""

    kind: LineKind
    item_id: str
    row_id: UUID


class ChangeFact(NamedTuple):
    """A reported change in the business."""

    id: UUID
    reported_on: date
    what: str


class LookFact(NamedTuple):
    """An item that must be looked at again because of a change in the business."""

    item_id: str
    change_id: UUID
    what: str
    reported_on: date


class ApprovalFact(NamedTuple):
    """A director approved the agreements about payments, as they were then (digest)."""

    number: int
    digest: str
    approved_on: date
