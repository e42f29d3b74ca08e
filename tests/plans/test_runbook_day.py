"""The recovery on the clock: who does what when, and what runs beside each other. Nothing but values."""

from uuid import UUID

import pytest

from plans.runbook.day_plan import Planned, as_clock, day_of, day_plan, in_time
from plans.runbook.queries import Step

PEOPLE = {"Eva": UUID(int=501), "Mo": UUID(int=502)}
TILL = UUID(int=601)


def step(number: int, minutes: int | None, who: str | None = None, *needs: int, system: bool = False) -> Step:
    return Step(
        id=UUID(int=number), version=1, position=number, text=f"Step {number}", system_id=TILL if system else None,
        system="Till" if system else None, archived=False, minutes=minutes, contact_id=PEOPLE[who] if who else None,
        who=who, rto_hours=1 if system else None, needs=frozenset(UUID(int=one) for one in needs),
    )  # fmt: skip


def spans(planned: list[Planned]) -> list[tuple[int, int]]:
    return [(one.begins, one.ends) for one in planned]


@pytest.mark.parametrize(
    ("steps", "expected", "together"),
    [
        pytest.param((step(1, 15), step(2, 45)), [(0, 15), (15, 60)], [(), ()], id="nobody named: one by one"),
        pytest.param(
            (step(1, 15, "Eva"), step(2, 45, "Eva")), [(0, 15), (15, 60)], [(), ()], id="one person: one by one"
        ),
        pytest.param(
            (step(1, 15, "Eva"), step(2, 45, "Mo")),
            [(0, 15), (0, 45)],
            [(2,), (1,)],
            id="two people: beside each other",
        ),
        pytest.param(
            (step(1, 15, "Eva"), step(2, 45)), [(0, 15), (0, 45)], [(2,), (1,)], id="somebody and nobody named"
        ),
        pytest.param(
            (step(1, 15, "Eva"), step(2, 45, "Mo", 1)), [(0, 15), (15, 60)], [(), ()], id="what is needed comes first"
        ),
        pytest.param(
            (step(1, 60, "Eva"), step(2, 30, "Mo", 1), step(3, 60, "Mo"), step(4, 10, "Mo")),
            [(0, 60), (60, 90), (0, 60), (90, 100)],
            [(3,), (), (1,), ()],
            id="a gap is filled with what fits and delays nothing",
        ),
        pytest.param(
            (step(1, 60, "Eva"), step(2, 30, "Mo", 1), step(3, 61, "Mo")),
            [(0, 60), (60, 90), (90, 151)],
            [(), (), ()],
            id="what does not fit waits",
        ),
        pytest.param(
            (step(1, 60, "Eva"), step(2, 30, "Mo", 1), step(3, None, "Mo")),
            [(0, 60), (60, 90), (90, 90)],
            [(), (), ()],
            id="nobody knows whether it fits",
        ),
        pytest.param(
            (step(1, 60, "Eva"), step(2, None, "Mo"), step(3, 30, "Mo", 1), step(4, 10, "Mo")),
            [(0, 60), (0, 0), (60, 90), (90, 100)],
            [(2,), (1,), (), ()],
            id="no gap behind what takes nobody knows how long",
        ),
        pytest.param(
            (step(1, 20, "Eva", 2), step(2, 30, "Mo")),
            [(30, 50), (0, 30)],
            [(), ()],
            id="needs a later one all the same",
        ),
        pytest.param(
            (step(1, None, "Eva"), step(2, None, "Mo", 1)), [(0, 0), (0, 0)], [(), ()], id="waits, without a duration"
        ),
    ],
)
def test_each_step_begins_when_what_it_needs_is_done_and_its_person_is_free(
    steps: tuple[Step, ...], expected: list[tuple[int, int]], together: list[tuple[int, ...]]
) -> None:
    planned = day_plan(steps)
    assert spans(planned) == expected
    assert [one.together for one in planned] == together


def test_unknown_duration_makes_uncertain_only_what_comes_after_it() -> None:
    planned = day_plan([step(1, None, "Eva"), step(2, 10, "Eva"), step(3, 10, "Mo"), step(4, 5, "Mo", 2)])
    assert [one.at_least for one in planned] == [True, True, False, True]


def test_system_is_back_with_the_last_of_its_steps_on_the_clock() -> None:
    planned = day_plan([step(1, 70, "Eva", system=True), step(2, 20, "Mo", system=True)])
    assert [one.late_by for one in planned] == [10, 0]


def test_steps_that_would_wait_for_each_other_still_stand_on_the_clock() -> None:
    assert spans(day_plan([step(1, 10, "Eva", 2), step(2, 10, "Mo", 1)])) == [(0, 10), (10, 20)]


def test_the_day_as_a_whole_tells_who_is_busy_and_what_running_beside_each_other_saves() -> None:
    planned = day_plan([step(1, 15, "Eva"), step(2, 90, "Mo", 1), step(3, 30, "Eva"), step(4, 20)])
    day = day_of(planned)
    assert (day.ends, day.one_by_one, day.at_least) == (105, 155, False)
    assert [(one.who, one.steps, one.minutes) for one in day.busy] == [
        ("Eva", (1, 3), 45),
        (None, (4,), 20),
        ("Mo", (2,), 90),
    ]
    assert [one.number for one in in_time(planned)] == [1, 4, 2, 3]
    assert [as_clock(one.begins) for one in in_time(planned)] == ["0:00", "0:00", "0:15", "0:15"]
    assert day_of([]).ends == 0
