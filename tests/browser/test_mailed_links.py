"""What begins in a mail, or at somebody else's sign-in page, in a real browser: with script and without."""

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect
from playwright.sync_api import Page as Tab

from core import clock, db
from tenants.models import SignOnDomain, SignOnProvider
from tenants.scope import scoped, whole
from tests import cast as casting
from tests.browser.checker import unfit
from tests.browser.driving import HEIGHT, NARROW, Driver
from tests.browser.fitting import sideways
from tests.browser.scene import Scene, served
from tests.browser.test_frame import window
from tests.browser.test_sign_in import PASSWORD, Newcomer, newcomer, press
from tests.cast import Cast
from tests.mailbox import last_letter, link_in
from tests.oidc_server import CLIENT_ID, CLIENT_SECRET, Provider, providing

FRESH = "fiets langs de waterkant"


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def fresh(request: pytest.FixtureRequest, driver: Driver) -> Iterator[Newcomer]:
    """An owner of a firm of their own, with and without script; the name tells the two and the tests apart."""
    test = request.node.originalname.removeprefix("test_").replace("_", "-")[:20].strip("-")
    made = newcomer(driver, f"{test}-{'js' if request.param else 'nojs'}", script=bool(request.param))
    yield made
    made.window.close()


def fit(tab: Tab, *, script: bool) -> None:
    """Make sure that a page nobody can reach by the table of pages is fit for everybody, too."""
    if script:
        assert unfit(tab, defaultdict(set)) == []
    tab.set_viewport_size({"width": NARROW, "height": HEIGHT})
    assert sideways(tab) == []
    tab.set_viewport_size({"width": 1280, "height": HEIGHT})


def scripted(newcomer: Newcomer) -> bool:
    return "-js@" in newcomer.email


def test_invited_person_chooses_a_password_and_is_in(driver: Driver, scene: Scene, fresh: Newcomer) -> None:
    firm, guest = fresh.email.partition("@")[0], f"guest-{fresh.email}"
    owner = fresh.window.new_page()
    fresh.sign_in(owner)
    owner.goto(f"{scene.address}/o/firma-{firm}/people/")
    press(owner, "main a[href$='/people/invite']")
    owner.fill("#email", guest)
    owner.check("input[name=role][value=editor]")
    press(owner, "main .form-buttons .btn-primary")
    expect(owner.locator("main")).to_contain_text(guest)
    other = window(driver, script=scripted(fresh))
    tab = other.new_page()
    tab.goto(scene.address + link_in(last_letter(scene.app, guest)))
    fit(tab, script=scripted(fresh))
    tab.fill("#name", "Gerda Gast")
    tab.fill("#password", FRESH)
    press(tab, "main .form-buttons .btn-primary")
    assert tab.url.startswith(f"{scene.address}/o/firma-{firm}/")
    owner.reload()
    expect(owner.locator("main")).to_contain_text("Gerda Gast")
    other.close()


def test_lost_password_is_chosen_anew_by_mail(scene: Scene, fresh: Newcomer) -> None:
    tab = fresh.window.new_page()
    tab.goto(f"{scene.address}/sign-in")
    press(tab, "main a[href='/reset']")
    tab.fill("#email", fresh.email)
    press(tab, "main .form-buttons .btn-primary")
    assert tab.url == f"{scene.address}/reset/sent"
    tab.goto(scene.address + link_in(last_letter(scene.app, fresh.email)))
    fit(tab, script=scripted(fresh))
    tab.fill("#password", FRESH)
    press(tab, "main .form-buttons .btn-primary")
    assert tab.url == f"{scene.address}/sign-in"
    tab.fill("#email", fresh.email)
    tab.fill("#password", FRESH)
    press(tab, "main form.card button[type=submit]")
    assert "/o/firma-" in tab.url


def test_new_address_is_confirmed_by_mail(scene: Scene, fresh: Newcomer) -> None:
    tab, new = fresh.window.new_page(), f"new-{fresh.email}"
    fresh.sign_in(tab)
    tab.goto(f"{scene.address}/account/email")
    tab.fill("#email", new)
    press(tab, "main .form-buttons .btn-primary")
    tab.goto(scene.address + link_in(last_letter(scene.app, new)))
    fit(tab, script=scripted(fresh))
    press(tab, "main .form-buttons .btn-primary")
    tab.goto(f"{scene.address}/account/email")
    expect(tab.locator("main")).to_contain_text(new)


@contextmanager
def connected(folder: Path, provider: Provider) -> Iterator[tuple[str, Cast]]:
    """Serve the cast, whose bakery signs in at `provider`."""
    with served(folder / "oidc", TEST_LOOPBACK_CA=provider.trusted) as (app, address):
        with app.app_context():
            cast = casting.build()
            with scoped(whole(cast.bakery.id)):
                db.session().add(
                    SignOnProvider(
                        issuer=provider.issuer,
                        client_id=CLIENT_ID,
                        client_secret=CLIENT_SECRET,
                        domain="people.example",
                        proof=os.urandom(20).hex(),
                    )
                )
                db.session().add(
                    SignOnDomain(domain="people.example", organisation_id=cast.bakery.id, proved_at=clock.now())
                )
        yield address, cast


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def trusting(request: pytest.FixtureRequest, driver: Driver) -> Iterator[tuple[BrowserContext, bool]]:
    """A window that trusts the provider's certificate."""
    fresh = driver.new_window(java_script_enabled=request.param, ignore_https_errors=True, locale="en")
    yield fresh, request.param
    fresh.close()


def test_person_signs_in_at_the_page_of_their_organisation(
    trusting: tuple[BrowserContext, bool], tmp_path: Path
) -> None:
    fresh, script = trusting
    complaints: list[str] = []
    with providing(tmp_path / "provider") as provider, connected(tmp_path, provider) as (address, cast):
        provider.person = {"sub": "1", "email": cast.owner.email, "email_verified": True}
        tab = fresh.new_page()
        tab.on(
            "console", lambda message: complaints.append(message.text) if "Security Policy" in message.text else None
        )
        tab.goto(f"{address}/o/bakery/people/")
        press(tab, "main a[href^='/sign-in/organisation']")
        tab.fill("#q", cast.owner.email)
        press(tab, "main .btn-primary")
        press(tab, "main .btn-primary")
        assert tab.url.startswith(f"{provider.issuer}/authorize")
        if script:
            tab.click("#let-in")
            tab.wait_for_url(f"{address}/o/bakery/people/")
        else:
            press(tab, "#let-in")
            press(tab, "main .form-buttons .btn-primary")
            assert tab.url == f"{address}/o/bakery/people/"
        expect(tab.locator("main")).to_contain_text(cast.owner.email)
        assert PASSWORD not in tab.content()
    assert complaints == []
