"""Signing in with two steps in a real browser: app, recovery codes, a passkey on a made-up device, sessions."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyotp
import pytest
from playwright.sync_api import BrowserContext, CDPSession, expect
from playwright.sync_api import Page as Tab

from tests.browser.driving import Driver, enter
from tests.browser.people import Who
from tests.browser.scene import Scene
from tests.browser.test_frame import window

PASSWORD = "een lange zin om te onthouden"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody with an account of their own in a fresh window."""

    window: BrowserContext
    address: str
    email: str

    def sign_in(self, tab: Tab) -> None:
        """Fill in the password."""
        tab.goto(f"{self.address}/sign-in")
        tab.fill("#email", self.email)
        tab.fill("#password", PASSWORD)
        press(tab, "main form.card button[type=submit]")


def press(tab: Tab, button: str) -> None:
    """Press a button or follow a link, and wait for the next page."""
    with tab.expect_navigation():
        tab.locator(button).first.click()


def newcomer(
    driver: Driver, name: str, *, script: bool = True, role: str = "owner", kind: str = "business"
) -> Newcomer:
    """Add a firm and a person of that name, and open a window for them."""
    runner, email = driver.scene.app.test_cli_runner(), f"{name}@nieuw.example"
    runner.invoke(
        args=["tenant", "add", f"Firma {name}", "--slug", f"firma-{name}", "--language", "en", "--kind", kind]
    )
    runner.invoke(args=["user", "add", email, "--name", name.title(), "--language", "en"], input=f"{PASSWORD}\n")
    assert runner.invoke(args=["member", "add", email, f"firma-{name}", "--role", role]).exit_code == 0
    return Newcomer(window(driver, script=script), driver.scene.address, email)


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def fresh(request: pytest.FixtureRequest, driver: Driver) -> Iterator[Newcomer]:
    """Somebody of an IT supplier, with and without script: their work needs a second step."""
    name = "piet" if request.param else "klaas"
    made = newcomer(driver, name, script=bool(request.param), kind="it_supplier")
    yield made
    made.window.close()


def test_app_is_set_up_used_and_replaced_by_a_recovery_code(fresh: Newcomer, scene: Scene) -> None:
    tab = fresh.window.new_page()
    fresh.sign_in(tab)
    expect(tab.locator("h1")).to_have_text("A second step is needed")
    press(tab, "main a[href*='/security/app']")
    assert tab.locator("img.qr").evaluate("e => e.naturalWidth") > 100
    app = pyotp.TOTP(tab.locator("code.key-text").inner_text().replace(" ", ""))
    tab.fill("#code", app.now())
    press(tab, "main .form-buttons .btn-primary")
    codes = tab.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    press(tab, "main a.btn-primary")
    expect(tab.locator(".place-name").first).to_be_visible()
    press_sign_out(tab)
    fresh.sign_in(tab)
    expect(tab.locator("h1")).to_have_text("Your second step")
    tab.fill("#code", "what is this")
    press(tab, "main form.card button[type=submit]")
    expect(tab.locator("#code-error")).to_be_visible()
    tab.fill("#code", codes[0])
    press(tab, "main form.card button[type=submit]")
    expect(tab.locator(".place-name").first).to_be_visible()


def press_sign_out(tab: Tab) -> None:
    tab.locator("details.person > summary").click()
    press(tab, ".person-menu button")


def device(tab: Tab, *, verifies: bool = True) -> tuple[CDPSession, str]:
    """Give the browser a made-up device that keeps passkeys and knows its owner; return how to look at it."""
    session = tab.context.new_cdp_session(tab)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, str(made["authenticatorId"])


def test_passkey_is_added_signs_in_alone_and_proves(driver: Driver) -> None:
    sanne = newcomer(driver, "sanne")
    tab = sanne.window.new_page()
    session, id_ = device(tab)
    sanne.sign_in(tab)
    tab.goto(f"{sanne.address}/security/")
    press(tab, "main a[href$='/security/passkeys/new']")
    expect(tab.locator("#name")).to_have_value("Chrome on Linux")
    tab.fill("#name", "This laptop")
    press(tab, "main form[data-passkey] button[type=submit]")
    assert tab.locator(".codes code").count() == 10
    assert len(session.send("WebAuthn.getCredentials", {"authenticatorId": id_})["credentials"]) == 1
    press_sign_out(tab)
    press(tab, "main form[data-passkey] button[type=submit]")
    expect(tab.locator(".place-name").first).to_be_visible()
    tab.goto(f"{sanne.address}/security/")
    expect(tab.locator("main")).to_contain_text("This laptop")
    tab.goto(f"{sanne.address}/prove?next=/security/password")
    press(tab, "main form[data-passkey] button[type=submit]")
    assert tab.url == f"{sanne.address}/security/password"
    sanne.window.close()


def test_passkey_is_the_second_step_after_a_password(driver: Driver) -> None:
    noor = newcomer(driver, "noor", kind="it_supplier")
    tab = noor.window.new_page()
    device(tab)
    noor.sign_in(tab)
    press(tab, "main a[href*='/security/passkeys/new']")
    press(tab, "main form[data-passkey] button[type=submit]")
    press(tab, "main a.btn-primary")
    press_sign_out(tab)
    noor.sign_in(tab)
    expect(tab.locator("h1")).to_have_text("Your second step")
    press(tab, "main form[data-passkey] button[type=submit]")
    expect(tab.locator(".place-name").first).to_be_visible()
    noor.window.close()


def test_device_that_refuses_leaves_the_page_usable(driver: Driver) -> None:
    tab = window(driver).new_page()
    device(tab, verifies=False)
    tab.goto(f"{driver.scene.address}/sign-in")
    tab.click("main form[data-passkey] button[type=submit]")
    expect(tab.locator("[data-passkey-failed]")).to_be_visible()
    expect(tab.locator("main form[data-passkey] button[type=submit]")).to_be_enabled()
    tab.context.close()


def test_passkeys_are_not_offered_without_script(driver: Driver) -> None:
    fresh = window(driver, script=False)
    tab = fresh.new_page()
    tab.goto(f"{driver.scene.address}/sign-in")
    expect(tab.locator("main form[data-passkey]")).to_be_hidden()
    fresh.close()


def test_other_sessions_are_seen_and_ended(driver: Driver) -> None:
    joost = newcomer(driver, "joost")
    here, elsewhere = joost.window.new_page(), window(driver)
    there = elsewhere.new_page()
    joost.sign_in(here)
    joost.sign_in(there)
    here.goto(f"{joost.address}/security/")
    press(here, "main form[action*='/security/sessions/'] button")
    expect(here.locator(".flash")).to_be_visible()
    there.goto(f"{joost.address}/security/")
    assert "/sign-in" in there.url
    here.goto(f"{joost.address}/security/")
    expect(here.locator("h1")).to_have_text("Security")
    for context in (joost.window, elsewhere):
        context.close()


def test_person_with_an_app_proves_by_code_or_password(driver: Driver, scene: Scene) -> None:
    fresh = window(driver, who=Who.SUPPLIER)
    tab = fresh.new_page()
    tab.goto(f"{scene.address}/prove?next=/security/")
    tab.fill("#code", scene.code_of(Who.SUPPLIER))
    press(tab, "main form:has(#code) button[type=submit]")
    assert tab.url == f"{scene.address}/security/"
    tab.goto(f"{scene.address}/prove?next=/security/")
    tab.fill("#password", scene.people[Who.SUPPLIER].password)
    press(tab, "main form:has(#password) button[type=submit]")
    assert tab.url == f"{scene.address}/security/"
    fresh.close()


def test_everybody_of_the_sample_comes_in(driver: Driver, scene: Scene) -> None:
    for who in scene.people:
        fresh = window(driver)
        enter(fresh.new_page(), scene, who)
        fresh.close()
