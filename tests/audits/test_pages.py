"""The pages of the audit: what they tell, to whom, and what they cost."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from audits.models import AuditState, Finding
from audits.next_steps import missing_tonight
from audits.rules.clauses import Standard
from audits.rules.editions import EDITIONS
from audits.rules.standing import FIXED
from audits.sweeping import sweep
from audits.sweeping.waiting import RULE_SET
from audits.views import NEWEST
from continuity.models import Registration, SchemeType
from core import db
from core.i18n import Language, written_in
from plans.handbook import by_id
from plans.intervals import Interval
from plans.models import Asset, AssetKind, Contact, ExternalParty, IntervalSetting, PartyKind, Waiver, WaiverState
from plans.status import ItemState, Status, source
from tenants.models import Alarm, Tenant
from tests.cast import Cast, Organisation, Person
from tests.visitor import Visitor

Scope = Callable[[Organisation], AbstractContextManager[None]]
Visit = Callable[[Person], Visitor]
Counting = Callable[[], AbstractContextManager[list[str]]]
TODAY = date(2026, 11, 22)
PAGES = (
    "/",
    "/findings",
    "/expiries",
    "/rules",
    "/rules?section=inventory",
    "/rules/here",
    "/coverage",
    "/coverage?view=items",
)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(datetime.fromisoformat("2026-11-22T09:00:00+00:00"), tick=False):
        yield


def add(scope_of: Scope, organisation: Organisation, *rows: Any) -> None:
    with scope_of(organisation):
        db.session().add_all(rows)


def contact(name: str, age: int | None = None) -> Contact:
    confirmed_on = None if age is None else TODAY - timedelta(days=age)
    return Contact(name=name, phone="+31201234567", confirmed_on=confirmed_on)


def judge(app: Flask) -> None:
    with app.app_context():
        sweep.run()


def page(visitor: Visitor, path: str, organisation: str = "bakery") -> str:
    answer = visitor.get(f"/o/{organisation}{path}")
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_every_member_may_read_every_page_and_a_stranger_none(cast: Cast, visitor: Visit, app: Flask) -> None:
    judge(app)
    reader, stranger = visitor(cast.reader), visitor(cast.stranger)
    for path in PAGES:
        assert reader.get(f"/o/bakery{path}").status_code == 200
        assert stranger.get(f"/o/bakery{path}").status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_a_page_stays_within_its_budget(
    app: Flask, cast: Cast, visitor: Visit, scope_of: Scope, count_queries: Counting, path: str
) -> None:
    add(scope_of, cast.bakery, *(contact(f"Somebody with a long name {n}", n) for n in range(300)))
    add(scope_of, cast.bakery, *(registration(f"Service {n}") for n in range(8)))
    judge(app)
    reader = visitor(cast.reader)
    page(reader, path)
    with count_queries() as sent:
        html = page(reader, path)
    assert len(sent) <= 15
    assert len(html.encode()) <= 60_000


def test_home_before_the_first_judgement_asks_to_begin(cast: Cast, visitor: Visit) -> None:
    html = page(visitor(cast.owner), "/")
    assert "Nothing is wrong: it is not there yet." in html
    assert "Not ready" in html


def test_a_fire_tonight_finds_missing_what_cannot_be_called_or_opened_but_not_what_asks_for_attention() -> None:
    states = dict.fromkeys(by_id(), ItemState(Status.COMPLETE))
    assert missing_tonight(states) == []
    for code in ("runbook.external-phones", "backup.encrypted", "runbook.recovery"):
        assert missing_tonight(states | {code: ItemState(Status.TO_DO)}) == [code]
    for status in (Status.ATTENTION, Status.DUE_SOON, Status.LEFT_OUT):
        assert missing_tonight(states | {"backup.offsite-data": ItemState(status)}) == []


def test_home_says_what_is_missing_tonight_and_what_costs_least(app: Flask, cast: Cast, visitor: Visit) -> None:
    judge(app)
    html = page(visitor(cast.owner), "/")
    assert "12 things that you need on the first night are missing" in html
    assert "about 2 minutes" in html
    assert "Up to which amount staff pay without a check" in html
    assert "0 of 75 in order" in html


def test_home_leads_to_the_plan_on_the_night_itself(cast: Cast, visitor: Visit, scope_of: Scope) -> None:
    way_in = 'href="/o/bakery/calamity/activate/real"'
    assert way_in in page(visitor(cast.owner), "/")
    with scope_of(cast.bakery):
        db.session().get_one(Tenant, cast.bakery.id).alarm = Alarm.EXERCISE
    assert way_in in page(visitor(cast.reader), "/"), "it can burn while people practise"
    with scope_of(cast.bakery):
        db.session().get_one(Tenant, cast.bakery.id).alarm = Alarm.REAL
    assert way_in not in page(visitor(cast.reader), "/")


def test_home_lists_the_five_that_lapse_first(app: Flask, cast: Cast, visitor: Visit, scope_of: Scope) -> None:
    add(scope_of, cast.bakery, *(contact(f"Person {n}", 170 - n) for n in range(6)), contact("Lapsed", 300))
    judge(app)
    html = page(visitor(cast.owner), "/")
    assert [n for n in range(6) if f"Person {n}" in html] == [0, 1, 2, 3, 4]
    assert "2 December 2026 (in 10 days)" in html
    assert "Lapsed" not in html.partition("What lapses next")[2]


def test_what_must_be_confirmed_leads_to_its_record(app: Flask, cast: Cast, visitor: Visit, scope_of: Scope) -> None:
    party = ExternalParty(kind=PartyKind.INSURER, name="Zeker & Zoon", phone="+31201234567")
    licence = Asset(kind=AssetKind.LICENCE, name="Till software")
    add(scope_of, cast.bakery, contact("Anna"), contact("Bea", 300), party, licence)
    judge(app)
    browser = visitor(cast.owner)
    with scope_of(cast.bakery):
        records: dict[str, UUID] = {}
        for table in (Contact, ExternalParty, Asset):
            records |= {row.name: row.id for row in db.session().execute(sa.select(table.name, table.id))}
    places = {"Anna": "contacts", "Bea": "contacts", "Zeker & Zoon": "parties"}
    for path in ("/registers/contacts", "/plan/upkeep/contacts", "/plan/upkeep/contacts?path=on"):
        html = page(browser, path)
        for name, slug in places.items():
            assert re.search(rf'<a href="/o/bakery/registers/{slug}/{records[name]}[^"]*">The contact data of', html)
    assert f"/registers/licences/{records['Till software']}" in page(browser, "/plan/upkeep/licences")


def registration(name: str) -> Registration:
    return Registration(service_name=name, scheme_type=SchemeType.HOSTING)


def test_home_of_a_supplier_tells_how_far_its_services_are(
    app: Flask, cast: Cast, visitor: Visit, scope_of: Scope
) -> None:
    judge(app)
    assert "You have not registered a service yet" in page(visitor(cast.supplier_owner), "/", "supplier")
    add(scope_of, cast.supplier, registration("Web hosting"))
    judge(app)
    html = page(visitor(cast.supplier_owner), "/", "supplier")
    assert "Web hosting" in html
    assert "of 11 duties in order" in html
    assert "registered a service" not in page(visitor(cast.owner), "/")


def test_home_of_a_foundation_leads_to_its_registrants(cast: Cast, visitor: Visit) -> None:
    assert "/registrants" in page(visitor(cast.foundation_owner), "/", "foundation")


def labels(html: str, *names: str) -> list[str]:
    return [name for name in names if name in html]


def test_findings_are_filtered_by_the_address(app: Flask, cast: Cast, visitor: Visit, scope_of: Scope) -> None:
    add(scope_of, cast.bakery, contact("Vera", 300), contact("Lapsing Lars", 170))
    judge(app)
    owner = visitor(cast.owner)
    assert labels(page(owner, "/findings?unfilled=among"), "Vera", "Amount in euro") == ["Vera"]
    assert labels(page(owner, "/findings?section=payments"), "Vera", "four-eyes") == ["four-eyes"]
    assert labels(page(owner, "/findings?severity=notice"), "Vera", "Lapsing Lars") == ["Lapsing Lars"]
    assert labels(page(owner, "/findings?q=vera"), "Vera", "Lapsing Lars") == ["Vera"]
    assert "No finding fits these filters." in page(owner, "/findings?q=no+such+words")
    assert "No finding fits these filters." in page(owner, "/findings?state=closed")


def test_filters_that_are_none_do_not_filter(app: Flask, cast: Cast, visitor: Visit) -> None:
    judge(app)
    owner = visitor(cast.owner)
    plain = page(owner, "/findings?section=payments")
    strange = page(owner, "/findings?section=payments&severity=%25&state=gone&page=abc&page=99&x=1")
    assert (
        plain.partition("<tbody>")[2].partition("</tbody>")[0]
        == strange.partition("<tbody>")[2].partition("</tbody>")[0]
    )


def test_a_finding_that_was_mended_moves_to_the_closed_ones(
    app: Flask, cast: Cast, visitor: Visit, scope_of: Scope
) -> None:
    add(scope_of, cast.bakery, contact("Vera", 300))
    judge(app)
    with scope_of(cast.bakery):
        db.session().scalars(sa.select(Contact)).one().confirmed_on = TODAY
    judge(app)
    owner = visitor(cast.owner)
    assert "Vera" not in page(owner, "/findings?section=upkeep")
    assert "Vera" in page(owner, "/findings?state=closed")


def test_many_findings_come_in_pages(app: Flask, cast: Cast, visitor: Visit, scope_of: Scope) -> None:
    add(scope_of, cast.bakery, *(contact(f"Person {n:03}", 300) for n in range(150)))
    judge(app)
    owner = visitor(cast.owner)
    first, second = (page(owner, f"/findings?section=upkeep&q=person&page={n}") for n in (1, 2))
    assert (len(targets(owner, "/findings?section=upkeep&q=person")), first.count("Person ")) == (100, 100)
    assert second.count("Person ") == 50
    assert "section=upkeep&amp;q=person&amp;page=2" in first
    assert "Person 000" in first
    assert "Person 149" in second


def test_ten_times_the_findings_are_asked_for_by_the_same_statements(
    app: Flask, cast: Cast, visitor: Visit, scope_of: Scope, count_queries: Counting
) -> None:
    reader, sent = visitor(cast.reader), []
    for people in (range(40), range(40, 400)):
        add(scope_of, cast.bakery, *(contact(f"Person {n:03}", 300) for n in people))
        judge(app)
        page(reader, "/findings")
        with count_queries() as asked:
            html = page(reader, "/findings?section=upkeep&q=person")
        assert html.count("Person ") == min(100, people.stop)
        sent.append(list(asked))
    assert sent[0] == sent[1]
    # The fifth tells who is to act, of all that is shown at once.
    assert len(sent[0]) == 5


def test_a_finding_leads_to_where_it_is_mended(app: Flask, cast: Cast, visitor: Visit, scope_of: Scope) -> None:
    add(scope_of, cast.bakery, contact("Vera", 300), Asset(kind=AssetKind.OFFICE_PC, name="Counter PC"))
    add(scope_of, cast.supplier, registration("Web hosting"))
    judge(app)
    owner, supplier = visitor(cast.owner), visitor(cast.supplier_owner)
    found = {
        "people": targets(owner, "/findings?q=vera"),
        "asset": targets(owner, "/findings?q=counter"),
        "item": targets(owner, "/findings?section=payments"),
        "duty": targets(supplier, "/findings?section=scheme", "supplier"),
    }
    assert found["people"][0].startswith("/o/bakery/registers/contacts/")
    assert found["asset"][0].startswith("/o/bakery/registers/office-pcs/")
    assert found["item"][0] == "/o/bakery/plan/payments/unchecked-limit"
    assert found["duty"][0].startswith("/o/supplier/continuity/")
    for visitor_, paths in ((owner, found["people"] + found["asset"] + found["item"]), (supplier, found["duty"])):
        for path in set(paths):
            assert visitor_.get(path).status_code == 200, path


def targets(visitor: Visitor, path: str, organisation: str = "bakery") -> list[str]:
    table = page(visitor, path, organisation).partition("<tbody>")[2].partition("</tbody>")[0]
    return [link.partition('"')[0] for link in table.split('<a href="')[1:]]


def test_what_lapses_stands_under_its_month(app: Flask, cast: Cast, visitor: Visit, scope_of: Scope) -> None:
    add(scope_of, cast.bakery, contact("Lapsed", 300), contact("Soon", 170), contact("Later", 10))
    judge(app)
    html = page(visitor(cast.reader), "/expiries")
    order = [html.index(text) for text in ("Lapsed already", "Lapsed<", "December 2026", "Soon<", "May 2027", "Later<")]
    assert order == sorted(order)


def test_the_rules_page_tells_all_rules(cast: Cast, visitor: Visit) -> None:
    html = page(visitor(cast.reader), "/rules")
    assert html.count('<tr id="') == 89
    assert "payments.four-eyes" in html
    assert "scheme.logins" in html
    assert f"Rule set {RULE_SET}" in html
    backup = page(visitor(cast.reader), "/rules?section=backup")
    assert backup.count('<tr id="') == 8
    assert "/o/bakery/coverage?standard=bio2#c-8-13-01" in backup
    assert "Interval: Off-site copy seen" in backup


def test_what_older_rule_sets_changed_is_told_where_the_page_is_short(cast: Cast, visitor: Visit) -> None:
    told = [f"{one.version}, " for one in EDITIONS]
    assert len(told) > NEWEST
    for path, seen in (("/rules", told[:NEWEST]), ("/rules?section=backup", told)):
        shown = page(visitor(cast.reader), path)
        assert [one for one in told if f">{one}" in shown] == seen


def test_the_page_tells_what_is_tighter_here_and_what_is_left_out_by_whom_until_when(
    cast: Cast, visitor: Visit, scope_of: Scope
) -> None:
    def left_out(item_id: str, days: int) -> Waiver:
        until, started = TODAY + timedelta(days=days), TODAY - timedelta(days=100)
        return Waiver(
            item_id=item_id,
            state=WaiverState.APPROVED,
            reason=f"Reason {days}",
            author="Eva",
            decided_by="Henk",
            starts_on=started,
            until=until,
        )

    add(
        scope_of, cast.bakery, IntervalSetting(name="contact", days=45, set_by="Ria", set_on=TODAY, reason="Many leave")
    )
    add(scope_of, cast.bakery, IntervalSetting(name="test", days=90), left_out("payments.four-eyes", 31))
    add(scope_of, cast.bakery, left_out("testing.usb-drop", -1), left_out("inventory.tablets", 30))
    proposed = left_out("inventory.printers", 40)
    proposed.state, proposed.decided_by, proposed.proposed_on = WaiverState.PROPOSED, "", TODAY
    add(scope_of, cast.bakery, proposed)
    html = page(visitor(cast.reader), "/rules/here")
    assert html.count("Stricter") == 2
    assert "Set by Ria on 22 November 2026" in html
    assert (html.count("Many leave"), html.count("was not written down then")) == (1, 1)
    assert html.index("Waits for an owner") < html.index("Reason 40") < html.index("What is left out")
    assert html.count('<td class="num" data-label="Here">') == len(Interval) + len(FIXED)
    assert [html.index(f"Reason {days}") for days in (-1, 30, 31)] == sorted(
        html.index(f"Reason {days}") for days in (-1, 30, 31)
    )
    assert (
        html.count("Counts again"),
        html.count("Decide again"),
        html.count("Proposed by Eva, approved by Henk on"),
    ) == (1, 1, 3)
    assert "Nothing is left out" in page(visitor(cast.stranger), "/rules/here", "other")
    assert "/trail/?subject=interval_setting" not in html
    assert "/trail/?subject=interval_setting" in page(visitor(cast.owner), "/rules/here")


def test_coverage_leads_from_a_clause_to_its_items_and_back(
    app: Flask, cast: Cast, visitor: Visit, scope_of: Scope
) -> None:
    judge(app)
    owner = visitor(cast.owner)
    html = page(owner, "/coverage?standard=bio2&q=ransomware")
    assert html.count("<tr id=") == 1
    assert "/o/bakery/plan/backup/air-gapped" in targets(owner, "/coverage?standard=bio2&q=ransomware")
    back = targets(owner, "/coverage?item=backup.air-gapped")
    assert "/o/bakery/coverage?standard=bio2#c-8-13-01" in back
    assert "/o/bakery/coverage?standard=iso-22301#c-8-3-5" in back
    assert "0 of 17 clauses of BIO2 in order" in page(owner, "/coverage?standard=bio2")
    assert "Nothing fits these filters." in page(owner, "/coverage?standard=bio2&status=complete")
    assert "Nothing to judge" in page(owner, "/coverage?standard=law")
    assert 'value="iso-22301" selected' in page(owner, "/coverage?standard=gone&view=x&status=%25&item=gone")


@pytest.mark.once
def test_every_standard_fits_on_a_page(app: Flask, cast: Cast, visitor: Visit) -> None:
    judge(app)
    reader = visitor(cast.reader)
    for standard in Standard:
        for view in ("clauses", "items"):
            address = f"/coverage?standard={standard.slug}&view={view}"
            assert len(page(reader, address).encode()) <= 60_000, address


def test_an_editor_may_have_it_judged_again_and_a_reader_may_not(
    app: Flask, cast: Cast, visitor: Visit, scope_of: Scope
) -> None:
    assert visitor(cast.reader).post("/o/bakery/audit").status_code == 403
    assert visitor(cast.stranger).post("/o/bakery/audit").status_code == 404
    assert "Judge again" not in page(visitor(cast.reader), "/")
    editor = visitor(cast.editor)
    for times in (1, 2):
        assert editor.post("/o/bakery/audit").status_code == 302
        with scope_of(cast.bakery):
            assert db.session().scalars(sa.select(AuditState.times)).one() == times
            assert db.session().scalar(sa.select(sa.func.count()).select_from(Finding)) or 0 > 60
    assert "Judged again" in page(editor, "/")


def test_an_item_left_out_counts_as_done_and_is_told_before_it_lapses(
    app: Flask, cast: Cast, visitor: Visit, scope_of: Scope
) -> None:
    waiver = Waiver(
        item_id="payments.four-eyes",
        state=WaiverState.APPROVED,
        reason="We pay nothing",
        author="Henk",
        starts_on=TODAY,
        until=TODAY + timedelta(days=20),
    )
    add(scope_of, cast.bakery, waiver)
    judge(app)
    html = page(visitor(cast.reader), "/findings?severity=notice")
    assert "Left out until 12 December 2026" in html
    assert "1 of 75 in order" in page(visitor(cast.reader), "/")


def test_nothing_of_another_organisation_shows(app: Flask, cast: Cast, visitor: Visit, scope_of: Scope) -> None:
    add(scope_of, cast.bakery, contact("Secret Vera", 170), registration("Secret service"))
    judge(app)
    stranger = visitor(cast.stranger)
    for path in PAGES:
        assert "Secret" not in page(stranger, path, "other")


def test_the_identity_of_a_duty_is_its_registration(app: Flask, cast: Cast, scope_of: Scope) -> None:
    first, second = registration("First"), registration("Second")
    add(scope_of, cast.supplier, first, second)
    with scope_of(cast.supplier):
        ids: list[UUID] = list(db.session().scalars(sa.select(Registration.id)))
        assert {state.status for state in source().duty_states().values()} == {Status.TO_DO}
    judge(app)
    with scope_of(cast.supplier), written_in(Language.ENGLISH):
        states = source().duty_states()
    assert {registration_id for registration_id, _duty in states} == set(ids)
    assert len(states) == 22
    assert states[ids[0], "scheme.framework-agreement"].status is Status.TO_DO
    assert states[ids[0], "scheme.framework-agreement"].remarks
    assert states[ids[0], "scheme.period"].status is Status.LEFT_OUT
