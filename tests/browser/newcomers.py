"""Somebody who has just been given a firm of their own, on its first page."""

from playwright.sync_api import BrowserContext

from core.i18n import Language
from tests.browser.driving import Driver
from tests.browser.test_frame import window

EMAIL, PASSWORD = "eva@zonnehoek.example", "een lange zin om te onthouden"


def newcomer(
    driver: Driver, slug: str, *, language: Language = Language.ENGLISH, script: bool = True
) -> BrowserContext:
    """Make the firm `slug` with Eva as its owner; return a fresh window with its first page. The caller closes it."""
    runner = driver.scene.app.test_cli_runner()
    made = runner.invoke(args=["tenant", "add", "Bakkerij Zonnehoek", "--slug", slug, "--language", language.value])
    assert made.exit_code == 0
    runner.invoke(args=["user", "add", EMAIL, "--name", "Eva Zon"], input=f"{PASSWORD}\n")
    assert runner.invoke(args=["member", "add", EMAIL, slug, "--role", "owner"]).exit_code == 0
    fresh = window(driver, script=script)
    tab = fresh.new_page()
    tab.goto(f"{driver.scene.address}/sign-in?next=/o/{slug}/")
    tab.fill("#email", EMAIL)
    tab.fill("#password", PASSWORD)
    with tab.expect_navigation():
        tab.locator("main button[type=submit]").first.click()
    return fresh
