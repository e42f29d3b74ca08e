"""A real Chromium, driven as people drive it: sign in once each, choose a language, open a page, look."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, sync_playwright
from playwright.sync_api import Page as Tab

from core.i18n import Language
from tests.browser.pages import Follow, Named, Page, Send, Under, Upload
from tests.browser.scene import Scene, Who

VARIABLE = "WAARBORG_TEST_CHROMIUM"
SAMPLES = Path(__file__).resolve().parent.parent / "samples"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE, NARROW, ZOOMED = 1280, 390, 320
HEIGHT = 900


class NoBrowser(RuntimeError):
    """There is no Chromium to drive."""


@dataclass
class Seen:
    """A page as it was opened: the tab, what the server answered, what the browser complained about."""

    tab: Tab
    status: int
    complaints: list[str]


@dataclass
class Driver:
    """A browser with one signed-in window for each person."""

    browser: Browser
    scene: Scene
    windows: dict[Who, BrowserContext] = field(default_factory=dict)
    spoken: dict[Who, Language] = field(default_factory=dict)

    def open(self, page: Page, language: Language) -> Seen:
        """Open `page` in a new tab and wait until it is quiet. The caller closes the tab."""
        tab = self._window(page.who, language).new_page()
        complaints: list[str] = []
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("console", lambda message: _note(message, complaints))
        status = self._go(tab, self._address(page), complaints)
        for step in page.steps:
            match step:
                case Follow(pattern):
                    links = (str(link.evaluate("e => e.href")) for link in tab.locator("main a[href]").all())
                    found = next((link for link in links if re.search(f"{pattern}$", link)), None)
                    assert found is not None, f"{page.name}: no link on {tab.url} ends like {pattern}"
                    status = self._go(tab, found, complaints)
                case Under(path):
                    status = self._go(tab, tab.url + path, complaints)
                case Upload(file):
                    tab.locator("main input[type=file]").set_input_files(SAMPLES / file)
                case Named(who):
                    fill_in(tab, self.scene, who)
                case Send():
                    with tab.expect_navigation() as landing:
                        tab.locator("main .form-buttons .btn-primary").first.click()
                    status = landing.value.status
                    _forgive(status, complaints)
        return Seen(tab, status, complaints)

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
            self.windows[who] = self.browser.new_context(
                viewport={"width": WIDE, "height": HEIGHT}, color_scheme="light", reduced_motion="reduce"
            )
            if who in self.scene.people:
                tab = self.windows[who].new_page()
                enter(tab, self.scene, who)
                tab.close()
        if self.spoken.get(who) is not language:
            tab = self.windows[who].new_page()
            tab.goto(f"{self._home(who)}/{'organisations' if who in self.scene.people else 'sign-in'}")
            with tab.expect_navigation():
                tab.locator(f"button[name=language][value={language.value}]").click()
            assert tab.locator("html").get_attribute("lang") == language.value
            tab.close()
            self.spoken[who] = language
        return self.windows[who]


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
        complaints.append(message.text)


def sideways(tab: Tab) -> list[str]:
    """Return what sticks out of the page to the right, as short descriptions; nothing when the page fits."""
    return list(
        tab.evaluate(
            """() => {
              const width = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= width) return [];
              const beyond = element => element.getBoundingClientRect().right > width + 1;
              const told = element => element.outerHTML.slice(0, 120);
              return ["the page", ...[...document.body.querySelectorAll("*")].filter(beyond).slice(-5).map(told)];
            }"""
        )
    )


@contextmanager
def driving(scene: Scene) -> Iterator[Driver]:
    """Start a browser on `scene`. Raises NoBrowser when there is none."""
    program = os.environ.get(VARIABLE) or next((path for name in NAMES if (path := shutil.which(name))), None)
    if program is None:
        raise NoBrowser(f"no Chromium: set {VARIABLE}, or run the tests by `make test`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, headless=True, args=list(FLAGS))
        try:
            yield Driver(browser, scene)
        finally:
            browser.close()
