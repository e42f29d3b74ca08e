"""What programs read: their organisation's, all of it in parts, and nothing that was not opened."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from audits.api.operations import OPERATIONS
from audits.home import look
from audits.models import AuditState, Expiry, Finding
from audits.sweeping import sweep
from core import clock, db
from sample import bakery
from sample.days import Days
from sample.netvast import hosting
from tenants.models import Alarm, GrantLevel, ManagementGrant, Tenant, TenantKind
from tenants.scope import scoped, whole
from tenants.tokens.scopes import TokenScope
from tests.api.program import EVERY_SCOPE, Program, program
from tests.cast import JOINED, Cast, Organisation
from tests.conftest import Stable, running


@pytest.fixture(scope="module")
def judged(stable: Stable, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The bakery and its supplier with rows of every kind, judged; another business with nothing but its gaps."""
    cast = stable.cast
    assert cast
    with running(stable, f"cast_{os.getpid()}", tmp_path_factory.mktemp("api")) as app:
        with app.app_context():
            for place in (cast.bakery, cast.supplier):
                with scoped(whole(place.id)):
                    bakery.fill(Days(clock.today()))
                    hosting.fill(Days(clock.today()), cast.foundation.id)
            sweep.run()
        yield app


def grant(app: Flask, client: Organisation, supplier: Organisation, *, continuity: bool) -> None:
    with app.app_context(), scoped(whole(client.id)):
        db.session().add(
            ManagementGrant(
                manager_id=supplier.id, level=GrantLevel.VIEW, plan=True, continuity=continuity, starts_at=JOINED,
                ends_at=None,
            )
        )  # fmt: skip


def everything(caller: Program, path: str, limit: int) -> list[dict[str, Any]]:
    """Read a list to its end, part by part."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        joint = "&" if "?" in path else "?"
        told = caller.get(f"{path}{joint}limit={limit}" + (f"&cursor={cursor}" if cursor else "")).get_json()
        assert 0 < len(told["items"]) <= limit
        found += told["items"]
        cursor = told["next"]
        if cursor is None:
            return found


def test_findings_and_expiries_come_whole_and_once_in_parts(judged: Flask, cast: Cast) -> None:
    caller = program(judged, cast.bakery, cast.owner)
    with judged.app_context(), scoped(whole(cast.bakery.id), writes=False):
        findings = set(map(str, db.session().scalars(sa.select(Finding.id))))
        expiries = set(map(str, db.session().scalars(sa.select(Expiry.id))))
    found = everything(caller, "/findings", 20)
    assert [one["id"] for one in found] == sorted(findings)
    lapsing = everything(caller, "/expiries", 7)
    assert {one["id"] for one in lapsing} == expiries
    assert len(lapsing) == len(expiries)
    days = [one["until"] for one in lapsing]
    assert days == sorted(days)
    worst = everything(caller, "/findings?severity=fault&section=scheme", 200)
    assert worst
    assert {one["severity"] for one in worst} == {"fault"}
    assert all(one["code"].startswith("scheme.") and one["title"] and one["text"] for one in worst)
    assert caller.get("/findings?state=closed").get_json() == {"items": [], "next": None}
    ahead = clock.today().isoformat()
    assert all(one["until"] >= ahead for one in everything(caller, f"/expiries?since={ahead}", 200))


def test_the_standing_tells_what_findings_and_the_home_page_tell(judged: Flask, cast: Cast) -> None:
    from audits.api import schemas

    for place, owner in ((cast.bakery, cast.owner), (cast.supplier, cast.supplier_owner)):
        caller = program(judged, place, owner)
        told, found = caller.get("/standing").get_json(), everything(caller, "/findings", 1000)
        assert schemas.Standing().validate(told) == {}
        assert counts_of([told]) == Counter(one["severity"] for one in found) != Counter()
        with judged.app_context(), scoped(whole(place.id), writes=False):
            judgement = sa.select(AuditState.rule_set, AuditState.judged_on, AuditState.legs)
            rule_set, judged_on, legs = db.session().execute(judgement).one()
            page = look(clock.today(), TenantKind.BUSINESS)
            ahead = db.session().scalar(sa.select(sa.func.min(Expiry.until)).where(Expiry.until >= clock.today()))
        assert (told["rule_set"], told["judged_on"]) == (rule_set, str(judged_on))
        assert (told["state"], told["lapses_on"]) == (page.status.value, ahead and str(ahead))
        assert [one[name] for one in told["legs"] for name in ("faults", "warnings", "notices")] == [
            number for at, number in enumerate(legs["legs"]) if at % 4 < 3
        ]
        assert [(one["section"], one["state"], one["done"], one["items"]) for one in told["sections"]] == [
            (one.section.value, one.status.value, one.done, one.total) for one in page.sections
        ]
        plan = [one["severity"] for one in found if not one["code"].startswith("scheme.")]
        assert counts_of(told["sections"]) == Counter(plan)


def counts_of(told: list[dict[str, Any]]) -> Counter[str]:
    """Return how many findings of each kind these tell of."""
    return Counter({kind: sum(one[f"{kind}s"] for one in told) for kind in ("fault", "warning", "notice")})


def test_the_standing_before_anything_is_judged_says_so_and_costs_few_queries(
    app: Flask, cast: Cast, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    caller, counts = program(app, cast.bakery, cast.owner), []
    told = caller.get("/standing").get_json()
    assert (told["state"], told["judged_on"], told["faults"]) == ("not_judged", None, 0)
    assert {one["state"] for one in told["legs"]} == {"not_judged"}
    assert {(one["state"], one["done"]) for one in told["sections"]} == {("to_do", 0)}
    for fill in (False, True):
        with app.app_context():
            if fill:
                with scoped(whole(cast.bakery.id)):
                    bakery.fill(Days(clock.today()))
            sweep.run([cast.bakery.id])
        caller.get("/standing")
        with count_queries() as sent:
            assert caller.get("/standing").status_code == 200
        counts.append([one for one in sent if one.startswith("SELECT")])
    assert len(counts[0]) == len(counts[1]) <= 9


def test_what_is_left_out_tells_who_proposed_and_who_approved_it(judged: Flask, cast: Cast) -> None:
    found = everything(program(judged, cast.bakery, cast.owner), "/left-out", 1)
    assert found == as_told("left-out", program(judged, cast.bakery, cast.owner).get("/left-out"))
    told = {(one["code"], one["part"]): one for one in found}
    assert len(found) == len(told) == 3
    drop, walk_in = told["testing.usb-drop", ""], told["testing.walk-in", ""]
    assert (drop["state"], drop["proposed_by"], drop["approved_by"]) == ("left_out", "Fatima El Amrani", "Henk Bakker")
    assert (drop["approved_alone"], bool(drop["approved_on"] and drop["reason"] and drop["title"])) == (False, True)
    assert (walk_in["state"], walk_in["approved_by"], walk_in["approved_on"]) == ("proposed", None, None)


def test_lists_hold_what_the_document_tells_and_nothing_else(judged: Flask, cast: Cast) -> None:
    caller = program(judged, cast.supplier, cast.supplier_owner)
    for name in ("findings", "expiries", "inventory", "cover"):
        assert as_told(name, caller.get(f"/{name}")), name


def as_told(name: str, answer: TestResponse) -> list[Any]:
    """Return the lines of a list that is as the document tells it."""
    from audits.api import schemas

    (one,) = (one for one in OPERATIONS if one.path == f"/{name}" and one.method == "GET")
    assert getattr(schemas, one.gives)().validate(answer.get_json()) == {}
    assert answer.mimetype == "application/json"
    lines: list[Any] = answer.get_json()["items"]
    return lines


def test_a_cursor_of_another_list_or_made_up_is_refused(judged: Flask, cast: Cast) -> None:
    caller = program(judged, cast.bakery, cast.owner)
    cursor = caller.get("/findings?limit=1").get_json()["next"]
    for path in (
        f"/expiries?cursor={cursor}",
        f"/findings?cursor={cursor[:-2]}AA",
        "/findings?cursor=%00",
        "/cover?x=1",
    ):
        assert caller.get(path).status_code == 422, path


def test_an_answer_that_is_known_already_is_not_sent_again(judged: Flask, cast: Cast) -> None:
    caller = program(judged, cast.bakery, cast.owner)
    first = caller.get("/findings")
    again = caller.get("/findings", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")


def test_sentences_come_in_the_language_that_is_asked_for(judged: Flask, cast: Cast) -> None:
    caller = program(judged, cast.bakery, cast.owner)
    english = caller.get("/findings?limit=3").get_json()["items"]
    dutch = caller.get("/findings?limit=3", Accept_Language="nl", Cookie="language=en").get_json()["items"]
    assert [one["id"] for one in dutch] == [one["id"] for one in english]
    assert [one["text"] for one in dutch] != [one["text"] for one in english]


def test_cover_tells_each_client_with_its_legs(judged: Flask, cast: Cast) -> None:
    found = everything(program(judged, cast.supplier, cast.supplier_owner), "/cover", 2)
    assert len({one["client_id"] for one in found}) == len(found)
    assert {leg["leg"] for leg in found[0]["legs"]} == {
        "scheme", "counterparty", "deed", "conditions", "handovers", "money"
    }  # fmt: skip
    assert all(one["covered"] == all(leg["state"] != "broken" for leg in one["legs"]) for one in found)


def test_the_portfolio_holds_clients_whose_grant_is_in_force_as_far_as_it_goes(judged: Flask, cast: Cast) -> None:
    caller = program(judged, cast.supplier, cast.supplier_owner)
    assert caller.get("/portfolio").get_json()["items"] == []
    grant(judged, cast.bakery, cast.supplier, continuity=False)
    grant(judged, cast.other, cast.supplier, continuity=True)
    assert as_told("portfolio", caller.get("/portfolio"))
    found = {one["client"]: one for one in everything(caller, "/portfolio", 1)}
    assert set(found) == {cast.bakery.slug, cast.other.slug}
    assert [one["calamity_now"] for one in found.values()] == [False, False]
    tells_why(found[cast.bakery.slug], program(judged, cast.bakery, cast.owner))
    with judged.app_context(), scoped(whole(cast.bakery.id)):
        db.session().get_one(Tenant, cast.bakery.id).alarm = Alarm.REAL
    at_work = [one["client"] for one in everything(caller, "/portfolio", 5) if one["calamity_now"]]
    assert at_work == [cast.bakery.slug]
    legs = {leg["leg"]: leg["state"] for leg in found[cast.bakery.slug]["legs"]}
    assert legs["handovers"] == legs["agreements"] == "closed"
    assert legs["plan"] != "closed"
    with judged.app_context(), scoped(whole(cast.other.id)):
        db.session().scalars(sa.select(ManagementGrant)).one().ends_at = clock.now()
    assert [one["client"] for one in everything(caller, "/portfolio", 5)] == [cast.bakery.slug]


def tells_why(told: dict[str, Any], client: Program) -> None:
    """Hold what a reseller is told of a client whose plan alone it sees against what the client is told itself."""
    plan = [one for one in everything(client, "/findings", 1000) if not one["code"].startswith("scheme.")]
    assert told["worst_code"] in {one["code"] for one in plan if one["severity"] == told["worst"]}
    ahead = everything(client, f"/expiries?since={clock.today().isoformat()}", 1000)
    ahead = [one for one in ahead if not one["code"].startswith("scheme.")]
    assert told["lapses_on"] == min(one["until"] for one in ahead)
    assert told["lapsing"] in {one["code"] for one in ahead if one["until"] == told["lapses_on"]}


def test_whoever_looks_after_nobody_has_no_portfolio(judged: Flask, cast: Cast) -> None:
    caller = program(judged, cast.bakery, cast.owner, EVERY_SCOPE)
    assert caller.get("/portfolio").status_code == 403


def test_the_document_tells_every_operation_and_nothing_of_anybody(app: Flask) -> None:
    told = Program(app).get("/openapi.json").get_json()
    assert told["openapi"] == "3.1.0"
    rules = [rule for rule in app.url_map.iter_rules() if isinstance(_door(app, rule.endpoint), TokenScope)]
    ways = {
        (rule.rule.replace("<uuid:asset_id>", "{asset_id}"), method) for rule in rules for method in rule.methods or ()
    }
    ways = {(path, method) for path, method in ways if method not in {"HEAD", "OPTIONS"}}
    assert {
        (path, method.upper()) for path, one in told["paths"].items() for method in one if method != "parameters"
    } == ways


def _door(app: Flask, endpoint: str) -> object:
    return getattr(app.view_functions[endpoint], "door", None)
