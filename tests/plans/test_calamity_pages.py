"""The plan at work: who may decide it, what is frozen, what several people write down at once, and the report."""

import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from audits.erasing.services import erase_contact
from core import clock, db
from plans.audiences import services as audience_services
from plans.audiences.services import AudienceValues
from plans.calamity import services
from plans.calamity.deciders import Account
from plans.calamity.errors import AlreadyRunning, Closed, MayNot
from plans.calamity.freezing import freeze
from plans.calamity.learning import lessons
from plans.calamity.queries import Told, over, running, told
from plans.calamity.services import Activation, Closing
from plans.calamity.targets import Written
from plans.errors import NotThere, PlanError
from plans.loading import load
from plans.models import Assignment, Calamity, CalamityEntry, Contact, EntryKind, RecoveryStep, System, TestResult
from plans.runbook import services as runbook
from plans.runbook.services import StepValues
from plans.turns import seen
from tenants.models import Alarm, Capacity, ManagementGrant, Tenant, TrailEntry
from tenants.models.access import GrantLevel
from tenants.scope import scoped, whole
from tests.cast import Cast
from tests.plans.items_scene import Counting, ScopeOf, SignIn, add_contact, add_party, add_system

OWNER = Account("Owner", "owner@people.example", Capacity.OWNER)


def fill(decider: str = "") -> dict[str, UUID]:
    """A till, two steps, a team of one with a deputy. decider: the e-mail address of who decides."""
    henk, eva = add_contact("Henk Bakker", email=decider), add_contact("Eva de Halm")
    add_party()
    till = add_system("Till", 1)
    db.session().get_one(System, (db.session().scalars(sa.select(System.tenant_id)).first(), till)).rto_hours = 2
    runbook.add_step(StepValues("Call the help desk", None, 15, henk))
    runbook.add_step(StepValues("Restart the till", till, 30, eva))
    db.session().add(Assignment(item_id="runbook.activation", seat="holder", contact_id=henk, deputy_id=eva))
    audience_services.add_audience(AudienceValues("Neighbours", eva, None, "Ring the bell"))
    db.session().flush()
    return {"henk": henk, "eva": eva, "till": till}


def begin(kind: Alarm = Alarm.REAL, minutes: int = 30, row_id: UUID | None = None) -> UUID:
    at = clock.now()
    began = Activation(kind, at - timedelta(minutes=minutes), "Smoke", ("Fire",))
    return services.activate(began, who=OWNER, at=at, row_id=row_id).id


def tap(calamity_id: UUID, kind: EntryKind, target: object = "", text: str = "", **more: object) -> CalamityEntry:
    at = clock.now()
    values = Written(kind, at, str(target), text)
    return services.write_down(calamity_id, values, by="Eva", at=at, **more)  # type: ignore[arg-type]


def finish(calamity_id: UUID, ended_at: datetime, conclusion: str = "", *, who: Account = OWNER) -> Calamity:
    at = clock.now()
    values = Closing(ended_at, conclusion, left=True)
    return services.close(calamity_id, values, who=who, today=clock.today(), at=at)


def look(calamity_id: UUID) -> Told:
    found = told(calamity_id, clock.now())
    assert found is not None
    return found


@pytest.fixture
def at_work(cast: Cast, scope_of: ScopeOf) -> tuple[str, UUID]:
    """The bakery with its plan at work; the address of its pages and the calamity."""
    with scope_of(cast.bakery):
        fill()
        found = begin()
    return f"/o/{cast.bakery.slug}/calamity", found


@contextmanager
def granted(cast: Cast, scope_of: ScopeOf) -> Iterator[None]:
    with scope_of(cast.bakery):
        db.session().add(
            ManagementGrant(
                manager_id=cast.supplier.id, level=GrantLevel.EDIT, plan=True, continuity=True,
                starts_at=clock.now() - timedelta(days=1), ends_at=None,
            )
        )  # fmt: skip
    yield


@pytest.mark.parametrize(
    ("capacity", "named", "kind", "may"),
    [
        (Capacity.OWNER, False, Alarm.REAL, True),
        (Capacity.EDITOR, False, Alarm.REAL, False),
        (Capacity.EDITOR, True, Alarm.REAL, True),
        (Capacity.EDITOR, False, Alarm.EXERCISE, True),
        (Capacity.READER, False, Alarm.EXERCISE, False),
        (Capacity.READER, True, Alarm.REAL, True),
        (Capacity.MANAGER_EDIT, True, Alarm.REAL, False),
        (Capacity.MANAGER_EDIT, True, Alarm.EXERCISE, False),
        (Capacity.AUDITOR, True, Alarm.REAL, False),
    ],
)
def test_owners_and_whom_the_plan_names_put_it_to_work(
    cast: Cast, scope_of: ScopeOf, capacity: Capacity, named: bool, kind: Alarm, may: bool
) -> None:
    with scope_of(cast.bakery):
        fill("Decides@People.example ")
        who = Account("X", "decides@people.example" if named else "x@people.example", capacity)
        at = clock.now()
        if may:
            assert services.activate(Activation(kind, at), who=who, at=at).kind is kind
        else:
            with pytest.raises(MayNot):
                services.activate(Activation(kind, at), who=who, at=at)


def test_what_is_frozen_stays_whatever_is_changed_in_the_plan(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        rows = fill()
        before = freeze()
        found = begin()
        henk = db.session().scalars(sa.select(Contact).where(Contact.id == rows["henk"])).one()
        henk.phone, henk.name = "+31600000000", "Somebody else"
        for step in db.session().scalars(sa.select(RecoveryStep)):
            step.text = "Something else"
        db.session().flush()
        shown = look(found)
    assert shown.frozen == before
    assert shown.digest
    assert (shown.brief.plan_version, shown.changed) == (0, True)
    assert [step.text for step in shown.frozen.steps] == ["Call the help desk", "Restart the till"]
    calls = {shown.frozen.name(call.who): call for call in shown.frozen.calls}
    assert list(calls) == ["Henk Bakker", "Eva de Halm", "Netwerk Noord"]
    assert calls["Henk Bakker"].deputies == (rows["eva"].hex,)
    assert len(calls["Eva de Halm"].about) == 3


def test_one_runs_at_a_time_and_an_exercise_makes_place(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        fill()
        same = uuid4()
        exercise = begin(Alarm.EXERCISE, row_id=same)
        assert begin(Alarm.EXERCISE, row_id=same) == exercise
        with pytest.raises(AlreadyRunning):
            begin(Alarm.EXERCISE)
        real = begin(Alarm.REAL)
        for kind in Alarm:
            with pytest.raises(AlreadyRunning) as caught:
                begin(kind)
            assert caught.value.calamity_id == real
        open_now = running()
        assert open_now is not None
        assert open_now.id == real
        assert look(exercise).conclusion
        assert db.session().get_one(Tenant, cast.bakery.id).alarm is Alarm.REAL
        assert [one.brief.id for one in over()] == [exercise]


def test_racing_activations_begin_one(app: Flask, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        fill()

    def race(_number: int) -> bool:
        with app.test_request_context():
            try:
                with scoped(whole(cast.bakery.id)):
                    begin()
            except AlreadyRunning:
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(race, range(4))) == 1


def test_racing_taps_are_all_kept_and_one_sent_twice_counts_once(
    app: Flask, cast: Cast, at_work: tuple[str, UUID], scope_of: ScopeOf
) -> None:
    ids = [uuid4() for _ in range(4)] * 2

    def race(row_id: UUID) -> None:
        with app.test_request_context(), scoped(whole(cast.bakery.id)):
            tap(at_work[1], EntryKind.STEP_DONE, 1, row_id=row_id)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(race, ids))
    with scope_of(cast.bakery):
        found = look(at_work[1])
        assert {one.id for one in found.course.timeline} == set(ids)
        assert len(found.course.timeline) == 4


def test_only_what_the_frozen_plan_holds_can_be_written_about(
    cast: Cast, at_work: tuple[str, UUID], scope_of: ScopeOf
) -> None:
    with scope_of(cast.bakery):
        found = at_work[1]
        note = tap(found, EntryKind.NOTE, text="Water in the cellar")
        for kind, target in (
            (EntryKind.STEP_DONE, 3),
            (EntryKind.STEP_DONE, "x"),
            (EntryKind.CALL_REACHED, "nobody"),
            (EntryKind.SYSTEM_BACK, "nothing"),
            (EntryKind.NOTE, "1"),
            (EntryKind.RETRACTED, uuid4().hex),
            (EntryKind.RETRACTED, "x"),
        ):
            with pytest.raises(NotThere):
                tap(found, kind, target, "Words")
        with pytest.raises(NotThere):
            tap(uuid4(), EntryKind.NOTE, text="Words")
        back = tap(found, EntryKind.RETRACTED, note.id.hex)
        with pytest.raises(NotThere):
            tap(found, EntryKind.RETRACTED, back.id.hex)
        for kind in (EntryKind.DECISION, EntryKind.NOTE, EntryKind.HANDOVER):
            with pytest.raises(PlanError):
                tap(found, kind)
        with pytest.raises(PlanError):
            tap(found, EntryKind.STEP_SKIPPED, 1)


@pytest.mark.parametrize(("minutes", "typed", "refused"), [(-31, True, True), (-29, True, False), (3, True, True)])
def test_typed_time_lies_between_the_beginning_and_now(
    cast: Cast, at_work: tuple[str, UUID], scope_of: ScopeOf, minutes: int, typed: bool, refused: bool
) -> None:
    with scope_of(cast.bakery):
        at = clock.now()
        values = Written(EntryKind.STEP_DONE, at + timedelta(minutes=minutes), "1", typed=typed)
        if refused:
            with pytest.raises(PlanError):
                services.write_down(at_work[1], values, by="Eva", at=at)
        else:
            assert services.write_down(at_work[1], values, by="Eva", at=at).happened_at == values.happened_at


def test_clock_of_a_telephone_is_put_right(cast: Cast, at_work: tuple[str, UUID], scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        at = clock.now()
        began = look(at_work[1]).brief.activated_at
        for hours, expected in ((-9, began), (9, at)):
            values = Written(EntryKind.STEP_DONE, at + timedelta(hours=hours), "1")
            assert services.write_down(at_work[1], values, by="Eva", at=at).happened_at == expected


def test_nothing_is_added_after_closing_and_closing_twice_changes_nothing(
    cast: Cast, at_work: tuple[str, UUID], scope_of: ScopeOf
) -> None:
    with scope_of(cast.bakery):
        entry = tap(at_work[1], EntryKind.STEP_DONE, 1)
        at = clock.now()
        with pytest.raises(PlanError):
            finish(at_work[1], entry.happened_at - timedelta(minutes=2))
        with pytest.raises(MayNot):
            finish(at_work[1], at, who=Account("X", "", Capacity.EDITOR))
        closed = finish(at_work[1], at, "Went well")
        finish(at_work[1], at, "Overwritten")
        assert closed.conclusion == "Went well"
        assert db.session().get_one(Tenant, cast.bakery.id).alarm is None
        with pytest.raises(Closed):
            tap(at_work[1], EntryKind.STEP_DONE, 2)
        actions = list(db.session().scalars(sa.select(TrailEntry.action)))
    assert actions.count("calamity.activated") == actions.count("calamity.closed") == 1


def test_people_run_it_by_the_page_without_script(
    cast: Cast, at_work: tuple[str, UUID], scope_of: ScopeOf, visitor: SignIn
) -> None:
    address, found = at_work
    path, reader = f"{address}/{found}", visitor(cast.reader)
    shown = reader.get(f"{path}/").get_data(as_text=True)
    assert 'href="tel:+31612345678"' in shown
    page_id = re.search(r'name="page_id"[^>]*value="([0-9a-f-]{36})"', shown)
    assert page_id
    sent = {"page_id": page_id.group(1)}
    with scope_of(cast.bakery):
        henk = look(found).frozen.calls[0].who
    for did in ("step-begun:1", "step-done:1", "step-done:1", f"call-missed:{henk}"):
        assert reader.post(f"{path}/entries", sent | {"did": did}).status_code == 302
    words = sent | {"did": "decision:", "text": "We close the shop"}
    assert reader.post(f"{path}/entries", words).status_code == 302
    assert reader.post(f"{path}/entries", words | {"text": "We open it again"}).status_code == 302
    refused = reader.post(f"{path}/entries", sent | {"did": "step-skipped:2", "text": ""})
    assert refused.status_code == 422
    late = reader.post(f"{path}/entries", sent | {"did": "note:", "text": "Typed words", "when": "2020-01-01T10:00"})
    assert late.status_code == 422
    assert "Typed words" in late.get_data(as_text=True)
    for did in ("step-done:9", "nonsense", "", "retracted:x"):
        assert reader.post(f"{path}/entries", sent | {"did": did}).status_code in (404, 422)
    shown = reader.get(f"{path}/").get_data(as_text=True)
    assert "Now call the deputy: Eva de Halm" in shown
    assert "1 step is done or skipped" in shown
    with scope_of(cast.bakery):
        entries = look(found).course.timeline
    assert [one.kind.value for one in entries] == ["step-begun", "step-done", "call-missed", "decision", "decision"]
    assert {one.by for one in entries} == {cast.reader.name}


@pytest.mark.parametrize("kept", [False, True], ids=["by place", "by key"])
def test_people_and_systems_go_by_their_place_on_pages_and_by_their_key_in_the_log(
    cast: Cast, at_work: tuple[str, UUID], scope_of: ScopeOf, visitor: SignIn, kept: bool
) -> None:
    """What a page sent that lay open since before it named places counts as well."""
    address, found = at_work
    with scope_of(cast.bakery):
        frozen = look(found).frozen
    person, till = frozen.person(frozen.calls[0].who), frozen.systems[0]
    assert person
    told = {"call-missed": person.key if kept else frozen.place(person), "system-back": till.key if kept else "0"}
    browser = visitor(cast.editor)
    shown = browser.get(f"{address}/{found}/").get_data(as_text=True)
    assert person.key not in shown
    assert till.key not in shown
    for kind, target in told.items():
        assert kept or f'value="{kind}:{target}"' in shown
        sent = browser.post(f"{address}/{found}/entries", data={"did": f"{kind}:{target}"})
        assert sent.headers["Location"].endswith(f"/{found}/#{kind.partition('-')[0]}-{target}")
    for nothing in ("99", "-1", "²", "", "x"):
        for kind in told:
            answer = browser.post(f"{address}/{found}/entries", data={"did": f"{kind}:{nothing}"})
            assert answer.status_code == 404, (kind, nothing)
    with scope_of(cast.bakery):
        assert {one.target for one in look(found).course.timeline} == {person.key, till.key}


@pytest.mark.parametrize("about", ["log", "step-1", "system-0", "call-0", "system", "call"])
def test_words_and_times_have_a_page_of_their_own(
    cast: Cast, at_work: tuple[str, UUID], scope_of: ScopeOf, visitor: SignIn, about: str
) -> None:
    address, found = at_work
    with scope_of(cast.bakery):
        frozen = look(found).frozen
    keys = {"system": f"system-{frozen.systems[0].key}", "call": f"call-{frozen.people[0].key}"}
    names = {"system": frozen.systems[0].name, "call": frozen.people[0].name}
    browser = visitor(cast.editor)
    page = browser.get(f"{address}/{found}/write/{keys.get(about, about)}")
    assert page.status_code == 200
    assert names.get(about.partition("-")[0], "") in page.get_data(as_text=True)
    for nothing in ("step-9", "step-x", "call-x", "call-99", "call-", "system-x", "system-99", "x"):
        assert browser.get(f"{address}/{found}/write/{nothing}").status_code == 404


def test_every_page_of_the_organisation_says_that_the_plan_is_at_work(
    cast: Cast, at_work: tuple[str, UUID], visitor: SignIn
) -> None:
    assert "Calamity: the plan is at work." in visitor(cast.reader).get(f"/o/{cast.bakery.slug}/people/").text
    assert "the plan is at work" not in visitor(cast.stranger).get(f"/o/{cast.other.slug}/").text


def test_whoever_may_not_decide_learns_whom_to_call(cast: Cast, scope_of: ScopeOf, visitor: SignIn) -> None:
    with scope_of(cast.bakery):
        fill()
    address, editor = f"/o/{cast.bakery.slug}/calamity", visitor(cast.editor)
    page = editor.get(f"{address}/activate/real").get_data(as_text=True)
    assert "Henk Bakker" in page
    assert 'name="began_at"' not in page
    assert editor.post(f"{address}/activate/real", {"began_at": "2026-11-01T10:00"}).status_code == 403
    assert visitor(cast.owner).post(f"{address}/activate/real", {"began_at": "soon"}).status_code == 422
    assert visitor(cast.owner).post(f"{address}/activate/real", {"began_at": "2020-01-01T10:00"}).status_code == 422


def test_reseller_helps_and_does_not_decide(
    cast: Cast, at_work: tuple[str, UUID], scope_of: ScopeOf, visitor: SignIn
) -> None:
    address, found = at_work
    with granted(cast, scope_of):
        helper = visitor(cast.supplier_owner)
    assert helper.post(f"{address}/{found}/entries", {"did": "step-done:1"}).status_code == 302
    assert helper.get(f"{address}/activate/real").status_code == 403
    assert helper.post(f"{address}/{found}/close", {}).status_code == 403
    with scope_of(cast.bakery):
        assert look(found).course.timeline[0].by == f"{cast.supplier_owner.name} ({cast.supplier.name})"


def test_report_tells_hours_against_promises_and_the_sheet_fills_on_paper(
    cast: Cast, at_work: tuple[str, UUID], scope_of: ScopeOf, visitor: SignIn
) -> None:
    address, found = at_work
    with scope_of(cast.bakery):
        tap(found, EntryKind.STEP_DONE, 2)
        tap(found, EntryKind.STEP_SKIPPED, 1, "Nobody at the help desk")
        tap(found, EntryKind.DECISION, text="We pay no ransom")
    owner, reader = visitor(cast.owner), visitor(cast.reader)
    assert "still going on" in reader.get(f"{address}/{found}/report").text
    assert "Restart the till" in reader.get(f"{address}/{found}/sheet").text
    assert reader.post(f"{address}/{found}/close", {}).status_code == 403
    now = clock.now()
    assert owner.post(f"{address}/{found}/close", {"ended_at": "2020-01-01T00:00"}).status_code == 422
    ended = {"ended_at": (now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"), "conclusion": "x"}
    assert owner.post(f"{address}/{found}/close", ended).status_code == 422
    page = owner.get(f"{address}/{found}/close").text
    proposed = re.search(r'name="ended_at"[^>]*value="([^"]+)"', page)
    assert proposed
    closing = {"ended_at": proposed.group(1), "conclusion": "It went well", "left": "yes"}
    assert owner.post(f"{address}/{found}/close", closing).status_code == 302
    report = reader.get(f"{address}/{found}/report").text
    for words in ("Back after 0:30", "Nobody at the help desk", "We pay no ransom", "It went well", "1 skipped"):
        assert words in report, words
    assert reader.get(f"{address}/{found}/").status_code == 302
    assert reader.post(f"{address}/{found}/entries", {"did": "step-done:1"}).status_code == 302
    assert "Nothing can be added any more" in reader.get(f"{address}/").text
    late = {"did": "note:", "text": "The key safe was empty"}
    for when in ("", "no moment at all"):
        answer = reader.post(f"{address}/{found}/entries", {**late, "when": when})
        assert answer.status_code == 409
        assert "closed this before you" in answer.text
        assert "The key safe was empty" in answer.text
    assert owner.post(f"{address}/{found}/close", closing).status_code == 302
    second = owner.post(f"{address}/{found}/close", {**closing, "conclusion": "The till came back too late"})
    assert second.status_code == 409
    assert "closed this before you" in second.text
    assert "The till came back too late" in second.text


def test_page_of_a_large_plan_stays_light(
    cast: Cast, scope_of: ScopeOf, visitor: SignIn, count_queries: Counting
) -> None:
    with scope_of(cast.bakery):
        fill()
        for number in range(25):
            contact = add_contact(f"Colleague number {number:02}")
            runbook.add_step(StepValues(f"Do thing number {number:02} and see whether it works", None, 15, contact))
        found = begin()
        for number in range(1, 12):
            tap(found, EntryKind.STEP_DONE, number)
    browser = visitor(cast.editor)
    path = f"/o/{cast.bakery.slug}/calamity/{found}/"
    browser.get(path)
    with count_queries() as sent:
        page = browser.get(path)
    assert len(sent) <= 8
    # By the name of the month; what must be reported takes 4 kB of it, the questions that nobody answered yet.
    assert len(page.get_data()) <= 56_000
    browser.post("/language", {"language": "nl"})
    assert len(browser.get(path).get_data()) <= 57_000
    # What is begun and who did not answer takes more: five hands at work, a third of the people not reached.
    with scope_of(cast.bakery):
        for number in range(12, 17):
            tap(found, EntryKind.STEP_BEGUN, number)
        for call in look(found).frozen.calls[:9]:
            tap(found, EntryKind.CALL_MISSED, call.who)
    page = browser.get(path)
    assert "Niet bereikt" in page.get_data(as_text=True)
    assert len(page.get_data()) <= 60_000


@pytest.mark.parametrize("judged", [True], ids=["judged at once"])
def test_exercise_counts_as_a_test_and_its_lessons_stay_open_until_somebody_tells_what_was_done(
    cast: Cast, scope_of: ScopeOf, visitor: SignIn
) -> None:
    with scope_of(cast.bakery):
        henk = fill()["henk"]
        found = begin(Alarm.EXERCISE)
    address, editor = f"/o/{cast.bakery.slug}/calamity", visitor(cast.editor)
    page = editor.get(f"{address}/{found}/close").text
    proposed = re.search(r'name="ended_at"[^>]*value="([^"]+)"', page)
    assert proposed
    closing = {"ended_at": proposed.group(1), "conclusion": "No reception there", "proves": "testing.fallback-work"}
    assert editor.post(f"{address}/{found}/close", closing).status_code == 422
    assert editor.post(f"{address}/{found}/close", closing | {"passed": "no"}).status_code == 302
    with scope_of(cast.bakery):
        result = db.session().scalars(sa.select(TestResult)).one()
        assert (result.item_id, result.outcome.value, result.note) == (
            "testing.fallback-work", "failed", "No reception there"
        )  # fmt: skip
    lesson = {"text": "Try an antenna", "owner": str(henk), "due_on": "2026-01-31"}
    assert editor.post(f"{address}/{found}/lessons", lesson | {"text": ""}).status_code == 422
    assert editor.post(f"{address}/{found}/lessons", lesson | {"owner": str(uuid4())}).status_code == 422
    assert editor.post(f"{address}/{found}/lessons", lesson).status_code == 302
    with scope_of(cast.bakery):
        (open_one,) = lessons()
        assert [fact.text for fact in load([cast.bakery.id])[cast.bakery.id].lessons] == ["Try an antenna"]
    assert "Try an antenna" in editor.get(f"/o/{cast.bakery.slug}/findings").text
    path = f"{address}/lessons/{open_one.id}"
    assert visitor(cast.reader).post(path, lesson).status_code == 403
    stale = lesson | {"seen": "of long ago", "outcome": "Bought one"}
    assert editor.post(path, stale).status_code == 409
    assert editor.post(path, lesson | {"seen": seen([open_one]), "outcome": "Bought one"}).status_code == 302
    with scope_of(cast.bakery):
        (closed,) = lessons()
        assert (closed.closed_by, closed.outcome, closed.owner) == (cast.editor.name, "Bought one", "Henk Bakker")
        assert load([cast.bakery.id])[cast.bakery.id].lessons == ()
    assert "Bought one" in editor.get(f"{address}/{found}/report").text
    asked = {"name": "calamities", "as_of": clock.today().isoformat(), "language": "en"}
    book = openpyxl.load_workbook(io.BytesIO(editor.post(f"/o/{cast.bakery.slug}/reports/", asked).get_data()))
    sheets = {one.title: list(one.iter_rows(values_only=True)) for one in book}
    (run,) = (dict(zip(sheets["Calamities and exercises"][0], row, strict=True))
              for row in sheets["Calamities and exercises"][1:])  # fmt: skip
    assert (run["Kind"], run["Steps left open"], run["How did it go?"]) == ("Exercise", 2, "No reception there")
    (till,) = sheets["Hours of systems"][1:]
    assert till[2:] == ("Till", 2, None, None)
    assert sheets["Lessons"][1][-1] == "Bought one"


def test_erased_person_is_gone_from_what_calamities_ran_by(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        henk = fill()["henk"]
        found = begin()
        tap(found, EntryKind.CALL_REACHED, henk.hex)
        row = db.session().scalars(sa.select(Contact).where(Contact.id == henk)).one()
        erase_contact(row, at=clock.now(), today=clock.today())
        shown = look(found)
    assert "Henk" not in str(shown.frozen)
    assert shown.course.calls[0].reached
    assert shown.frozen.name(henk.hex).startswith("(erased")
