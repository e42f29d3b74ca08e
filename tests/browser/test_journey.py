"""The main job, end to end, in a real browser: a new firm, its own spreadsheet, what is missing, a workbook."""

import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, expect
from playwright.sync_api import Page as Tab

from tests.browser.driving import Driver
from tests.browser.newcomers import newcomer

WORKBOOK = Path(__file__).resolve().parents[1] / "samples" / "inventaris-bakkerij-de-halm.xlsx"


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def firm(request: pytest.FixtureRequest, driver: Driver) -> Iterator[BrowserContext]:
    """A fresh window of somebody who has just been given a firm of their own."""
    script = bool(request.param)
    fresh = newcomer(driver, f"zonnehoek-{'script' if script else 'plain'}", script=script)
    yield fresh
    fresh.close()


def _press(tab: Tab, button: str) -> None:
    with tab.expect_navigation():
        tab.locator(button).first.click()


def test_spreadsheet_becomes_findings_becomes_workbook(firm: BrowserContext) -> None:
    tab = firm.pages[0]
    home = tab.url
    _press(tab, "nav a[href$='/import/'] >> visible=true")
    tab.set_input_files("input[type=file]", WORKBOOK)
    _press(tab, "main form:has(input[type=file]) button[type=submit]")
    _press(tab, 'main a:has-text("PC\'s")')
    _press(tab, "button:has-text('Show the preview')")
    expect(tab.locator("main")).to_contain_text("31-02-2023")
    expect(tab.locator("main")).to_contain_text("CZC0123ABD")
    _press(tab, "button:has-text('Bring the chosen rows in')")
    expect(tab.locator("main")).to_contain_text("8")
    tab.goto(f"{home}findings?section=inventory")
    expect(tab.locator("main")).to_contain_text("Kantoor Henk has no serial number.")
    tab.goto(f"{home}reports/")
    with tab.expect_download() as arriving:
        tab.click("button[name=name][value=findings]")
    book = openpyxl.load_workbook(io.BytesIO(Path(arriving.value.path()).read_bytes()))
    told = [cell.value for cell in book.worksheets[1]["D"]]
    assert "Kantoor Henk has no serial number." in told
    tab.goto(f"{home}registers/office-pcs")
    expect(tab.locator("main")).to_contain_text("=Reserve-pc")
