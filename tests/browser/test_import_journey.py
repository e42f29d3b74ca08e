"""Two files as firms really have them, on a telephone and in Dutch: looked at, brought in, undone."""

import io
from collections.abc import Iterator
from datetime import date

import openpyxl
import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from core.i18n import Language
from tests.browser.checker import BUT_CONTRAST, violations
from tests.browser.driving import HEIGHT, NARROW, WIDE, Driver
from tests.browser.fitting import cramped, sideways
from tests.browser.newcomers import newcomer

MAIL_LIST = """Belangrijke nummers;;;
;;;
Naam;Functie;Mobiel;E-mail
André Joën;Bakker;06-12345678;andre@zonnehoek.example
Sanne Wit;Winkel;0612 34;sanne@zonnehoek
;Invaller;06 87654321;
Andre Joen;Bezorger;;
"""


@pytest.fixture
def tab(driver: Driver, request: pytest.FixtureRequest) -> Iterator[Tab]:
    """The page on which Eva begins to import, on a telephone and in Dutch."""
    slug = f"zonnehoek-{request.node.name.split('_')[2]}"
    firm = newcomer(driver, slug, language=Language.DUTCH)
    tab = firm.pages[0]
    tab.set_viewport_size({"width": NARROW, "height": HEIGHT})
    press(tab, "button[name=language][value=nl]")
    tab.goto(f"{driver.scene.address}/o/{slug}/import/")
    yield tab
    firm.close()


def press(tab: Tab, what: str, *, stays: bool = False) -> None:
    """Press the first such thing of the page, and wait for the next page unless it stays."""
    if stays:
        tab.locator(what).first.click()
        return
    with tab.expect_navigation():
        tab.locator(what).first.click()
    fits(tab)


def fits(tab: Tab) -> None:
    """See that the page can be used on a telephone, by everybody."""
    assert sideways(tab) == []
    assert cramped(tab) == []
    assert violations(tab, "dark", BUT_CONTRAST) == []
    assert tab.locator("html").get_attribute("lang") == "nl"


def upload(tab: Tab, name: str, data: bytes) -> None:
    """Choose a file and send it."""
    tab.set_input_files("main input[type=file]", {"name": name, "mimeType": "application/octet-stream", "buffer": data})
    press(tab, "main .form-buttons .btn-primary")


def row(tab: Tab, name: str) -> str:
    """Return what the preview says of the row of that name."""
    return " ".join(tab.locator("main tbody tr", has_text=name).first.inner_text().split())


def computers() -> bytes:
    """Return a workbook with a title above its headings, a sheet that is hidden, and cells that say nothing usable."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "PC's"
    sheet.merge_cells("A1:E1")
    sheet["A1"] = "Alles wat wij hebben (bijgewerkt door Eva)"
    sheet.append([])
    sheet.append(["Naam", "Type / specificaties", "Serienr.", "Aangeschaft op", "Locatie"])
    sheet.append(["Kassa winkel", "HP ProDesk", "CZC777", date(2024, 3, 4), "Winkel"])
    sheet.append(["Kassa markt", "HP ProDesk", "CZC777", "31-02-2024", "Markt"])
    sheet.append(["=1+1", "laptop", "@onbekend", "begin 2019", None])
    book.create_sheet("Oud").sheet_state = "hidden"
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_a_workbook_is_told_row_by_row_and_undone(tab: Tab) -> None:
    upload(tab, "inventaris Zonnehoek.xlsx", computers())
    press(tab, 'main tbody a:has-text("PC\'s")')
    expect(tab.locator("#layout")).to_have_value("office-pcs")
    expect(tab.locator("#header_row")).to_have_value("3")
    press(tab, "main form[method=post] .btn-primary")
    assert "Nieuw" in row(tab, "Kassa winkel")
    market = row(tab, "Kassa markt")
    assert "31-02-2024" in market
    assert "Deze dag bestaat niet." in market
    assert "CZC777" in market
    assert "Leeg gelaten" in market
    assert "Schrijf de datum als" in row(tab, "laptop")
    press(tab, "main .form-buttons .btn-primary")
    # A number alone would say nothing on a telephone.
    expect(tab.locator("main .row-number").first).to_be_visible()
    told = tab.locator("main .row-number").first.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert told == '"Rij "'
    press(tab, "main .post-button button")
    expect(tab.locator(".flash")).to_contain_text("alles is weer zoals het was")
    tab.goto(f"{tab.url.partition('/registers')[0]}/registers/office-pcs")
    expect(tab.locator("main .empty-state")).to_be_visible()


def test_a_text_file_of_an_old_program_keeps_its_accents(tab: Tab) -> None:
    upload(tab, "nummers.csv", MAIL_LIST.encode("cp1252"))
    if "/preview" not in tab.url and not tab.locator("main #layout").count():
        press(tab, "main tbody a")
    expect(tab.locator("#layout")).to_have_value("contacts")
    press(tab, "main form[method=post] .btn-primary")
    assert "André Joën" in tab.locator("main").inner_text()
    sanne = row(tab, "Sanne Wit")
    assert "Dit is geen telefoonnummer." in sanne
    assert "Dit is geen e-mailadres." in sanne
    assert "Overgeslagen" in tab.locator("main").inner_text()
    tab.set_viewport_size({"width": WIDE, "height": HEIGHT})
    fits(tab)
    press(tab, "main .form-buttons .btn-primary")
    press(tab, "main .post-button button")
    tab.goto(f"{tab.url.partition('/registers')[0]}/registers/contacts")
    expect(tab.locator("main .empty-state")).to_be_visible()


def test_what_is_missing_leads_to_where_it_is_mended(tab: Tab) -> None:
    upload(tab, "iets.csv", b"Artikel;Prijs\nBrood;3,20\nTaart;18\n")
    if not tab.locator("main #layout").count():
        press(tab, "main tbody a")
    for chosen in tab.locator("main form[method=post] select").all():
        chosen.select_option("")
    press(tab, "main form[method=post] .btn-primary")
    press(tab, "#error-summary a", stays=True)
    assert tab.locator(":focus").evaluate("focused => focused.tagName") == "SELECT"
