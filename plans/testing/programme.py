"""Plan the tests of a year, draw samples for them, and record how they went."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from core.ids import new_id
from plans.errors import NotThere, PlanError
from plans.handbook import Section, of_section
from plans.models import Asset, Contact, ExternalParty, PlannedTest, SampleOf, System, TestResult
from plans.shapes import kept_at
from plans.starters.settling import settle
from plans.testing.services import ResultValues, add_result
from plans.turns import expect_seen, known, take_turn
from tenants.owned import EditConflict

AT_MOST, SEED_BYTES = 200, 8
WEEKEND = "testing.weekend-call"
SATURDAY, DAYS_OF_WEEK = 5, 7
# The first days of a proposal lie so far ahead.
AHEAD = timedelta(days=14)


def subjects() -> tuple[str, ...]:
    """Return what the programme is about: the agreement with the supplier and the ten tests of the handbook."""
    return tuple(item.id for item in of_section(Section.TESTING))


@dataclass(frozen=True, slots=True)
class PlannedValues:
    """A test to come. contact_id: who does it; how: in their own words."""

    item_id: str
    planned_on: date
    contact_id: UUID | None = None
    how: str = ""


@dataclass(frozen=True, slots=True)
class SampleValues:
    """A sample to draw. seed: of an earlier draw, to draw it again; empty for a fresh one."""

    of: SampleOf
    size: int
    reason: str


def plan_test(values: PlannedValues, *, today: date, row_id: UUID | None = None) -> PlannedTest:
    """Plan a test. row_id: chosen when the page was made; planning it twice plans one.

    Raises PlanError for a day that has passed, for what is no subject, and beyond AT_MOST tests that are still to come.
    Source: handbook, testing.
    """
    if values.planned_on < today:
        raise PlanError(_l("This day has passed."), "planned_on")
    _check(values)
    take_turn()
    if (before := known(PlannedTest, row_id)) is not None:
        return before
    open_ones = sa.select(sa.func.count(PlannedTest.id)).where(
        PlannedTest.archived_at.is_(None), PlannedTest.result_id.is_(None)
    )
    if (db.session().scalar(open_ones) or 0) >= AT_MOST:
        raise PlanError(_l("At most %(most)s tests can be planned at once.", most=AT_MOST), "planned_on")
    row = _new(values, row_id)
    db.session().flush()
    return row


def _new(values: PlannedValues, row_id: UUID | None = None) -> PlannedTest:
    row = PlannedTest(
        id=row_id or new_id(),
        item_id=values.item_id,
        planned_on=values.planned_on,
        contact_id=values.contact_id,
        how=values.how,
        sample_of=None,
        drawn_at=None,
        result_id=None,
    )
    db.session().add(row)
    return row


def _check(values: PlannedValues) -> None:
    if values.item_id not in subjects():
        raise PlanError(_l("Choose one from the list."), "item")
    if values.contact_id is not None and known(Contact, values.contact_id) is None:
        raise PlanError(_l("Choose one from the list."), "contact")


def change_planned(planned_id: UUID, values: PlannedValues, *, today: date, seen: str | None = None) -> None:
    """Change when, by whom and how; what it is about stays. Raises NotThere, PlanError and EditConflict."""
    take_turn()
    row = _open(planned_id)
    expect_seen([row], seen)
    if values.planned_on < today and values.planned_on != row.planned_on:
        raise PlanError(_l("This day has passed."), "planned_on")
    _check(values)
    row.planned_on, row.contact_id, row.how = values.planned_on, values.contact_id, values.how
    db.session().flush()
    settle([row.id], today=today)


def put_away(planned_id: UUID, *, at: datetime) -> None:
    """Take a planned test off the programme; what was done stays. Twice changes nothing. Raises NotThere."""
    take_turn()
    row: PlannedTest | None = known(PlannedTest, planned_id)
    if row is None or row.result_id is not None:
        raise NotThere
    row.archived_at = row.archived_at or at
    db.session().flush()


def propose(year: int, *, today: date) -> int:
    """Plan each subject that is not on the programme of `year` yet, spread over its rest; return how many.

    Working days, and a Saturday for the call at the weekend. A year that has passed gets nothing.
    """
    first, last = max(date(year, 1, 8), today + AHEAD), date(year, 12, 15)
    if first > last:
        return 0
    take_turn()
    inside = (PlannedTest.planned_on >= date(year, 1, 1), PlannedTest.planned_on <= date(year, 12, 31))
    there = set(db.session().scalars(sa.select(PlannedTest.item_id).where(PlannedTest.archived_at.is_(None), *inside)))
    wanted = [item_id for item_id in subjects() if item_id not in there]
    for place, item_id in enumerate(wanted):
        day = first + (last - first) * place / max(len(wanted) - 1, 1)
        _new(PlannedValues(item_id, _fitting(day, item_id)))
    db.session().flush()
    return len(wanted)


def _fitting(day: date, item_id: str) -> date:
    """Return the first day from `day` on that fits a test: a Saturday for the weekend, else no Saturday or Sunday."""
    if item_id == WEEKEND:
        return day + timedelta(days=(SATURDAY - day.weekday()) % DAYS_OF_WEEK)
    return day + timedelta(days=max(DAYS_OF_WEEK - day.weekday(), 0) if day.weekday() >= SATURDAY else 0)


REGISTERS: Mapping[SampleOf, Callable[[], Any]] = MappingProxyType(
    {
        SampleOf.SYSTEMS: lambda: sa.select(System.id).where(System.archived_at.is_(None)),
        SampleOf.STAFF: lambda: sa.select(Contact.id).where(Contact.archived_at.is_(None), Contact.is_staff),
        SampleOf.PARTIES: lambda: sa.select(ExternalParty.id).where(ExternalParty.archived_at.is_(None)),
        SampleOf.ASSETS: lambda: sa.select(Asset.id).where(Asset.archived_at.is_(None)),
    }
)


def draw_sample(planned_id: UUID, values: SampleValues, *, by: str, at: datetime) -> PlannedTest:
    """Draw rows of a register by lot for a planned test: once, so that nobody draws until it suits.

    Raises NotThere, PlanError when it was drawn before, the reason says nothing, or the size does not fit.
    Source: handbook, testing; ISO 27001 A.8.13.
    """
    take_turn()
    row = _open(planned_id)
    if row.drawn_at is not None:
        raise PlanError(_l("The sample was drawn before. Put this test away and plan another to draw anew."), "size")
    if len(values.reason) < 3:
        raise PlanError(_l("Give the reason in a few words."), "reason")
    ids = sorted(one.hex for one in db.session().scalars(REGISTERS[values.of]()))
    if not 1 <= values.size <= len(ids):
        raise PlanError(_l("This must be a whole number from %(low)d to %(high)d.", low=1, high=len(ids)), "size")
    row.sample_of, row.sample_size, row.sample_reason = values.of, values.size, values.reason
    row.sample_ids, row.sample_seed = ids, secrets.token_hex(SEED_BYTES)
    row.drawn_at, row.drawn_by = at, by
    db.session().flush()
    return row


def record(planned_id: UUID, values: ResultValues, *, today: date, row_id: UUID | None = None) -> TestResult:
    """Record how a planned test went. row_id: chosen when the page was made; sending it twice records it once.

    Raises NotThere, PlanError as add_result, and EditConflict when somebody else recorded a result before.
    """
    take_turn()
    row: PlannedTest | None = known(PlannedTest, planned_id)
    if row is None or row.archived_at is not None:
        raise NotThere
    if row.result_id is not None:
        before: TestResult | None = known(TestResult, row.result_id)
        assert before is not None
        if row_id is not None and before.id != row_id:
            raise EditConflict
        return before
    result = add_result(row.item_id, values, today=today, row_id=row_id)
    row.result_id = result.id
    db.session().flush()
    return result


def _open(planned_id: UUID) -> PlannedTest:
    row: PlannedTest | None = known(PlannedTest, planned_id)
    if row is None or row.archived_at is not None or row.result_id is not None:
        raise NotThere
    return row


def item_of(row: PlannedTest) -> str:
    """Return the item under which the result of a planned test is kept."""
    return kept_at(row.item_id)
