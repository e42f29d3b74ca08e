"""From arranged to covered to red again by nothing but time, for each type, in a real browser."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine
from playwright.sync_api import expect

from continuity.agreements.services import AgreementValues, add_agreement
from continuity.beneficiaries.checking import check_all
from continuity.beneficiaries.deeds import DeedValues, add_draft, publish
from continuity.beneficiaries.services import AcceptanceValues, ClientValues, add_client, save_acceptance
from continuity.handovers.services import DeliveryValues, deliver
from continuity.models import AgreementKind, HandoverDelivery, HandoverItem, Registration, SchemeType
from continuity.registrations.services import (
    CounterpartyValues,
    RegistrationValues,
    change_money,
    register,
    save_counterparty,
)
from core import clock, db
from core.i18n import Language
from sample.organisations import FOUNDATION
from tenants.scope import scoped, whole
from tenants.services import tenant_by_slug
from tests.browser.driving import Driver
from tests.browser.pages import Page
from tests.browser.scene import Scene, Who
from tests.browser.test_sign_in import press

CLIENT = "Kapsalon Knip"
LATER = timedelta(days=40)


@pytest.mark.parametrize("scheme_type", SchemeType)
def test_client_gets_covered_and_stops_being_so_by_the_passing_of_time(
    driver: Driver, scene: Scene, scheme_type: SchemeType
) -> None:
    registration_id = arranged(scene, scheme_type)
    supplier = driver.open(
        Page("cover", f"{{o}}/continuity/{registration_id}/cover", Who.SUPPLIER), Language.ENGLISH
    ).tab
    expect(supplier.locator("main")).to_contain_text("The scheme is not active yet.")
    officer = driver.open(Page("room", "{o}/registrants/room", Who.OFFICER), Language.ENGLISH).tab
    press(officer, f"#schemes a[href$='{registration_id}/scheme']")
    press(officer, "main a[href$='/scheme/step']")
    officer.check("main input[name=reached][value=active]")
    press(officer, "main .form-buttons .btn-primary")
    supplier.reload()
    press(supplier, "main tbody a")
    expect(supplier.locator("main .lead")).to_contain_text("Covered")
    press(supplier, "main form[action$='/certificates'] button")
    address = str(supplier.locator("main a[href*='/c/']").get_attribute("href"))
    anybody = driver.browser.new_context(locale="en-GB")
    tab = anybody.new_page()
    tab.goto(address)
    expect(tab.locator("h1")).to_have_text("Covered today")
    assert anybody.cookies() == []
    with time_machine.travel(clock.now() + LATER):
        tab.reload()
        expect(tab.locator("h1")).to_have_text("Not covered today")
        expect(tab.locator("main")).to_contain_text("1 of six legs does not hold.")
    for window in (supplier, officer):
        window.close()
    anybody.close()


def arranged(scene: Scene, scheme_type: SchemeType) -> UUID:
    """Arrange a service of the supplier with one client, all but the foundation's yes; return its id."""
    with scene.app.app_context():
        db.begin(writes=False)
        foundation, supplier = tenant_by_slug(FOUNDATION.slug), tenant_by_slug(scene.people[Who.SUPPLIER].slug)
        assert foundation is not None
        assert supplier is not None
        foundation_id, supplier_id = foundation.id, supplier.id
        db.rollback()
        with scoped(whole(supplier_id)):
            today = clock.today()
            row = _registered(scheme_type, foundation_id, today)
            _contracts(row, today)
            _client(row, today)
            for item in db.session().scalars(sa.select(HandoverItem).where(HandoverItem.registration_id == row.id)):
                _confirmed(deliver(item, DeliveryValues(today, "Ruben Visser", "Everything."), seen=0), today)
            return row.id


def _registered(scheme_type: SchemeType, foundation_id: int, today: date) -> Registration:
    values = RegistrationValues(
        service_name=f"Zeker {scheme_type}",
        description="",
        foundation_id=foundation_id,
        uncovered_services="Telephony",
        portfolio_changed_on=None,
        understood=True,
    )
    row = register(scheme_type, values, language=Language.ENGLISH, today=today)
    partner = CounterpartyValues("Partner", "", "Ria", "+31201234567", "", today, today, today, "Ria, director", today)
    save_counterparty(row, None, partner, seen=1)
    change_money(row, Decimal("20.00"), 3, seen=row.version)
    return row


def _contracts(row: Registration, today: date) -> None:
    # Standard software has no handover that grows old: there an agreement ends instead.
    ends_on = today + timedelta(days=39) if row.scheme_type is SchemeType.STANDARD_SOFTWARE else None
    for kind, last in ((AgreementKind.FRAMEWORK, ends_on), (AgreementKind.SUPPLY, None)):
        values = AgreementValues(
            kind=kind,
            party="Partner",
            reference="",
            first_signed_on=today,
            second_signed_on=today,
            starts_on=today,
            ends_on=last,
            notice_on=None,
            fee=Decimal("10.00"),
            delivers_on=kind is AgreementKind.SUPPLY,
        )
        add_agreement(row, values, None)


def _client(row: Registration, today: date) -> None:
    deed = add_draft(row, DeedValues("De stichting levert.", ("Betaalt.",), "The foundation delivers.", ("Pays.",)))
    publish(deed, seen=deed.version, today=today)
    client = add_client(row, ClientValues(CLIENT, "", "", Decimal("20.00"), today))
    accepted = save_acceptance(row, client, deed, None, AcceptanceValues(today, "Kim Knip", "owner", None), seen=1)
    check_all(accepted, deed, today, by="Ruben Visser", today=today)


def _confirmed(row: HandoverDelivery, today: date) -> None:
    row.confirmed_on, row.confirmed_by = today, "Marijke van Leeuwen"
