"""From an empty registration to covered to red again by nothing but time, for each type, in a real browser."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from continuity.models import SchemeType
from core import clock
from core.i18n import Language
from tests.browser import scheme_steps as steps
from tests.browser import upkeep_steps as upkeep
from tests.browser.driving import NARROW, Driver
from tests.browser.page import Page
from tests.browser.people import Who
from tests.browser.plan_steps import press
from tests.browser.scene import Scene
from tests.browser.scheme_steps import Service
from tests.browser.test_frame import window

LATER = timedelta(days=40)


@pytest.fixture
def guest(driver: Driver) -> Iterator[Tab]:
    """The telephone of somebody without an account."""
    fresh = window(driver, width=NARROW)
    yield fresh.new_page()
    fresh.close()


@pytest.mark.parametrize("scheme_type", SchemeType)
def test_client_gets_covered_and_stops_being_so_by_the_passing_of_time(
    driver: Driver, scene: Scene, guest: Tab, scheme_type: SchemeType
) -> None:
    supplier = driver.open(Page("scheme", "{o}/continuity/", Who.SUPPLIER), Language.ENGLISH).tab
    service = arranged(supplier, guest, scene, Service(scheme_type))
    press(supplier, "link", "Covered today?")
    expect(supplier.locator("main")).to_contain_text("The scheme is not active yet.")
    officer = driver.open(Page("room", "{o}/registrants/room", Who.OFFICER), Language.ENGLISH).tab
    room = officer.url
    upkeep.confirm(officer, service)
    officer.goto(room)
    press(officer, "link", service.name, within=officer.locator("#schemes"))
    press(officer, "link", "Take a step")
    officer.get_by_label("The scheme is in force").check()
    press(officer, "button", "Take this step")
    supplier.reload()
    press(supplier, "link", steps.CLIENT)
    expect(supplier.locator("main .lead")).to_contain_text("Covered")
    press(supplier, "button", "Make a certificate")
    guest.goto(str(supplier.locator("main a[href*='/c/']").get_attribute("href")))
    expect(guest.locator("h1")).to_have_text("Covered today")
    with time_machine.travel(clock.now() + LATER):
        guest.reload()
        expect(guest.locator("h1")).to_have_text("Not covered today")
        expect(guest.locator("main")).to_contain_text("1 of six legs does not hold.")
    for tab in (supplier, officer):
        tab.close()


def arranged(supplier: Tab, guest: Tab, scene: Scene, asked: Service) -> Service:
    """Arrange a service from nothing, all but what the foundation does; return it with its address."""
    service = steps.register(supplier, asked)
    steps.ask_counterparty(supplier, guest, service, scene.app)
    # Standard software has no handover that grows old: there an agreement ends instead.
    ends = clock.today() + LATER - timedelta(days=1) if asked.scheme_type is SchemeType.STANDARD_SOFTWARE else None
    steps.sign(supplier, service, framework_ends=ends)
    steps.offer_deed(supplier, service)
    steps.invite(supplier, service)
    steps.accept(guest, service, scene.app, host=scene.address)
    upkeep.check_client(supplier, service)
    steps.name_contacts(supplier, service)
    upkeep.hand_over(supplier, service)
    supplier.goto(service.address)
    expect(supplier.locator("main")).to_contain_text("Offered to clients")
    return service
