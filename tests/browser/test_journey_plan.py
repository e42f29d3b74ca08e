"""A plan in one sitting: from an empty service to an approved plan, a kit that opens without us, and an exercise."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from tests.browser.driving import HEIGHT, PATIENCE, WIDE, Driver
from tests.browser.fitting import sideways
from tests.browser.kit_steps import open_with
from tests.browser.plan_steps import answer, heading, press
from tests.browser.scene import served
from tests.browser.test_calamity import TELEPHONE

EMAIL, PASSWORD = "gerda@garage-smit.example", "een brug met twee auto's"
LIST = "The plan, step by step"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A service in which nobody is yet."""
    with served(tmp_path / "empty") as (_, address):
        yield address


def test_an_owner_writes_a_plan_in_one_sitting_and_practises_with_it(
    driver: Driver, address: str, tmp_path: Path
) -> None:
    window = driver.new_window(viewport={"width": WIDE, "height": HEIGHT}, locale="en")
    tab = window.new_page()
    complaints: list[str] = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    _set_up(tab, address)
    _begin_with_the_garage(tab)
    _walk_the_path(tab)
    _approve(tab)
    _print(tab)
    _open_the_kit(driver, *_take_the_kit(tab), tmp_path)
    _practise(driver.browser, address)
    assert complaints == []
    window.close()


def _set_up(tab: Tab, address: str) -> None:
    tab.goto(address)
    tab.get_by_label("Name of the organisation").fill("Garage Smit")
    tab.get_by_label("Your name").fill("Gerda Smit")
    tab.get_by_label("Your e-mail address").fill(EMAIL)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("combobox", name="Language").select_option(label="English")
    press(tab, "button", "Set up")


def _begin_with_the_garage(tab: Tab) -> None:
    press(tab, "link", "Plan", within=tab.locator("nav.side"))
    press(tab, "link", "Step by step")
    press(tab, "link", "Take over an example of your branch")
    press(tab, "link", "Garage")
    press(tab, "button", "Add what is ticked")
    press(tab, "link", "Tick all on this page")
    press(tab, "button", "Keep what is ticked")
    press(tab, "link", "Go on step by step")


def _walk_the_path(tab: Tab) -> None:
    """Answer step after step until the list comes back."""
    press(tab, "link", "Go on: ")
    seen: set[str] = set()
    while heading(tab) not in {*seen, LIST}:
        seen.add(heading(tab))
        answer(tab)
    if heading(tab) != LIST:
        press(tab, "link", "All steps")


def _approve(tab: Tab) -> None:
    """What only a director may say comes last, and makes every step finished."""
    tab.get_by_text("5. Payments").click()
    press(tab, "link", "Up to which amount")
    press(tab, "link", "See all six agreements and the approval by a director")
    press(tab, "button", "I approve these agreements")
    press(tab, "button", "Go on to the next step")
    press(tab, "link", "See the versions")
    tab.get_by_label("What is new").fill("The first one")
    press(tab, "button", "Send for review")
    press(tab, "button", "Approve and put into use")
    press(tab, "link", "All steps")
    expect(tab.locator("main")).to_contain_text("Every step is finished.")


def _print(tab: Tab) -> None:
    press(tab, "link", "On paper and offline", within=tab.locator("nav.side"))
    with tab.expect_download() as arriving:
        tab.get_by_role("button", name="Download The whole plan").click()
    assert Path(arriving.value.path()).read_bytes().startswith(b"%PDF")


def _take_the_kit(tab: Tab) -> tuple[bytes, str]:
    press(tab, "link", "Make an offline kit")
    passphrase = tab.get_by_label("Passphrase", exact=True).input_value()
    tab.get_by_role("radio", name="English").check()
    tab.get_by_label("The passphrase once more").fill(passphrase)
    with tab.expect_download() as arriving:
        tab.get_by_role("button", name="Make the kit").click()
    return Path(arriving.value.path()).read_bytes(), passphrase


def _open_the_kit(driver: Driver, kit: bytes, passphrase: str, folder: Path) -> None:
    """As at home, on a computer without network and with nothing of ours."""
    file = folder / "waarborg-kit.html"
    file.write_bytes(kit)
    window = driver.new_window(offline=True)
    tab = window.new_page()
    tab.goto(file.as_uri())
    expect(open_with(tab, passphrase).locator("#inventory")).to_contain_text("Desk 1")
    window.close()


def _practise(browser: Browser, address: str) -> None:
    """On a telephone, hand over hand."""
    window = browser.new_context(viewport=TELEPHONE, has_touch=True, is_mobile=True, locale="en")  # type: ignore[arg-type]
    window.set_default_timeout(PATIENCE)
    tab = window.new_page()
    tab.goto(f"{address}/sign-in")
    tab.get_by_label("E-mail address").fill(EMAIL)
    tab.get_by_label("Password").fill(PASSWORD)
    with tab.expect_navigation():
        tab.locator("main").get_by_role("button", name="Sign in", exact=True).tap()
    tab.get_by_text("Menu").tap()
    with tab.expect_navigation():
        tab.get_by_role("link", name="Calamity", exact=True).locator("visible=true").tap()
    press(tab, "link", "Begin an exercise")
    tab.get_by_label("What is going on?").fill("The server is gone")
    press(tab, "button", "Begin the exercise")
    assert sideways(tab) == []
    done = tab.get_by_role("button", name="Done: 1", exact=True)
    done.tap()
    expect(tab.locator("#steps-done")).to_contain_text("1 step is done")
    tab.get_by_role("link", name="Close the exercise").tap()
    tab.get_by_label("How did it go?").fill("The telephone numbers were right")
    tab.get_by_role("button", name="Close and see the report").tap()
    expect(tab.get_by_role("heading", name="Report of an exercise")).to_be_visible()
    expect(tab.locator("main")).to_contain_text("The telephone numbers were right")
    assert sideways(tab) == []
    window.close()
