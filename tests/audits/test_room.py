"""The auditor's room: assignments, requests for evidence and their answers, to whom they show, and what is logged."""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from audits.room import telling
from audits.room.course import COURSE, Move, RequestState, moves
from audits.room.models import EvidenceFile, EvidenceRequest
from audits.sweeping import sweep
from core import clock, db
from core.i18n import Language
from core.mail.outbox import OutboxMail
from plans.models import Outcome, TestResult
from plans.shapes import RESTORE
from tenants.models import Capacity, Engagement, TrailEntry, User
from tests.cast import JOINED, PASSWORD_HASH, Cast, Organisation, Person
from tests.visitor import Visitor

Scope = Callable[[Organisation], AbstractContextManager[None]]
Visit = Callable[[Person], Visitor]
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LAST = datetime(2026, 12, 31, 23, tzinfo=UTC)  # midnight in Amsterdam: the last day is the 31st
PDF = b"%PDF-1.7 what was restored"
S, M, C = RequestState, Move, Capacity


@pytest.fixture(autouse=True)
def moving() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def auditor(cast: Cast, scope_of: Scope, name: str, *, where: Organisation | None = None, **limits: object) -> Person:
    """Add somebody who audits the bakery, or another organisation; return them."""
    with scope_of(where or cast.bakery):
        user = User(
            email=f"{name}@audit.example", name=name.title(), password_hash=PASSWORD_HASH, created_at=JOINED,
            language=Language.ENGLISH,
        )  # fmt: skip
        db.session().add(user)
        db.session().flush()
        row = Engagement(auditor_id=user.id, starts_at=JOINED, ends_at=LAST)
        told = {"reference": f"Check by {name}", "plan": True, "continuity": True, **limits}
        for key, value in told.items():
            setattr(row, key, value)
        db.session().add(row)
        return Person(user.id, user.email, user.name)


def room_of(person: Person) -> str:
    """The address of the one room of somebody."""
    with_person = sa.select(Engagement.id).where(Engagement.auditor_id == person.id)
    return f"/o/bakery/room/{db.session().scalars(with_person).one()}"


@dataclass
class Room:
    """An auditor in the bakery, another one, and a request that was made."""

    eva: Visitor
    sam: Visitor
    address: str
    other: str
    request_id: UUID

    @property
    def asked(self) -> str:
        """The request as the auditor sees it."""
        return f"{self.address}/requests/{self.request_id}"

    @property
    def here(self) -> str:
        """The request as the organisation sees it."""
        return f"/o/bakery/requests/{self.request_id}"


def ask(visitor: Visitor, address: str, title: str = "Report of the restore", **more: str) -> int:
    told = {"title": title, "asked": "That all systems came back", "item": RESTORE, "due_on": "2026-12-01"}
    return visitor.post(f"{address}/ask", {**told, **more}).status_code


@pytest.fixture
def room(cast: Cast, scope_of: Scope, visitor: Visit) -> Room:
    eva, sam = auditor(cast, scope_of, "eva"), auditor(cast, scope_of, "sam", plan=False)
    with scope_of(cast.bakery):
        address, other = room_of(eva), room_of(sam)
    assert ask(visitor(eva), address) == 302
    with scope_of(cast.bakery):
        request_id = db.session().scalars(sa.select(EvidenceRequest.id)).one()
    return Room(visitor(eva), visitor(sam), address, other, request_id)


def eva_of(room: Room) -> Person:
    """The auditor, whose session does not last until the next day."""
    assert room.eva.person
    return room.eva.person


def text(visitor: Visitor, path: str) -> str:
    answer = visitor.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def seen(visitor: Visitor, path: str) -> str:
    found = re.search(r'name="seen"[^>]*value="(\d+)"', text(visitor, path))
    assert found
    return found.group(1)


def answer(visitor: Visitor, path: str, **more: object) -> int:
    told = {"seen": seen(visitor, path), "note": "Here it is", **more}
    return visitor.post(path, told, content_type="multipart/form-data").status_code


def decide(visitor: Visitor, path: str, decision: str, note: str = "") -> int:
    return visitor.post(f"{path}/{decision}", {"seen": seen(visitor, path), "note": note}).status_code


def letters(app: Flask) -> list[tuple[str, str]]:
    """Write the letters that are due; return to whom they go and under which subject."""
    with app.app_context():
        telling.tell()
        db.begin(writes=False)
        rows = db.session().execute(sa.select(OutboxMail.recipient, OutboxMail.subject))
        found = sorted((to, str(subject)) for to, subject in rows)
        db.rollback()
        return found


# Written down by hand: what each side may do in each state.
MAY = {
    (S.OPEN, C.AUDITOR): {M.WITHDRAW},
    (S.ANSWERED, C.AUDITOR): {M.ACCEPT, M.SEND_BACK, M.WITHDRAW},
    (S.SENT_BACK, C.AUDITOR): {M.WITHDRAW},
} | {
    (state, capacity): {M.ANSWER} for state, capacity in product((S.OPEN, S.ANSWERED, S.SENT_BACK), (C.OWNER, C.EDITOR))
}


@pytest.mark.parametrize(("state", "capacity"), list(product(RequestState, Capacity)))
def test_each_side_moves_a_request_as_the_table_says(state: RequestState, capacity: Capacity) -> None:
    assert set(moves(state, capacity)) == MAY.get((state, capacity), set())


def test_nothing_but_asking_makes_a_request() -> None:
    assert [move for move, one in COURSE.items() if not one.sources] == [Move.ASK]


def test_a_request_goes_to_and_fro_until_it_is_accepted(
    app: Flask, room: Room, cast: Cast, scope_of: Scope, visitor: Visit
) -> None:
    with scope_of(cast.bakery):
        result = TestResult(item_id=RESTORE, done_on=date(2026, 11, 2), outcome=Outcome.PASSED)
        db.session().add(result)
        db.session().flush()
        result_id = str(result.id)
    assert [to for to, _subject in letters(app)] == ["editor@people.example", "owner@people.example"]
    owner, editor, reader = visitor(cast.owner), visitor(cast.editor), visitor(cast.reader)
    assert "1 question of your auditor waits for an answer" in text(reader, "/o/bakery/")
    assert "Report of the restore" in text(owner, "/o/bakery/requests/")
    assert reader.post(room.here, {"note": "I may not"}).status_code == 403
    assert answer(editor, room.here, note=" ") == 422

    files = [(io.BytesIO(PDF), "restore.pdf"), (io.BytesIO(PDF + b"2"), "second.pdf")]
    assert answer(editor, room.here, files=files, result=result_id) == 302
    assert "waits for an answer" not in text(owner, "/o/bakery/")
    assert ("eva@audit.example", f"{cast.bakery.name} answered your request") in letters(app)
    page = text(room.eva, room.asked)
    assert "restore.pdf" in page
    assert "2 November 2026" in page
    path = re.search(rf'href="({room.asked}/files/[^"]+)"', page)
    assert path
    assert room.eva.get(path.group(1)).get_data() == PDF
    assert text(reader, room.here).count("/files/") == 2

    assert decide(room.eva, room.asked, "send-back") == 422
    assert decide(room.eva, room.asked, "send-back", "The mail server is not in it") == 302
    assert "The mail server is not in it" in text(owner, room.here)
    assert "1 question of your auditor" in text(owner, "/o/bakery/")
    assert len([1 for _to, subject in letters(app) if "sent an answer back" in subject]) == 2
    assert answer(owner, room.here, note="Now it is") == 302
    assert decide(room.eva, room.asked, "accept") == 302
    for page in (text(room.eva, room.asked), text(owner, room.here)):
        assert "Accepted" in page
        assert "Now it is" in page
        assert "<textarea" not in page


def test_what_changed_since_the_page_was_opened_is_not_decided_about(room: Room, cast: Cast, visitor: Visit) -> None:
    owner = visitor(cast.owner)
    assert answer(owner, room.here) == 302
    stale = seen(room.eva, room.asked)
    assert answer(owner, room.here, note="And one thing more") == 302
    refused = room.eva.post(f"{room.asked}/accept", {"seen": stale, "note": "Fine"})
    assert refused.status_code == 409
    assert "And one thing more" in refused.get_data(as_text=True)
    step = str(uuid4())
    told = {"seen": seen(room.eva, room.asked), "note": "Fine", "new_row": step}
    assert [room.eva.post(f"{room.asked}/accept", told).status_code for _again in range(2)] == [302, 302]
    # The page shows no form any more; whoever knows the newest version still gets no further.
    assert room.eva.post(f"{room.asked}/withdraw", {"seen": "4", "note": ""}).status_code == 409
    assert text(room.eva, room.asked).count("accepted the answer") == 1


def test_a_request_is_answered_within_the_assignment(room: Room) -> None:
    assert ask(room.eva, room.address, due_on="2026-11-21") == 422
    assert ask(room.eva, room.address, due_on="2027-01-01") == 422
    assert ask(room.eva, room.address, due_on="2026-12-31") == 302
    assert ask(room.eva, room.address, item="scheme.nothing") == 422
    twice = {"new_row": str(uuid4())}
    assert [ask(room.eva, room.address, "Once", **twice) for _again in range(2)] == [302, 302]
    assert text(room.eva, room.address).count("Once") == 1


def test_nobody_else_sees_a_request(room: Room, cast: Cast, scope_of: Scope, visitor: Visit) -> None:
    foreign = auditor(cast, scope_of, "far", where=cast.other)
    assert answer(visitor(cast.owner), room.here, files=[(io.BytesIO(PDF), "a.pdf")]) == 302
    with scope_of(cast.bakery):
        file_id = db.session().scalars(sa.select(EvidenceFile.id)).one()
    theirs = (room.address, room.asked, f"{room.asked}/files/{file_id}", f"{room.address}/ask")
    mixed = f"{room.other}/requests/{room.request_id}"
    for path in (*theirs, mixed, f"{mixed}/files/{file_id}"):
        assert room.sam.get(path).status_code == 404, path
        assert visitor(foreign).get(path).status_code == 404, path
    assert room.sam.post(f"{mixed}/withdraw", {"note": ""}).status_code == 404
    assert "Report of the restore" not in text(room.sam, room.other)
    assert room.eva.get("/o/bakery/requests/").status_code == 403
    assert room.eva.post(room.here, {"note": "My own answer"}).status_code == 403
    assert visitor(cast.owner).get(room.address).status_code == 403
    for path in (room.here, f"{room.here}/files/{file_id}"):
        assert visitor(cast.stranger).get(path).status_code == 404
        assert visitor(cast.stranger).get(path.replace("bakery", "other")).status_code == 404


def test_a_scheme_auditor_is_offered_and_shown_the_scheme_alone(room: Room) -> None:
    page = text(room.sam, f"{room.other}/ask")
    assert "scheme." in page
    assert RESTORE not in page
    assert "Continuity scheme" in text(room.sam, room.other)
    assert ask(room.sam, room.other) == 422


def test_the_pack_with_everything_stands_before_the_workbooks_in_it(room: Room) -> None:
    page = text(room.eva, room.address)
    assert page.index('value="pack"') < page.index('value="findings"')


def test_after_the_end_the_auditor_is_out_and_the_organisation_keeps_everything(
    app: Flask, room: Room, cast: Cast, visitor: Visit, scope_of: Scope, moving: time_machine.Traveller
) -> None:
    assert answer(visitor(cast.owner), room.here, files=[(io.BytesIO(PDF), "a.pdf")]) == 302
    assert ask(room.eva, room.address, "Never answered") == 302
    with scope_of(cast.bakery):
        file_id = db.session().scalars(sa.select(EvidenceFile.id)).one()
        engagement = db.session().get_one(Engagement, (cast.bakery.id, UUID(room.address.rpartition("/")[2])))
        engagement.ends_at = clock.now()
    for path in (room.address, room.asked, f"{room.asked}/files/{file_id}", "/o/bakery/room/", "/o/bakery/"):
        assert room.eva.get(path).status_code == 404, path
    assert ask(room.eva, room.address) == 404
    assert "Ended" in text(room.eva, "/engagements/")
    assert letters(app) == [], "nobody is told of what cannot be answered any more"

    owner = visitor(cast.owner)
    assert "Here it is" in text(owner, room.here)
    assert owner.get(f"{room.here}/files/{file_id}").get_data() == PDF
    page = text(owner, "/o/bakery/requests/")
    assert "This assignment has ended." in page
    assert "waits for an answer" not in text(owner, "/o/bakery/")
    assert owner.post(room.here, {"note": "Too late", "seen": "2"}).status_code == 422


def test_assignments_are_listed_with_their_days(cast: Cast, scope_of: Scope, visitor: Visit) -> None:
    eva = auditor(cast, scope_of, "eva")
    with scope_of(cast.other):
        coming = Engagement(
            auditor_id=eva.id, reference="Next year", plan=False, continuity=True,
            starts_at=NOW + timedelta(days=10), ends_at=NOW + timedelta(days=20),
        )  # fmt: skip
        db.session().add(coming)
    visit = visitor(eva)
    assert visit.get("/").headers["Location"].endswith("/engagements/")
    page = text(visit, "/engagements/")
    assert "31 December 2026 (in 39 days)" in page
    assert "2 December 2026 (in 10 days)" in page
    assert "You audit Bakkerij Zonneschijn until 31 December 2026 (in 39 days)." in text(visit, "/o/bakery/findings")
    assert visit.get("/o/bakery/room/").status_code == 302
    assert visitor(cast.owner).get("/engagements/").status_code == 200


def test_the_room_shows_the_findings_of_the_day_in_its_address(
    app: Flask, room: Room, moving: time_machine.Traveller, cast: Cast, visitor: Visit
) -> None:
    with app.app_context():
        sweep.run()
    shown = text(room.eva, room.address)
    assert "Findings on 22 November 2026" in shown
    assert "See all findings" in shown
    moving.shift(timedelta(days=2))
    eva = visitor(eva_of(room))
    past = text(eva, f"{room.address}?as_of=2026-11-22")
    assert re.findall(r"\d+ faults?", past) == re.findall(r"\d+ faults?", shown)
    assert 'name="as_of" value="2026-11-22"' in past
    assert "findings?as_of=2026-11-22" in past
    before = text(eva, f"{room.address}?as_of=2026-11-20")
    assert "The first day that was kept is 22 November 2026." in before
    assert "No workbook can tell how this day stood." in before
    assert "Each download is written in the trail" not in before
    assert "Findings on 24 November 2026" in text(eva, f"{room.address}?as_of=2099-01-01")


def test_two_assignments_at_once_open_what_each_opens(cast: Cast, scope_of: Scope, visitor: Visit) -> None:
    eva = auditor(cast, scope_of, "eva", plan=False)
    assert visitor(eva).get("/o/bakery/plan/").status_code == 403
    with scope_of(cast.bakery):
        both = Engagement(
            auditor_id=eva.id, reference="Plan too", plan=True, continuity=False, starts_at=JOINED, ends_at=LAST
        )
        db.session().add(both)
    assert visitor(eva).get("/o/bakery/plan/").status_code == 200
    assert visitor(eva).get("/o/bakery/continuity/").status_code == 200
    assert visitor(eva).get("/o/bakery/trail/").status_code == 403


def test_each_page_an_auditor_looks_at_is_written_down_once_a_day(
    room: Room, cast: Cast, visitor: Visit, scope_of: Scope, moving: time_machine.Traveller
) -> None:
    def looks() -> list[str]:
        with scope_of(cast.bakery):
            query = sa.select(TrailEntry.label).where(TrailEntry.action == "page.looked").order_by(TrailEntry.seq)
            return list(db.session().scalars(query))

    before = len(looks())
    for path in ("/plan/", "/plan/", "/plan/?page=2", "/findings", "/plan/nothing-of-the-kind"):
        room.eva.get(f"/o/bakery{path}")
    assert looks()[before:] == ["/plan/", "/findings"]
    visitor(cast.reader).get("/o/bakery/expiries")
    moving.shift(timedelta(days=1))
    visitor(eva_of(room)).get("/o/bakery/plan/")
    assert looks()[before:] == ["/plan/", "/findings", "/plan/"]
    told = text(visitor(cast.owner), "/o/bakery/trail/")
    assert "Eva looked at the page “Plan”" in told
    assert "<dt>Address</dt><dd>/plan/</dd>" in told
