"""From what was written down to where steps, calls and systems stand. Nothing but values."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from plans.calamity.course import Course, Entry, StepState, course
from plans.calamity.frozen import (
    Frozen,
    FrozenCall,
    FrozenPerson,
    FrozenStep,
    FrozenSystem,
    FrozenText,
    digest_of,
    forgotten,
    packed,
    unpacked,
)
from plans.models import EntryKind

BEGAN = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
FROZEN = Frozen(
    steps=(
        FrozenStep(1, "Call Henk Bakker at the help desk", "", "", 15, 0, 15, ()),
        FrozenStep(2, "Restart the till", "till", "henk", 30, 15, 45, (1,)),
        FrozenStep(3, "Restore the till", "till", "", None, 45, 45, (2,)),
    ),
    systems=(FrozenSystem("till", "Till", 2), FrozenSystem("site", "Web site", None)),
    people=(
        FrozenPerson("henk", "Henk Bakker", ("+31612345678",), "henk@example.nl"),
        FrozenPerson("eva", "Eva", ("+31687654321",)),
        FrozenPerson("mo", "Mo", ()),
    ),
    calls=(FrozenCall("henk", ("First contact",), ("eva", "mo")), FrozenCall("eva", ("Deputy",)), FrozenCall("mo", ())),
    tasks=(FrozenText("Management", "Henk Bakker pays", "henk"),),
)


def entry(number: int, kind: EntryKind, target: object = "", minute: int = 0, **more: str) -> Entry:
    at = BEGAN + timedelta(minutes=minute)
    return Entry(UUID(int=number), kind, str(target), at, at, more.get("by", "Eva"), more.get("text", ""))


def goes(*entries: Entry, minute: int = 60) -> Course:
    return course(FROZEN, entries, BEGAN, BEGAN + timedelta(minutes=minute))


def back(number: int) -> str:
    return UUID(int=number).hex


@pytest.mark.parametrize(
    ("entries", "ready"),
    [
        pytest.param((), [1], id="the others wait"),
        pytest.param([entry(1, EntryKind.STEP_BEGUN, 1)], [], id="begun is not done"),
        pytest.param([entry(1, EntryKind.STEP_DONE, 1)], [2], id="done"),
        pytest.param([entry(1, EntryKind.STEP_SKIPPED, 1), entry(2, EntryKind.STEP_SKIPPED, 2)], [3], id="skipped"),
    ],
)
def test_steps_can_begin_once_what_they_wait_for_asks_for_nothing_more(entries: list[Entry], ready: list[int]) -> None:
    assert [one.step.number for one in goes(*entries).ready] == ready


@pytest.mark.parametrize(
    ("entries", "states"),
    [
        pytest.param((), ["to-do"] * 3, id="nothing yet"),
        pytest.param([entry(1, EntryKind.STEP_BEGUN, 1)], ["under-way", "to-do", "to-do"], id="begun"),
        pytest.param([entry(1, EntryKind.STEP_DONE, 2)], ["to-do", "done", "to-do"], id="done without a beginning"),
        pytest.param([entry(1, EntryKind.STEP_SKIPPED, 3)], ["to-do", "to-do", "skipped"], id="skipped"),
        pytest.param(
            [entry(1, EntryKind.STEP_SKIPPED, 3), entry(2, EntryKind.STEP_DONE, 3, 5)],
            ["to-do", "to-do", "done"],
            id="skipped and done after all",
        ),
        pytest.param(
            [entry(1, EntryKind.STEP_DONE, 1), entry(2, EntryKind.RETRACTED, back(1), 1)],
            ["to-do"] * 3,
            id="taken back",
        ),
        pytest.param(
            [
                entry(1, EntryKind.STEP_BEGUN, 1),
                entry(2, EntryKind.STEP_DONE, 1, 1),
                entry(3, EntryKind.RETRACTED, back(2), 2),
            ],
            ["under-way", "to-do", "to-do"],
            id="only the end taken back",
        ),
    ],
)
def test_state_of_a_step_follows_what_was_written_down(entries: list[Entry], states: list[str]) -> None:
    assert [one.state.value for one in goes(*entries).steps] == states


def test_two_people_who_tap_at_once_are_both_kept_and_the_first_counts() -> None:
    later = entry(2, EntryKind.STEP_DONE, 1, 5, by="Henk")
    found = goes(later, entry(1, EntryKind.STEP_DONE, 1, 4)).step(1)
    assert found is not None
    assert found.state is StepState.DONE
    assert found.ended is not None
    assert found.ended.by == "Eva"
    assert [one.by for one in found.also] == ["Henk"]


def test_what_comes_from_paper_takes_its_place_by_its_own_time() -> None:
    at = BEGAN + timedelta(minutes=3)
    paper = Entry(UUID(int=9), EntryKind.STEP_DONE, "1", at, BEGAN + timedelta(hours=5), "Henk")
    found = goes(entry(1, EntryKind.STEP_DONE, 1, 30), paper)
    assert [one.by for one in found.timeline] == ["Henk", "Eva"]
    assert found.steps[0].ended is paper
    assert (paper.late, entry(1, EntryKind.NOTE).late) == (True, False)


@pytest.mark.parametrize(
    ("entries", "minute", "took", "late_by"),
    [
        pytest.param([], 119, None, 0, id="not back, time left"),
        pytest.param([], 120, None, 0, id="not back on the last minute"),
        pytest.param([], 121, None, 1, id="not back, a minute late"),
        pytest.param([(EntryKind.STEP_DONE, 2, 30)], 60, None, 0, id="one of its two steps"),
        pytest.param([(EntryKind.STEP_DONE, 2, 30), (EntryKind.STEP_DONE, 3, 90)], 500, 90, 0, id="back in time"),
        pytest.param([(EntryKind.STEP_DONE, 2, 30), (EntryKind.STEP_DONE, 3, 135)], 500, 135, 15, id="back too late"),
        pytest.param([(EntryKind.STEP_DONE, 2, 30), (EntryKind.STEP_SKIPPED, 3, 40)], 60, 40, 0, id="the rest skipped"),
        pytest.param([(EntryKind.STEP_SKIPPED, 2, 1), (EntryKind.STEP_SKIPPED, 3, 2)], 60, None, 0, id="all skipped"),
        pytest.param([(EntryKind.SYSTEM_BACK, "till", 20)], 60, 20, 0, id="somebody says it works again"),
    ],
)
def test_hours_of_a_system_are_held_against_what_was_promised(
    entries: list[tuple[EntryKind, object, int]], minute: int, took: int | None, late_by: int
) -> None:
    written = [entry(number, kind, target, at) for number, (kind, target, at) in enumerate(entries, 1)]
    till, site = goes(*written, minute=minute).systems
    assert till.took == (None if took is None else timedelta(minutes=took))
    assert till.late_by == timedelta(minutes=late_by)
    assert (site.due_at, site.late, site.stepped, till.stepped) == (None, False, False, True)


@pytest.mark.parametrize(
    ("entries", "deputy"),
    [
        pytest.param([], "", id="not called yet"),
        pytest.param([entry(1, EntryKind.CALL_MISSED, "henk")], "eva", id="not reached"),
        pytest.param([entry(1, EntryKind.CALL_MESSAGE, "henk")], "eva", id="a message was left"),
        pytest.param(
            [entry(1, EntryKind.CALL_MISSED, "henk"), entry(2, EntryKind.CALL_MISSED, "eva", 1)],
            "mo",
            id="the next one",
        ),
        pytest.param(
            [entry(1, EntryKind.CALL_MISSED, "henk"), entry(2, EntryKind.CALL_REACHED, "eva", 1)],
            "",
            id="deputy reached",
        ),
        pytest.param(
            [entry(1, EntryKind.CALL_MISSED, "henk"), entry(2, EntryKind.CALL_REACHED, "henk", 1)],
            "",
            id="reached later",
        ),
    ],
)
def test_deputy_is_offered_when_somebody_does_not_answer(entries: list[Entry], deputy: str) -> None:
    found = goes(*entries).call("henk")
    assert found is not None
    assert found.deputy == deputy


def test_whoever_it_was_handed_to_last_leads() -> None:
    first, second = (
        entry(1, EntryKind.HANDOVER, text="Mo"),
        entry(2, EntryKind.HANDOVER, minute=9, text="Eva\nknows all"),
    )
    assert goes(second, first).leader is second
    assert goes(first, second, entry(3, EntryKind.RETRACTED, back(2), 10)).leader is first


def test_frozen_copy_comes_back_as_it_was() -> None:
    assert unpacked(packed(FROZEN)) == FROZEN
    assert packed(FROZEN) == packed(unpacked(packed(FROZEN)))
    assert len(digest_of(FROZEN)) == 64


def test_erased_person_is_in_the_frozen_copy_no_more() -> None:
    left = forgotten(FROZEN, "henk", "(erased)", lambda text: text.replace("Henk Bakker", "(erased)"))
    text = str(left)
    assert "Bakker" not in text
    assert "+31612345678" not in text
    assert "henk@example.nl" not in text
    assert (left.name("henk"), left.name("eva"), left.tasks[0].text) == ("(erased)", "Eva", "(erased) pays")
