"""The ladder: once per item, version and threshold, whenever it was crossed; and who hears what of it, when."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.reminders.choosing import Hold, Noted, due_to, wanted
from audits.reminders.ladder import LADDER, Item, Rung, Version, due
from audits.reminders.models import HoldKind
from core.working_days import is_working_day
from tenants.models import Frequency

pytestmark = pytest.mark.once
UNTIL = date(2027, 1, 31)
VERSION = Version("backup.off-site", "plan::", UNTIL)
ME, OTHER = UUID(int=1), UUID(int=2)
AT = datetime(2027, 1, 24, 6, tzinfo=UTC)
MONDAY = date(2027, 1, 25)
DAY = timedelta(days=1)


def rung_on(today: date, *, noticed: bool = True) -> Rung | None:
    found = list(due([Item(VERSION, noticed)], set(), today))
    return found[0].rung if found else None


@pytest.mark.parametrize(
    ("left", "rung"),
    [
        (61, None),
        (60, Rung.SIXTY_BEFORE),
        (31, Rung.SIXTY_BEFORE),
        (30, Rung.THIRTY_BEFORE),
        (8, Rung.THIRTY_BEFORE),
        (7, Rung.SEVEN_BEFORE),
        (1, Rung.SEVEN_BEFORE),
        (0, Rung.LAST_DAY),
        (-6, Rung.LAST_DAY),
        (-7, Rung.SEVEN_AFTER),
        (-29, Rung.SEVEN_AFTER),
        (-30, Rung.THIRTY_AFTER),
        (-4000, Rung.THIRTY_AFTER),
    ],
)
def test_a_threshold_counts_from_its_day_until_the_next_one(left: int, rung: Rung | None) -> None:
    assert rung_on(UNTIL - left * DAY) == rung


def test_what_the_audit_says_nothing_about_yet_is_told_two_months_ahead_only() -> None:
    assert rung_on(UNTIL - 60 * DAY, noticed=False) is Rung.SIXTY_BEFORE
    assert rung_on(UNTIL - 30 * DAY, noticed=False) is None, "a login that is handed over every 30 days"


@pytest.mark.parametrize("until", [date.max, date(2028, 2, 29), date(1, 1, 1)])
def test_any_last_day_a_person_can_type_has_a_ladder(until: date) -> None:
    version = Version("backup.off-site", "plan::", until)
    assert len(list(due([Item(version, noticed=True)], set(), date(2028, 2, 29)))) == (until != date.max)


@given(nights=st.sets(st.integers(-70, 45), min_size=1))
def test_whatever_nights_are_missed_each_threshold_is_told_at_most_once_and_the_newest_always(nights: set[int]) -> None:
    noted: set[tuple[Version, Rung]] = set()
    told = []
    for night in sorted(nights):
        found = list(due([Item(VERSION, noticed=True)], noted, UNTIL + night * DAY))
        assert len(found) <= 1
        for one in found:
            told.append(one.rung)
            assert not {(VERSION, rung) for rung in (one.rung, *one.passed)} & noted
            noted |= {(VERSION, rung) for rung in (one.rung, *one.passed)}
        crossed = [rung for rung, days in LADDER if days <= night]
        assert noted == {(VERSION, rung) for rung in crossed}
        assert not crossed or told[-1] is crossed[-1]
    assert len(told) == len(set(told))
    assert not list(due([Item(VERSION, noticed=True)], noted, UNTIL + max(nights) * DAY))


def test_another_last_day_is_another_version_and_begins_anew() -> None:
    everything = {(VERSION, rung) for rung in Rung}
    later = Version(VERSION.code, VERSION.key, UNTIL + 30 * DAY)
    (found,) = due([Item(VERSION, noticed=True), Item(later, noticed=True)], everything, UNTIL)
    assert (found.version, found.rung) == (later, Rung.THIRTY_BEFORE)


def noted(rung: Rung, told_at: datetime | None = None, tenant_id: int = 1) -> Noted:
    return Noted(tenant_id, UUID(int=list(Rung).index(rung) + 10), VERSION, rung, told_at)


def hold(kind: HoldKind, holds_until: date, user_id: UUID = ME, made_at: datetime = AT) -> Hold:
    return Hold(1, VERSION, kind, holds_until, user_id, made_at)


def test_somebody_who_missed_a_reminder_hears_the_newest_only() -> None:
    found = due_to(ME, [noted(Rung.SEVEN_BEFORE), noted(Rung.THIRTY_BEFORE, AT - DAY)], [], MONDAY)
    assert [one.rung for one in found] == [Rung.SEVEN_BEFORE]
    assert due_to(ME, [noted(Rung.SEVEN_BEFORE, AT), noted(Rung.THIRTY_BEFORE)], [], MONDAY) == []


@pytest.mark.parametrize(
    ("kind", "who", "day", "heard"),
    [
        pytest.param(HoldKind.ACKNOWLEDGED, OTHER, MONDAY, False, id="somebody sees to it, up to that day"),
        pytest.param(HoldKind.ACKNOWLEDGED, OTHER, MONDAY - DAY, True, id="and did not"),
        pytest.param(HoldKind.SNOOZED, ME, MONDAY, False, id="I asked to wait"),
        pytest.param(HoldKind.SNOOZED, ME, MONDAY - DAY, True, id="and waited"),
        pytest.param(HoldKind.SNOOZED, OTHER, MONDAY, True, id="somebody else asked to wait"),
    ],
)
def test_an_answer_holds_until_its_day(kind: HoldKind, who: UUID, day: date, heard: bool) -> None:
    assert bool(due_to(ME, [noted(Rung.SEVEN_BEFORE)], [hold(kind, day, who)], MONDAY)) == heard


def test_what_was_told_comes_again_after_the_answer_to_it_ran_out_and_not_without() -> None:
    told = [noted(Rung.SEVEN_BEFORE, AT)]
    later = hold(HoldKind.SNOOZED, MONDAY - DAY, made_at=AT + timedelta(minutes=1))
    assert due_to(ME, told, [later], MONDAY)
    assert not due_to(ME, [noted(Rung.SEVEN_BEFORE, AT + DAY)], [later], MONDAY)


def test_the_newest_answer_counts() -> None:
    first, second = hold(HoldKind.SNOOZED, MONDAY + 9 * DAY), hold(HoldKind.SNOOZED, MONDAY - DAY, made_at=AT + DAY)
    assert due_to(ME, [noted(Rung.SEVEN_BEFORE)], [second, first], MONDAY)


@pytest.mark.parametrize(
    ("frequency", "last", "rungs"),
    [
        (Frequency.DAILY, MONDAY, {Rung.SEVEN_BEFORE, Rung.SEVEN_AFTER}),
        (Frequency.WEEKLY, None, {Rung.SEVEN_BEFORE, Rung.SEVEN_AFTER}),
        (Frequency.WEEKLY, MONDAY - DAY, {Rung.SEVEN_BEFORE, Rung.SEVEN_AFTER}),
        (Frequency.WEEKLY, MONDAY, {Rung.SEVEN_AFTER}),
        (Frequency.NEVER, None, {Rung.SEVEN_AFTER}),
    ],
)
def test_what_lapsed_reaches_its_owner_whatever_they_chose(
    frequency: Frequency, last: date | None, rungs: set[Rung]
) -> None:
    found = [noted(Rung.SEVEN_BEFORE), noted(Rung.SEVEN_AFTER)]
    assert {one.rung for one in wanted(found, frequency, {1}, set(), last, MONDAY + DAY)} == rungs
    if frequency is Frequency.NEVER:
        assert wanted(found, frequency, set(), set(), last, MONDAY + DAY) == []
    muted = wanted(found, frequency, {1}, {1}, last, MONDAY + DAY)
    assert [one.rung for one in muted] == [Rung.SEVEN_AFTER], "and whoever else is reminded"


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),
        (date(2026, 12, 25), False),
        (date(2027, 4, 27), False),
        (date(2027, 3, 29), False),
        (date(2026, 5, 5), True),
        (date(2025, 5, 5), False),
    ],
    ids=["friday", "saturday", "christmas", "king's day", "easter monday", "5 May", "5 May of every fifth year"],
)
def test_mail_goes_out_on_dutch_working_days(day: date, works: bool) -> None:
    assert is_working_day(day) == works
