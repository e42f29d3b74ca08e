"""Starters: proposals for a branch, added once, and in order only when somebody settled them."""

import re
from collections import Counter
from datetime import date, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from audits.judging.engine import judge
from audits.judging.judgement import Subject
from audits.judging.proposals import PART
from audits.judging.severity import Severity
from core import clock, db
from core.i18n import Language
from plans import loading
from plans.errors import NotThere
from plans.facts import PlannedFact, ProposalFact
from plans.handbook import by_id
from plans.items import services as items
from plans.items.services import AnswerValues
from plans.models import Answer, Department, LineKind, PartyKind, StarterLine, System
from plans.starters import services
from plans.starters.catalogue import BRANCHES, starter, starters
from plans.starters.queries import proposals
from plans.testing import programme
from tests.audits.rules.build import FATIMA, HENK, SOUND, TILL, TODAY, plan
from tests.cast import Cast
from tests.plans.items_scene import ScopeOf, SignIn, add_system, page

GARAGE = starter("garage")
ALL = [line.key for line in GARAGE.lines]
ADDING = services.Adding("Henk", date(2026, 11, 22), Language.ENGLISH)
ADDED = len(ALL)


@pytest.fixture
def judged() -> bool:
    """These pages tell what is found."""
    return True


def key(kind: LineKind, code: str) -> str:
    return f"garage.{kind.value}.{code}"


@pytest.mark.parametrize("name", BRANCHES)
def test_each_branch_proposes_enough_to_begin_with_in_both_languages(name: str) -> None:
    found = starter(name)
    counted = Counter(line.kind for line in found.lines)
    assert all(counted[kind] >= 3 for kind in LineKind)
    assert len({line.key for line in found.lines}) == len(found.lines)
    assert {line.item_id for line in found.lines} <= set(by_id())
    for language in Language:
        texts = [(line.kind, line.text_in(language)) for line in found.lines]
        assert all(text for _kind, text in texts)
        assert len(set(texts)) == len(texts)
        assert found.title_in(language)
        assert found.about_in(language)
    assert all(line.text_nl != line.text_en for line in found.lines if line.kind is LineKind.ANSWER)
    assert all(line.rto is not None and line.rpo is not None for line in found.lines if line.kind is LineKind.SYSTEM)
    assert any(line.party is PartyKind.IT_ADMINISTRATOR for line in found.lines)


def test_no_two_lines_of_any_branch_have_the_same_key() -> None:
    assert len({line.key for one in starters() for line in one.lines}) == sum(len(one.lines) for one in starters())


def test_adding_twice_adds_nothing_twice_and_never_touches_what_was_there(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        add_system("diagnostic EQUIPMENT", 3)
        items.save_answer("staff.policy", AnswerValues({"text": "Ours"}), by="Eva", today=TODAY)
        assert services.add_lines(GARAGE, ALL, ADDING) == ADDED - 2
        assert services.add_lines(GARAGE, ALL, ADDING) == 0
        names = list(db.session().scalars(sa.select(System.name)))
        assert len(names) == len({name.casefold() for name in names}) == 6
        places = set(db.session().scalars(sa.select(System.recovery_priority)))
        assert places == {3, 4, 5, 6, 7, 8}, "behind the system that has a place already"
        policy = db.session().scalars(sa.select(Answer).where(Answer.item_id == "staff.policy")).one()
        assert policy.values == {"text": "Ours"}
        with pytest.raises(NotThere):
            services.add_lines(GARAGE, ["bakery.system.till"], ADDING)


def test_what_was_dropped_does_not_come_back_and_what_was_kept_is_no_proposal(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        services.add_lines(GARAGE, ALL, ADDING)
        by_text = {one.text: one for one in proposals()}
        workshop, phone = by_text["Workshop"], by_text["Telephony and e-mail"]
        usb = next(one for one in by_text.values() if one.item_id == "staff.dont-unknown-usb")
        assert services.keep([workshop.id], today=TODAY) == 1
        assert services.drop([phone.id, usb.id], today=TODAY, at=clock.now()) == 2
        restore = next(one for one in by_text.values() if one.item_id == "testing.restore")
        assert services.drop([restore.id], today=TODAY, at=clock.now()) == 1
        assert services.drop([workshop.id, phone.id], today=TODAY, at=clock.now()) == 0, "settled is settled"
        assert db.session().get_one(Department, (cast.bakery.id, workshop.row_id)).archived_at is None
        assert db.session().get_one(System, (cast.bakery.id, phone.row_id)).archived_at is not None
        assert db.session().get_one(Answer, (cast.bakery.id, usb.row_id)).values == {}
        assert services.add_lines(GARAGE, ALL, ADDING) == 0
        assert len(proposals()) == ADDED - 4
    with scope_of(cast.other), pytest.raises(NotThere):
        services.keep([workshop.id], today=TODAY)


def test_a_proposal_keeps_its_item_from_being_in_order_until_it_is_settled(cast: Cast, scope_of: ScopeOf) -> None:
    row = ProposalFact(LineKind.SYSTEM, "processes.priorities", TILL.id)
    answer = ProposalFact(LineKind.ANSWER, "payments.email-order", HENK.id)
    gone = ProposalFact(LineKind.SYSTEM, "processes.priorities", HENK.id)
    ahead = TODAY + timedelta(days=200)
    tests = tuple(PlannedFact(one, "testing.phishing", ahead, done=one is FATIMA.id) for one in (HENK.id, FATIMA.id))
    planned = tuple(ProposalFact(LineKind.TEST, "testing.phishing", one.id) for one in tests)
    found = judge(plan(proposals=(row, answer, gone, *planned), planned=tests), TODAY).gaps
    assert [(code, gap.subject, gap.severity) for code, gap in found] == [
        ("processes.priorities", Subject("system", TILL.id, TILL.name, PART), Severity.WARNING),
        ("testing.phishing", Subject("planned_test", HENK.id, part=PART), Severity.WARNING),
        ("payments.email-order", Subject(part=PART), Severity.WARNING),
    ]
    never = judge(plan(answers={}, proposals=(answer,)), TODAY).gaps
    assert [gap.severity for code, gap in never if code == answer.item_id] == [Severity.FAULT]
    assert judge(SOUND, TODAY).gaps == ()
    with scope_of(cast.bakery):
        services.add_lines(GARAGE, [key(LineKind.SYSTEM, "parts"), key(LineKind.ANSWER, "staff.policy")], ADDING)
        facts = loading.load([cast.bakery.id])[cast.bakery.id]
        assert {fact.item_id for fact in facts.proposals} == {"processes.priorities", "staff.policy"}
        items.save_answer("staff.policy", AnswerValues({"text": "As we do it"}), by="Eva", today=TODAY)
        (left,) = loading.load([cast.bakery.id])[cast.bakery.id].proposals
        assert left.item_id == "processes.priorities"
        services.add_lines(GARAGE, [key(LineKind.TEST, "testing.restore")], ADDING)
        (test,) = [one for one in proposals() if one.kind is LineKind.TEST]
        told = programme.PlannedValues("testing.restore", clock.today(), how="With Piet")
        programme.change_planned(test.row_id, told, today=clock.today())
        assert [one.kind for one in proposals()] == [LineKind.SYSTEM]


def test_an_owner_takes_over_an_example_and_makes_it_their_own(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser, base = visitor(cast.owner), f"/o/{cast.bakery.slug}/plan"
    assert "Garage" in browser.get(f"{base}/starters").get_data(as_text=True)
    preview = browser.get(f"{base}/starters/garage").get_data(as_text=True)
    offered = re.findall(r'name="ticked" value="([^"]+)"', preview)
    assert len(offered) == ADDED
    nothing = browser.post(f"{base}/starters/garage", {})
    assert (nothing.status_code, "Tick at least one." in nothing.get_data(as_text=True)) == (422, True)
    assert browser.post(f"{base}/starters/garage", {"ticked": ["bakery.system.till"]}).status_code == 422

    taken = [one for one in offered if "accounting" not in one]
    assert browser.post(f"{base}/starters/garage", {"ticked": taken}).location == f"{base}/proposals"
    shown = browser.get(f"{base}/proposals").get_data(as_text=True)
    assert "Garage system (planning and job sheets)" in shown
    assert "Invoices and accounting" not in shown
    assert "There already" in browser.get(f"{base}/starters/garage").get_data(as_text=True)
    assert f"{ADDED - 1} proposals wait" in browser.get(f"{base}/path").get_data(as_text=True)
    assert "is a proposal from an example" in browser.get(page(cast.bakery, "processes.priorities")).get_data(
        as_text=True
    )

    with scope_of(cast.bakery):
        by_text = {one.text: one for one in proposals()}
        row_id: UUID = by_text["Diagnostic equipment"].row_id
        version = db.session().get_one(System, (cast.bakery.id, row_id)).version
    changed = {"name": "Testers in the workshop", "rto_hours": "8", "version": str(version)}
    assert browser.post(f"/o/{cast.bakery.slug}/registers/systems/{row_id}", changed).status_code == 302
    rest = [str(one.id) for text, one in by_text.items() if text != "Diagnostic equipment"]
    assert browser.post(f"{base}/proposals", {"ticked": rest[:1], "do": "drop"}).status_code == 302
    assert browser.post(f"{base}/proposals", {"ticked": rest[1:], "do": "keep"}).status_code == 302
    assert "There is no proposal to look at." in browser.get(f"{base}/proposals").get_data(as_text=True)
    with scope_of(cast.bakery):
        assert db.session().scalars(sa.select(StarterLine).where(StarterLine.settled_on.is_(None))).all() == []


def test_a_reader_looks_at_an_example_and_adds_nothing(visitor: SignIn, cast: Cast) -> None:
    reader, base = visitor(cast.reader), f"/o/{cast.bakery.slug}/plan"
    assert "Add what is ticked" not in reader.get(f"{base}/starters/bakery").get_data(as_text=True)
    assert reader.post(f"{base}/starters/bakery", {"ticked": ALL}).status_code == 403
    assert reader.post(f"{base}/proposals", {"ticked": ALL}).status_code == 403
    assert reader.get(f"{base}/starters/no-such-branch").status_code == 404
