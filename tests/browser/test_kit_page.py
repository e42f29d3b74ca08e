"""The offline kit as a page that opens itself: from a file, in a real browser, in a window that reaches nothing."""

import io
import re
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from playwright.sync_api import FrameLocator, Locator, expect
from playwright.sync_api import Page as Tab
from playwright.sync_api import TimeoutError as TooLate

from audits.paper.kit import make_kit
from audits.paper.material import gather_paper
from audits.paper.opener import Outside, browser_kit
from audits.paper.printing import Printed
from audits.paper.services import Says
from audits.workbooks.material import Made
from core import clock, db
from core.age import unarmoured
from core.i18n import Language, written_in
from tenants.models import Tenant
from tenants.scope import scoped, whole
from tests.browser.checker import unfit
from tests.browser.driving import HEIGHT, NARROW, WIDE, ZOOMED, Driver
from tests.browser.fitting import sideways
from tests.browser.kit_steps import open_with, part, try_with
from tests.browser.people import Who
from tests.browser.scene import Scene
from tests.paper.opening import open_patiently

# A sign that is written in two ways, two blanks together, and one outside the first plane.
PASSPHRASE = "één paraplu  en 🚲 van opa"
ADDRESS = "https://waarborg.example/p/0123456789abcdefghijklmn"
BOTH = tuple(Language)
TRIES, BREATH = 20, 4000
OWN_NAME = {Language.DUTCH: "Nederlands", Language.ENGLISH: "English"}


@dataclass(frozen=True, slots=True)
class Kits:
    """One kit in both languages: the age file, and the page that holds it, in both and in each."""

    age: bytes
    pages: dict[tuple[Language, ...], bytes]


@pytest.fixture(scope="module")
def kits(scene: Scene) -> Kits:
    """The kit of the bakery."""
    slug = scene.people[Who.OWNER].slug
    with scene.app.app_context():
        tenant_id = db.session().scalars(sa.select(Tenant.id).where(Tenant.slug == slug)).one()
        db.rollback()
    printed = Printed(Made(datetime(2026, 11, 22, 12, tzinfo=UTC), "Henk"), ADDRESS)
    with scene.app.test_request_context(), scoped(whole(tenant_id), writes=False), written_in(Language.DUTCH):
        age = make_kit(BOTH, lambda: gather_paper(tenant_id, clock.today()), printed, PASSPHRASE)
        outside = Outside(Says(3, False, ""), clock.today(), ADDRESS)
        made = {chosen: browser_kit(age, chosen, outside) for chosen in (BOTH, *((one,) for one in Language))}
    return Kits(age, made)


Show = Callable[..., Tab]
# Which addresses the page gave to what it holds in memory, and which of them it took back.
COUNTED = """() => {
  window.made = [];
  window.gone = [];
  const [make, drop] = [URL.createObjectURL, URL.revokeObjectURL];
  URL.createObjectURL = held => { const one = make(held); window.made.push(one); return one; };
  URL.revokeObjectURL = one => { window.gone.push(one); drop(one); };
}"""


@pytest.fixture
def show(driver: Driver, tmp_path: Path) -> Iterator[Show]:
    """Open a page from a file, in a window without network; whatever it asks for outside itself fails the test."""
    windows = []
    complaints: list[str] = []

    def open_file(page: bytes, scripts: bool = True) -> Tab:
        file = tmp_path / "waarborg-kit.html"
        file.write_bytes(page)
        window = driver.new_window(
            offline=True, viewport={"width": WIDE, "height": HEIGHT}, locale="en", java_script_enabled=scripts
        )
        windows.append(window)
        window.add_init_script(f"({COUNTED})()")
        tab = window.new_page()
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        window.on("request", lambda asked: complaints.append(asked.url) if not _within(asked.url, file) else None)
        tab.goto(file.as_uri())
        return tab

    yield open_file
    for window in windows:
        window.close()
    assert complaints == []


def _within(url: str, file: Path) -> bool:
    return url == file.as_uri() or urlsplit(url).scheme == "blob"


def told(tab: Tab) -> str:
    """Return the sentence that was told, as soon as the page is done."""
    expect(part(tab).locator("[data-working]:visible")).to_have_count(0)
    return str(part(tab).locator("[data-told]:visible").get_attribute("data-told"))


def nothing_shown(tab: Tab) -> bool:
    """Tell whether nothing of what is inside stands on the page, shown or hidden."""
    return (
        tab.locator("[data-opened]:visible, iframe, [data-files] *, [data-zip][href]").count() == 0
        and not "".join(tab.locator("[data-title-of]").all_text_contents()).strip()
    )


def saved(tab: Tab, link: Locator) -> tuple[str, bytes]:
    """Save what a link offers: its name and its bytes.

    The browser lets nobody save more than ten files in one breath, and says nothing: then it is pressed again.
    """
    for _nth in range(TRIES):
        try:
            with tab.expect_download(timeout=BREATH) as arriving:
                link.click()
        except TooLate:
            continue
        return arriving.value.suggested_filename, Path(arriving.value.path()).read_bytes()
    raise AssertionError(f"{link} saves nothing")


def test_the_passphrase_opens_the_plan_and_every_file_and_closing_forgets_them(kits: Kits, show: Show) -> None:
    tab = show(kits.pages[BOTH])
    assert nothing_shown(tab)
    assert saved(tab, _with_age(tab)) == ("waarborg-kit.zip.age", kits.age)
    plan = open_with(tab, f"  {unicodedata.normalize('NFD', PASSPHRASE)} ")
    _plan_works(plan)
    inside = zipfile.ZipFile(io.BytesIO(open_patiently(kits.age, PASSPHRASE)))
    links = part(tab).locator("[data-files] a")
    assert links.count() == len(inside.namelist())
    found = [saved(tab, link) for link in links.all()]
    assert dict(found) == {name.replace("/", "-"): inside.read(name) for name in inside.namelist()}
    name, whole_zip = saved(tab, part(tab).locator("[data-zip]"))
    assert name == "waarborg-kit.zip"
    assert whole_zip == open_patiently(kits.age, PASSPHRASE)
    part(tab).locator("[data-close]").click()
    assert told(tab) == "closed"
    assert nothing_shown(tab)
    assert tab.locator("input:visible").input_value() == ""
    # The age file is no secret, and stays.
    made, gone = tab.evaluate("() => [window.made, window.gone]")
    assert len(made) > len(found)
    assert set(made[1:]) == set(gone)


def _with_age(tab: Tab) -> Locator:
    part(tab).locator("summary").click()
    return part(tab).locator("[data-age-file]")


def _plan_works(plan: FrameLocator) -> None:
    expect(plan.locator("h1")).to_contain_text("Bakkerij De Halm")
    rows = plan.locator("tbody tr:visible")
    before = rows.count()
    plan.locator("#search").fill("henk kluis")
    assert 0 < rows.count() < before
    plan.locator("#search").fill("")
    plan.locator("nav a").last.click()
    expect(plan.locator("section").last).to_be_in_viewport()
    box = plan.locator("input[type=checkbox]").first
    box.check()
    assert ":" in str(box.locator("xpath=following-sibling::span[1]").text_content())
    assert plan.locator("a[href^='tel:']").count() > 5


def test_another_passphrase_opens_nothing_and_says_so(kits: Kits, show: Show) -> None:
    tab = show(kits.pages[Language.ENGLISH,])
    try_with(tab, "   ")
    assert told(tab) == "empty"
    for wrong in (PASSPHRASE.replace("  ", " "), PASSPHRASE.replace("é", "e")):
        try_with(tab, wrong)
        assert told(tab) == "wrong"
        assert nothing_shown(tab)
    expect(part(tab).locator("input")).to_be_focused()
    assert open_with(tab, PASSPHRASE).locator("h1").inner_text()


def _flipped(page: bytes, place: int) -> bytes:
    """Change one sign of the age file in a page. place: counted from its first line, or from its end."""
    begin, end = (page.rindex(b"\n-----%s AGE" % word) for word in (b"BEGIN", b"END"))
    begin = page.index(b"\n", begin + 1)
    at = begin + place if place > 0 else end + place
    return page[:at] + (b"A" if page[at : at + 1] != b"A" else b"B") + page[at + 1 :]


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        pytest.param(3, "damaged", id="in the head"),
        pytest.param(2000, "damaged", id="in the first piece"),
        pytest.param(-400, "damaged", id="in the last piece"),
    ],
)
def test_a_changed_file_says_so_at_once_and_shows_nothing(kits: Kits, show: Show, place: int, sentence: str) -> None:
    tab = show(_flipped(kits.pages[Language.DUTCH,], place))
    expect(part(tab).locator("[data-changed]")).to_be_visible()
    try_with(tab, PASSPHRASE)
    assert told(tab) == sentence
    assert nothing_shown(tab)


@pytest.mark.parametrize("kept", [0.3, 0.99])
def test_a_file_that_is_cut_off_is_told_to_be_incomplete(kits: Kits, show: Show, kept: float) -> None:
    page = kits.pages[Language.DUTCH,]
    tab = show(page[: int(len(page) * kept)])
    expect(part(tab).locator("[data-cut]")).to_be_visible()
    assert not part(tab).locator("input").is_visible()
    assert nothing_shown(tab)


def test_without_a_script_the_page_tells_the_way_with_age(kits: Kits, show: Show) -> None:
    page = kits.pages[BOTH]
    tab = show(page, scripts=False)
    for language in Language:
        assert tab.locator(f"main[lang={language}] [data-unable]").is_visible()
        assert tab.locator(f"main[lang={language}] code").is_visible()
    assert tab.locator("input:visible").count() == 0
    # The way it tells: the lines in a file of their own.
    lines = re.search(rb"^-----BEGIN AGE.*^-----END AGE[^\n]*$", page, re.S | re.M)
    assert lines
    assert unarmoured(lines[0].decode()) == kits.age


@pytest.mark.parametrize("languages", [BOTH, (Language.DUTCH,), (Language.ENGLISH,)])
def test_the_page_speaks_the_languages_of_the_kit(kits: Kits, show: Show, languages: tuple[Language, ...]) -> None:
    tab = show(kits.pages[languages])
    # The browser asks for English.
    first = Language.ENGLISH if Language.ENGLISH in languages else Language.DUTCH
    assert tab.evaluate("() => document.documentElement.lang") == first.value
    switch = tab.locator("[data-languages]")
    assert switch.is_visible() == (len(languages) > 1)
    if len(languages) > 1:
        part(tab).locator("input").fill("begun")
        switch.get_by_text(OWN_NAME[Language.DUTCH]).click()
        assert tab.evaluate("() => document.documentElement.lang") == "nl"
        assert part(tab).locator("input").input_value() == "begun"
        assert "Noodpakket" in part(tab).inner_text()


def test_the_page_is_fit_for_everybody(kits: Kits, show: Show) -> None:
    tab = show(kits.pages[BOTH])
    readable = defaultdict[str, set[str]](set)

    def look(name: str) -> None:
        for language in Language:
            tab.set_viewport_size({"width": WIDE, "height": HEIGHT})
            tab.locator(f"[data-speak={language}]").click()
            assert unfit(tab, readable) == [], (name, language)  # type: ignore[arg-type]
            for width in (NARROW, ZOOMED):
                tab.set_viewport_size({"width": width, "height": HEIGHT})
                assert sideways(tab) == [], (name, language, width)

    part(tab).locator("summary").click()
    look("closed")
    try_with(tab, "not this one")
    assert told(tab) == "wrong"
    look("wrong")
    open_with(tab, PASSPHRASE)
    look("opened")
    part(tab).locator("[data-larger]").click()
    expect(part(tab).locator("[data-smaller]")).to_be_focused()
    part(tab).locator("[data-smaller]").click()
    expect(part(tab).locator("[data-larger]")).to_be_focused()
