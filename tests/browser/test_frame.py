"""The frame around every page: menus, language, colours, errors, by keyboard and without script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect
from playwright.sync_api import Page as Tab

from tests.browser.driving import HEIGHT, NARROW, Driver
from tests.browser.people import Who
from tests.browser.scene import Scene
from tests.browser.sessions import let_in


def window(driver: Driver, *, script: bool = True, width: int = 1280, who: Who | None = None) -> BrowserContext:
    """Return a fresh window in which nobody, or `who`, is signed in."""
    fresh = driver.new_window(
        java_script_enabled=script, viewport={"width": width, "height": HEIGHT}, locale="en", reduced_motion="reduce"
    )
    if who is not None:
        let_in(fresh, driver.scene, driver.scene.people[who].email)
    return fresh


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def owner(request: pytest.FixtureRequest, driver: Driver) -> Iterator[BrowserContext]:
    """A window of the owner, with and without script."""
    fresh = window(driver, script=bool(request.param), who=Who.OWNER)
    yield fresh
    fresh.close()


@pytest.fixture
def anonymous(driver: Driver) -> Iterator[Tab]:
    """A tab in which nobody is signed in."""
    fresh = window(driver)
    yield fresh.new_page()
    fresh.close()


def at(scene: Scene, path: str, who: Who = Who.OWNER) -> str:
    """Return an address within the person's organisation."""
    return f"{scene.address}/o/{scene.people[who].slug}{path}"


def test_language_changes_and_the_page_stays(owner: BrowserContext, scene: Scene) -> None:
    tab = owner.new_page()
    tab.goto(at(scene, "/settings?from=here"))
    for code in ("nl", "en"):
        with tab.expect_navigation():
            tab.click(f"button[name=language][value={code}]")
        expect(tab.locator("html")).to_have_attribute("lang", code)
        assert tab.url == at(scene, "/settings?from=here")


@pytest.mark.parametrize(("device", "choice", "dark"), [("light", "dark", True), ("dark", "light", False)])
def test_chosen_colours_win_from_the_device_until_taken_back(
    owner: BrowserContext, scene: Scene, device: str, choice: str, dark: bool
) -> None:
    tab = owner.new_page()
    tab.emulate_media(color_scheme="dark" if device == "dark" else "light")
    tab.goto(at(scene, "/settings"))
    assert is_dark(tab) is not dark
    for chosen, result in ((choice, dark), ("system", not dark)):
        with tab.expect_navigation():
            tab.click(f"button[name=theme][value={chosen}]")
        assert tab.url == at(scene, "/settings")
        assert is_dark(tab) is result


def is_dark(tab: Tab) -> bool:
    """Tell whether the ground of the page is dark: how light it is, from 0 to 1, is the first figure of its colour."""
    ground = str(tab.locator("body").evaluate("e => getComputedStyle(e).backgroundColor"))
    assert ground.startswith("oklch(")
    return float(ground.removeprefix("oklch(").split()[0]) < 0.5


def test_menu_on_a_telephone_opens_without_script(driver: Driver, scene: Scene) -> None:
    fresh = window(driver, script=False, width=NARROW, who=Who.OWNER)
    tab = fresh.new_page()
    tab.goto(at(scene, "/settings/edit"))
    menu = tab.locator("nav.side-narrow")
    expect(menu.locator("a").first).to_be_hidden()
    menu.locator("summary").click()
    menu.locator("a[href$='/settings']").click()
    assert tab.url == at(scene, "/settings")
    fresh.close()


def test_skip_link_comes_first_and_leads_to_the_content(owner: BrowserContext, scene: Scene) -> None:
    tab = owner.new_page()
    tab.goto(at(scene, "/settings"))
    tab.keyboard.press("Tab")
    focused = tab.locator(":focus")
    expect(focused).to_have_class("skip-link")
    expect(focused).to_be_in_viewport()
    tab.keyboard.press("Enter")
    expect(tab.locator(":focus")).to_have_id("main")


def test_paper_says_what_was_asked_for_and_not_what_somebody_began_to_choose(driver: Driver, scene: Scene) -> None:
    fresh = window(driver, who=Who.OWNER)
    tab = fresh.new_page()
    tab.goto(at(scene, "/findings?severity=fault"))
    line, chosen = tab.locator(".printed"), tab.locator("#severity")
    expect(line).to_be_hidden()
    chosen.select_option("notice")
    tab.emulate_media(media="print")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(line).to_contain_text("/findings?severity=fault")
    expect(line).to_be_visible()
    expect(chosen).to_be_visible()
    expect(chosen).to_have_value("fault")
    expect(tab.locator(".filters button[type=submit]")).to_be_hidden()
    expect(tab.locator(".filters #q")).to_be_hidden()
    fresh.close()


def test_errors_are_told_on_top_and_lead_to_the_field(owner: BrowserContext, scene: Scene) -> None:
    tab = owner.new_page()
    tab.goto(at(scene, "/settings/edit"))
    before = tab.title()
    tab.fill("#kvk", "12")
    with tab.expect_navigation() as landing:
        tab.click("main .form-buttons button")
    assert landing.value.status == 422
    assert tab.title().endswith(before)
    assert tab.title() != before
    expect(tab.locator(":focus")).to_have_id("error-summary")
    tab.click("#error-summary a[href='#kvk']")
    field = tab.locator(":focus")
    expect(field).to_have_id("kvk")
    expect(field).to_have_value("12")
    expect(field).to_have_attribute("aria-invalid", "true")
    told = (field.get_attribute("aria-describedby") or "").split()
    assert told == ["kvk-hint", "kvk-error"]
    expect(tab.locator("#kvk-error")).to_be_visible()


def test_person_menu_closes_by_escape_and_gives_the_focus_back(driver: Driver, scene: Scene) -> None:
    fresh = window(driver, who=Who.OWNER)
    tab = fresh.new_page()
    tab.goto(at(scene, "/settings"))
    tab.locator("details.person > summary").focus()
    tab.keyboard.press("Enter")
    expect(tab.locator(".person-menu")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.locator(".person-menu")).to_be_hidden()
    expect(tab.locator("details.person > summary")).to_be_focused()
    fresh.close()


def test_signing_out_ends_at_the_door(owner: BrowserContext, scene: Scene) -> None:
    tab = owner.new_page()
    tab.goto(at(scene, "/settings"))
    tab.locator("details.person > summary").click()
    tab.click(".person-menu button")
    tab.wait_for_url(f"{scene.address}/sign-in")
    tab.goto(at(scene, "/settings"))
    assert tab.url.startswith(f"{scene.address}/sign-in?next=")


def test_focus_is_visible_on_everything_the_keyboard_reaches(owner: BrowserContext, scene: Scene) -> None:
    tab = owner.new_page()
    tab.goto(at(scene, "/settings/edit"))
    reached = 0
    for _ in range(60):
        tab.keyboard.press("Tab")
        focused = tab.locator(":focus")
        if focused.count() == 0:
            break
        reached += 1
        width = focused.evaluate("e => parseFloat(getComputedStyle(e).outlineWidth)")
        style = focused.evaluate("e => getComputedStyle(e).outlineStyle")
        assert style != "none", focused.evaluate("e => e.outerHTML")
        assert width >= 2, focused.evaluate("e => e.outerHTML")
        if focused.get_attribute("type") == "submit" and focused.evaluate("e => !!e.closest('main')"):
            break
    assert reached > 10


def test_browser_complains_about_what_the_policy_forbids(anonymous: Tab, scene: Scene) -> None:
    heard: list[str] = []
    anonymous.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    anonymous.goto(f"{scene.address}/sign-in")
    assert heard == []
    anonymous.evaluate("document.body.append(Object.assign(document.createElement('style'), {textContent: 'p{x:y}'}))")
    assert any("Content Security Policy" in text for text in heard)


@pytest.mark.parametrize("width", [1280, NARROW])
def test_on_a_phone_the_findings_come_before_what_narrows_them(driver: Driver, scene: Scene, width: int) -> None:
    fresh = window(driver, width=width, who=Who.OWNER)
    tab = fresh.new_page()
    tab.goto(at(scene, "/findings"))
    filters, fold = tab.locator("#severity"), tab.locator("details.fold > summary")
    if width == NARROW:
        expect(filters).not_to_be_visible()
        fold.press("Enter")
    else:
        expect(fold).not_to_be_visible()
    expect(filters).to_be_visible()
    filters.select_option("warning")
    with tab.expect_navigation():
        tab.locator("form.filters button[type=submit]").click()
    assert "severity=warning" in tab.url
    with tab.expect_navigation():
        tab.locator("main p a[href$='/findings']").click()
    assert tab.url == at(scene, "/findings")
    fresh.close()
