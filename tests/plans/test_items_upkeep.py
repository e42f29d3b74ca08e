"""Changes in the business, published versions, intervals and the plan's fingerprint."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from core import clock
from plans.errors import PlanError
from plans.facts import AnswerFact, ContactFact, PlanFacts, StepFact, VersionFact
from plans.intervals import DEFAULT_DAYS, Interval
from plans.items import services as item_services
from plans.items.services import AnswerValues
from plans.loading import load
from plans.turns import seen
from plans.upkeep import services
from plans.upkeep.digest import digest
from plans.upkeep.queries import changes, interval_rows, newest_version, tightened, unconfirmed_contacts
from tenants.owned import EditConflict
from tenants.scope import scoped, whole
from tests.cast import Cast
from tests.plans.items_scene import ScopeOf, SignIn, add_contact, page

TODAY = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CHANGE = "upkeep.business-change"
HENK, FATIMA = UUID(int=1), UUID(int=2)


def contact(row_id: UUID, name: str) -> ContactFact:
    return ContactFact(row_id, name, "+31612345678", "", "", True, None)


def facts(**changed: object) -> PlanFacts:
    """A small plan."""
    plain = PlanFacts(
        answers={"staff.policy": AnswerFact("staff.policy", {"b": "2", "a": "1"}, HENK, None, TODAY)},
        assignments={},
        waivers=(),
        contacts={HENK: contact(HENK, "Henk"), FATIMA: contact(FATIMA, "Fatima")},
        parties=(),
        departments=(),
        systems=(),
        data_sets=(),
        department_systems=frozenset({(HENK, FATIMA), (FATIMA, HENK)}),
        department_data_sets=frozenset(),
        assets={},
        results={},
        steps=(StepFact(HENK, 1, "internet", None), StepFact(FATIMA, 2, "till", None)),
        versions=(),
        changes=(),
        instructions=(),
        receipts=(),
        intervals={},
    )
    return replace(plain, **changed)  # type: ignore[arg-type]  # a test names the field it changes


def test_the_fingerprint_does_not_depend_on_any_order() -> None:
    turned = {FATIMA: contact(FATIMA, "Fatima"), HENK: contact(HENK, "Henk")}
    answer = AnswerFact("staff.policy", {"a": "1", "b": "2"}, HENK, None, TODAY)
    same = facts(contacts=turned, answers={"staff.policy": answer})
    assert digest(same) == digest(facts())
    assert re.fullmatch(r"[0-9a-f]{64}", digest(same))


@pytest.mark.parametrize(
    "changed",
    [
        {"answers": {}},
        {"contacts": {HENK: contact(HENK, "Henk B.")}},
        {"steps": (StepFact(FATIMA, 1, "till", None), StepFact(HENK, 2, "internet", None))},
        {"department_systems": frozenset()},
        {"intervals": {"test": 100}},
    ],
)
def test_the_fingerprint_changes_with_the_content(changed: dict[str, object]) -> None:
    assert digest(facts(**changed)) != digest(facts())


def test_the_fingerprint_is_that_of_the_plan_not_of_its_history() -> None:
    assert digest(facts(versions=(VersionFact(1, TODAY),))) == digest(facts())


def test_a_version_has_the_next_number_and_the_fingerprint_of_the_plan(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        first = services.publish("The first", by="Henk", today=TODAY, at=AT)
        second = services.publish("", by="Henk", today=TODAY, at=AT)
        item_services.save_answer("payments.four-eyes", AnswerValues({"amount": "500.00"}), by="Henk", today=TODAY)
        third = services.publish("", by="Henk", today=TODAY, at=AT)
        assert [one.number for one in (first, second, third)] == [1, 2, 3]
        assert first.digest == second.digest != third.digest
        assert third.digest == digest(load([cast.bakery.id])[cast.bakery.id])
        newest = newest_version()
        assert newest is not None
        assert newest.number == 3
    with scope_of(cast.other):
        assert newest_version() is None


def test_only_owners_publish_and_everybody_sees_the_versions(visitor: SignIn, cast: Cast) -> None:
    path = f"/o/{cast.bakery.slug}/plan/versions"
    owner = visitor(cast.owner)
    assert visitor(cast.editor).post(path, {"note": "mine"}).status_code == 403
    long = owner.post(path, {"note": "n" * 2001})
    assert long.status_code == 422
    assert 'id="note-error"' in long.get_data(as_text=True)
    assert owner.post(path, {"note": "With the second shop"}).status_code == 302
    shown = visitor(cast.reader).get(path).get_data(as_text=True)
    assert "With the second shop" in shown
    assert 'name="note"' not in shown
    assert "number 1 of" in visitor(cast.reader).get(f"/o/{cast.bakery.slug}/plan/").get_data(as_text=True)


def test_sending_the_publication_twice_publishes_once(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    owner, path = visitor(cast.owner), f"/o/{cast.bakery.slug}/plan/versions"
    assert owner.post(path, {"note": "The first", "number": "1"}).status_code == 302
    again = owner.post(path, {"note": "The first", "number": "1"})
    shown = again.get_data(as_text=True)
    assert again.status_code == 409
    assert "Publish version 2" in shown
    assert owner.post(path, {"note": "The second", "number": "2"}).status_code == 302
    with scope_of(cast.bakery):
        newest = newest_version()
    assert newest is not None
    assert newest.number == 2


def test_many_who_publish_at_once_get_different_numbers(app: Flask, cast: Cast, scope_of: ScopeOf) -> None:
    def publish(_turn: int) -> int:
        with app.app_context(), scoped(whole(cast.bakery.id)):
            return services.publish("", by="Henk", today=TODAY, at=AT).number

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(publish, range(8)))
    assert sorted(numbers) == list(range(1, 9))


def test_versions_are_cut_into_pages(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        for _number in range(51):
            services.publish("", by="Henk", today=TODAY, at=AT)
    reader, path = visitor(cast.reader), f"/o/{cast.bakery.slug}/plan/versions"
    assert '<th scope="row">51</th>' in reader.get(path).get_data(as_text=True)
    assert '<th scope="row">1</th>' in reader.get(f"{path}?page=2").get_data(as_text=True)


def test_a_change_is_reported_put_away_and_put_back(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser, path = visitor(cast.editor), page(cast.bakery, CHANGE, "/changes")
    sent = {"what": "A second shop", "reported_on": "2026-09-01"}
    assert browser.post(path, sent).status_code == 302
    shown = browser.get(page(cast.bakery, CHANGE)).get_data(as_text=True)
    assert "A second shop" in shown
    assert "Publish a version" in shown
    away = re.findall(r'formaction="([^"]+/put-away)"', shown)
    assert browser.post(away[0]).status_code == 302
    with scope_of(cast.bakery):
        assert [one.archived for one in changes()] == [True]
    shown = browser.get(page(cast.bakery, CHANGE)).get_data(as_text=True)
    back = re.findall(r'formaction="([^"]+/put-back)"', shown)
    assert browser.post(back[0]).status_code == 302
    with scope_of(cast.bakery):
        assert [one.archived for one in changes()] == [False]


def test_sending_a_change_twice_reports_one(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser = visitor(cast.editor)
    found = re.search(
        r'name="new_row"[^>]*value="([^"]+)"', browser.get(page(cast.bakery, CHANGE)).get_data(as_text=True)
    )
    assert found
    sent = {"what": "A second shop", "reported_on": "2026-09-01", "new_row": found.group(1)}
    for _time in range(2):
        assert browser.post(page(cast.bakery, CHANGE, "/changes"), sent).status_code == 302
    with scope_of(cast.bakery):
        assert len(changes()) == 1


def test_a_change_with_mistakes_comes_back_as_it_was_typed(visitor: SignIn, cast: Cast) -> None:
    browser, path = visitor(cast.editor), page(cast.bakery, CHANGE, "/changes")
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    for sent, field in (
        ({"what": "A second shop", "reported_on": tomorrow}, "reported_on"),
        ({"what": "A second shop", "reported_on": "soon"}, "reported_on"),
        ({"what": "", "reported_on": "2026-09-01"}, "what"),
    ):
        answer = browser.post(path, sent)
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.get_data(as_text=True)
        assert (sent["what"] or "2026-09-01") in answer.get_data(as_text=True)


def test_an_interval_is_tightened_and_never_loosened(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        services.tighten({Interval.CONTACT: 30, Interval.TEST: None})
        assert {one.interval: one.days for one in interval_rows(tightened())}[Interval.CONTACT] == 30
        for days in (0, DEFAULT_DAYS[Interval.CONTACT] + 1):
            with pytest.raises(PlanError) as refusal:
                services.tighten({Interval.CONTACT: days})
            assert refusal.value.field == "contact"
        services.tighten({Interval.CONTACT: None})
        found = {one.interval: one.days for one in interval_rows(tightened())}
        assert found == dict(DEFAULT_DAYS)


def test_intervals_are_kept_in_the_browser(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser, path = visitor(cast.editor), f"/o/{cast.bakery.slug}/plan/intervals"
    assert browser.post(path, {"contact": "30"}).status_code == 302
    assert 'value="30"' in browser.get(path).get_data(as_text=True)
    loose = browser.post(path, {"contact": "181"})
    assert loose.status_code == 422
    assert 'id="contact-error"' in loose.get_data(as_text=True)
    assert 'value="181"' in loose.get_data(as_text=True)
    late = browser.post(path, {"contact": "20", "seen": ""})
    assert late.status_code == 409
    assert "30 days" in late.get_data(as_text=True)
    assert 'value="20"' in late.get_data(as_text=True)
    reader = visitor(cast.reader)
    assert "30 days" in reader.get(path).get_data(as_text=True)
    assert reader.post(path, {"contact": "10"}).status_code == 403
    with scope_of(cast.bakery):
        told = seen(tightened())
        services.tighten({Interval.CONTACT: 25}, seen=told)
        with pytest.raises(EditConflict):
            services.tighten({Interval.CONTACT: 24}, seen=told)


def test_contacts_count_as_confirmed_up_to_the_last_day_of_the_interval(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        add_contact("On the last day", confirmed_on=TODAY - timedelta(days=180))
        add_contact("A day too late", confirmed_on=TODAY - timedelta(days=181))
        add_contact("Never")
        found = unconfirmed_contacts(TODAY, tightened())
        assert (found.total, found.unconfirmed, found.days) == (3, 2, 180)


def test_the_page_of_the_contacts_counts_who_is_unconfirmed(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        add_contact()
        add_contact("Fatima El Amrani", confirmed_on=clock.today())
    shown = visitor(cast.reader).get(page(cast.bakery, "upkeep.contacts")).get_data(as_text=True)
    assert "It holds 2 records now." in shown
    assert "1 record was not confirmed in the last 180 days." in shown
