"""The programme of tests: planned, drawn by lot, recorded, proved and followed up until closed."""

import hashlib
import io
import re
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from core import clock, db
from plans.errors import NotThere, PlanError
from plans.models import Outcome, SampleOf, System
from plans.testing import following, programme
from plans.testing.drawing import drawn
from plans.testing.following import AlreadyClosed, FollowUpValues, Move
from plans.testing.programme import PlannedValues, SampleValues
from plans.testing.programme_queries import finished, follow_ups, planned_tests, sample_names
from plans.testing.services import ResultValues, add_result
from tests.cast import Cast, Organisation
from tests.plans.items_scene import Counting, ScopeOf, SignIn, add_contact, add_party, add_system

TODAY = date(2026, 11, 22)
RESTORE, SLA = "testing.restore", "testing.sla"


def path(organisation: Organisation, further: object = "") -> str:
    return f"/o/{organisation.slug}/plan/testing{further}"


def plan(item_id: str = RESTORE, **more: object) -> UUID:
    """A planned test; needs an open scope."""
    return programme.plan_test(PlannedValues(item_id, TODAY + timedelta(days=10), **more), today=TODAY).id  # type: ignore[arg-type]


def test_a_sample_can_be_drawn_again_by_anybody_with_sha256() -> None:
    ids = [f"{number:032x}" for number in range(40)]
    found = drawn("a seed", ids, 5)
    assert found == drawn("a seed", ids[::-1], 5)
    assert drawn("a seed", ids, 9)[:5] == found
    assert drawn("another", ids, 5) != found
    first = min(ids, key=lambda one: hashlib.sha256(b"a seed:" + one.encode()).hexdigest())
    assert found[0] == first
    assert sorted(drawn("a seed", ids, 99)) == ids


def test_a_proposal_plans_every_subject_once_on_a_day_that_fits(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        plan("testing.phishing")
        assert programme.propose(2025, today=TODAY) == 0
        assert programme.propose(2026, today=TODAY) == len(programme.subjects()) - 1
        assert programme.propose(2026, today=TODAY) == 0
        assert programme.propose(2027, today=TODAY) == 11
        found = planned_tests()
    assert len({one.item_id for one in found if one.planned_on.year == 2027}) == 11
    for one in found:
        if one.planned_on.year == 2027:
            assert (one.planned_on.weekday() == 5) == (one.item_id == "testing.weekend-call")
            assert one.planned_on.weekday() != 6


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (PlannedValues(RESTORE, TODAY - timedelta(days=1)), "planned_on"),
        (PlannedValues("backup.encrypted", TODAY), "item"),
        (PlannedValues(RESTORE, TODAY, uuid4()), "contact"),
    ],
)
def test_what_cannot_be_planned_is_refused(cast: Cast, scope_of: ScopeOf, values: PlannedValues, field: str) -> None:
    with scope_of(cast.bakery):
        with pytest.raises(PlanError) as refusal:
            programme.plan_test(values, today=TODAY)
        assert refusal.value.field == field


def test_a_sample_is_drawn_once_with_its_reason_and_shows_the_same_names_ever_after(
    cast: Cast, scope_of: ScopeOf
) -> None:
    with scope_of(cast.bakery):
        for number in range(6):
            add_system(f"System {number}")
        planned_id = plan()
        for values, field in (
            (SampleValues(SampleOf.SYSTEMS, 7, "All of them"), "size"),
            (SampleValues(SampleOf.SYSTEMS, 0, "None of them"), "size"),
            (SampleValues(SampleOf.SYSTEMS, 2, " "), "reason"),
        ):
            with pytest.raises(PlanError) as refusal:
                programme.draw_sample(planned_id, values, by="Eva", at=clock.now())
            assert refusal.value.field == field
        wanted = SampleValues(SampleOf.SYSTEMS, 2, "Two in turn")
        programme.draw_sample(planned_id, wanted, by="Eva", at=clock.now())
        (one,) = planned_tests()
        before = sample_names(one)
        assert len(before) == 2
        assert one.sample == [UUID(hex=two) for two in drawn(one.sample_seed, one.sample_ids, 2)]
        add_system("A newer one")
        assert sample_names(planned_tests()[0]) == before
        with pytest.raises(PlanError, match="al getrokken"):
            programme.draw_sample(planned_id, wanted, by="Eva", at=clock.now())


@pytest.mark.parametrize("of", SampleOf)
def test_a_sample_comes_from_the_register_that_was_named(cast: Cast, scope_of: ScopeOf, of: SampleOf) -> None:
    with scope_of(cast.bakery):
        add_system("Till")
        add_contact("Henk")
        add_contact("The neighbour", is_staff=False)
        add_party("NetVast")
        planned_id = plan()
        if of is SampleOf.ASSETS:
            with pytest.raises(PlanError):
                programme.draw_sample(planned_id, SampleValues(of, 1, "One of each"), by="Eva", at=clock.now())
            return
        programme.draw_sample(planned_id, SampleValues(of, 1, "One of each"), by="Eva", at=clock.now())
        expected = {SampleOf.SYSTEMS: "Till", SampleOf.STAFF: "Henk", SampleOf.PARTIES: "NetVast"}[of]
        assert sample_names(planned_tests()[0]) == [expected]


def test_a_result_ends_a_planned_test_once(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        planned_id, sla = plan(), plan(SLA)
        values = ResultValues(TODAY, Outcome.PASSED, minutes=155, systems=frozenset({add_system("Till")}))
        ids = {programme.record(planned_id, values, today=TODAY).id for _twice in range(2)}
        assert len(ids) == 1
        result = programme.record(sla, ResultValues(TODAY, Outcome.RECORDED), today=TODAY)
        assert result.item_id == SLA
        with pytest.raises(NotThere):
            programme.put_away(planned_id, at=clock.now())
        with pytest.raises(NotThere):
            programme.change_planned(planned_id, PlannedValues(RESTORE, TODAY), today=TODAY)


def test_the_programme_is_walked_in_the_browser(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        systems = [add_system(f"System {number}") for number in range(3)]
        owner = add_contact()
        slow = db.session().scalars(sa.select(System).where(System.id == systems[0])).one()
        slow.rto_hours = 2
    browser, reader, today = visitor(cast.editor), visitor(cast.reader), clock.today()
    base = path(cast.bakery, "/programme")
    assert browser.post(base, {"item": "", "planned_on": ""}).status_code == 422
    sent = {"item": RESTORE, "planned_on": today.isoformat(), "contact": str(owner), "how": "On a spare server"}
    assert browser.post(base, sent).status_code == 302
    assert reader.post(base, sent).status_code == 403
    with scope_of(cast.bakery):
        (one,) = planned_tests()
    where = f"{base}/{one.id}"
    assert browser.post(f"{where}/sample", {"of": "systems", "size": "9", "reason": "x y z"}).status_code == 422
    assert browser.post(f"{where}/sample", {"of": "systems", "size": "2", "reason": "Two in turn"}).status_code == 302
    assert "Two in turn" in reader.get(where).get_data(as_text=True)
    assert browser.post(f"{where}/result", {"done_on": today.isoformat(), "hours": "nonsense"}).status_code == 422
    done = {"done_on": today.isoformat(), "outcome": "passed", "hours": "2,5", "systems": [str(systems[0])]}
    (sent_once,) = set(re.findall(r'name="new_row"[^>]*value="([^"]+)"', browser.get(where).text))
    answer = browser.post(f"{where}/result", {**done, "new_row": sent_once})
    assert answer.status_code == 302
    assert browser.post(f"{where}/result", {**done, "new_row": sent_once}).status_code == 302
    second = visitor(cast.owner).post(f"{where}/result", {**done, "new_row": str(uuid4()), "note": "Far too slow"})
    assert second.status_code == 409
    assert "Far too slow" in second.text
    result = answer.headers["Location"]
    shown = browser.get(result).get_data(as_text=True)
    assert "2:30" in shown
    follow = {"what": "Write the manual", "due_on": today.isoformat(), "owner": str(owner)}
    assert browser.post(f"{result}/follow-ups", {**follow, "due_on": "2020-01-01"}).status_code == 422
    assert browser.post(f"{result}/follow-ups", follow).status_code == 302
    shown = browser.get(path(cast.bakery, "/follow-ups")).get_data(as_text=True)
    close = re.findall(r'action="([^"]+/close)"', shown)
    assert browser.post(close[0], {"done": " "}).status_code == 422
    for _twice in range(2):
        assert browser.post(close[0], {"done": "Written and printed"}).status_code == 302
    assert "Written and printed" in reader.get(path(cast.bakery, "/follow-ups")).get_data(as_text=True)
    proven = reader.get(path(cast.bakery, "/proven")).get_data(as_text=True)
    assert "Slower than wanted" in proven
    assert "Never restored" in proven


def test_evidence_is_kept_and_handed_out_to_save(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        result = add_result(RESTORE, ResultValues(TODAY, Outcome.PASSED), today=TODAY).id
    browser, where = visitor(cast.editor), path(cast.bakery, f"/results/{result}")
    for data, text in ((b"MZ program", "This is not a PDF, JPEG or PNG."), (b"", "This file is empty.")):
        answer = browser.post(f"{where}/evidence", {"file": (io.BytesIO(data), "log.pdf")})
        assert answer.status_code == 422
        assert text in answer.get_data(as_text=True)
    assert browser.post(f"{where}/evidence", {}).status_code == 422
    paper = b"%PDF-1.7 what the supplier wrote"
    assert browser.post(f"{where}/evidence", {"file": (io.BytesIO(paper), "log <2>.exe")}).status_code == 302
    with scope_of(cast.bakery):
        found = finished(result)
        assert found is not None
        (one,) = found.evidence
    assert one.name == "log 2.pdf"
    reader = visitor(cast.reader)
    assert reader.get(f"{where}/evidence/{one.id}").get_data() == paper
    assert reader.get(path(cast.bakery, f"/results/{uuid4()}/evidence/{one.id}")).status_code == 404


def test_what_is_closed_tells_what_was_done_and_stays_closed(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        result = add_result(RESTORE, ResultValues(TODAY, Outcome.FAILED), today=TODAY).id
        row = following.add_follow_up(result, FollowUpValues("Mend it", TODAY), today=TODAY)
        with pytest.raises(PlanError):
            following.close(row.id, " ", by="Eva", today=TODAY)
        following.close(row.id, "Mended", by="Eva", today=TODAY)
        following.close(row.id, "Mended", by="Henk", today=TODAY)
        with pytest.raises(AlreadyClosed):
            following.close(row.id, "Something else", by="Henk", today=TODAY)
        with pytest.raises(NotThere):
            following.move(row.id, Move(TODAY), today=TODAY)
        assert [(one.done, one.closed_by) for one in follow_ups()] == [("Mended", "Eva")]
        with pytest.raises(NotThere):
            following.close(uuid4(), "Done", by="Eva", today=TODAY)
        with pytest.raises(NotThere):
            following.add_follow_up(uuid4(), FollowUpValues("x", TODAY), today=TODAY)


def test_what_is_open_is_given_to_somebody_else_and_nobody_loses_words(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf
) -> None:
    today = clock.today()
    with scope_of(cast.bakery):
        anna, result = add_contact("Anna"), add_result(RESTORE, ResultValues(TODAY, Outcome.FAILED), today=TODAY).id
        late = following.add_follow_up(result, FollowUpValues("Mend it", TODAY), today=TODAY).id
    browser, where = visitor(cast.editor), path(cast.bakery, f"/follow-ups/{late}")
    assert visitor(cast.reader).get(where).status_code == 403
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', browser.get(where).text)
    assert seen
    sent = {"owner": str(anna), "due_on": TODAY.isoformat(), "seen": seen[1]}
    assert browser.post(where, {**sent, "owner": str(uuid4())}).status_code == 422
    assert browser.post(where, {**sent, "due_on": (TODAY - timedelta(days=1)).isoformat()}).status_code == 422
    assert browser.post(where, sent).status_code == 302, "what is late may be given away as late as it is"
    overtaken = browser.post(where, {**sent, "owner": "", "due_on": (today + timedelta(days=9)).isoformat()})
    assert overtaken.status_code == 409
    assert "Anna" in overtaken.text
    with scope_of(cast.bakery):
        (one,) = follow_ups()
        assert (one.owner, one.due_on) == ("Anna", TODAY)
    assert browser.post(f"{where}/close", {"done": "Mended by hand"}).status_code == 302
    lost = visitor(cast.owner).post(f"{where}/close", {"done": "Bought a new one"})
    assert lost.status_code == 409
    assert "Mended by hand" in lost.text
    assert "Bought a new one" in lost.text
    assert browser.post(where, sent).location == path(cast.bakery, "/follow-ups")


def test_two_who_move_a_test_do_not_overwrite_each_other(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        planned_id = programme.plan_test(PlannedValues(RESTORE, clock.today()), today=clock.today()).id
    browser, where = visitor(cast.editor), path(cast.bakery, f"/programme/{planned_id}")
    stale = re.search(r'name="seen"[^>]*value="([^"]*)"', browser.get(where).get_data(as_text=True))
    assert stale
    sent = {"planned_on": (clock.today() + timedelta(days=5)).isoformat(), "seen": stale[1]}
    assert [browser.post(where, sent).status_code for _time in range(2)] == [302, 409]
    with scope_of(cast.bakery):
        assert [one.planned_on for one in planned_tests()] == [clock.today() + timedelta(days=5)]


def test_the_year_takes_a_fixed_number_of_queries(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf, count_queries: Counting
) -> None:
    browser, counts = visitor(cast.reader), []
    for year in (2030, 2031):
        with scope_of(cast.bakery):
            programme.propose(year, today=TODAY)
        with count_queries() as sent:
            assert browser.get(path(cast.bakery, f"/programme?year={year}")).status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_pages_about_restores_stay_small_with_very_many_systems(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf, count_queries: Counting
) -> None:
    with scope_of(cast.bakery):
        systems = [add_system(f"Purchasing, stock and planning, system {number:03}") for number in range(300)]
    browser = visitor(cast.editor)
    pages = [browser.get(path(cast.bakery, place)) for place in ("/restore", "/proven")]
    with count_queries() as asked:
        pages.append(browser.get(path(cast.bakery, "/proven?page=5")))
    assert len(asked) <= 15
    assert max(len(page.data) for page in pages) < 60_000
    assert pages[0].text.count("<option ") == 300
    assert "system 299" in pages[2].text
    sent = {"done_on": clock.today().isoformat(), "outcome": "passed", "systems": [str(one) for one in systems[:2]]}
    assert browser.post(path(cast.bakery, "/restore/results"), sent).status_code == 302
    assert "system 000, Purchasing" in browser.get(path(cast.bakery, "/restore")).text
