"""Reminders of requests: each once, to who can act, on working days, in its language, and nothing once it is over."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from continuity.models import Client, ClientRequest, DeedInvitation, ExitTask, RequestRole, RequestState, SchemeState
from continuity.requests import asking, deciding, exiting, reminding, thresholds
from continuity.requests.outstanding import outstanding
from continuity.requests.steps import keep
from continuity.requests.thresholds import Item, Matter, Standing, Task
from core import db
from core.background import work
from core.background.work import DueWork
from core.background.work_states import WorkState
from core.i18n import Language
from tests.cast import Cast, Organisation, Person
from tests.continuity.asking import LAST, OFFICER, bring_to, owner_in, request_in
from tests.continuity.linked import MAIL, SAID, code_of, links, texts
from tests.continuity.world import World
from tests.mailbox import letters_to
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Scoped = Callable[[Organisation], AbstractContextManager[None]]
S, DAY = RequestState, timedelta(days=1)
# A Sunday.
TODAY = date(2026, 11, 22)
ID = UUID(int=1)


def morning(day: date) -> datetime:
    """Return eight o'clock in Amsterdam in winter."""
    return datetime(day.year, day.month, day.day, 7, 0, tzinfo=UTC)


@contextmanager
def on(day: date) -> Iterator[None]:
    """Be at the morning of `day`."""
    with time_machine.travel(morning(day), tick=False):
        yield


def reminded(app: Flask, day: date, address: str = MAIL) -> list[str]:
    """Do what is due on `day`, twice; return the letters this brought to `address`."""
    with on(day):
        before = len(letters_to(app, address))
        with app.app_context():
            reminding.remind()
            reminding.remind()
        return [f"{one['Subject']}\n{one.get_content()}" for one in letters_to(app, address)[before:]]


@pytest.fixture
def asked_by_link(app: Flask, path: str) -> str:
    """The client asked; its link."""
    guest = Visitor(app)
    assert guest.post(f"{path}/continuity/", {**SAID, "code": code_of(app, guest, path)}).status_code == 303
    return path


def standing(state: RequestState, *tasks: Task, due: date | None = None, paid: date | None = None) -> Standing:
    fee = Decimal(120) if due else None
    return Standing((1, ID), state, TODAY - 3 * DAY, TODAY, fee, due, paid, LAST, tasks)


@pytest.mark.parametrize(
    ("one", "client", "foundation"),
    [
        (standing(S.ASKED), [], [Item(Matter.ANSWER, TODAY - DAY)]),
        (standing(S.CHECKING), [], [Item(Matter.ANSWER, TODAY - DAY)]),
        (standing(S.GRANTED), [], [Item(Matter.DELIVERY, TODAY + 2 * DAY)]),
        (standing(S.FEE_DUE, due=TODAY), [Item(Matter.FEE, TODAY)], [Item(Matter.UNPAID, TODAY)]),
        (standing(S.FEE_DUE, due=TODAY, paid=TODAY), [], [Item(Matter.DELIVERY, TODAY + 2 * DAY)]),
        (
            standing(S.SERVED, Task(TODAY + DAY, "Copy")),
            [Item(Matter.TASK, TODAY + DAY, "Copy"), Item(Matter.LEAVE, LAST)],
            [Item(Matter.STAYS, LAST)],
        ),
    ],
)
def test_what_stands_open_of_a_request_by_its_state(one: Standing, client: list[Item], foundation: list[Item]) -> None:
    assert list(thresholds.of_client(one)) == client
    assert list(thresholds.of_foundation(one)) == foundation


def test_a_fee_of_nothing_is_not_asked_for() -> None:
    one = Standing((1, ID), S.FEE_DUE, TODAY, TODAY, Decimal(0), TODAY, None, LAST)
    assert list(thresholds.of_client(one)) == []
    assert [item.matter for item in thresholds.of_foundation(one)] == [Matter.DELIVERY]


def test_days_up_to_the_newest_step_were_told_of_by_its_letter() -> None:
    one = standing(S.SERVED, Task(TODAY + 7 * DAY), Task(TODAY + 8 * DAY))
    days = thresholds.told_on(one, thresholds.of_client(one), after=date.min, up_to=TODAY + 20 * DAY)
    # Seven days before the first task is the day of the step itself.
    assert [(day - TODAY).days for day in days] == [1, 7, 8, 14, 15]
    assert (
        thresholds.told_on(one, thresholds.of_client(one), after=TODAY + 8 * DAY, up_to=TODAY + 14 * DAY) == [
            TODAY + 14 * DAY
        ]
    )  # fmt: skip


def test_client_is_reminded_of_its_fee_once_a_threshold_with_a_link_that_works(
    app: Flask, asked_by_link: str, cast: Cast, scope_of: Scoped
) -> None:
    due = date(2026, 12, 4)  # a Friday
    with scope_of(cast.supplier):
        row = bring_to(request_in(), S.GRANTED)
        deciding.ask_fee(row, Decimal(120), due, officer=OFFICER, seen=row.version, today=TODAY, at=morning(TODAY))
    told = {day: reminded(app, day) for day in (TODAY + n * DAY for n in range(1, 23))}
    assert [day for day, letters in told.items() if letters] == [due - 3 * DAY, due, due + 7 * DAY]
    assert all(len(letters) < 2 for letters in told.values())
    first, late = told[due - 3 * DAY][0], told[due + 7 * DAY][0]
    assert "Reminder: pay for continuity of" in first
    assert "No payment is recorded yet" not in first
    assert "No payment is recorded yet" in late
    guest, fresh = Visitor(app), links(app)[-1]
    with on(due + 7 * DAY):
        assert guest.get(f"{fresh}/continuity/").status_code == 200
        assert guest.get(f"{asked_by_link}/continuity/").status_code == 200, "a page that was kept does not close"


def test_client_is_reminded_of_its_list_and_of_the_end_and_of_nothing_it_ticked_off(
    app: Flask, asked_by_link: str, cast: Cast, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        row = bring_to(request_in(), S.SERVED)
        tasks = list(db.session().scalars(sa.select(ExitTask).order_by(ExitTask.position)))
        due = [one.due_on for one in tasks]
        exiting.tick(row, tasks[1], done=True, note="", by="Henk", seen=None, today=TODAY)
    told = {day: reminded(app, day) for day in (TODAY + n * DAY for n in range(1, (LAST - TODAY).days + 30))}
    days = {day for day, letters in told.items() if letters}
    assert max(map(len, told.values())) == 1
    wanted = {
        day
        for one in (due[0], *due[2:])
        for day in (one - 7 * DAY, one, one + 7 * DAY)
    } | {LAST - n * DAY for n in (30, 14, 3)}  # fmt: skip
    weekend = {day for day in wanted if day.weekday() > 4}
    assert {day for day in wanted - weekend if day > TODAY and day.month == 1} <= days
    assert not any(day.weekday() > 4 for day in days), "on working days"
    assert date(2026, 12, 25) not in days
    every = "\n".join(letter for letters in told.values() for letter in letters)
    assert "Tell your people what happened" not in every
    assert "After that day it stops." in told[LAST - 30 * DAY][0]
    assert max(days) <= LAST + 10 * DAY


def test_after_missed_days_one_letter_comes_and_an_earlier_day_is_not_told_of_afterwards(
    app: Flask, asked_by_link: str, cast: Cast, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        bring_to(request_in(), S.SERVED)
        due = list(db.session().scalars(sa.select(ExitTask.due_on).order_by(ExitTask.position).limit(2)))
    # Nothing ran since: what was due on a Sunday, and a week late on the Monday after it, comes on Tuesday.
    assert [due[1], due[0] + 7 * DAY] == [TODAY + 7 * DAY, TODAY + 8 * DAY]
    (letter,) = reminded(app, TODAY + 9 * DAY)
    assert letter.count("(too late)") == 2
    with scope_of(cast.supplier):
        task = db.session().scalars(sa.select(ExitTask).where(ExitTask.position == 0)).one()
        exiting.tick(request_in(), task, done=True, note="", by="Henk", seen=None, today=TODAY)
    assert reminded(app, TODAY + 10 * DAY) == [], "the letter of Tuesday told of that Sunday too"


@pytest.mark.parametrize("over", ["withdrawn", "exited", "scheme", "archived"])
def test_nobody_is_reminded_of_what_is_over(
    app: Flask, asked_by_link: str, cast: Cast, scope_of: Scoped, world: World, over: str
) -> None:
    with scope_of(cast.supplier):
        if over == "withdrawn":
            asking.withdraw(request_in(), RequestRole.CLIENT, by="H", reason="", seen=None, at=morning(TODAY))
        else:
            bring_to(request_in(), S.EXITED if over == "exited" else S.SERVED)
        if over == "scheme":
            owner_in(world).state = SchemeState.CLOSED
        if over == "archived":
            owner_in(world).archived_at = morning(TODAY)
    for number in range(1, 40):
        assert reminded(app, TODAY + number * DAY) == []
        assert reminded(app, TODAY + number * DAY, cast.foundation_owner.email) == []


def test_what_is_settled_between_planning_and_writing_is_not_told_of(
    app: Flask, asked_by_link: str, cast: Cast, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        row = bring_to(request_in(), S.GRANTED)
        deciding.ask_fee(
            row, Decimal(120), TODAY + DAY, officer=OFFICER, seen=row.version, today=TODAY, at=morning(TODAY)
        )
    about = f"{cast.supplier.id}:{row_id(cast, scope_of)}"
    with on(TODAY + DAY), app.app_context():
        db.begin(writes=True)
        work.plan(reminding.CLIENT, [about], TODAY + DAY, at=morning(TODAY))
        db.commit()
    with scope_of(cast.supplier):
        row = request_in()
        deciding.record_paid(row, TODAY, officer=OFFICER, seen=row.version, today=TODAY)
    assert reminded(app, TODAY + DAY) == []


def row_id(cast: Cast, scope_of: Scoped) -> UUID:
    with scope_of(cast.supplier):
        return request_in().id


def test_officers_are_reminded_of_what_waits_once_in_one_letter(
    app: Flask, asked_by_link: str, cast: Cast, scope_of: Scoped, world: World
) -> None:
    officer = cast.foundation_owner.email
    told = {day: reminded(app, day, officer) for day in (TODAY + n * DAY for n in range(1, 12))}
    # Asked on a Sunday: due on Tuesday, two and seven days later.
    assert [day for day, letters in told.items() if letters] == [TODAY + n * DAY for n in (2, 4, 9)]
    assert "has to have an answer on 24 November 2026" in told[TODAY + 2 * DAY][0]
    assert "had to have an answer on 24 November 2026" in told[TODAY + 4 * DAY][0]
    assert "/registrants/requests" in told[TODAY + 2 * DAY][0]
    assert reminded(app, TODAY + 2 * DAY, cast.foundation_reader.email) == []


def test_officers_hear_of_an_unpaid_fee_of_delivery_and_of_who_does_not_leave(
    app: Flask, asked_by_link: str, cast: Cast, scope_of: Scoped
) -> None:
    officer = cast.foundation_owner.email
    with scope_of(cast.supplier):
        row = bring_to(request_in(), S.GRANTED)
    (letter,) = reminded(app, TODAY + 2 * DAY, officer)
    assert "delivery has to begin on 24 November 2026" in letter
    with scope_of(cast.supplier):
        row = request_in()
        deciding.ask_fee(
            row, Decimal(120), TODAY + 3 * DAY, officer=OFFICER, seen=row.version, today=TODAY, at=morning(TODAY)
        )
    (letter,) = reminded(app, TODAY + 4 * DAY, officer)
    assert "had to pay by 25 November 2026" in letter
    with scope_of(cast.supplier):
        row = request_in()
        deciding.serve(row, "In cash", officer=OFFICER, seen=row.version, today=TODAY, at=morning(TODAY))
    (letter,) = reminded(app, LAST - 29 * DAY, officer)
    assert "has not moved to another supplier" in letter


def test_no_letter_goes_at_night_or_in_a_weekend(app: Flask, asked_by_link: str, cast: Cast, scope_of: Scoped) -> None:
    officer = cast.foundation_owner.email
    with on(TODAY + DAY):
        before = len(letters_to(app, officer))
    with time_machine.travel(morning(TODAY + 2 * DAY) - timedelta(hours=3), tick=False), app.app_context():
        reminding.remind()
        assert len(letters_to(app, officer)) == before
    assert reminded(app, TODAY + 6 * DAY, officer) == [], "a Saturday"
    assert len(reminded(app, TODAY + 8 * DAY, officer)) == 1, "made up for on Monday"


def test_a_mail_to_another_address_than_the_invitation_carries_no_link(
    app: Flask, asked_by_link: str, cast: Cast, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        row = request_in()
        row.email = "kim@other.example"
        db.session().flush()
        bring_to(row, S.SERVED)
    (letter,) = reminded(app, TODAY + DAY, "kim@other.example")
    assert "so it carries no link" in letter
    assert not re.search(r"/deed/", letter)
    assert Visitor(app).get(f"{asked_by_link}/continuity/").status_code == 200, "the old one works on"


def test_a_client_is_reminded_in_its_language_and_not_by_a_link_that_was_taken_back(
    app: Flask, asked_by_link: str, cast: Cast, scope_of: Scoped, world: World
) -> None:
    with scope_of(cast.supplier):
        bring_to(request_in(), S.SERVED)
        db.session().scalars(sa.select(Client).where(Client.id == world.client_id)).one().language = Language.DUTCH
        db.session().scalars(sa.select(DeedInvitation)).one().revoked_at = morning(TODAY)
    (letter,) = reminded(app, TODAY + DAY)
    assert "Herinnering" in letter
    assert not re.search(r"/deed/", letter)


def test_every_letter_about_a_request_carries_a_link_and_those_of_before_go_on_working(
    app: Flask, asked_by_link: str, cast: Cast, scope_of: Scoped
) -> None:
    at = morning(TODAY)
    mailed = links(app)
    assert len(mailed) == 2, "that it can ask, and that it asked"
    steps: tuple[Callable[[ClientRequest], None], ...] = (
        lambda row: deciding.grant(row, {}, officer=OFFICER, seen=row.version, at=at),
        lambda row: deciding.ask_fee(row, Decimal(1), TODAY, seen=row.version, today=TODAY, officer=OFFICER, at=at),
        lambda row: deciding.serve(row, "Cash", officer=OFFICER, seen=row.version, today=TODAY, at=at),
    )
    with scope_of(cast.supplier):
        bring_to(request_in(), S.CHECKING)
    for step in steps:
        with scope_of(cast.supplier):
            step(request_in())
        (fresh,) = set(links(app)) - set(mailed)
        mailed.append(fresh)
    for one in mailed:
        assert Visitor(app).get(f"{one}/continuity/").status_code == 200


def test_refusal_carries_a_link_to_the_page_that_tells_the_reason(
    app: Flask, asked_by_link: str, cast: Cast, scope_of: Scoped
) -> None:
    before = set(links(app))
    with scope_of(cast.supplier):
        row = bring_to(request_in(), S.CHECKING)
        deciding.refuse(row, "No bill was paid", officer=OFFICER, seen=row.version, at=morning(TODAY))
    (refused,) = set(links(app)) - before
    shown = Visitor(app).get(f"{refused}/continuity/").get_data(as_text=True)
    assert "No bill was paid" in shown
    assert Visitor(app).get(f"{asked_by_link}/continuity/").status_code == 200


def test_a_letter_whose_writer_was_killed_is_written_by_the_next_one_and_once(
    app: Flask, asked_by_link: str, cast: Cast, scope_of: Scoped, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scope_of(cast.supplier):
        bring_to(request_in(), S.SERVED)
    day = TODAY + DAY
    before = len(texts(app))

    class Killed(BaseException):
        """As a signal: nothing of ours catches it."""

    def die(*_args: object, **_named: object) -> None:
        raise Killed

    with on(day), app.app_context():
        with monkeypatch.context() as patch:
            patch.setattr(work, "finish", die)
            with pytest.raises(Killed):
                reminding.remind()
        assert len(texts(app)) == before
    with time_machine.travel(morning(day) + 2 * work.LEASE, tick=False), app.app_context():
        with monkeypatch.context() as patch:
            patch.setattr(reminding, "_remind_client", die)
            with pytest.raises(Killed):
                reminding.remind()
        assert len(texts(app)) == before
    with time_machine.travel(morning(day) + 4 * work.LEASE, tick=False), app.app_context():
        reminding.remind()
        reminding.remind()
        db.begin(writes=False)
        done = db.session().scalars(sa.select(DueWork.state).where(DueWork.kind == reminding.CLIENT)).all()
        db.rollback()
        assert done == [WorkState.DONE]
        assert len(texts(app)) == before + 1


def test_the_day_is_worked_out_in_as_many_queries_for_many_requests_as_for_one(
    app: Flask, asked_by_link: str, cast: Cast, world: World, scope_of: Scoped,
    count_queries: Callable[[], AbstractContextManager[list[str]]],
) -> None:  # fmt: skip
    counts = []
    for number in range(2):
        with scope_of(cast.supplier), count_queries() as sent:
            assert len(outstanding([cast.supplier.id])) == 1 + 3 * number
        counts.append(len(sent))
        with scope_of(cast.supplier):
            row = request_in()
            for more in range(3):
                client = Client(registration_id=world.registration_id, name=f"Zaak {more}", email=MAIL)
                db.session().add(client)
                db.session().flush()
                made = type(row)(
                    registration_id=row.registration_id, client_id=client.id, acceptance_id=row.acceptance_id,
                    case_id=row.case_id, asked_how=row.asked_how, asked_by="x", asked_at=row.asked_at, state=row.state,
                )  # fmt: skip
                db.session().add(made)
                db.session().flush()
                keep(made, None, made.state, RequestRole.CLIENT, by="x")
    assert counts[0] == counts[1]
