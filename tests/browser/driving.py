"""A real Chromium, driven as people drive it: sign in once each, choose a language, open a page, look."""

import html
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import APIResponse, Browser, BrowserContext, ConsoleMessage, expect, sync_playwright
from playwright.sync_api import Page as Tab

from core.i18n import Language
from dev.chromium import NAMES, VARIABLE
from tests.browser.page import Follow, Named, Page, Send, Under, Upload
from tests.browser.people import Who
from tests.browser.scene import Scene
from tests.browser.sessions import let_in

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
# The last list wins: what Playwright leaves out for the peace of tests stands here as well.
NO_USE = (
    "SpareRendererForSitePerProcess",
    "PaintHolding",
    "RenderDocument",
    "HttpsUpgrades",
    "ThirdPartyStoragePartitioning",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "Translate",
    "MediaRouter",
    "OptimizationHints",
)
FLAGS = (
    "--no-sandbox",
    # One site is looked at: walls between sites, and a process kept warm for the next one, only cost time.
    "--disable-site-isolation-trials",
    f"--disable-features={','.join(NO_USE)}",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE, NARROW, ZOOMED = 1280, 390, 320
HEIGHT = 900
# How long a busy machine may take over one step, in milliseconds: what is wrong fails anyway, only later.
PATIENCE = 120_000
# Playwright's own way to an element has each page take in a long script first.
TURN = """to => {
  const [button, ...more] = document.querySelectorAll(`button[name=language][value=${to}]`);
  if (more.length) throw new Error("two switches of language");
  button.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true, composed: true}));
}"""
HREF = re.compile(r'<a\b[^>]*\shref="([^"]*)"')


class NoBrowser(RuntimeError):
    """There is no Chromium to drive."""


@dataclass
class Seen:
    """A page as it was opened: tab, language, what the server answered, what the browser complained about."""

    tab: Tab
    language: Language
    status: int
    complaints: list[str]


@dataclass
class Driver:
    """A browser with one signed-in window for each person."""

    browser: Browser
    scene: Scene
    windows: dict[Who, BrowserContext] = field(default_factory=dict)
    spoken: dict[Who, Language] = field(default_factory=dict)
    # A browser takes three times as long to open a tab as to open a page in it.
    tabs: dict[Who, tuple[Tab, list[str]]] = field(default_factory=dict)

    def open(self, page: Page, language: Language) -> Seen:
        """Open `page` in a new tab and wait until it is quiet. The caller closes the tab."""
        tab, complaints = _listened_to(self._window(page.who, language))
        return Seen(tab, language, self._walk(tab, page, complaints), complaints)

    def in_each_language(self, page: Page, widths: Mapping[Language, int]) -> Iterator[Seen]:
        """Open `page` in the one tab of its person, then in the other language by the switch on the page if it has one.

        widths: of the window, in pixels, by language. It begins with the language that was spoken last; each look is
        over once the next is asked for.
        """
        first = self.spoken.get(page.who, Language.DUTCH)
        second = Language.ENGLISH if first is Language.DUTCH else Language.DUTCH
        window = self._window(page.who, first)
        if page.who not in self.tabs:
            self.tabs[page.who] = _listened_to(window)
        tab, complaints = self.tabs[page.who]
        _as_new(tab, widths[first])
        complaints.clear()
        yield Seen(tab, first, self._walk(tab, page, complaints), complaints)
        complaints.clear()
        _as_new(tab, widths[second])
        shown, status = tab.url, 0
        if tab.evaluate("() => document.querySelector('button[name=language]') !== null"):
            status = self._turn(tab, page.who, second)
            _forgive(status, complaints)
        else:
            self._window(page.who, second)
        if status and not page.is_sent:
            assert tab.url == shown, f"{page.name}: the switch of language leads from {shown} to {tab.url}"
        else:
            status = self._walk(tab, page, complaints)
        yield Seen(tab, second, status, complaints)

    def speak(self, language: Language) -> None:
        """Turn every window to `language`."""
        for who in self.windows:
            self._window(who, language)

    def _walk(self, tab: Tab, page: Page, complaints: list[str]) -> int:
        """Take the steps to `page`; return what the server answered in the end. Pages on the way are not shown."""
        address = self._address(page)
        status = 0  # of the page that is shown at `address`; none is
        for step in page.steps:
            match step:
                case Follow(pattern):
                    found = next(
                        (link for link in self._links(tab, address, status) if re.search(f"{pattern}$", link)), None
                    )
                    assert found is not None, f"{page.name}: no link on {address} ends like {pattern}"
                    address, status = found, 0
                case Under(path):
                    address, status = (tab.url if status else self._read(tab, address).url) + path, 0
                case Upload(file):
                    status = status or self._go(tab, address, complaints)
                    tab.locator("main input[type=file]").set_input_files(SAMPLES / file)
                case Named(who):
                    status = status or self._go(tab, address, complaints)
                    fill_in(tab, self.scene, who)
                case Send():
                    status = status or self._go(tab, address, complaints)
                    with tab.expect_navigation() as landing:
                        tab.locator("main .form-buttons .btn-primary").first.click()
                    address, status = tab.url, landing.value.status
                    _forgive(status, complaints)
        return status or self._go(tab, address, complaints)

    @staticmethod
    def _read(tab: Tab, address: str) -> APIResponse:
        """Ask for a page as the person in `tab` without showing it."""
        return tab.context.request.get(address)

    def _links(self, tab: Tab, address: str, shown: int) -> list[str]:
        """Return where the links of the content lead. shown: 0 when the page has only to be read."""
        if not shown:
            answer = self._read(tab, address)
            page = answer.text().partition("<main")[2].partition("</main>")[0]
            return [urljoin(answer.url, html.unescape(link)) for link in HREF.findall(page)]
        return list(tab.locator("main a[href]").evaluate_all("links => links.map(link => link.href)"))

    def new_window(self, **options: Any) -> BrowserContext:
        """Return a window that nobody has used, and that is patient. options: as the browser takes them."""
        window = self.browser.new_context(**options)
        window.set_default_timeout(PATIENCE)
        return window

    def _address(self, page: Page) -> str:
        slug = self.scene.people[page.who].slug if page.who in self.scene.people else ""
        path = page.path.replace("{o}", f"/o/{slug}")
        for name, token in self.scene.tokens.items():
            path = path.replace(f"{{{name}}}", token)
        return self._home(page.who) + path

    def _home(self, who: Who) -> str:
        return self.scene.empty_address if who is Who.FIRST else self.scene.address

    @staticmethod
    def _go(tab: Tab, address: str, complaints: list[str]) -> int:
        answer = tab.goto(address, wait_until="load")
        assert answer is not None
        _forgive(answer.status, complaints)
        return answer.status

    def _window(self, who: Who, language: Language) -> BrowserContext:
        """Return the person's window, turned to `language` as people turn it: by the switch on the page."""
        if who not in self.windows:
            self.windows[who] = self.new_window(
                viewport={"width": WIDE, "height": HEIGHT}, color_scheme="light", reduced_motion="reduce"
            )
            if who in self.scene.people:
                let_in(self.windows[who], self.scene, self.scene.people[who].email)
        if self.spoken.get(who) is not language:
            tab = self.windows[who].new_page()
            tab.goto(f"{self._home(who)}/{'organisations' if who in self.scene.people else 'sign-in'}")
            self._turn(tab, who, language)
            tab.close()
        return self.windows[who]

    def _turn(self, tab: Tab, who: Who, language: Language) -> int:
        """Press the switch of language; return what the server answered in the end."""
        with tab.expect_navigation() as landing:
            # On a telephone the switch stands in the menu, which need not be opened for each page.
            tab.evaluate(TURN, language.value)
        assert spoken_on(tab) == language.value
        self.spoken[who] = language
        return landing.value.status


def spoken_on(tab: Tab) -> str:
    """Return the language that the page says it is in."""
    return str(tab.evaluate("() => document.documentElement.lang"))


def _listened_to(window: BrowserContext) -> tuple[Tab, list[str]]:
    """Return a new tab and the list that its complaints will be in."""
    tab, complaints = window.new_page(), list[str]()
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("console", lambda message: _note(message, complaints))
    return tab, complaints


def _as_new(tab: Tab, width: int) -> None:
    """Give a tab this width, and the colours and the memory it had when it was opened."""
    tab.set_viewport_size({"width": width, "height": HEIGHT})
    tab.emulate_media(color_scheme="light", reduced_motion="reduce")
    if tab.url.startswith("http"):
        tab.evaluate("() => sessionStorage.clear()")


def enter(tab: Tab, scene: Scene, who: Who) -> None:
    """Sign `who` in as they do it: password, and the code of their app where they have one."""
    person = scene.people[who]
    tab.goto(f"{scene.address}/sign-in")
    fill_in(tab, scene, who)
    with tab.expect_navigation():
        tab.locator("main form.card button[type=submit]").click()
    if "/sign-in/second-step" in tab.url:
        tab.locator("#code").fill(scene.code_of(who))
        with tab.expect_navigation():
            tab.locator("main form.card button[type=submit]").click()
    assert "/sign-in" not in tab.url, f"{person.email} cannot sign in"


def fill_in(tab: Tab, scene: Scene, who: Who) -> None:
    """Fill in e-mail address and password."""
    tab.locator("#email").fill(scene.people[who].email)
    tab.locator("#password").fill(scene.people[who].password)


def _forgive(status: int, complaints: list[str]) -> None:
    """Forget that the page itself is called a failed resource for its status: the status is tested by itself."""
    complaints[:] = [text for text in complaints if f"status of {status}" not in text]


def _note(message: ConsoleMessage, complaints: list[str]) -> None:
    if message.type == "error":
        complaints.append(f"{message.text} ({message.location['url']})")


@contextmanager
def driving(scene: Scene) -> Iterator[Driver]:
    """Start a browser on `scene`. Raises NoBrowser when there is none."""
    program = os.environ.get(VARIABLE) or next((path for name in NAMES if (path := shutil.which(name))), None)
    if program is None:
        raise NoBrowser(f"no Chromium: set {VARIABLE}, or run the tests by `make test`")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, headless=True, args=list(FLAGS))
        try:
            yield Driver(browser, scene)
        finally:
            browser.close()
