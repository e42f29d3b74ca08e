"""The list of organisations of somebody who looks after many."""

from datetime import timedelta

from flask import Flask

from core import clock, db
from tenants import services
from tenants.models import Capacity, Engagement, Role
from tenants.relations import entries_of, find_standing, places_of
from tenants.scope import close_scope, open_scope, scoped, whole
from tenants.services import TenantValues
from tests.cast import JOINED, Cast
from tests.grants.scene import grant
from tests.visitor import Visitor


def test_the_list_holds_each_organisation_once_in_the_strongest_relation(app: Flask, cast: Cast) -> None:
    person = cast.supplier_owner
    for client in (cast.bakery, cast.other):
        grant(app, client, cast.supplier)
    for place in (cast.bakery, cast.foundation):
        with app.app_context(), scoped(whole(place.id)):
            times = {"starts_at": JOINED, "ends_at": clock.now() + timedelta(days=1)}
            db.session().add(Engagement(auditor_id=person.id, reference="2026", plan=True, continuity=True, **times))
    with app.app_context(), scoped(whole(cast.other.id)):
        services.add_member(cast.other.id, person.id, Role.READER, at=JOINED)
    with app.app_context():
        db.begin(writes=False)
        found = {one.slug: one.capacity for one in entries_of(person.id)}
        assert list(entries_of(person.id)) == [
            (one.tenant_id, one.slug, one.name, one.kind, one.capacity) for one in places_of(person.id)
        ]
        # Where somebody enters one of them it is asked for alone, and is the same.
        assert [find_standing(person.id, one.slug) for one in places_of(person.id)] == places_of(person.id)
        assert find_standing(person.id, "other-foundation") is None
        db.rollback()
    assert found == {
        "bakery": Capacity.MANAGER_EDIT,
        "supplier": Capacity.OWNER,
        "other": Capacity.READER,
        "foundation": Capacity.AUDITOR,
    }


def test_staff_of_a_reseller_begin_at_its_clients(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.supplier_owner)
    assert visitor.get("/").location == "/o/supplier/"
    grant(app, cast.bakery, cast.supplier)
    assert visitor.get("/").location == "/o/supplier/portfolio/"
    assert visitor.get("/", follow_redirects=True).status_code == 200
    assert Visitor(app, cast.owner).get("/").location == "/o/bakery/", "who is no reseller begins at home"
    with app.app_context(), scoped(whole(cast.other.id)):
        services.add_member(cast.other.id, cast.supplier_owner.id, Role.READER, at=JOINED)
    assert visitor.get("/").location == "/organisations", "who belongs to two chooses"


def test_own_organisations_stand_before_those_of_clients(app: Flask, cast: Cast) -> None:
    grant(app, cast.bakery, cast.supplier)
    page = Visitor(app, cast.supplier_owner).get("/organisations").text.split("<main")[1]
    told = (f">{cast.supplier.name}<", "<h2>Klanten</h2>", f">{cast.bakery.name}<")
    own, heading, client = (page.index(text) for text in told)
    assert own < heading < client
    assert "<h2>" not in Visitor(app, cast.owner).get("/organisations").text.split("<main")[1]


def test_long_list_is_searched_and_paged_and_stays_light(app: Flask, cast: Cast) -> None:
    with app.app_context():
        db.begin(writes=True)
        ids = [services.add_tenant(TenantValues(name=f"Klant {n:03}"), at=clock.now()).id for n in range(150)]
        for tenant_id in ids:
            open_scope(whole(tenant_id))
            services.add_member(tenant_id, cast.supplier_owner.id, Role.EDITOR, at=clock.now())
            db.session().flush()
            close_scope()
        db.commit()
    visitor = Visitor(app, cast.supplier_owner)
    first = visitor.get("/organisations")
    assert len(first.data) < 60_000
    assert "Klant 000" in first.text
    assert "Klant 149" not in first.text
    assert "Klant 149" in visitor.get("/organisations?page=3").text
    assert "Klant 149" in visitor.get("/organisations?q=klant+149").text
    assert "Klant 149" in visitor.get("/organisations?page=99").text
    assert visitor.get("/organisations?q=nowhere").status_code == 200
    assert visitor.get("/organisations?page=x").status_code == 200
    assert cast.bakery.name not in visitor.get("/organisations?q=Bakkerij").text
