"""Somebody who runs the firm alone and knows nothing of IT: in Dutch, without an example, up to a plan in use."""

import re

from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from core.i18n import Language
from tests.browser.driving import NARROW, Driver
from tests.browser.fitting import sideways
from tests.browser.newcomers import newcomer
from tests.browser.plan_steps import press

SLUG = "zonnehoek-alleen"


def test_a_baker_alone_brings_a_first_plan_into_use(driver: Driver) -> None:
    window = newcomer(driver, SLUG, language=Language.DUTCH)
    tab = window.pages[0]
    plan = f"{driver.scene.address}/o/{SLUG}/plan"
    _take_every_place(tab, plan)
    _name_what_there_is(tab, plan)
    _leave_open_what_is_not_known(tab, plan)
    _be_asked_what_fits(tab, plan)
    _take_the_instruction_over(tab, plan)
    _approve(tab, plan)
    window.close()


def _open(tab: Tab, plan: str, step: str) -> None:
    tab.goto(f"{plan}/{step}?path=on")


def _take_every_place(tab: Tab, plan: str) -> None:
    _open(tab, plan, "runbook/team")
    press(tab, "button", "Dit doe ik allemaal zelf")
    tab.get_by_label("Telefoon", exact=True).fill("06 12345678")
    press(tab, "button", "Opslaan")
    press(tab, "link", "Terug naar de stap")
    expect(tab.locator("main select").first.locator("option:checked")).to_have_text("Eva Zon")
    _open(tab, plan, "runbook/external-voice")
    press(tab, "button", "Dit doe ik zelf")
    expect(tab.locator("main")).to_contain_text("Opgeslagen: u staat op elke plek die leeg was.")


def _name_what_there_is(tab: Tab, plan: str) -> None:
    _open(tab, plan, "processes/department-heads")
    tab.get_by_label("Welke afdelingen").fill("Bakerij")
    press(tab, "button", "Sla deze op")
    press(tab, "button", "Ongedaan maken")
    tab.get_by_label("Welke afdelingen").fill("Bakkerij\nWinkel")
    press(tab, "button", "Sla deze op")
    press(tab, "button", "Dit doe ik allemaal zelf")
    expect(tab.locator("main")).to_contain_text("Opgeslagen: u staat op elke plek die leeg was.")
    _open(tab, plan, "processes/systems-used")
    tab.get_by_label("Welke systemen").fill("Kassa\nE-mail")
    press(tab, "button", "Sla deze op")
    press(tab, "link", "Open het register")
    tab.get_by_role("checkbox", name="Winkel Kassa").check()
    tab.get_by_role("checkbox", name="Bakkerij E-mail").check()
    press(tab, "button", "Opslaan")
    press(tab, "button", "Verder naar de volgende stap")


def _leave_open_what_is_not_known(tab: Tab, plan: str) -> None:
    """The help stands there once it is asked for, also on a telephone."""
    _open(tab, plan, "backup/safe-keeping")
    expect(tab.locator("main")).to_contain_text("Een MT-lid is iemand die het bedrijf mee leidt")
    keeping = tab.get_by_role("group", name="Hoe het wordt bewaard")
    help_text = keeping.get_by_text("Vraag aan wie de back-up maakt")
    expect(help_text).to_be_hidden()
    keeping.get_by_role("radio", name="Dat weet ik nog niet").check()
    expect(help_text).to_be_visible()
    size = tab.viewport_size
    assert size is not None
    tab.set_viewport_size({"width": NARROW, "height": size["height"]})
    assert sideways(tab) == []
    tab.set_viewport_size(size)
    press(tab, "button", "Opslaan en verder")
    expect(tab.locator("main")).to_contain_text("De vraag blijft open tot u het weet.")


def _be_asked_what_fits(tab: Tab, plan: str) -> None:
    """What is asked of a copy follows what it holds, and what was filled in is still there afterwards."""
    tab.goto(f"{plan}/backup/copies/new")
    made, days = tab.get_by_text("Hoe de kopie wordt gemaakt"), tab.get_by_label("Hoeveel dagen u hiermee terug kunt")
    version = tab.get_by_label("Versie van het plan")
    expect(made).to_be_hidden()
    expect(version).to_be_hidden()
    tab.get_by_role("radio", name="Gegevens", exact=True).check()
    made.click()
    days.fill("30")
    tab.get_by_role("radio", name="Het plan zelf").check()
    expect(version).to_be_visible()
    expect(made).to_be_hidden()
    expect(days).to_be_hidden()
    tab.get_by_role("radio", name="Gegevens", exact=True).check()
    expect(days).to_have_value("30")


def _take_the_instruction_over(tab: Tab, plan: str) -> None:
    _open(tab, plan, "staff/do-report-odd")
    press(tab, "button", "Neem alle negen regels over")
    press(tab, "button", "Publiceer de instructie")
    expect(tab.locator("main")).to_contain_text("Versie 1 van de instructie is gepubliceerd.")


def _approve(tab: Tab, plan: str) -> None:
    tab.goto(f"{plan}/versions")
    press(tab, "button", "Ter beoordeling aanbieden")
    main = tab.locator("main")
    expect(main).to_contain_text("U bent eigenaar: lees het hieronder")
    expect(main).to_contain_text(re.compile(r"Nog \d+ vragen open"))
    expect(main.get_by_text("SHA-256")).to_be_hidden()
    expect(main).not_to_contain_text("verschillen")
    press(tab, "button", "Goedkeuren en in gebruik nemen")
    expect(main).to_contain_text("Uw plan is nu in gebruik.")
