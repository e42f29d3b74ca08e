"""Leaving something out: proposed by one, approved or refused by another; two at once; days that end."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from core import clock, db
from core.i18n import Language, written_in
from core.mail.outbox import OutboxMail
from plans.errors import NotThere, PlanError
from plans.handbook import Section
from plans.items import leaving_out, waiver_letters
from plans.items.leaving_out import NeedsAnother, NoLongerWaiting, Signer, WaiverValues
from plans.items.left_out import leaving_out_of, proposals, waivers
from plans.models import OwnKind, Waiver, WaiverState
from plans.own_items.ids import own_id
from plans.own_items.services import Adder, OwnValues, add_own
from tenants import services as tenant_services
from tenants.models import Role, TrailEntry
from tests.cast import JOINED, Cast, Person
from tests.plans.items_scene import ScopeOf, SignIn, page
from tests.visitor import Visitor

TODAY = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TABLETS = "inventory.tablets"


@pytest.fixture
def judged() -> bool:
    """These pages tell what is found."""
    return True


def by(person: Person | None, day: date = TODAY) -> Signer:
    return Signer(person.id if person else None, person.name if person else "Henk", AT, day)


def left_out(reason: str = "no tablets", until: date = TODAY, item_id: str = TABLETS) -> Waiver:
    """Proposed and approved; needs an open scope."""
    row = leaving_out.propose(item_id, WaiverValues(reason, until), by(None))
    return leaving_out.approve(item_id, row.id, by(None), owners=())


def second_owner(scope_of: ScopeOf, cast: Cast) -> Person:
    with scope_of(cast.bakery):
        tenant_services.add_member(cast.bakery.id, cast.stranger.id, Role.OWNER, at=JOINED)
    return cast.stranger


def ask(browser: Visitor, cast: Cast, reason: str = "We rent them", item: str = TABLETS) -> str:
    """Propose it in the browser; the address at which it is decided about."""
    sent = {"reason": reason, "until": (clock.today() + timedelta(days=100)).isoformat()}
    assert browser.post(page(cast.bakery, item, "/waivers"), sent).status_code == 302
    shown = browser.get(page(cast.bakery, item)).get_data(as_text=True)
    return str(re.findall(r'action="([^"]+/waivers/[^"]+)/end"', shown)[-1])


def letters(app: Flask) -> list[tuple[str, str, str]]:
    """Write the letters that are due: to whom, subject, text."""
    with app.app_context():
        waiver_letters.tell()
        db.begin(writes=False)
        rows = db.session().scalars(sa.select(OutboxMail))
        found = sorted((row.recipient, str(row.subject), str(row.text)) for row in rows)
        db.rollback()
        return found


def test_every_other_owner_is_told_once_what_waits_for_them_and_not_why(
    app: Flask, cast: Cast, scope_of: ScopeOf, visitor: SignIn
) -> None:
    second_owner(scope_of, cast)
    ask(visitor(cast.owner), cast, "Our tablets were stolen")
    ((to, subject, text),) = letters(app)
    assert (to, subject) == (
        cast.stranger.email,
        "Owner proposes to leave something out of the plan of Bakkerij Zonneschijn",
    )
    assert "Tablets" in text
    assert page(cast.bakery, TABLETS) in text
    assert "stolen" not in text
    assert len(letters(app)) == 1, "once, however often the job runs"
    decided = ask(visitor(cast.editor), cast)
    visitor(cast.editor).post(f"{decided}/end")
    assert len(letters(app)) == 1, "nobody is asked to decide about what was withdrawn"
    ask(visitor(cast.editor), cast)
    assert [to for to, _subject, _text in letters(app)] == [cast.owner.email, cast.stranger.email, cast.stranger.email]


def test_the_letter_about_a_question_of_their_own_leads_to_it_and_does_not_repeat_it(
    app: Flask, cast: Cast, scope_of: ScopeOf, visitor: SignIn
) -> None:
    with scope_of(cast.bakery):
        asked = OwnValues("Where is the spare key of the vault?")
        added = add_own(Section.RUNBOOK, OwnKind.TEXT, asked, Adder("Henk", TODAY))
        item_id = own_id(Section.RUNBOOK, added.id)
    ask(visitor(cast.editor), cast, item=item_id)
    ((to, _subject, text),) = letters(app)
    assert to == cast.owner.email
    assert "Own question" in text
    assert page(cast.bakery, item_id) in text
    assert "vault" not in text, "what people wrote stays behind sign-in"


@pytest.mark.parametrize(
    ("reason", "until", "field"),
    [
        pytest.param("no", TODAY, "reason", id="a reason that says nothing"),
        pytest.param("no fax", TODAY - timedelta(days=1), "until", id="yesterday"),
        pytest.param("no fax", TODAY, None, id="today"),
        pytest.param("no fax", date(2027, 11, 22), None, id="twelve months"),
        pytest.param("no fax", date(2027, 11, 23), "until", id="a day more"),
    ],
)
def test_a_proposal_needs_a_reason_and_an_end_within_a_year(
    cast: Cast, scope_of: ScopeOf, reason: str, until: date, field: str | None
) -> None:
    with scope_of(cast.bakery):
        if field is None:
            leaving_out.propose(TABLETS, WaiverValues(reason, until), by(cast.editor))
            (found,) = proposals([TABLETS])
            assert (found.reason, found.author, found.proposed_on, found.until) == (reason, "Editor", TODAY, until)
            assert not waivers([TABLETS])
        else:
            with pytest.raises(PlanError) as refusal:
                leaving_out.propose(TABLETS, WaiverValues(reason, until), by(cast.editor))
            assert refusal.value.field == field


def test_a_leap_day_is_left_out_until_the_end_of_february() -> None:
    assert leaving_out.latest_until(date(2028, 2, 29)) == date(2029, 2, 28)


def test_what_is_approved_takes_the_place_of_what_was_and_counts_from_that_day(cast: Cast, scope_of: ScopeOf) -> None:
    later = TODAY + timedelta(days=9)
    with scope_of(cast.bakery):
        left_out("no fax at all")
        row = leaving_out.propose(TABLETS, WaiverValues("still no fax", later), by(cast.editor))
        assert [one.reason for one in waivers([TABLETS])] == ["no fax at all"], "while the new one waits"
        leaving_out.approve(TABLETS, row.id, by(cast.owner, later), owners={cast.owner.id})
        (found,) = waivers([TABLETS])
        assert (found.reason, found.author, found.approved_by) == ("still no fax", "Editor", "Owner")
        assert (found.proposed_on, found.starts_on, found.alone) == (TODAY, later, False)
        assert not proposals([TABLETS])
        assert db.session().scalar(sa.select(sa.func.count(Waiver.id))) == 2, "both stay on record"


def test_a_proposal_whose_last_day_has_passed_is_not_approved(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        row = leaving_out.propose(TABLETS, WaiverValues("no fax", TODAY), by(cast.editor))
        with pytest.raises(PlanError) as refusal:
            leaving_out.approve(TABLETS, row.id, by(cast.owner, TODAY + timedelta(days=1)), owners={cast.owner.id})
        assert refusal.value.field == "until"


def test_nobody_approves_their_own_proposal_while_there_is_another_owner(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        row = leaving_out.propose(TABLETS, WaiverValues("no fax", TODAY), by(cast.owner))
        with pytest.raises(NeedsAnother):
            leaving_out.approve(TABLETS, row.id, by(cast.owner), owners={cast.owner.id, cast.stranger.id})
        leaving_out.approve(TABLETS, row.id, by(cast.stranger), owners={cast.owner.id, cast.stranger.id})
        assert [(one.approved_by, one.alone) for one in waivers([TABLETS])] == [("Stranger", False)]
        own = leaving_out.propose("inventory.printers", WaiverValues("no paper", TODAY), by(cast.owner))
        own.state, own.decided_by_id = WaiverState.APPROVED, cast.owner.id
        with pytest.raises(IntegrityError, match="two"):
            db.session().flush()
        db.session().rollback()


def test_a_decision_is_taken_once_and_the_second_is_told_whose_it_was(cast: Cast, scope_of: ScopeOf) -> None:
    owners = {cast.owner.id, cast.stranger.id}
    with scope_of(cast.bakery), written_in(Language.ENGLISH):
        row = leaving_out.propose(TABLETS, WaiverValues("no fax", TODAY), by(cast.editor))
        for _time in range(2):
            leaving_out.refuse(TABLETS, row.id, "We have two", by(cast.owner))
        with pytest.raises(NoLongerWaiting, match="Owner refused"):
            leaving_out.approve(TABLETS, row.id, by(cast.stranger), owners=owners)
        assert [(one.refusal, one.decided_by) for one in leaving_out_of(TABLETS).refused] == [("We have two", "Owner")]
        again = leaving_out.propose(TABLETS, WaiverValues("gone now", TODAY), by(cast.editor))
        assert not leaving_out_of(TABLETS).refused, "it was answered by a new proposal"
        better = leaving_out.propose(TABLETS, WaiverValues("sold in May", TODAY), by(cast.editor))
        with pytest.raises(NoLongerWaiting, match="other words"):
            leaving_out.approve(TABLETS, again.id, by(cast.owner), owners=owners)
        for _time in range(2):
            leaving_out.approve(TABLETS, better.id, by(cast.owner), owners=owners)
        with pytest.raises(NoLongerWaiting, match="Owner approved"):
            leaving_out.refuse(TABLETS, better.id, "We have two", by(cast.stranger))
        with pytest.raises(PlanError):
            leaving_out.refuse(TABLETS, better.id, "no", by(cast.owner))


def test_of_two_owners_who_decide_at_once_one_does(app: Flask, visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    other = second_owner(scope_of, cast)
    address = ask(visitor(cast.editor), cast)
    both = [(Visitor(app, person), path) for person, path in ((cast.owner, "approve"), (other, "refuse"))]
    for each, _path in both:
        assert each.token
    with ThreadPoolExecutor(2) as pool:
        codes = pool.map(lambda one: one[0].post(f"{address}/{one[1]}", {"refusal": "Not so"}).status_code, both)
    assert sorted(codes) == [302, 409]
    with scope_of(cast.bakery):
        assert len(waivers([TABLETS])) + len(leaving_out_of(TABLETS).refused) == 1


def test_what_an_editor_proposes_counts_on_until_an_owner_approves_it(visitor: SignIn, cast: Cast) -> None:
    editor, owner = visitor(cast.editor), visitor(cast.owner)
    address = ask(editor, cast)
    assert editor.post(f"{address}/approve").status_code == 403
    shown = editor.get(page(cast.bakery, TABLETS)).get_data(as_text=True)
    assert "It goes on counting until an owner approves it." in shown
    assert f"{address}/approve" not in shown
    assert "Left out until" not in shown
    inventory = f"/o/{cast.bakery.slug}/plan/inventory"
    assert "0 of 12 in order" in editor.get(inventory).get_data(as_text=True)
    home, waits = f"/o/{cast.bakery.slug}/", "1 proposal to leave something out waits for your approval"
    assert waits in owner.get(home).get_data(as_text=True)
    assert waits not in editor.get(home).get_data(as_text=True)
    empty = owner.post(f"{address}/refuse", {"refusal": ""})
    assert empty.status_code == 422
    assert re.search(
        r'<details class="more[^"]*" open>.*?id="refusal-[0-9a-f]{32}-error"', empty.get_data(as_text=True), re.S
    )
    assert owner.post(f"{address}/approve").status_code == 302
    shown = visitor(cast.reader).get(page(cast.bakery, TABLETS)).get_data(as_text=True)
    assert "Proposed by Editor, approved by Owner on" in shown
    assert "1 of 12 in order" in editor.get(inventory).get_data(as_text=True)
    assert waits not in owner.get(home).get_data(as_text=True)
    late = owner.post(f"{address}/refuse", {"refusal": "We do have them"})
    assert (late.status_code, "Owner approved this meanwhile." in late.get_data(as_text=True)) == (409, True)
    assert "1 of 12 in order" in editor.get(f"/o/{cast.bakery.slug}/plan/inventory").get_data(as_text=True)
    told = owner.get(f"/o/{cast.bakery.slug}/trail/").get_data(as_text=True)
    assert "Editor proposed to leave something out" in told
    assert "Owner approved that something is left out" in told


def test_an_only_owner_decides_alone_and_that_is_what_it_says(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    owner = visitor(cast.owner)
    ask(owner, cast)
    shown = owner.get(page(cast.bakery, TABLETS)).get_data(as_text=True)
    assert "Proposed and approved by Owner on" in shown
    assert "the only owner then" in shown
    with scope_of(cast.bakery):
        assert [one.alone for one in waivers([TABLETS])] == [True]
        query = sa.select(TrailEntry.action).where(TrailEntry.action.startswith("waiver."))
        assert set(db.session().scalars(query)) == {"waiver.proposed", "waiver.approved_alone"}
    second_owner(scope_of, cast)
    address = ask(owner, cast, item="inventory.printers")
    own = owner.post(f"{address}/approve")
    assert (own.status_code, "ask them to approve it" in own.get_data(as_text=True)) == (409, True)


def test_a_refusal_stands_beside_what_it_is_about_until_it_is_proposed_again(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf
) -> None:
    editor, owner = visitor(cast.editor), visitor(cast.owner)
    address = ask(editor, cast)
    assert owner.post(f"{address}/refuse", {"refusal": "We have two at the till"}).status_code == 302
    shown = editor.get(page(cast.bakery, TABLETS)).get_data(as_text=True)
    assert "We have two at the till" in shown
    assert "Editor had proposed: We rent them" in shown
    assert "We have two at the till" not in editor.get(page(cast.bakery, "inventory.printers")).get_data(as_text=True)
    ask(editor, cast, "They are gone since May")
    assert "We have two at the till" not in editor.get(page(cast.bakery, TABLETS)).get_data(as_text=True)


def test_two_who_propose_at_once_read_each_other_s_reason(visitor: SignIn, cast: Cast) -> None:
    henk, eva = visitor(cast.owner), visitor(cast.editor)
    address, until = page(cast.bakery, TABLETS), clock.today().isoformat()
    (shown,) = re.findall(r'name="left_out" type="hidden" value="([^"]*)"', henk.get(address).get_data(as_text=True))
    first = {"reason": "We rent them", "until": until, "left_out": shown}
    assert eva.post(f"{address}/waivers", first).status_code == 302
    late = henk.post(f"{address}/waivers", {**first, "reason": "We have none"})
    text = late.get_data(as_text=True)
    assert (late.status_code, "We rent them" in text, "We have none" in text) == (409, True, True)
    (now,) = re.findall(r'name="left_out" type="hidden" value="([^"]*)"', text)
    again = henk.post(f"{address}/waivers", {**first, "reason": "We have none", "left_out": now})
    assert again.status_code == 302
    assert "We have none" in eva.get(address).get_data(as_text=True)


def test_taking_back_in_twice_keeps_the_first_moment(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        row = left_out()
        leaving_out.take_back_in(TABLETS, row.id, at=AT)
        leaving_out.take_back_in(TABLETS, row.id, at=AT + timedelta(days=1))
        asked = leaving_out.propose(TABLETS, WaiverValues("no fax", TODAY), by(cast.editor))
        leaving_out.take_back_in(TABLETS, asked.id, at=AT)
        found = db.session().execute(sa.select(Waiver.state, Waiver.ended_at).order_by(Waiver.id))
        assert list(found) == [(WaiverState.APPROVED, AT), (WaiverState.WITHDRAWN, AT)]


def test_a_waiver_is_decided_about_only_where_it_belongs(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        waiver_id: UUID = leaving_out.propose(TABLETS, WaiverValues("no fax", TODAY), by(cast.editor)).id
        for item_id, row_id in (("inventory.printers", waiver_id), (TABLETS, uuid4())):
            with pytest.raises(NotThere):
                leaving_out.take_back_in(item_id, row_id, at=AT)
            with pytest.raises(NotThere):
                leaving_out.approve(item_id, row_id, by(cast.owner), owners=())
    with scope_of(cast.other), pytest.raises(NotThere):
        leaving_out.approve(TABLETS, waiver_id, by(cast.stranger), owners=())


def test_a_proposal_with_mistakes_comes_back_with_what_was_typed(visitor: SignIn, cast: Cast) -> None:
    sent = {"reason": "We rent everything", "until": (clock.today() + timedelta(days=500)).isoformat()}
    answer = visitor(cast.editor).post(page(cast.bakery, TABLETS, "/waivers"), sent)
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "At most twelve months from now." in shown
    assert "We rent everything" in shown
    empty = visitor(cast.editor).post(page(cast.bakery, TABLETS, "/waivers"), {})
    assert empty.status_code == 422
    assert 'id="reason-error"' in empty.get_data(as_text=True)


def test_parts_can_be_left_out_only_where_an_item_has_them(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser, until = visitor(cast.owner), clock.today().isoformat()
    sent = {"part": "lawyer", "reason": "The trade association has one", "until": until}
    assert browser.post(page(cast.bakery, "runbook.external-parties", "/waivers"), sent).status_code == 302
    assert browser.post(page(cast.bakery, TABLETS, "/waivers"), sent).status_code == 422
    with scope_of(cast.bakery):
        assert [one.part for one in waivers(["runbook.external-parties"])] == ["lawyer"]
    shown = browser.get(page(cast.bakery, "runbook.external-parties")).get_data(as_text=True)
    assert "Not applicable: Lawyer" in shown


def test_a_waiver_that_ended_no_longer_counts(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        row = left_out()
        row.starts_on, row.until = clock.today() - timedelta(days=400), clock.today() - timedelta(days=399)
        db.session().flush()
    shown = visitor(cast.editor).get(page(cast.bakery, TABLETS)).get_data(as_text=True)
    assert "the question counts again" in shown
