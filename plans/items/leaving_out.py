"""Leave an item, or a part of it, out: propose it, approve or refuse it, take it back in.

proposed → approved, by an owner who did not propose it → ended, by anybody who edits, or by itself after its last day;
proposed → refused, with a reason; proposed → withdrawn, also by a later proposal for the same. An only owner approves
what they proposed themselves, and that is what it says. While a proposal waits, what was approved before stays.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from core.clock import add_months
from plans.errors import NotThere, PlanError
from plans.items import waiver_letters
from plans.items.left_out import proposals, waivers
from plans.models import Waiver, WaiverState
from plans.turns import expect_seen, take_turn
from tenants import trail

WAIVER, WAIVER_MONTHS, SHORTEST = "waiver", 12, 3


class Move(StrEnum):
    """What somebody does with something that is left out, or proposed to be."""

    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    END = "end"


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the table. source: from which state; target: to which; ends: nothing can follow."""

    source: WaiverState
    target: WaiverState
    ends: bool


_S = WaiverState
COURSE: Mapping[Move, Transition] = MappingProxyType(
    {
        Move.APPROVE: Transition(_S.PROPOSED, _S.APPROVED, ends=False),
        Move.REFUSE: Transition(_S.PROPOSED, _S.REFUSED, ends=True),
        Move.WITHDRAW: Transition(_S.PROPOSED, _S.WITHDRAWN, ends=True),
        Move.END: Transition(_S.APPROVED, _S.APPROVED, ends=True),
    }
)


@dataclass(frozen=True, slots=True)
class WaiverValues:
    """Why something is left out and until when, inclusive. part: empty for the whole item."""

    reason: str
    until: date
    part: str = ""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who takes a step, and when. id: of the account; at: aware UTC; today: the day in the organisation's zone."""

    id: UUID | None
    name: str
    at: datetime
    today: date


class NoLongerWaiting(Exception):
    """Somebody decided first, or a later proposal took its place. text: who did what, fit to show."""

    def __init__(self, text: object) -> None:
        super().__init__(str(text))
        self.text = text


class NeedsAnother(PlanError):
    """Whoever proposed something does not approve it while there is another owner."""


def latest_until(today: date) -> date:
    """Return the last day until which something may be left out."""
    return add_months(today, WAIVER_MONTHS)


def waiver_of(item_id: str, waiver_id: UUID) -> Waiver:
    """Return a waiver of an item, as it stands now. Raises NotThere."""
    query = sa.select(Waiver).where(Waiver.id == waiver_id, Waiver.item_id == item_id)
    row = db.session().scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise NotThere
    return row


def propose(item_id: str, values: WaiverValues, who: Signer, *, seen: str | None = None) -> Waiver:
    """Propose to leave an item, or a part of it, out until a day, inclusive; a waiting proposal for the same goes.

    seen: of what the page showed as left out and proposed (plans/turns.py).
    Raises PlanError when the reason says nothing or the day has passed or lies more than twelve months ahead,
    EditConflict when somebody else left something of the item out, or took it back in, in between.
    Source: the handbook's last paragraph; rules 3.9, tailoring.
    """
    if len(values.reason) < SHORTEST:
        raise PlanError(_l("Give the reason in a few words."), "reason")
    _expect_days(values.until, who.today)
    take_turn()
    expect_seen((*waivers([item_id]), *proposals([item_id])), seen)
    if (before := _open(item_id, values.part, _S.PROPOSED)) is not None:
        _move(before, Move.WITHDRAW, who.at)
    row = Waiver(
        item_id=item_id,
        part=values.part,
        state=_S.PROPOSED,
        reason=values.reason,
        author=who.name,
        author_id=who.id,
        proposed_on=who.today,
        starts_on=who.today,
        until=values.until,
    )
    db.session().add(row)
    db.session().flush()
    trail.record("waiver.proposed", WAIVER, row.id, item_id=item_id, until=row.until)
    waiver_letters.plan(row, at=who.at)
    db.session().flush()
    return row


def approve(item_id: str, waiver_id: UUID, who: Signer, *, owners: Collection[UUID]) -> Waiver:
    """Let what was proposed be left out from today on; what was left out of the same before ends now.

    owners: the accounts of all owners there are. Approving it twice changes nothing.
    Raises NotThere; NoLongerWaiting; PlanError when its last day has passed; NeedsAnother when `who` proposed it and
    there is another owner.
    Source: rules 3.9, tailoring.
    """
    take_turn()
    row = waiver_of(item_id, waiver_id)
    if row.state is _S.APPROVED and row.ended_at is None and row.decided_by_id == who.id:
        return row
    _expect_waiting(row)
    _expect_days(row.until, who.today)
    own = row.author_id is not None and row.author_id == who.id
    if own and set(owners) - {who.id}:
        raise NeedsAnother(_l("You proposed this yourself, and there is another owner: ask them to approve it."))
    if (before := _open(item_id, row.part, _S.APPROVED)) is not None:
        _move(before, Move.END, who.at)
    row.starts_on, row.decided_by, row.decided_by_id, row.alone = who.today, who.name, who.id, own
    _move(row, Move.APPROVE, who.at)
    trail.record(
        "waiver.approved_alone" if own else "waiver.approved", WAIVER, row.id, item_id=item_id, until=row.until
    )
    db.session().flush()
    return row


def refuse(item_id: str, waiver_id: UUID, reason: str, who: Signer) -> None:
    """Let the item go on counting, and say why. Refusing it twice changes nothing.

    Raises NotThere, NoLongerWaiting, PlanError without a reason of a few words.
    """
    if len(reason) < SHORTEST:
        raise PlanError(_l("Give the reason in a few words."), "refusal")
    take_turn()
    row = waiver_of(item_id, waiver_id)
    if row.state is _S.REFUSED and row.decided_by_id == who.id:
        return
    _expect_waiting(row)
    row.refusal, row.decided_by, row.decided_by_id = reason, who.name, who.id
    _move(row, Move.REFUSE, who.at)
    trail.record("waiver.refused", WAIVER, row.id, item_id=item_id)
    db.session().flush()


def take_back_in(item_id: str, waiver_id: UUID, *, at: datetime) -> None:
    """Let an item, or a part of it, count again, or withdraw what was proposed. Twice changes nothing.

    Raises NotThere.
    """
    take_turn()
    row = waiver_of(item_id, waiver_id)
    if row.ended_at is None:
        _move(row, Move.END if row.state is _S.APPROVED else Move.WITHDRAW, at)
    db.session().flush()


def _move(row: Waiver, move: Move, at: datetime) -> None:
    """Take a step of the table. Flushed at once: of what is open one row may exist."""
    step = COURSE[move]
    assert row.state is step.source
    row.state = step.target
    if step.ends:
        row.ended_at = at
    db.session().flush()


def _expect_days(until: date, today: date) -> None:
    if until < today:
        raise PlanError(_l("This day has passed."), "until")
    if until > latest_until(today):
        raise PlanError(_l("At most twelve months from now."), "until")


def _expect_waiting(row: Waiver) -> None:
    if row.state is _S.PROPOSED and row.ended_at is None:
        return
    match row.state:
        case WaiverState.APPROVED:
            raise NoLongerWaiting(_l("%(name)s approved this meanwhile.", name=row.decided_by))
        case WaiverState.REFUSED:
            raise NoLongerWaiting(_l("%(name)s refused this meanwhile.", name=row.decided_by))
    raise NoLongerWaiting(_l("This was withdrawn meanwhile, or proposed again in other words."))


def _open(item_id: str, part: str, state: WaiverState) -> Waiver | None:
    query = sa.select(Waiver).where(
        Waiver.item_id == item_id, Waiver.part == part, Waiver.state == state, Waiver.ended_at.is_(None)
    )
    return db.session().scalar(query)
