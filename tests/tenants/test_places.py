"""The list of organisations of somebody who looks after many."""

from flask import Flask

from core import clock, db
from tenants import services
from tenants.models import Role
from tenants.scope import close_scope, open_scope, whole
from tenants.services import TenantValues
from tests.cast import Cast
from tests.visitor import Visitor


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
