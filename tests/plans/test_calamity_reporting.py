"""What must be reported, on the pages of a calamity: answered, ticked off, taken back, by several at once, closed."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock, db
from plans.calamity import services
from plans.calamity.errors import Closed
from plans.calamity.reporting import Applies
from plans.calamity.targets import Written
from plans.errors import NotThere, PlanError
from plans.models import Assignment, Calamity, EntryKind, PartyKind
from tenants.models import Alarm, Membership
from tenants.scope import scoped, whole
from tests.cast import Cast
from tests.plans.items_scene import ScopeOf, SignIn, add_contact, add_party
from tests.plans.terms_scene import OWNER, begin, end, look, name_reporter, say
from tests.visitor import Visitor

TYPED = "%Y-%m-%dT%H:%M"


@pytest.fixture
def begun(cast: Cast, scope_of: ScopeOf) -> UUID:
    """The bakery in a calamity that began two hours ago; the plan names who reports, and an insurer."""
    with scope_of(cast.bakery):
        name_reporter()
        mo = add_contact("Mo Yildiz")
        db.session().add(Assignment(item_id="runbook.informing", seat="customers", contact_id=mo))
        add_party("Verbond Zakelijk", PartyKind.INSURER)
        at = clock.now()
        values = services.Activation(Alarm.REAL, at - timedelta(hours=2))
        return services.activate(values, who=OWNER, at=at).id


def path_of(cast: Cast, calamity_id: UUID) -> str:
    return f"/o/{cast.bakery.slug}/calamity/{calamity_id}"


def shown(browser: Visitor, path: str) -> str:
    return browser.get(path).get_data(as_text=True)


def local(hours: float) -> str:
    """What somebody types for a moment so many hours from now."""
    return (clock.now() + timedelta(hours=hours)).astimezone(ZoneInfo(clock.DEFAULT_ZONE)).strftime(TYPED)


def test_page_tells_who_reports_what_to_whom_until_when_and_by_which_clause(
    cast: Cast, begun: UUID, visitor: SignIn
) -> None:
    page = shown(visitor(cast.reader), f"{path_of(cast, begun)}/")
    for words in (
        "Cyberbeveiligingswet (NIS2)",
        "NIS2, article 23, paragraph 4, a",
        "NIS2, article 23, paragraph 4, b",
        "NIS2, article 23, paragraph 4, d",
        "AVG, article 33, paragraph 1",
        "AVG, article 34, paragraph 1",
        "The Autoriteit Persoonsgegevens",
        "by: Fatima El Amrani",
        "by: Mo Yildiz",
        "To: Verbond Zakelijk",
        "by: whoever leads",
        "(in 21 hours)",
        "(in 69 hours)",
        "Within a month after the notification",
        "Without undue delay",
        "As agreed",
    ):
        assert words in page, words
    assert page.count("Not known yet.") == 5


def test_people_answer_tick_off_and_take_back_without_script(
    cast: Cast, begun: UUID, scope_of: ScopeOf, visitor: SignIn
) -> None:
    path, reader = path_of(cast, begun), visitor(cast.reader)
    page_id = re.search(r'name="page_id"[^>]*value="([0-9a-f-]{36})"', shown(reader, f"{path}/"))
    assert page_id
    sent = {"page_id": page_id.group(1)}

    def post(did: str, **more: str) -> int:
        return reader.post(f"{path}/entries", {**sent, "did": did, **more}).status_code

    assert post("applies-yes:cbw") == 302
    assert post("term-done:cbw-early", text="NCSC-417", when=local(-1)) == 302
    assert post("term-done:cbw-early", text="NCSC-417", when=local(-1)) == 302
    page = shown(reader, f"{path}/")
    assert "NCSC-417" in page
    with scope_of(cast.bakery):
        found = look(begun).reporting
        early = found.term("cbw-early")
        assert early is not None
        assert early.done is not None
        assert early.done.by == cast.reader.name
        assert len([one for one in look(begun).course.timeline if one.kind is EntryKind.TERM_DONE]) == 1
        assert timedelta(minutes=58) < clock.now() - early.done.happened_at < timedelta(minutes=62)
    assert f'value="retracted:{early.done.id.hex}"' in page
    assert post(f"retracted:{early.done.id.hex}") == 302
    assert post("applies-no:cbw", text="We are too small") == 302
    page = shown(reader, f"{path}/")
    assert "We are too small" in page
    assert "term-done:cbw-early" not in page
    log = shown(reader, f"{path}/report")
    for words in ("Need not be reported", "NCSC-417", "taken back"):
        assert words in log


@pytest.mark.parametrize(
    ("did", "more", "words"),
    [
        ("applies-no:cbw", {}, "Write down in a few words why."),
        ("aware-since:", {"names": "2020-01-01T10:00", "text": "Seen"}, "not longer than 60 days ago"),
        ("aware-since:avg", {"names": "soon", "text": "Seen"}, "Write day and time"),
        ("aware-since:avg", {"text": "Seen"}, "Fill in a moment that has passed"),
        ("applies-yes:insurer", {"names": "2199-01-01T10:00"}, "within a year"),
        ("term-done:avg-authority", {"when": "2020-01-01T10:00"}, "between the beginning and now"),
    ],
)
def test_bad_twin_of_each_input_is_told_and_kept(
    cast: Cast, begun: UUID, visitor: SignIn, did: str, more: dict[str, str], words: str
) -> None:
    browser = visitor(cast.editor)
    answer = browser.post(f"{path_of(cast, begun)}/entries", {"did": did, **more})
    assert answer.status_code == 422
    assert words in answer.text
    for typed in more.values():
        assert typed in answer.text


def test_moment_of_becoming_aware_is_never_later_than_now_and_has_a_reason(
    cast: Cast, begun: UUID, scope_of: ScopeOf, visitor: SignIn
) -> None:
    path, browser = path_of(cast, begun), visitor(cast.editor)
    assert browser.post(f"{path}/entries", {"did": "aware-since:", "names": local(1), "text": "x"}).status_code == 422
    assert browser.post(f"{path}/entries", {"did": "aware-since:", "names": local(-5)}).status_code == 422
    told = {"did": "aware-since:", "names": local(-5), "text": "The alarm went off"}
    assert browser.post(f"{path}/entries", told).status_code == 302
    page = shown(browser, f"{path}/")
    assert "The alarm went off" in page
    assert "(in 18 hours)" in page
    assert "The term has passed" not in page
    assert browser.post(f"{path}/entries", {**told, "names": local(-25), "text": "It began"}).status_code == 302
    assert shown(browser, f"{path}/").count("The term has passed") == 1
    for nothing in ("cbw-early", "insurer", "x"):
        assert browser.get(f"{path}/write/aware-{nothing}").status_code == 404
    assert browser.get(f"{path}/write/aware-avg").status_code == 200


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        (EntryKind.APPLIES, "cbw-early"),
        (EntryKind.APPLIES, ""),
        (EntryKind.APPLIES_NOT, "nothing"),
        (EntryKind.TERM_DONE, "cbw"),
        (EntryKind.TERM_DONE, ""),
        (EntryKind.AWARE, "insurer"),
        (EntryKind.TERM_REMINDED, "cbw-early"),
        (EntryKind.TERMS_LEFT, ""),
    ],
)
def test_only_what_is_asked_can_be_answered_and_nobody_writes_for_the_service(
    cast: Cast, begun: UUID, scope_of: ScopeOf, visitor: SignIn, kind: EntryKind, target: str
) -> None:
    at = clock.now()
    with scope_of(cast.bakery), pytest.raises(NotThere):
        services.write_down(begun, Written(kind, at, target, "Words", names_at=at), by="Eva", at=at)
    sent = {"did": f"{kind.value}:{target}", "text": "Words", "names": local(-1)}
    assert visitor(cast.editor).post(f"{path_of(cast, begun)}/entries", sent).status_code == 404


def test_what_the_service_wrote_cannot_be_taken_back(cast: Cast, begun: UUID, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        end(begun)
        left = next(one for one in look(begun).course.timeline if one.kind is EntryKind.TERMS_LEFT)
        with pytest.raises((NotThere, Closed)):
            say(begun, EntryKind.RETRACTED, left.id.hex)
        assert left.text.startswith("Cyberbeveiligingswet (NIS2): Vroege waarschuwing")


def test_racing_ticks_are_all_kept_and_the_first_counts(app: Flask, cast: Cast, begun: UUID, scope_of: ScopeOf) -> None:
    ids = [uuid4() for _ in range(4)] * 2

    def race(row_id: UUID) -> None:
        with app.test_request_context(), scoped(whole(cast.bakery.id)):
            at = clock.now()
            values = Written(EntryKind.TERM_DONE, at, "avg-authority", f"AP-{row_id.hex[:4]}")
            services.write_down(begun, values, by="Eva", at=at, row_id=row_id)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(race, ids))
    with scope_of(cast.bakery):
        said = [one for one in look(begun).course.timeline if one.kind is EntryKind.TERM_DONE]
        assert {one.id for one in said} == set(ids)
        assert len(said) == 4
        found = look(begun).reporting.term("avg-authority")
        assert found is not None
        assert found.done == said[0]


def test_whose_access_ended_and_strangers_change_nothing(
    cast: Cast, begun: UUID, scope_of: ScopeOf, visitor: SignIn
) -> None:
    path, editor, stranger = path_of(cast, begun), visitor(cast.editor), visitor(cast.stranger)
    sent = {"did": "applies-yes:cbw"}
    assert stranger.post(f"{path}/entries", sent).status_code == 404
    assert visitor(cast.supplier_owner).post(f"{path}/entries", sent).status_code == 404
    # Somebody else's calamity, by its own people's address.
    assert stranger.post(f"/o/{cast.other.slug}/calamity/{begun}/entries", sent).status_code == 404
    assert editor.get(f"{path}/").status_code == 200
    with scope_of(cast.bakery):
        theirs = sa.select(Membership).where(Membership.user_id == cast.editor.id)
        db.session().scalars(theirs).one().ends_at = clock.now() - timedelta(minutes=1)
    assert editor.post(f"{path}/entries", sent).status_code == 404
    with scope_of(cast.bakery):
        assert look(begun).course.timeline == ()


def test_closing_asks_once_what_happens_to_what_is_left_and_it_goes_on(
    cast: Cast, begun: UUID, scope_of: ScopeOf, visitor: SignIn
) -> None:
    path, owner = path_of(cast, begun), visitor(cast.owner)
    with scope_of(cast.bakery):
        say(begun, EntryKind.APPLIES_NOT, "cbw", "Too small")
        say(begun, EntryKind.APPLIES, "avg", "Names of customers")
    page = shown(owner, f"{path}/close")
    assert "Report of the data breach" in page
    assert "Early warning" not in page
    proposed = re.search(r'name="ended_at"[^>]*value="([^"]+)"', page)
    assert proposed
    closing = {"ended_at": proposed.group(1), "conclusion": "Over"}
    refused = owner.post(f"{path}/close", closing)
    assert refused.status_code == 422
    assert "Over" in refused.text
    assert owner.post(f"{path}/close", {**closing, "left": "no"}).status_code == 422
    assert owner.post(f"{path}/close", {**closing, "left": "yes"}).status_code == 302
    reader, address = visitor(cast.reader), f"/o/{cast.bakery.slug}/calamity/"
    assert "Report of the data breach" in shown(reader, address)
    report = shown(reader, f"{path}/report")
    assert "Closed with this still to report" in report
    assert 'value="term-done:avg-authority"' in report
    assert reader.get(f"{path}/write/term-avg-authority").status_code == 200
    assert reader.get(f"{path}/write/log").status_code == 302
    done = reader.post(f"{path}/entries", {"did": "term-done:avg-authority", "text": "AP-417"})
    assert done.status_code == 302
    assert "AP-417" in shown(reader, f"{path}/report")
    assert "Still to report" not in shown(reader, address)
    assert reader.post(f"{path}/entries", {"did": "note:", "text": "Too late"}).status_code == 409
    with scope_of(cast.bakery):
        kinds = [one.kind for one in look(begun).course.timeline]
        entry = next(one for one in look(begun).course.timeline if one.kind is EntryKind.TERM_DONE)
        assert kinds.count(EntryKind.TERMS_LEFT) == 1
        say(begun, EntryKind.RETRACTED, entry.id.hex)
        assert look(begun).reporting.due
        closed = db.session().get_one(Calamity, (cast.bakery.id, begun)).closed_at
        assert closed is not None


def test_with_nothing_left_nobody_is_asked(cast: Cast, begun: UUID, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        for question in ("cbw", "avg", "avg-persons", "insurer", "clients"):
            say(begun, EntryKind.APPLIES_NOT, question, "Only the power was out")
        end(begun, left=False)
        assert not [one for one in look(begun).course.timeline if one.kind is EntryKind.TERMS_LEFT]


def test_what_was_taken_back_while_somebody_closes_is_asked_about_all_the_same(
    cast: Cast, begun: UUID, scope_of: ScopeOf
) -> None:
    with scope_of(cast.bakery), pytest.raises(PlanError) as caught:
        end(begun, left=False)
    assert caught.value.field == "left"


def test_exercise_is_practised_and_ends_with_it(cast: Cast, scope_of: ScopeOf, visitor: SignIn) -> None:
    with scope_of(cast.bakery):
        found = begin(Alarm.EXERCISE)
    path, reader = path_of(cast, found), visitor(cast.reader)
    assert "This is an exercise: report nothing." in shown(reader, f"{path}/")
    assert reader.post(f"{path}/entries", {"did": "applies-yes:avg"}).status_code == 302
    with scope_of(cast.bakery):
        end(found, left=False)
        with pytest.raises(Closed):
            say(found, EntryKind.TERM_DONE, "avg-authority")
    assert 'value="term-done' not in shown(reader, f"{path}/report")
    assert "Still to report" not in shown(reader, f"/o/{cast.bakery.slug}/calamity/")


def test_papers_and_workbook_tell_every_term_in_typed_columns(
    cast: Cast, begun: UUID, scope_of: ScopeOf, visitor: SignIn
) -> None:
    reader, path = visitor(cast.reader), path_of(cast, begun)
    with scope_of(cast.bakery):
        say(begun, EntryKind.AWARE, "", "Seen by the baker", names_at=clock.now() - timedelta(hours=76))
        say(begun, EntryKind.APPLIES, "avg", "Names of customers")
        say(begun, EntryKind.TERM_DONE, "avg-authority", "AP-417")
        say(begun, EntryKind.APPLIES, "insurer", names_at=clock.now() + timedelta(days=2))
        found = look(begun).reporting.term("avg-authority")
        assert found is not None
        assert found.applies is Applies.YES
    for sheet in (f"{path}/sheet", f"/o/{cast.bakery.slug}/calamity/sheet"):
        for words in ("Report of the data breach", "AVG, article 33, paragraph 1", "Fatima El Amrani"):
            assert words in shown(reader, sheet), words
    assert "AP-417" in shown(reader, f"{path}/sheet")
    with scope_of(cast.bakery):
        end(begun)
    asked = {"name": "calamities", "as_of": clock.today().isoformat(), "language": "en"}
    answer = visitor(cast.owner).post(f"/o/{cast.bakery.slug}/reports/", asked)
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    head, *rows = book["Terms of reporting"].iter_rows(values_only=True)
    told: dict[Any, dict[Any, Any]] = {row[3]: dict(zip(head, row, strict=True)) for row in rows}
    breach = told["Report of the data breach"]
    assert (breach["Must it be reported?"], breach["Why"], breach["Number or reference"], breach["Reported by"]) == (
        "Yes", "Names of customers", "AP-417", "Eva"
    )  # fmt: skip
    assert breach["By"] == "Fatima El Amrani"
    assert breach["Too late (hours)"] == pytest.approx(4, abs=0.1)
    assert breach["Until"] - breach["Known since"] == timedelta(hours=72)
    assert told["Report to the insurer"]["To"] == "Verbond Zakelijk"
    assert told["Report to the insurer"]["Until"] is not None
    assert told["Early warning"]["Must it be reported?"] == "Not known yet"
    assert told["Final report"]["Until"] is None
    log = book["Log"]
    titles = [cell.value for cell in next(log.iter_rows())]
    moments = [row[titles.index("Moment it tells of")] for row in log.iter_rows(min_row=2, values_only=True)]
    assert sum(one is not None for one in moments) == 2
