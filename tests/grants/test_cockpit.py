"""The cockpit: every client as far as it opened itself, worst first, and nothing of anybody else."""

import json
import re
from collections import Counter
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from audits.first_night import NEEDED, places_by_need
from audits.judging.severity import Severity
from audits.portfolio import cockpit
from audits.portfolio.cockpit import Filters, passes
from audits.portfolio.kept import Open, columns_told
from audits.portfolio.legs import TOLD, LegState
from audits.portfolio.rows import Client, Kept, client_row, place_of
from audits.sweeping import sweep
from continuity.models import Client as SchemeClient
from continuity.models import Registration, SchemeType
from core import clock, db
from tenants.grants.reach import ClientGrant
from tenants.models import Alarm, GrantLevel, Tenant
from tenants.scope import scoped, whole
from tests.cast import Cast
from tests.grants.scene import (
    Counting,
    Visitors,
    another,
    call_first,
    found,
    grant,
    in_days,
    judged,
    lapses,
    registered,
)
from tests.visitor import Visitor

PATH = "/o/supplier/portfolio/"
CELL = re.compile(r'<td class="leg-(\w+)">([^<]+?)(?: <b>\d+</b>)?</td>')


def page_of(browser: Visitor, query: str = "") -> str:
    answer = browser.get(PATH + query)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def legs_of(page: str, name: str) -> list[str]:
    """Return what the row of a client says about its legs."""
    row = next(part for part in page.split("<tr>") if f">{name}</a>" in part and "<td" in part)
    return [words for _look, words in CELL.findall(row)]


def names(page: str) -> list[str]:
    """Return the clients of the table, in their order."""
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)


def test_each_leg_tells_the_worst_that_was_found(app: Flask, cast: Cast, visitor: Visitors) -> None:
    grant(app, cast.bakery, cast.supplier)
    judged(app, cast.bakery)
    found(app, cast.bakery, "backup.offsite-data", Severity.FAULT)
    found(app, cast.bakery, "runbook.team", Severity.NOTICE)
    found(app, cast.bakery, "testing.restore", Severity.WARNING)
    registered(app, cast.bakery)
    found(app, cast.bakery, "scheme.logins", Severity.NOTICE, in_days(3))
    found(app, cast.bakery, "scheme.beneficiary-deed", Severity.NOTICE)
    page = page_of(visitor(cast.supplier_owner))
    assert legs_of(page, cast.bakery.name) == ["To do", "Needs attention", "In order", "Lapses soon"]
    assert "Call these first" in page


def test_what_was_never_judged_says_so(app: Flask, cast: Cast, visitor: Visitors) -> None:
    grant(app, cast.bakery, cast.supplier)
    page = page_of(visitor(cast.supplier_owner))
    assert legs_of(page, cast.bakery.name) == ["Not judged yet"] * 4
    assert "Call these first" not in page


@pytest.mark.parametrize("plan", [True, False])
def test_a_part_that_stays_closed_counts_nowhere(app: Flask, cast: Cast, visitor: Visitors, plan: bool) -> None:
    grant(app, cast.bakery, cast.supplier, plan=plan, continuity=not plan)
    judged(app, cast.bakery)
    registered(app, cast.bakery)
    call_first(app, cast.bakery, "Henk Bakker", "+31612345678")
    found(app, cast.bakery, "scheme.logins" if plan else "backup.offsite-data")
    lapses(app, cast.bakery, "scheme.logins" if plan else "upkeep.review", in_days(5))
    browser = visitor(cast.supplier_owner)
    page = page_of(browser)
    closed = ["Closed to you"] * 2
    opened = ["In order"] * 2
    assert legs_of(page, cast.bakery.name) == (opened + closed if plan else closed + opened)
    assert "1 fault" not in page
    assert "+31612345678" not in page
    assert names(page_of(browser, "?days=30")) == []


def test_a_client_that_was_judged_longer_ago_says_so(app: Flask, cast: Cast, visitor: Visitors) -> None:
    for client, days in ((cast.bakery, 0), (cast.other, 3)):
        grant(app, client, cast.supplier)
        judged(app, client, at=clock.now() - timedelta(days=days))
    page = page_of(visitor(cast.supplier_owner))
    assert page.count("judged on ") == 1
    assert "Judged on " in page


def test_the_worst_comes_first_and_the_most_urgent_on_top(app: Flask, cast: Cast, visitor: Visitors) -> None:
    garage, kiosk = cast.other, another(app, "Kiosk Overal", "kiosk")
    for client in (cast.bakery, garage, kiosk):
        grant(app, client, cast.supplier)
        judged(app, client)
    found(app, garage, "backup.offsite-data", Severity.FAULT)
    found(app, kiosk, "backup.offsite-data", Severity.WARNING)
    call_first(app, garage, "Greet Motor", "+31612345678")
    page = page_of(visitor(cast.supplier_owner))
    assert names(page) == [garage.name, kiosk.name, cast.bakery.name]
    top = page.split("Call these first")[1].split("</section>")[0]
    assert "Greet Motor" in top
    assert 'href="tel:+31612345678"' in top
    assert cast.bakery.name not in top


def test_who_is_in_a_calamity_comes_first_whatever_is_wrong_elsewhere(
    app: Flask, cast: Cast, visitor: Visitors
) -> None:
    burning, drilling, closed = (another(app, f"Kiosk {name}", name) for name in ("brand", "oefening", "dicht"))
    for client in (cast.bakery, burning, drilling, closed):
        grant(app, client, cast.supplier, plan=client is not closed)
        judged(app, client)
    found(app, cast.bakery, "backup.offsite-data", Severity.FAULT)
    call_first(app, burning, "Greet Motor", "+31612345678")
    for client, kind in ((burning, Alarm.REAL), (drilling, Alarm.EXERCISE), (closed, Alarm.REAL)):
        with app.app_context(), scoped(whole(client.id)):
            db.session().get_one(Tenant, client.id).alarm = kind
    page = page_of(visitor(cast.supplier_owner))
    assert names(page)[:2] == [burning.name, cast.bakery.name]
    assert page.count("Calamity now") == 1
    first, second = page.split("Call these first")[1].split("</section>")[0].split("<li ")[1:]
    assert burning.name in first
    assert "Calamity: the plan is at work." in first
    assert "tel:+31612345678" in first
    assert cast.bakery.name in second
    assert "Worst finding: Back-ups kept off site" in second
    assert "Calamity" not in second


def test_what_lapses_next_is_told_with_its_day(app: Flask, cast: Cast, visitor: Visitors) -> None:
    grant(app, cast.bakery, cast.supplier)
    judged(app, cast.bakery)
    lapses(app, cast.bakery, "upkeep.review", in_days(20))
    lapses(app, cast.bakery, "testing.restore", in_days(6))
    lapses(app, cast.bakery, "upkeep.contacts", in_days(-3))
    browser = visitor(cast.supplier_owner)
    assert names(page_of(browser, "?days=7")) == [cast.bakery.name]
    assert names(page_of(browser, "?days=5")) == []
    page = page_of(browser).split("<tbody>")[1]
    assert f"{in_days(6).day} " in page


def test_what_lapses_next_is_told_also_before_the_night_judged_again(app: Flask, cast: Cast, visitor: Visitors) -> None:
    grant(app, cast.bakery, cast.supplier, continuity=False)
    judged(app, cast.bakery, at=clock.now() - timedelta(days=9))
    for code, days in (("upkeep.contacts", -3), ("scheme.logins", 2), ("testing.restore", 6), ("upkeep.review", 20)):
        lapses(app, cast.bakery, code, in_days(days))
    browser = visitor(cast.supplier_owner)
    assert names(page_of(browser, "?days=6")) == [cast.bakery.name]
    assert names(page_of(browser, "?days=5")) == []


def test_filters_stand_in_the_address(app: Flask, cast: Cast, visitor: Visitors) -> None:
    for client in (cast.bakery, cast.other):
        grant(app, client, cast.supplier)
        judged(app, client)
    found(app, cast.bakery, "testing.restore")
    browser = visitor(cast.supplier_owner)
    assert names(page_of(browser, "?state=to_do")) == [cast.bakery.name]
    assert names(page_of(browser, "?leg=plan&state=complete")) == [cast.bakery.name, cast.other.name]
    assert names(page_of(browser, "?leg=tests&state=complete")) == [cast.other.name]
    assert names(page_of(browser, "?q=verWEG")) == [cast.other.name]
    assert "No client fits" in page_of(browser, "?q=zzz")
    assert len(names(page_of(browser, "?leg=x&state=y&days=z&page=99"))) == 2


def test_the_list_is_ordered_as_somebody_asks_page_by_page(
    app: Flask, cast: Cast, visitor: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cockpit, "PAGE", 2)
    wanted = (("Cafe Zes", 6), ("Albers", 40), ("bakker Bes", None))
    for at, (name, days) in enumerate(wanted):
        client = another(app, name, f"client-{at}")
        grant(app, client, cast.supplier)
        judged(app, client)
        if days is not None:
            lapses(app, client, "testing.restore", in_days(days))
    browser = visitor(cast.supplier_owner)
    for sort, order in (("lapses", "Cafe Zes,Albers,bakker Bes"), ("name", "Albers,bakker Bes,Cafe Zes")):
        first = page_of(browser, f"?sort={sort}")
        assert f"sort={sort}&amp;page=2" in first
        assert [*names(first), *names(page_of(browser, f"?sort={sort}&page=2"))] == order.split(",")
    assert names(page_of(browser, "?sort=zzz")) == names(page_of(browser))


def test_clients_in_the_resellers_own_scheme_show_whether_they_accepted(
    app: Flask, cast: Cast, visitor: Visitors
) -> None:
    covered = another(app, "Kiosk Overal", "kiosk", kvk="00112233")
    grant(app, covered, cast.supplier)
    judged(app, covered)
    with app.app_context(), scoped(whole(cast.supplier.id)):
        service = Registration(service_name="Hosting", scheme_type=SchemeType.HOSTING, duration_months=3)
        db.session().add(service)
        db.session().flush()
        db.session().add(SchemeClient(registration_id=service.id, name="Kiosk", kvk="00112233"))
    page = page_of(visitor(cast.supplier_owner))
    assert legs_of(page, covered.name)[2:] == ["Not there yet", "In no scheme"]


def test_another_reseller_sees_none_of_it(app: Flask, cast: Cast, visitor: Visitors) -> None:
    rival = another(app, "Rivaal IT", "rivaal", kind="it_supplier")
    grant(app, cast.bakery, cast.supplier)
    grant(app, cast.other, rival)
    for client in (cast.bakery, cast.other):
        judged(app, client)
        found(app, client, "backup.offsite-data")
        lapses(app, client, "upkeep.review", in_days(3))
    browser = visitor(cast.supplier_owner)
    for query in ("", "?q=garage", "?state=to_do", "?days=30"):
        page = page_of(browser, query)
        assert cast.other.name not in page
        assert "All 1 client" in page
    assert browser.get("/o/rivaal/portfolio/").status_code == 404
    assert browser.get("/o/other/").status_code == 404


def test_only_it_suppliers_have_a_cockpit(cast: Cast, visitor: Visitors) -> None:
    assert visitor(cast.owner).get("/o/bakery/portfolio/").status_code == 403
    assert visitor(cast.foundation_owner).get("/o/foundation/portfolio/").status_code == 403


def test_more_clients_cost_no_more_queries(app: Flask, cast: Cast, visitor: Visitors, count_queries: Counting) -> None:
    browser, counts = visitor(cast.supplier_owner), []
    for number in (1, 4):
        for index in range(number):
            client = another(app, f"Zaak {number} {index}", f"zaak-{number}-{index}")
            grant(app, client, cast.supplier, continuity=index % 2 == 0)
            judged(app, client)
            found(app, client, "backup.offsite-data")
            lapses(app, client, "upkeep.review", in_days(3))
        page_of(browser)
        with count_queries() as sent:
            page_of(browser)
        counts.append(len([one for one in sent if "set_config" not in one]))
    assert counts[0] == counts[1] <= 10


def client(
    name: str = "Bakkerij",
    *,
    plan: bool = True,
    continuity: bool = True,
    legs: tuple[tuple[int, int, int, str], ...] | None = None,
    registered: bool = True,
    accepted: bool | None = None,
    endless: tuple[int, ...] = (0, 0, 0, 0),
    unfilled: tuple[int, ...] = (0, 0, 0, 0),
    tonight: int = 0,
) -> Client:
    grant_ = ClientGrant(1, "x", name, "00112233", GrantLevel.VIEW, plan, continuity, None)
    if legs is None:
        return Client(grant_, None, accepted)
    flat = {
        "legs": [part for leg in legs for part in leg],
        "endless": endless,
        "unfilled": unfilled,
        "lapses": ["", ""],
    }
    numbers = [sum(leg[rank] for leg in part) for part in (legs, legs[2:]) for rank in range(3)]  # type: ignore[misc]
    placing = (
        registered,
        *numbers,
        sum(endless),
        sum(endless[2:]),
        tonight,
        None,
        None,
        sum(unfilled),
        sum(unfilled[2:]),
    )
    return Client(grant_, Kept(1, str(clock.today()), json.dumps(placing), json.dumps(flat)), accepted)


FINE, FAULT, WARNING, NOTICE = (0, 0, 0, ""), (1, 0, 0, "a"), (0, 2, 1, "b"), (0, 0, 1, "c")


@pytest.mark.parametrize(
    ("one", "state", "numbers"),
    [
        (client(legs=(FINE, WARNING, FINE, NOTICE)), LegState.ATTENTION, (0, 2)),
        (client(legs=(NOTICE, FINE, FAULT, FINE)), LegState.TO_DO, (1, 0)),
        (client(legs=(NOTICE, FINE, FAULT, FINE), continuity=False), LegState.DUE_SOON, (0, 0)),
        (client(legs=(FAULT, FINE, WARNING, FINE), plan=False), LegState.ATTENTION, (0, 2)),
        (client(legs=(FINE, FINE, FINE, FINE), registered=False), LegState.COMPLETE, (0, 0)),
        (client(legs=(FINE, FINE, FINE, FINE), plan=False, registered=False), LegState.NOT_JUDGED, (0, 0)),
        (client(), LegState.NOT_JUDGED, (0, 0)),
        (client(legs=(FINE, FINE, FINE, FINE), registered=False, accepted=False), LegState.UNFILLED, (0, 0)),
        (client(legs=(FAULT, FINE, FINE, FINE), unfilled=(1, 0, 0, 0)), LegState.UNFILLED, (1, 0)),
        (client(legs=(FAULT, FAULT, FINE, FINE), unfilled=(1, 0, 0, 0)), LegState.TO_DO, (2, 0)),
        (client(legs=(FINE, FAULT, FAULT, FINE), unfilled=(0, 0, 1, 0), plan=False), LegState.UNFILLED, (1, 0)),
        (client(legs=(FAULT, FINE, FAULT, FINE), unfilled=(1, 0, 0, 0), continuity=False), LegState.UNFILLED, (1, 0)),
        (client(legs=(FAULT, FINE, FINE, FINE), registered=False, accepted=False), LegState.TO_DO, (1, 0)),
        (client(accepted=True), LegState.COMPLETE, (0, 0)),
        (client(legs=(NOTICE, FINE, FINE, FINE), accepted=False), LegState.DUE_SOON, (0, 0)),
        (client(legs=(FINE, FINE, FINE, NOTICE), endless=(0, 0, 0, 1)), LegState.COMPLETE, (0, 0)),
        (client(legs=(NOTICE, FINE, NOTICE, FINE), endless=(0, 0, 1, 0)), LegState.DUE_SOON, (0, 0)),
        (client(legs=(NOTICE, FINE, NOTICE, FINE), endless=(0, 0, 1, 0), plan=False), LegState.COMPLETE, (0, 0)),
        (client(legs=(NOTICE, FINE, FINE, FINE), endless=(1, 0, 0, 0), continuity=False), LegState.COMPLETE, (0, 0)),
    ],
)
def test_a_client_is_as_the_worst_leg_it_opened(one: Client, state: LegState, numbers: tuple[int, int]) -> None:
    row = client_row(one, place_of(one), {})
    assert (row.state, (row.faults, row.warnings)) == (state, numbers)
    told = [state for state in row.legs.values() if state in TOLD]
    assert state is (min(told, key=TOLD.index) if told else LegState.NOT_JUDGED)


CODES = (
    "self-check.secured",
    "runbook.team",
    "backup.offsite-data",
    "testing.restore",
    "upkeep.review",
    "scheme.logins",
    "scheme.funding",
)
LISTED, DAY = st.sampled_from(CODES), date(2026, 12, 31)


@given(
    gaps=st.lists(
        st.builds(Open, LISTED, st.sampled_from(Severity), st.sampled_from([None, DAY]), st.booleans()), max_size=8
    ),
    lapsing=st.lists(st.tuples(LISTED, st.dates(DAY - timedelta(days=2), DAY + timedelta(days=2))), max_size=6),
    plan=st.booleans(),
    continuity=st.booleans(),
)
def test_what_is_kept_tells_what_findings_tell(
    gaps: list[Open], lapsing: list[tuple[str, date]], plan: bool, continuity: bool
) -> None:
    place = places_by_need()
    told = columns_told(gaps, lapsing, DAY, place, registered=True)
    kept = Kept(1, str(DAY), told["placed_by"], json.dumps(told["legs"]))
    one = Client(ClientGrant(1, "x", "X", "", GrantLevel.VIEW, plan, continuity, None), kept, None)
    row = client_row(one, place_of(one), place)
    open_ = [one for one in gaps if (continuity if one[0].startswith("scheme.") else plan)]
    ahead = [one for one in lapsing if one[1] >= DAY and (continuity if one[0].startswith("scheme.") else plan)]
    assert Counter(severity for _, severity, *_more in open_) == +Counter(
        {
            kind: sum(getattr(one, f"{kind}s") for one in row.counted.values())
            for kind in Severity
        }
    )  # fmt: skip
    assert (row.faults, row.warnings) == tuple(
        sum(how is kind for _, how, *_more in open_) for kind in (Severity.FAULT, Severity.WARNING)
    )
    faults = [one for one in open_ if one.severity is Severity.FAULT]
    assert (row.state is LegState.TO_DO) == any(not one.unfilled for one in faults)
    assert (row.state is LegState.UNFILLED) == (bool(faults) and all(one.unfilled for one in faults))
    assert sum(row.unfilled.values()) == sum(one.unfilled for one in faults)
    assert row.worst is max((one[1] for one in open_), key=lambda one: one.rank, default=None)
    assert row.reason == min(
        (code for code, how, *_more in open_ if how is row.worst), key=place.__getitem__, default=""
    )
    assert row.tonight == len({one.code for one in open_ if one.severity is Severity.FAULT} & NEEDED)
    assert (row.state is LegState.DUE_SOON) == (
        {one.severity for one in open_} == {Severity.NOTICE} and any(one.until for one in open_)
    )
    assert (row.lapses_on, row.lapsing) == min(
        ((until, code) for code, until in ahead), key=lambda one: (one[0], place[one[1]]), default=(None, "")
    )


def test_the_first_night_decides_whom_to_call_and_why(app: Flask, cast: Cast, visitor: Visitors) -> None:
    many, few = another(app, "Veel Gebreken", "veel"), another(app, "Niemand Te Bellen", "niemand")
    faults = {
        many: ("self-check.secured", "self-check.weakest", "upkeep.review"),
        few: ("self-check.secured", "runbook.team"),
    }
    for client, codes in faults.items():
        grant(app, client, cast.supplier)
        judged(app, client)
        for code in codes:
            found(app, client, code)
    page = page_of(visitor(cast.supplier_owner))
    first = page.partition('class="call-list"')[2].partition("</li>")[0]
    assert few.name in first
    assert "GDPR officer, department heads" in first
    assert "1 thing missing on the first night" in first
    assert names(page) == [few.name, many.name]


def test_words_are_looked_for_in_name_and_number() -> None:
    today, one = clock.today(), client()
    assert passes(one, place_of(one), Filters(q="bakk 0011"), today)
    assert not passes(one, place_of(one), Filters(q="bakk 99"), today)


def test_who_never_began_is_told_from_whose_plan_lapsed(app: Flask, cast: Cast, visitor: Visitors) -> None:
    never, lapsed = another(app, "Nooit Begonnen", "nooit"), another(app, "Ooit Klaar", "klaar")
    for client in (never, lapsed):
        grant(app, client, cast.supplier, continuity=False)
    with app.app_context():
        sweep.run([never.id])
    judged(app, lapsed)
    found(app, lapsed, "upkeep.review")
    page = page_of(visitor(cast.supplier_owner))
    assert names(page) == [lapsed.name, never.name], "whose plan lapsed is called first"
    assert legs_of(page, never.name)[0] == "Not there yet"
    assert legs_of(page, lapsed.name)[0] == "To do"
    first, second = page.partition('class="call-list"')[2].split("</li>")[:2]
    assert "1 fault" in first
    assert "Has not begun the plan yet" in second
    assert "12 things missing on the first night" in second
    assert " faults" not in second
    assert names(page_of(visitor(cast.supplier_owner), "?state=unfilled")) == [never.name]
