"""Terms of reporting: when they end, how they stand, and when somebody is told. Nothing but values."""

import json
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from core.i18n import Language, written_in
from plans.calamity import rungs
from plans.calamity.course import Entry, course
from plans.calamity.frozen import Frozen, FrozenReporters, packed, unpacked
from plans.calamity.reporting import Applies, Reporting, TermCourse, reporting
from plans.calamity.rungs import Rung
from plans.calamity.telling import until_text
from plans.calamity.terms import BY_KEY, BY_QUESTION, QUESTIONS, TERMS, Question, Reports, after_months, ends_at
from plans.models import EntryKind

ZONE = "Europe/Amsterdam"
BEGAN = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
CALAMITY = UUID(int=7)


def entry(number: int, kind: EntryKind, target: str = "", minute: int = 0, **more: object) -> Entry:
    at = BEGAN + timedelta(minutes=minute)
    made = Entry(UUID(int=number), kind, target, at, at, "Eva")
    return replace(made, **more)  # type: ignore[arg-type]


def stands(*entries: Entry) -> Reporting:
    timeline = course(Frozen(), entries, BEGAN, BEGAN + timedelta(days=40)).timeline
    return reporting(timeline, BEGAN, ZONE)


def term(key: str, *entries: Entry) -> TermCourse:
    found = stands(*entries).term(key)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        pytest.param("2027-01-31T14:05+01:00", "2027-02-28T14:05+01:00", id="31 January"),
        pytest.param("2028-01-31T14:05+01:00", "2028-02-29T14:05+01:00", id="31 January of a leap year"),
        pytest.param("2028-02-29T14:05+01:00", "2028-03-29T14:05+02:00", id="29 February, into summer time"),
        pytest.param("2026-12-31T23:59+01:00", "2027-01-31T23:59+01:00", id="over the year"),
        pytest.param("2027-03-05T10:00+01:00", "2027-04-05T10:00+02:00", id="same hour by the clock on the wall"),
        pytest.param("2027-02-28T02:30+01:00", "2027-03-28T03:30+02:00", id="an hour that does not come"),
        pytest.param("2026-09-25T02:30+02:00", "2026-10-25T02:30+02:00", id="of an hour that comes twice the first"),
    ],
)
def test_a_month_later_is_the_same_day_number_and_hour_there(local: str, expected: str) -> None:
    at = datetime.fromisoformat(local).astimezone(UTC)
    assert after_months(at, 1, ZONE) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("aware", "expected"),
    [
        pytest.param("2026-11-22T09:00+01:00", "2026-11-23T09:00+01:00", id="usual"),
        pytest.param("2027-03-27T09:00+01:00", "2027-03-28T10:00+02:00", id="the night of 23 hours"),
        pytest.param("2026-10-24T09:00+02:00", "2026-10-25T08:00+01:00", id="the night of 25 hours"),
    ],
)
def test_hours_of_the_law_are_hours_that_pass(aware: str, expected: str) -> None:
    at = datetime.fromisoformat(aware).astimezone(UTC)
    found = ends_at(BY_KEY["cbw-early"], aware_at=at, agreed_at=None, after_at=None, zone=ZONE)
    assert found == datetime.fromisoformat(expected)


def test_every_term_names_its_clause_and_only_the_law_names_numbers() -> None:
    assert all(str(one.clause) for one in TERMS)
    named = {one.key: (one.hours, one.months, one.after) for one in TERMS if one.hours or one.months}
    assert named == {
        "cbw-early": (24, None, ""),
        "cbw-notification": (72, None, ""),
        "cbw-final": (None, 1, "cbw-notification"),
        "avg-authority": (72, None, ""),
    }
    assert {one.question for one in TERMS} == {one.question for one in QUESTIONS} == set(Question)
    assert not [one for one in QUESTIONS if one.agreed and one.clocked]
    assert {BY_QUESTION[one.question].agreed for one in TERMS if one.hours or one.months} == {False}


def test_until_somebody_answers_nothing_is_known_and_the_clock_runs_from_the_beginning() -> None:
    found = stands()
    assert {one.applies for one in found.questions} == {Applies.UNKNOWN}
    assert {one.term.key: one.ends_at for one in found.terms if one.ends_at} == {
        "cbw-early": BEGAN + timedelta(hours=24),
        "cbw-notification": BEGAN + timedelta(hours=72),
        "avg-authority": BEGAN + timedelta(hours=72),
    }
    assert found.next is not None
    assert found.next.term.key == "cbw-early"
    assert (len(found.open), found.due) == (len(TERMS), ())


def test_what_was_said_last_counts_and_what_is_taken_back_does_not() -> None:
    yes, no = entry(1, EntryKind.APPLIES, "cbw", 5), entry(2, EntryKind.APPLIES_NOT, "cbw", 6, text="Too small")
    assert term("cbw-early", yes).due
    assert not term("cbw-early", yes, no).open
    assert term("cbw-early", yes, no, entry(3, EntryKind.RETRACTED, no.id.hex, 7)).due
    # Written down later, of an earlier moment: it still is what was said last.
    late = replace(no, happened_at=BEGAN, recorded_at=BEGAN + timedelta(minutes=9))
    assert not term("cbw-early", yes, late).open
    assert term("avg-authority", yes).applies is Applies.UNKNOWN


def test_moment_of_becoming_aware_is_of_all_or_of_one_law() -> None:
    earlier, later = BEGAN - timedelta(hours=5), BEGAN + timedelta(hours=30)
    every = entry(1, EntryKind.AWARE, "", 5, names_at=earlier, text="A colleague saw it")
    of_data = entry(2, EntryKind.AWARE, "avg", 6, names_at=later, text="The forensic report")
    assert term("cbw-early", every).ends_at == earlier + timedelta(hours=24)
    assert term("avg-authority", every).ends_at == earlier + timedelta(hours=72)
    assert term("avg-authority", every, of_data).ends_at == later + timedelta(hours=72)
    assert term("cbw-early", every, of_data).ends_at == earlier + timedelta(hours=24)
    gone = entry(3, EntryKind.RETRACTED, of_data.id.hex, 7)
    assert term("avg-authority", every, of_data, gone).ends_at == earlier + timedelta(hours=72)


def test_final_report_counts_from_the_notification_and_waits_while_there_is_none() -> None:
    assert term("cbw-final").ends_at is None
    told = entry(1, EntryKind.TERM_DONE, "cbw-notification", 60 * 20, text="NCSC-1")
    found = term("cbw-final", told)
    assert found.ends_at == datetime(2026, 12, 23, 4, 0, tzinfo=UTC)
    assert (found.applies, found.due) == (Applies.YES, True)
    assert term("cbw-final", told, entry(2, EntryKind.RETRACTED, told.id.hex)).ends_at is None


def test_first_report_counts_and_a_reference_may_come_later() -> None:
    first = entry(1, EntryKind.TERM_DONE, "avg-authority", 60)
    second = entry(2, EntryKind.TERM_DONE, "avg-authority", 90, text="AP-417")
    found = term("avg-authority", second, first)
    assert found.done == first
    assert found.reference == "AP-417"
    assert found.late_by(BEGAN + timedelta(days=9)) == timedelta(0)
    late = entry(3, EntryKind.TERM_DONE, "avg-authority", 60 * 75)
    assert term("avg-authority", late).late_by(BEGAN) == timedelta(hours=3)
    assert term("avg-authority").late_by(BEGAN + timedelta(hours=73)) == timedelta(hours=1)


def test_agreement_ends_when_somebody_typed_it_does() -> None:
    assert term("insurer", entry(1, EntryKind.APPLIES, "insurer", 5)).ends_at is None
    until = BEGAN + timedelta(hours=48)
    found = term("insurer", entry(1, EntryKind.APPLIES, "insurer", 5, names_at=until))
    assert (found.begins_at, found.ends_at) == (BEGAN + timedelta(minutes=5), until)
    # The law's own clock is not moved by a moment that came with an answer.
    assert term("cbw-early", entry(1, EntryKind.APPLIES, "cbw", 5, names_at=until)).ends_at == BEGAN + timedelta(days=1)


def due_at(hours: float, *entries: Entry, told: set[UUID] | None = None, closed: bool = False) -> dict[str, Rung]:
    at = BEGAN + timedelta(hours=hours)
    found = rungs.due(stands(*entries), CALAMITY, told or set(), at, closed=closed)
    return {one.course.term.key: one.rung for one in found}


@pytest.mark.parametrize(
    ("hours", "rung"),
    [
        pytest.param(11.99, None, id="before half"),
        pytest.param(12, Rung.HALF, id="half"),
        pytest.param(19.99, Rung.HALF, id="before a sixth is left"),
        pytest.param(20, Rung.SIXTH, id="a sixth left"),
        pytest.param(23.99, Rung.SIXTH, id="nearly over"),
        pytest.param(24, Rung.PASSED, id="over"),
        pytest.param(500, Rung.PASSED, id="long over"),
    ],
)
def test_highest_rung_that_was_crossed_is_told(hours: float, rung: Rung | None) -> None:
    assert due_at(hours).get("cbw-early") == rung


def test_what_was_told_is_not_told_again_nor_anything_below_it() -> None:
    early = term("cbw-early")
    sixth = {rungs.entry_id(CALAMITY, early, Rung.SIXTH)}
    assert "cbw-early" not in due_at(21, told=sixth)
    assert due_at(24, told=sixth)["cbw-early"] is Rung.PASSED
    # Another end is another term: the same rung of it was not told.
    aware = entry(1, EntryKind.AWARE, "", 5, names_at=BEGAN - timedelta(hours=1), text="Seen")
    assert due_at(21, aware, told=sixth)["cbw-early"] is Rung.SIXTH


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(entry(1, EntryKind.APPLIES_NOT, "cbw", 1, text="Not us"), id="does not apply"),
        pytest.param(entry(1, EntryKind.TERM_DONE, "cbw-early", 1), id="done"),
    ],
)
def test_nothing_is_told_of_what_was_settled(said: Entry) -> None:
    assert "cbw-early" in due_at(30)
    assert "cbw-early" not in due_at(30, said)


def test_after_closing_only_what_was_said_to_hold_goes_on() -> None:
    assert due_at(80, closed=True) == {}
    told = entry(1, EntryKind.TERM_DONE, "cbw-notification", 60)
    assert due_at(24 * 16, told, closed=True) == {"cbw-early": Rung.PASSED, "cbw-final": Rung.HALF}
    assert due_at(80, entry(2, EntryKind.APPLIES, "avg"), closed=True) == {"avg-authority": Rung.PASSED}


def test_moments_to_come_are_those_of_the_rungs() -> None:
    yes = entry(1, EntryKind.APPLIES_NOT, "cbw", 1, text="Not us")
    found = rungs.moments(stands(yes), BEGAN + timedelta(hours=40), closed=False)
    assert found == (BEGAN + timedelta(hours=60), BEGAN + timedelta(hours=72))
    assert rungs.moments(stands(yes), BEGAN, closed=True) == ()


@pytest.mark.parametrize(
    ("minutes", "spoken", "expected"),
    [
        (180, Language.DUTCH, "di 24 november 14:05 (over 3 uur)"),
        (45, Language.DUTCH, "di 24 november 14:05 (over 45 minuten)"),
        (1, Language.ENGLISH, "Tue 24 November 14:05 (in 1 minute)"),
        (72 * 60, Language.ENGLISH, "Tue 24 November 14:05 (in 72 hours)"),
        (96 * 60, Language.DUTCH, "di 24 november 14:05 (over 4 dagen)"),
        (-180, Language.DUTCH, "di 24 november 14:05 (3 uur geleden)"),
    ],
)
def test_until_when_is_said_by_the_clock_on_the_wall_and_by_how_far(
    app: Flask, minutes: int, spoken: Language, expected: str
) -> None:
    at = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)
    with app.test_request_context(), written_in(spoken):
        assert until_text(at, at - timedelta(minutes=minutes), ZONE) == expected


def test_copies_of_before_name_nobody_who_reports() -> None:
    with_them = Frozen(reporters=FrozenReporters("eva", "mo", ("firm",)))
    assert unpacked(packed(with_them)) == with_them
    assert {one.reports for one in QUESTIONS} == set(Reports)
    # What was frozen before anybody was asked has no such part.
    told = json.loads(zlib.decompress(packed(Frozen())))
    del told["reporters"]
    assert unpacked(zlib.compress(json.dumps(told).encode())) == Frozen()
