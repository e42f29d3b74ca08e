"""The pages that answer "covered today?": the same for the supplier and for the foundation, and for nobody else."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal

import openpyxl
import sqlalchemy as sa

from continuity.agreements.services import AgreementValues, add_agreement
from continuity.clients.services import ClientValues, add_client
from continuity.handovers.services import DeliveryValues, deliver, newest_delivery
from continuity.models import AgreementKind, Client, Counterparty, HandoverItem, Registration, SchemeState
from core import db
from plans.models import Asset, AssetKind
from tests.cast import Cast, Person
from tests.continuity.world import EARLIER, SPECIFICATION, TODAY, Scoped, World
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Counting = Callable[[], AbstractContextManager[list[str]]]


def make_sound(registration_id: object) -> Registration:
    """Arrange in the open scope whatever the registration of the world lacks."""
    row = db.session().scalars(sa.select(Registration).where(Registration.id == registration_id)).one()
    party = db.session().scalars(sa.select(Counterparty).where(Counterparty.registration_id == row.id)).one()
    party.signed_on = EARLIER
    supply = AgreementValues(
        kind=AgreementKind.SUPPLY,
        party=party.name,
        reference="",
        first_signed_on=EARLIER,
        second_signed_on=EARLIER,
        starts_on=None,
        ends_on=None,
        notice_on=None,
        fee=Decimal("90.00"),
        delivers_on=True,
    )
    add_agreement(row, supply, None)
    row.monthly_cost, row.state = Decimal("40.00"), SchemeState.ACTIVE
    query = sa.select(HandoverItem).where(HandoverItem.registration_id == row.id, HandoverItem.archived_at.is_(None))
    for item in db.session().scalars(query):
        last = newest_delivery(item)
        delivery = DeliveryValues(TODAY - timedelta(days=1), "Supplier Owner", SPECIFICATION)
        made = deliver(item, delivery, seen=last.number if last else 0)
        made.confirmed_on, made.confirmed_by = TODAY, "Foundation Owner"
    return row


def hand_over_again(item_id: object) -> None:
    """Record in the open scope another delivery of this item, which nobody confirmed."""
    item = db.session().scalars(sa.select(HandoverItem).where(HandoverItem.id == item_id)).one()
    last = newest_delivery(item)
    deliver(item, DeliveryValues(TODAY, "Supplier Owner", SPECIFICATION), seen=last.number if last else 0)


def test_both_sides_see_who_is_covered_and_on_what_it_stands(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    supplier, officer = visitor(cast.supplier_owner), visitor(cast.foundation_reader)
    pages = ((supplier, world.path), (officer, world.registrant_path))
    for person, path in pages:
        page = person.get(f"{path}/clients/{world.client_id}/cover").get_data(as_text=True)
        assert "Bulk Hosting has not signed." in page
        assert "Not covered" in page
    with scope_of(cast.supplier):
        row = make_sound(world.registration_id)
        hand_over_again(world.item_id)
        add_client(row, ClientValues("Garage Niemand", "", "", Decimal("25.00"), EARLIER))
    for person, path in pages:
        page = person.get(f"{path}/clients/{world.client_id}/cover").get_data(as_text=True)
        # Delivered once more, and not confirmed yet: the one before it counts still.
        assert "Covered, but needs attention" in page
        assert "the foundation has yet to confirm a newer delivery" in page
        listed = person.get(f"{path}/cover").get_data(as_text=True)
        assert listed.index("Garage Niemand") < listed.index("Bakkerij Zonneschijn")
        assert "All 2 clients" in listed
        assert "%" not in listed.split("<main")[1].split("</main")[0]
        narrowed = person.get(f"{path}/cover?state=not_covered&leg=deed").get_data(as_text=True)
        assert "Garage Niemand" in narrowed
        assert "Bakkerij Zonneschijn" not in narrowed
        assert "No client fits" in person.get(f"{path}/cover?q=zzz").get_data(as_text=True)


def test_a_client_of_elsewhere_is_not_found(cast: Cast, world: World, visitor: Visitors) -> None:
    supplier, officer = visitor(cast.supplier_owner), visitor(cast.foundation_owner)
    elsewhere = world.path.replace(str(world.registration_id), str(world.elsewhere_id))
    assert supplier.get(f"{elsewhere}/clients/{world.client_id}/cover").status_code == 404
    for path in ("cover", f"clients/{world.client_id}/cover"):
        foreign = world.registrant_path.replace(str(world.registration_id), str(world.elsewhere_id))
        assert officer.get(f"{foreign}/{path}").status_code == 404
        assert visitor(cast.other_foundation_owner).get(f"{world.registrant_path}/{path}").status_code == 404


def test_four_hundred_clients_cost_no_more_queries_than_one(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, count_queries: Counting
) -> None:
    supplier = visitor(cast.supplier_owner)
    with count_queries() as few:
        supplier.get(f"{world.path}/cover")
    with scope_of(cast.supplier):
        one = db.session().scalars(sa.select(Client).where(Client.id == world.client_id)).one()
        db.session().add_all(
            Client(registration_id=one.registration_id, name=f"Client {number}", kvk="", email="", monthly_fee=None)
            for number in range(400)
        )
    with count_queries() as many:
        page = supplier.get(f"{world.path}/cover").get_data(as_text=True)
    assert len(few) == len(many) <= 20
    assert "All 401 clients" in page
    assert len(page.encode()) < 60_000


def test_workbook_has_a_row_for_each_client_and_leg_and_what_lapses(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        make_sound(world.registration_id)
        hand_over_again(world.item_id)
        db.session().add(Asset(kind=AssetKind.LICENCE, name="Hypervisor", expires_on=TODAY + timedelta(days=9)))
    sent = {"name": "cover", "as_of": TODAY.isoformat(), "language": "en"}
    answer = visitor(cast.supplier_owner).post("/o/supplier/reports/", sent)
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    legs = list(book["Cover per client"].iter_rows(values_only=True))[1:]
    assert len(legs) == 6
    assert {row[1] for row in legs} == {"Bakkerij Zonneschijn"}
    assert {row[4] for row in legs} == {"Holds", "Holds, but needs attention"}
    lapses = list(book["Before the period ends"].iter_rows(values_only=True))[1:]
    assert ("Webhosting Plus", "Licences", "Hypervisor", 9) in {(row[0], row[3], row[4], row[2]) for row in lapses}
    assert any(row[4] == "Administrators of the servers" for row in lapses)
