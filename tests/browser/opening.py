"""Officers who open a sealed delivery, each in a window of their own, with all that their browsers send and keep."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations
from uuid import UUID

import sqlalchemy as sa
from playwright.sync_api import Page as Tab
from playwright.sync_api import Request, expect

from continuity.models import Registration, SchemeState
from core import clock, db
from sample.organisations import FOUNDATION, SUPPLIER
from tenants import services
from tenants.models import Role
from tenants.scope import close_scope, open_scope, whole
from tests.browser.checker import EVERY_RULE, violations
from tests.browser.driving import Driver
from tests.browser.scene import Scene
from tests.browser.sessions import let_in

KEPT_BY_BROWSER = """async () => {
  const stored = JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, history.state]);
  const bases = await indexedDB.databases(), caches_ = await caches.keys();
  return stored + JSON.stringify([bases, caches_]) + location.href + document.documentElement.outerHTML;
}"""


@dataclass(frozen=True, slots=True)
class Opener:
    """An officer with the secret half of a key, and how they show it to the page."""

    email: str
    name: str
    secret: str
    fingerprint: str
    cards: tuple[str, ...] = ()

    def show_key(self, part: Tab) -> None:
        """Type the key from paper, or from two word cards."""
        if self.cards:
            part.get_by_text(re.compile("two of my word cards|twee van mijn woordkaarten")).click()
            for number, words in enumerate(self.cards, 1):
                part.fill(f"#key-card-{number}", words.upper())
            return
        part.locator("details:has(#key-typed) summary").click()
        part.fill("#key-typed", self.secret.lower())


@dataclass
class Heard:
    """Every byte that browsers sent while it was listened to."""

    sent: list[bytes] = field(default_factory=list)

    def note(self, request: Request) -> None:
        """Keep what a request carries."""
        self.sent.append(request.url.encode() + b"\n" + (request.post_data_buffer or b""))


@contextmanager
def signed_in(driver: Driver, email: str, heard: Heard) -> Iterator[Tab]:
    """Give a tab of somebody who is signed in with a second factor; the window closes with the block."""
    window = driver.new_window(locale="en", reduced_motion="reduce")
    let_in(window, driver.scene, email, strong=True)
    window.on("request", heard.note)
    try:
        yield window.new_page()
    finally:
        window.close()


def seat(scene: Scene, emails: Sequence[str]) -> None:
    """Let these people be officers of the foundation."""
    with scene.app.app_context():
        db.begin(writes=True)
        foundation = services.tenant_by_slug(FOUNDATION.slug)
        assert foundation is not None
        open_scope(whole(foundation.id))
        for email in emails:
            user = services.user_by_email(email)
            assert user is not None
            services.add_member(foundation.id, user.id, Role.EDITOR, at=clock.now())
        db.commit()
        close_scope()


def put_to_work(scene: Scene, registration: str) -> None:
    """Trigger the scheme of a registration."""
    with scene.app.app_context():
        db.begin(writes=True)
        supplier = services.tenant_by_slug(SUPPLIER.slug)
        assert supplier is not None
        open_scope(whole(supplier.id))
        row = db.session().scalars(sa.select(Registration).where(Registration.id == UUID(registration))).one()
        row.declared_bankrupt_on, row.state = clock.today(), SchemeState.TRIGGERED
        db.commit()
        close_scope()


def open_by_each_pair(driver: Driver, officers: Sequence[Opener], receipt: str, supplier: Tab, secret: str) -> Heard:
    """Open a delivery by each two of these officers: the first time by leave, then because the scheme is at work.

    receipt: the address of the delivery at the supplier. Returns all that the officers' browsers sent.
    """
    scene, heard = driver.scene, Heard()
    registration, delivery = re.findall(r"[0-9a-f-]{36}", receipt)[0], re.findall(r"[0-9a-f-]{36}", receipt)[-1]
    base = f"{scene.address}/o/{FOUNDATION.slug}/registrants/{registration}"
    seat(scene, [one.email for one in officers[1:]])
    order = sorted(officers, key=lambda one: one.fingerprint)
    for number, (first, second) in enumerate(combinations(order, 2)):
        with signed_in(driver, first.email, heard) as one, signed_in(driver, second.email, heard) as other:
            opening = _ask(one, f"{base}/deliveries/{delivery}/open")
            if number == 0:
                _agree(supplier, receipt, opening)
                put_to_work(scene, registration)
            _pass_on(one, opening, first, second, careful=number == 0)
            _take(other, opening, first, second, secret, careful=number == 0)
    return heard


def _ask(tab: Tab, address: str) -> str:
    tab.goto(address)
    tab.fill("#purpose", "Jaarlijkse oefening")
    with tab.expect_navigation(url=re.compile("/openings/")):
        tab.click("main form button[type=submit]")
    return tab.url


def _agree(supplier: Tab, receipt: str, opening: str) -> None:
    supplier.goto(f"{receipt.partition('/handovers')[0]}/openings/{opening.rpartition('/')[2]}")
    supplier.check("input[name=agreed][value=yes]")
    with supplier.expect_navigation():
        supplier.click("main form button[type=submit]")


def _pass_on(tab: Tab, opening: str, first: Opener, second: Opener, *, careful: bool) -> None:
    tab.goto(opening)
    go = tab.locator("[data-opener-first] [data-go]")
    if careful:
        go.click()
        expect(tab.locator("[data-told=no-second]")).to_be_visible()
    tab.get_by_label(second.name, exact=True).check()
    if careful:
        second.show_key(tab)
        go.click()
        expect(tab.locator("[data-told=does-not-fit]")).to_be_visible()
        tab.reload()
        tab.get_by_label(second.name, exact=True).check()
    first.show_key(tab)
    if careful:
        tab.context.set_offline(True)
        go.click()
        expect(tab.locator("[data-told=no-connection]")).to_be_visible()
        tab.context.set_offline(False)
    with tab.expect_navigation():
        go.dblclick()
    expect(tab.locator("[data-opener-first]")).to_have_count(0)


def _damaged(tab: Tab, second: Opener) -> None:
    """Contents that arrive damaged are one sentence, and nothing of them is shown."""
    action = str(tab.locator("[data-second-form]").get_attribute("action"))
    tab.route(f"**{action}", lambda route: route.fulfill(content_type="application/x-tar", body=b"\0" * 2048))
    second.show_key(tab)
    tab.click("[data-opener-second] [data-go]")
    expect(tab.locator("[data-told=contents-damaged]")).to_be_visible()
    expect(tab.locator("[data-shown]")).to_be_hidden()
    tab.unroute_all()


def _mismatch(tab: Tab, second: Opener) -> None:
    """Open it on a page that speaks of another delivery: that the contents are others is told loudly."""
    contents = tab.locator("[data-contents]")
    contents.evaluate("e => e.dataset.about = JSON.stringify({...JSON.parse(e.dataset.about), version: 999})")
    second.show_key(tab)
    tab.click("[data-opener-second] [data-go]")
    expect(tab.locator("[data-verdict-all=bad]")).to_be_visible()
    expect(tab.locator("[data-verdict-all=good]")).to_be_hidden()
    expect(tab.locator("[data-check=version] [data-verdict=bad]")).to_be_visible()
    expect(tab.locator("[data-check=item] [data-verdict=good]")).to_be_visible()
    assert not tab.locator("input[name=matched][value=yes]").is_checked()


def _take(tab: Tab, opening: str, first: Opener, second: Opener, secret: str, *, careful: bool) -> None:
    tab.goto(opening)
    go = tab.locator("[data-opener-second] [data-go]")
    if careful:
        first.show_key(tab)
        go.click()
        expect(tab.locator("[data-told=does-not-fit]")).to_be_visible()
        expect(tab.locator("[data-close-form]")).to_be_hidden()
        tab.reload()
        _damaged(tab, second)
        tab.reload()
        _mismatch(tab, second)
        tab.reload()
    second.show_key(tab)
    go.click()
    expect(tab.locator("[data-plain]")).to_have_text(secret)
    if careful:
        found = violations(tab, "light", EVERY_RULE)
        assert not found, found
    expect(tab.locator("[data-verdict-all=good]")).to_be_visible()
    expect(tab.locator("[data-verdict-all=bad]")).to_be_hidden()
    expect(tab.locator("[data-files] a")).to_have_count(1)
    assert tab.locator("input[name=matched][value=yes]").is_checked()
    with tab.expect_navigation():
        tab.click("[data-close-form] button[type=submit]")
    kept = str(tab.evaluate(KEPT_BY_BROWSER))
    tab.go_back()
    kept += str(tab.evaluate(KEPT_BY_BROWSER))
    assert secret not in kept
    assert second.secret not in kept
    tab.goto(opening)
    expect(tab.locator("[data-contents]")).to_have_count(0)
