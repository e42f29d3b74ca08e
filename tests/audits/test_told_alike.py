"""What a page tells without opening every finding is what it would tell with all of them."""

from datetime import date

from flask import Flask

from audits.findings import queries
from audits.status import AuditStatus, duty_states, item_states
from audits.sweeping import sweep
from core import clock
from core.clock import add_months
from plans import handbook
from plans.status import Status
from sample import bakery
from sample.days import Days
from sample.netvast import hosting
from tenants.scope import scoped, whole
from tests.cast import Cast


def test_items_duties_and_what_lapses_are_told_alike(app: Flask, cast: Cast) -> None:
    today, source = clock.today(), AuditStatus()
    with app.app_context():
        with scoped(whole(cast.bakery.id)):
            bakery.fill(Days(today))
            hosting.fill(Days(today), cast.foundation.id)
        with scoped(whole(cast.bakery.id), writes=False):
            some = [one.id for one in handbook.items()][::7]
            assert source.states_of(some) == {one: source.item_states()[one] for one in some}, "never judged"
        sweep.run([cast.bakery.id])
        with scoped(whole(cast.bakery.id), writes=False):
            items, duties = source.item_states(), source.duty_states()
            gaps, services = queries.bare_findings(), queries.registered_services()
            bare = item_states(gaps, queries.waived_items(today), queries.own_item_ids())
            assert {name: one.status for name, one in items.items()} == {name: one.status for name, one in bare.items()}
            assert set(Status) == {one.status for one in bare.values()}
            assert {key: one.status for key, one in duties.items()} == {
                key: one.status for key, one in duty_states(gaps, services).items()
            }
            assert duties
            assert source.states_of(some) == {one: items[one] for one in some}
            _first_lapse_alike(today)


def _first_lapse_alike(today: date) -> None:
    year = {"up_to": add_months(today, 12), "since": today}
    every = queries.lapsing(**year)
    days = [one.until for one in every]
    assert len(set(days)) < len(days) > 8, "some lapse on the same day"
    for count in (1, 2, 3, 5, 8, len(every), len(every) + 1):
        assert queries.lapsing_first(count, **year) == every[:count]
