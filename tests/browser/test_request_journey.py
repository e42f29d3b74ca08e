"""Somebody's supplier dies: a mail, a link, a code, an answer, a fee, delivery and the first thing ticked off."""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from continuity.models import Registration, SchemeType, TriggerKind, TriggerProof
from continuity.registrants import cases
from continuity.registrants.cases import Decider, Filing
from core import clock, db
from core.i18n import Language
from sample.organisations import FOUNDATION, SUPPLIER
from tenants import services
from tenants.scope import scoped, whole
from tests.browser.driving import NARROW, Driver
from tests.browser.page import Page
from tests.browser.people import Who
from tests.browser.plan_steps import press
from tests.browser.scene import Scene
from tests.browser.scheme_steps import CLIENT, Service
from tests.browser.test_cover_journey import arranged
from tests.browser.test_frame import window
from tests.mailbox import last_letter, link_in


class Doomed(Service):
    """A service whose supplier does not live long."""

    @property
    def name(self) -> str:
        """Return what clients call it."""
        return "Straks failliet"

    def mailbox(self, of: str) -> str:
        """Return the address of the counterparty or the client."""
        return f"{of}@straks-failliet.example"


@pytest.fixture
def guest(driver: Driver) -> Iterator[Tab]:
    """The telephone of the client."""
    fresh = window(driver, width=NARROW)
    yield fresh.new_page()
    fresh.close()


def test_client_is_told_asks_is_granted_pays_is_served_and_ticks_off(driver: Driver, scene: Scene, guest: Tab) -> None:
    supplier = driver.open(Page("scheme", "{o}/continuity/", Who.SUPPLIER), Language.ENGLISH).tab
    service = arranged(supplier, guest, scene, Doomed(SchemeType.STANDARD_SOFTWARE))
    found = re.search(r"[0-9a-f-]{36}", service.address)
    assert found
    _filed(scene, UUID(found.group()))
    officer = driver.open(Page("room", "{o}/registrants/room", Who.OFFICER), Language.ENGLISH).tab
    registrant = officer.url.replace("/room", f"/{found.group()}")
    officer.goto(f"{registrant}/bankruptcy/decision")
    officer.get_by_label("Yes, I looked it up myself").check()
    press(officer, "button", "Record my decision")
    _asks(guest, service, scene)
    _granted(officer, registrant)
    guest.reload()
    expect(guest.locator("main")).to_contain_text("The foundation delivers the service to you.")
    press(guest, "button", "Done")
    expect(guest.locator("main")).to_contain_text(f"by {CLIENT}")
    officer.reload()
    expect(officer.locator("main")).to_contain_text(f"says {CLIENT}")
    for tab in (supplier, officer):
        tab.close()


def _filed(scene: Scene, registration_id: UUID) -> None:
    """Let another officer than the one in the browser file the bankruptcy."""
    with scene.app.app_context():
        db.begin(writes=False)
        place, one = services.tenant_by_slug(SUPPLIER.slug), services.user_by_email(FOUNDATION.people[2].email)
        assert place is not None
        assert one is not None
        supplier_id, officer = place.id, Decider(one.id, one.name)
        db.rollback()
        with scoped(whole(supplier_id)):
            row = db.session().scalars(sa.select(Registration).where(Registration.id == registration_id)).one()
            said = Filing(
                TriggerKind.DECLARED_BANKRUPT, clock.today(), TriggerProof.INSOLVENCY_REGISTER, "F.05/26/9", ""
            )
            cases.file_case(row, said, officer, seen=row.version, at=clock.now())


def _asks(guest: Tab, service: Service, scene: Scene) -> None:
    """Open the link of the newest mail, get a code, and ask."""
    letter = last_letter(scene.app, service.mailbox("kim"))
    assert "was declared bankrupt" in str(letter["Subject"])
    guest.goto(scene.address + link_in(letter))
    press(guest, "button", "Send me the code")
    code = re.search(
        r"^(\d{4} \d{4})\s*$", str(last_letter(scene.app, service.mailbox("kim")).get_content()), re.MULTILINE
    )
    assert code is not None
    guest.get_by_label("Your name").fill("Kim Knip")
    guest.get_by_label("Your function").fill("Owner")
    guest.get_by_label("Code from the mail").fill(code[1])
    press(guest, "button", f"Ask for continuity for {CLIENT}")
    expect(guest.locator("main")).to_contain_text("You need not ask again.")


def _granted(officer: Tab, registrant: str) -> None:
    """Grant what was asked, take the fee, and begin to deliver."""
    officer.goto(registrant)
    press(officer, "link", CLIENT)
    press(officer, "button", "I am looking at this")
    press(officer, "link", "Check and decide")
    for open_ in officer.locator("details:has(textarea[name^=why_])").all():
        open_.locator("summary").click()
        open_.locator("textarea").fill("Seen on paper.")
    officer.get_by_label("Grant continuity").check()
    press(officer, "button", "Decide")
    press(officer, "link", "Ask for the fee")
    officer.get_by_label("Amount for the whole period").fill("37,50")
    officer.get_by_label("To be paid by").fill((clock.today() + timedelta(days=7)).isoformat())
    officer.locator("main form button[type=submit]").first.click()
    press(officer, "link", "Record the payment")
    officer.get_by_label("Paid on").fill(clock.today().isoformat())
    officer.locator("main form button[type=submit]").first.click()
    press(officer, "link", "Begin to deliver")
    officer.locator("main form button[type=submit]").first.click()
    expect(officer.locator("main")).to_contain_text("What the client does before the period ends")
