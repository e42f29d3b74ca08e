"""Of what about a request somebody is reminded, and on which days. Pure; no database, no clock.

A day counts once it lies after the newest step of the request: the letter about that step told of all before it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from continuity.models import RequestState
from continuity.requests.states import UNDECIDED
from continuity.terms import USUAL, Terms


class Matter(StrEnum):
    """What stands open. Fee, task, leave: for the client; the others for the foundation."""

    FEE = "fee"
    TASK = "task"
    LEAVE = "leave"
    ANSWER = "answer"
    UNPAID = "unpaid"
    DELIVERY = "delivery"
    STAYS = "stays"


# Days from the last one on which it is still in time; the first ones tell of it, the others that it is late. A
# foundation may choose others (continuity/terms.py).
DAYS: Mapping[Matter, tuple[int, ...]] = MappingProxyType(
    {
        Matter.FEE: (-3, 0, 7),
        Matter.TASK: (-7, 0, 7),
        Matter.LEAVE: (-30, -14, -3),
        Matter.ANSWER: (0, 2, 7),
        Matter.UNPAID: (1, 7, 14),
        Matter.DELIVERY: (0, 2, 7),
        Matter.STAYS: (-30, -14, -7, 1),
    }
)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that the client has to do yet. label: "" where it need not be known."""

    due_on: date
    label: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A request that is not over, as reminders see it.

    since: the day of its newest step; last_on: the last day of the period; tasks: those that are not done; terms: of
    its foundation.
    """

    key: tuple[int, UUID]
    state: RequestState
    asked_on: date
    since: date
    fee_amount: Decimal | None
    fee_due_on: date | None
    fee_paid_on: date | None
    last_on: date
    tasks: tuple[Task, ...] = ()
    terms: Terms = USUAL

    @property
    def owes(self) -> bool:
        """Tell whether the foundation waits for a payment."""
        return self.state is RequestState.FEE_DUE and self.fee_paid_on is None and self.fee_amount != 0


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that stands open. until: the last day on which it is in time; what: of a task, what is to be done."""

    matter: Matter
    until: date
    what: str = ""


def of_client(one: Standing) -> Iterator[Item]:
    """Yield what the client itself has to do: pay, do what stands on its list, be gone before the end."""
    if one.owes and one.fee_due_on is not None:
        yield Item(Matter.FEE, one.fee_due_on)
    if one.state is RequestState.SERVED:
        for task in one.tasks:
            yield Item(Matter.TASK, task.due_on, task.label)
        yield Item(Matter.LEAVE, one.last_on)


def of_foundation(one: Standing) -> Iterator[Item]:
    """Yield what the foundation has to do: answer, ask after the payment, deliver, see the client gone."""
    if one.state in UNDECIDED:
        # To look at it is no answer: the days run from when it was asked.
        yield Item(Matter.ANSWER, one.asked_on + timedelta(days=one.terms.answer_days))
    elif one.owes and one.fee_due_on is not None:
        yield Item(Matter.UNPAID, one.fee_due_on)
    elif one.state is RequestState.SERVED:
        yield Item(Matter.STAYS, one.last_on)
    else:
        yield Item(Matter.DELIVERY, one.since + timedelta(days=one.terms.answer_days))


def days_of(item: Item, terms: Terms) -> Iterator[date]:
    """Yield the days on which somebody is reminded of it."""
    for days in terms.days.get(item.matter.value, DAYS[item.matter]):
        yield item.until + timedelta(days=days)


def told_on(one: Standing, items: Iterable[Item], *, after: date, up_to: date) -> Sequence[date]:
    """Return the days in (after, up_to] on which somebody is reminded of any of these items of `one`, in order.

    None up to the day of its newest step, whose letter told of it; an answer is waited for since it was asked.
    """
    found = set()
    for item in items:
        since = one.asked_on if item.matter is Matter.ANSWER else one.since
        found |= {day for day in days_of(item, one.terms) if max(after, since) < day <= up_to}
    return sorted(found)
