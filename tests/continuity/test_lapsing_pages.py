"""What lapses, as pages: the registers of whoever opened them, on the day asked for, however many clients there are."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import sqlalchemy as sa

from core import db
from plans.models import Asset, AssetKind, Contact
from tenants.models import GrantLevel, ManagementGrant
from tests.cast import JOINED, Cast, Organisation, Person
from tests.continuity.world import TODAY, Scoped, World
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Counting = Callable[[], AbstractContextManager[list[str]]]


def own(name: str, days: int) -> None:
    """Add a cloud service whose contract ends so many days from today to the open scope's inventory."""
    db.session().add(Asset(kind=AssetKind.CLOUD_SERVICE, name=name, expires_on=TODAY + timedelta(days=days)))


def let_in(client: Organisation, cast: Cast, *, plan: bool) -> None:
    db.session().add(
        ManagementGrant(
            manager_id=cast.supplier.id, level=GrantLevel.VIEW, plan=plan, continuity=True, starts_at=JOINED
        )
    )


def test_registration_shows_its_own_and_what_stands_in_the_suppliers_registers(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        own("draadwerk.example", 20)
        own("Lasting", 400)
        db.session().add(Contact(name="Sanne Snoer", confirmed_on=TODAY - timedelta(days=170)))
    page = visitor(cast.supplier_owner).get(f"{world.path}/lapses").get_data(as_text=True)
    assert "22 February 2027" in page
    assert all(name in page for name in ("draadwerk.example", "Sanne Snoer", "Administrators of the servers"))
    assert "Lasting" not in page
    narrowed = visitor(cast.supplier_owner).get(f"{world.path}/lapses?kind=domain").get_data(as_text=True)
    assert "Sanne Snoer" not in narrowed.split("Day by day")[1]
    later = visitor(cast.supplier_owner).get(f"{world.path}/lapses?day=2027-11-30").get_data(as_text=True)
    assert "29 February 2028" in later
    assert "Lasting" in later
    for day in ("2020-01-01", "x", ""):
        asked = visitor(cast.supplier_owner).get(f"{world.path}/lapses?day={day}").get_data(as_text=True)
        assert "22 February 2027" in asked


def test_portfolio_shows_what_clients_opened_and_costs_no_more_for_many(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, count_queries: Counting
) -> None:
    supplier = visitor(cast.supplier_owner)
    with count_queries() as none:
        supplier.get("/o/supplier/portfolio/lapses")
    for client, name, plan in ((cast.bakery, "zonneschijn.example", True), (cast.other, "verweg.example", False)):
        with scope_of(client):
            own(name, 30)
            let_in(client, cast, plan=plan)
    with count_queries() as two:
        page = supplier.get("/o/supplier/portfolio/lapses").get_data(as_text=True)
    assert len(none) == len(two) <= 25
    assert "zonneschijn.example" in page
    assert f'<a href="/o/bakery/">{cast.bakery.name}</a>' in page, "on to the client"
    assert "Webhosting Plus" in page
    assert "verweg.example" not in page
    assert '<a href="/o/supplier/">' not in page.split("<tbody>")[-1], "one is there already"
    with scope_of(cast.bakery):
        for at in range(60):
            own(f"Een licentie met een naam zoals die in het echt voorkomt, nummer {at}", 30)
    assert len(supplier.get("/o/supplier/portfolio/lapses").data) < 60_000
    assert "?page=2" in supplier.get("/o/supplier/portfolio/lapses").text
    with scope_of(cast.bakery):
        ended = db.session().scalars(sa.select(ManagementGrant)).all()
        for one in ended:
            one.ends_at = JOINED + timedelta(seconds=1)
    assert "zonneschijn.example" not in supplier.get("/o/supplier/portfolio/lapses").get_data(as_text=True)
    assert visitor(cast.owner).get("/o/bakery/portfolio/lapses").status_code == 403
