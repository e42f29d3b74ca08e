"""Somebody who has just been given a firm of their own, on its first page."""

from playwright.sync_api import BrowserContext

from core.i18n import Language
from tests.browser.driving import Driver
from tests.browser.test_frame import window

PASSWORD = "een lange zin om te onthouden"


def newcomer(
    driver: Driver, slug: str, *, language: Language = Language.ENGLISH, script: bool = True
) -> BrowserContext:
    """Make the firm `slug` with an Eva as its owner; return a fresh window with its first page. The caller closes it.

    Each firm has an Eva of its own: the language that one chooses is hers.
    """
    email = f"eva@{slug}.example"
    runner = driver.scene.app.test_cli_runner()
    made = runner.invoke(args=["tenant", "add", "Bakkerij Zonnehoek", "--slug", slug, "--language", language.value])
    assert made.exit_code == 0
    runner.invoke(args=["user", "add", email, "--name", "Eva Zon"], input=f"{PASSWORD}\n")
    assert runner.invoke(args=["member", "add", email, slug, "--role", "owner"]).exit_code == 0
    fresh = window(driver, script=script)
    tab = fresh.new_page()
    tab.goto(f"{driver.scene.address}/sign-in?next=/o/{slug}/")
    tab.fill("#email", email)
    tab.fill("#password", PASSWORD)
    with tab.expect_navigation():
        tab.locator("main button[type=submit]").first.click()
    return fresh
