"""Giving, changing, withdrawing and handing back: what the client decides holds at the next request."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock, db
from tenants.models import GrantLevel, ManagementGrant, Membership, Role
from tests.cast import JOINED, Cast
from tests.grants.scene import Scoped, Visitors, another, grant, staff, tenant, trail_of

GIVE = {"level": "edit", "plan": "y", "continuity": "y"}
PAGES = ("/o/bakery/", "/o/bakery/plan/", "/o/bakery/reports/")


def grants(scope_of: Scoped, cast: Cast) -> list[ManagementGrant]:
    with scope_of(cast.bakery):
        rows = list(db.session().scalars(sa.select(ManagementGrant).order_by(ManagementGrant.starts_at)))
        db.session().expunge_all()
    return rows


def test_owner_lets_a_supplier_in_by_its_short_name(
    app: Flask, cast: Cast, visitor: Visitors, scope_of: Scoped
) -> None:
    owner, supplier = visitor(cast.owner), visitor(cast.supplier_owner)
    assert supplier.get("/o/bakery/").status_code == 404
    page = owner.get("/o/bakery/grants/give?supplier=Supplier").get_data(as_text=True)
    assert "Draadwerk IT" in page
    assert owner.post("/o/bakery/grants/give?supplier=supplier", GIVE).status_code == 302
    assert supplier.get("/o/bakery/").status_code == 200
    row = grants(scope_of, cast)[0]
    assert (row.level, row.plan, row.continuity, row.given_by) == (GrantLevel.EDIT, True, True, cast.owner.id)
    assert "grant.given" in {entry.action for entry in trail_of(app, cast.bakery)}


def test_a_supplier_is_found_by_its_kvk_number_exactly(app: Flask, cast: Cast, visitor: Visitors) -> None:
    tenant(app, cast.supplier, kvk="00112233")
    owner = visitor(cast.owner)
    assert "Draadwerk IT" in owner.get("/o/bakery/grants/give?supplier=00112233").get_data(as_text=True)
    assert owner.get("/o/bakery/grants/give?supplier=001122").status_code == 422


@pytest.mark.parametrize("said", ["other", "foundation", "draadwerk", "bakery", "%", ""])
def test_nobody_but_an_it_supplier_can_be_let_in(cast: Cast, visitor: Visitors, said: str) -> None:
    owner = visitor(cast.owner)
    assert owner.get(f"/o/bakery/grants/give?supplier={said}").status_code == 422
    assert owner.post(f"/o/bakery/grants/give?supplier={said}", GIVE).status_code == 422


def test_a_number_that_two_suppliers_share_asks_for_the_short_name(app: Flask, cast: Cast, visitor: Visitors) -> None:
    tenant(app, cast.supplier, kvk="00112233")
    another(app, "Draadwerk Zuid", "draadwerk-zuid", kind="it_supplier", kvk="00112233")
    page = visitor(cast.owner).get("/o/bakery/grants/give?supplier=00112233")
    assert page.status_code == 422
    assert "Draadwerk Zuid" not in page.get_data(as_text=True)


def test_giving_nothing_is_refused(cast: Cast, visitor: Visitors, scope_of: Scoped) -> None:
    answer = visitor(cast.owner).post("/o/bakery/grants/give?supplier=supplier", {"level": "view"})
    assert answer.status_code == 422
    assert grants(scope_of, cast) == []


def test_giving_the_same_twice_changes_nothing(cast: Cast, visitor: Visitors, scope_of: Scoped) -> None:
    owner = visitor(cast.owner)
    for _time in range(2):
        assert owner.post("/o/bakery/grants/give?supplier=supplier", GIVE).status_code == 302
    assert len(grants(scope_of, cast)) == 1


def test_changing_limits_ends_the_row_and_begins_another(
    app: Flask, cast: Cast, visitor: Visitors, scope_of: Scoped
) -> None:
    grant(app, cast.bakery, cast.supplier)
    owner, supplier = visitor(cast.owner), visitor(cast.supplier_owner)
    first = grants(scope_of, cast)[0]
    assert owner.post(f"/o/bakery/grants/{first.id}", {"level": "view", "plan": "y"}).status_code == 302
    old, new = grants(scope_of, cast)
    assert old.ends_at is not None
    assert old.ended_by == cast.owner.id
    assert (new.level, new.plan, new.continuity, new.ends_at) == (GrantLevel.VIEW, True, False, None)
    assert supplier.get("/o/bakery/plan/").status_code == 200
    assert supplier.get("/o/bakery/continuity/").status_code == 403
    page = owner.get("/o/bakery/grants/").get_data(as_text=True)
    assert "Access before" in page
    assert owner.get(f"/o/bakery/grants/{old.id}").status_code == 404


def test_withdrawn_is_gone_at_the_next_request(app: Flask, cast: Cast, visitor: Visitors, scope_of: Scoped) -> None:
    grant(app, cast.bakery, cast.supplier)
    owner, supplier = visitor(cast.owner), visitor(cast.supplier_owner)
    assert [supplier.get(page).status_code for page in PAGES] == [200, 200, 200]
    assert "Bakkerij Zonneschijn" in supplier.get("/o/supplier/portfolio/").get_data(as_text=True)
    row = grants(scope_of, cast)[0]
    assert owner.post(f"/o/bakery/grants/{row.id}/withdraw").status_code == 302
    assert [supplier.get(page).status_code for page in PAGES] == [404, 404, 404]
    assert supplier.post("/o/bakery/reports/", {"name": "findings", "language": "en"}).status_code == 404
    for page in ("/o/supplier/portfolio/", "/o/supplier/clients/", "/organisations"):
        assert "Bakkerij Zonneschijn" not in supplier.get(page).get_data(as_text=True)
    assert owner.post(f"/o/bakery/grants/{row.id}/withdraw").status_code == 302
    assert [entry.action for entry in trail_of(app, cast.bakery)].count("grant.withdrawn") == 1


SOON, GONE = timedelta(days=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("starts", "ends"),
    [pytest.param(SOON, None, id="still to begin"), pytest.param(None, -GONE, id="ended by time")],
)
def test_a_grant_outside_its_time_opens_nothing(
    app: Flask, cast: Cast, visitor: Visitors, starts: timedelta | None, ends: timedelta | None
) -> None:
    now: datetime = clock.now()
    grant(
        app,
        cast.bakery,
        cast.supplier,
        starts_at=now + starts if starts else JOINED,
        ends_at=now + ends if ends else None,
    )
    supplier = visitor(cast.supplier_owner)
    assert supplier.get("/o/bakery/").status_code == 404
    assert "Bakkerij Zonneschijn" not in supplier.get("/o/supplier/portfolio/").get_data(as_text=True)
    assert supplier.post("/o/supplier/clients/bakery/hand-back").status_code == 404


def test_a_reseller_that_left_reaches_nobody(app: Flask, cast: Cast, visitor: Visitors) -> None:
    grant(app, cast.bakery, cast.supplier)
    supplier = visitor(cast.supplier_owner)
    tenant(app, cast.supplier, left_at=clock.now())
    assert supplier.get("/o/bakery/").status_code == 404
    assert supplier.get("/o/supplier/portfolio/").status_code == 404
    assert "This supplier left Waarborg" in visitor(cast.owner).get("/o/bakery/grants/").get_data(as_text=True)


def test_a_client_that_left_is_in_no_cockpit(app: Flask, cast: Cast, visitor: Visitors) -> None:
    grant(app, cast.bakery, cast.supplier)
    tenant(app, cast.bakery, left_at=clock.now())
    supplier = visitor(cast.supplier_owner)
    assert "Bakkerij Zonneschijn" not in supplier.get("/o/supplier/portfolio/").get_data(as_text=True)


def test_whoever_leaves_the_reseller_loses_its_clients(
    app: Flask, cast: Cast, visitor: Visitors, scope_of: Scoped
) -> None:
    grant(app, cast.bakery, cast.supplier)
    former = staff(app, cast.supplier, Role.EDITOR)
    browser = visitor(former)
    assert browser.get("/o/bakery/").status_code == 200
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Membership).where(Membership.user_id == former.id)).one()
        row.ends_at = clock.now() - GONE
    assert browser.get("/o/bakery/").status_code == 404
    assert browser.get("/o/supplier/portfolio/").status_code == 404


def test_a_reader_of_the_reseller_edits_at_no_client(app: Flask, cast: Cast, visitor: Visitors) -> None:
    grant(app, cast.bakery, cast.supplier)
    reader = visitor(staff(app, cast.supplier, Role.READER))
    assert reader.get("/o/bakery/plan/").status_code == 200
    assert reader.post("/o/bakery/audit").status_code == 403
    assert "only to look at" in reader.get("/o/supplier/portfolio/").get_data(as_text=True)
    assert reader.get("/o/supplier/clients/").status_code == 403
    assert reader.post("/o/supplier/clients/bakery/hand-back").status_code == 403


def test_handing_back_stands_in_the_trail_of_the_client(
    app: Flask, cast: Cast, visitor: Visitors, scope_of: Scoped
) -> None:
    grant(app, cast.bakery, cast.supplier)
    supplier = visitor(cast.supplier_owner)
    assert "Hand back" in supplier.get("/o/supplier/clients/").get_data(as_text=True)
    assert supplier.post("/o/supplier/clients/bakery/hand-back").status_code == 302
    assert supplier.get("/o/bakery/").status_code == 404
    entry = next(one for one in trail_of(app, cast.bakery) if one.action == "grant.handed_back")
    assert (entry.actor, entry.via, entry.role) == ("Supplier Owner", "Draadwerk IT", "manager_edit")
    assert grants(scope_of, cast)[0].ended_by == cast.supplier_owner.id


def test_what_the_staff_of_a_reseller_does_names_the_reseller(app: Flask, cast: Cast, visitor: Visitors) -> None:
    grant(app, cast.bakery, cast.supplier)
    supplier = visitor(cast.supplier_owner)
    added = {"name": "Piet Bakker", "version": "0"}
    assert supplier.post("/o/bakery/registers/contacts/new", added).status_code in {302, 303}
    entry = next(one for one in trail_of(app, cast.bakery) if one.subject == "contact")
    assert (entry.actor, entry.via) == ("Supplier Owner", "Draadwerk IT")


def test_the_bar_says_for_whom_one_works_and_leads_back(app: Flask, cast: Cast, visitor: Visitors) -> None:
    grant(app, cast.bakery, cast.supplier)
    page = visitor(cast.supplier_owner).get("/o/bakery/plan/").get_data(as_text=True)
    assert "You work for Bakkerij Zonneschijn on behalf of Draadwerk IT." in page
    assert 'href="/o/supplier/portfolio/"' in page
    assert "You work for" not in visitor(cast.owner).get("/o/bakery/plan/").get_data(as_text=True)


def test_a_last_day_that_has_no_day_after_it_is_refused(
    app: Flask, cast: Cast, visitor: Visitors, scope_of: Scoped
) -> None:
    answer = visitor(cast.owner).post("/o/bakery/grants/give?supplier=supplier", {**GIVE, "ends_on": "9999-12-31"})
    assert answer.status_code == 422
    assert "The year must lie between 1950 and 2199." in answer.get_data(as_text=True)
    assert grants(scope_of, cast) == []


@pytest.mark.parametrize("person", ["editor", "reader"])
def test_only_an_owner_decides(app: Flask, cast: Cast, visitor: Visitors, scope_of: Scoped, person: str) -> None:
    grant(app, cast.bakery, cast.supplier)
    row, browser = grants(scope_of, cast)[0], visitor(getattr(cast, person))
    assert browser.get("/o/bakery/grants/").status_code == 200
    for path in (f"{row.id}/withdraw", f"{row.id}", "give?supplier=supplier"):
        assert browser.post(f"/o/bakery/grants/{path}", GIVE).status_code == 403
    assert grants(scope_of, cast)[0].ends_at is None


def test_the_staff_of_a_reseller_does_not_decide_about_grants(
    app: Flask, cast: Cast, visitor: Visitors, scope_of: Scoped
) -> None:
    grant(app, cast.bakery, cast.supplier)
    row, supplier = grants(scope_of, cast)[0], visitor(cast.supplier_owner)
    assert supplier.get("/o/bakery/grants/").status_code == 403
    assert supplier.post(f"/o/bakery/grants/{row.id}", GIVE).status_code == 403
    assert supplier.post(f"/o/supplier/grants/{row.id}/withdraw").status_code == 404
