"""Changes in the business, and intervals."""

import re
from datetime import date, timedelta

import pytest

from core import clock
from plans.errors import PlanError
from plans.intervals import DEFAULT_DAYS, Interval
from plans.turns import seen
from plans.upkeep import services
from plans.upkeep.queries import changes, interval_rows, tightened, unconfirmed_contacts
from tenants.owned import EditConflict
from tests.cast import Cast
from tests.plans.items_scene import ScopeOf, SignIn, add_contact, page

TODAY = date(2026, 11, 22)
CHANGE = "upkeep.business-change"
HENK = services.Setter("Henk", TODAY, "New people every month")


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
        services.tighten({Interval.CONTACT: 30, Interval.TEST: None}, who=HENK)
        assert {one.interval: one.days for one in interval_rows(tightened())}[Interval.CONTACT] == 30
        for interval in Interval:
            for days in (-1, 0, DEFAULT_DAYS[interval] + 1):
                with pytest.raises(PlanError) as refusal:
                    services.tighten({interval: days}, who=HENK)
                assert refusal.value.field == interval.value
        services.tighten(
            {Interval.CONTACT: 30, Interval.TEST: 100}, who=services.Setter("Eva", TODAY + timedelta(days=1))
        )
        told = {one.name: (one.set_by, one.set_on, one.reason) for one in tightened()}
        assert told["contact"] == ("Henk", TODAY, "New people every month"), "what stays as it was is nobody's"
        assert told["test"] == ("Eva", TODAY + timedelta(days=1), "")
        services.tighten({Interval.CONTACT: None, Interval.TEST: None}, who=HENK)
        found = {one.interval: one.days for one in interval_rows(tightened())}
        assert found == dict(DEFAULT_DAYS)


def test_intervals_are_kept_in_the_browser(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser, path = visitor(cast.editor), f"/o/{cast.bakery.slug}/plan/intervals"
    assert browser.post(path, {"contact": "30"}).status_code == 302
    assert 'value="30"' in browser.get(path).get_data(as_text=True)
    every = browser.post(path, {one.value: str(DEFAULT_DAYS[one] + 1) for one in Interval})
    assert every.status_code == 422
    for one in Interval:
        refused = browser.post(path, {one.value: str(DEFAULT_DAYS[one] + 1)})
        assert refused.status_code == 422
        assert f'id="{one.value}-error"' in refused.get_data(as_text=True)
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
        services.tighten({Interval.CONTACT: 25}, who=HENK, seen=told)
        with pytest.raises(EditConflict):
            services.tighten({Interval.CONTACT: 24}, who=HENK, seen=told)


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
