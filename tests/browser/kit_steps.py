"""What people do with the offline kit as a page: type the passphrase, and read what is inside."""

from playwright.sync_api import FrameLocator, Locator, expect
from playwright.sync_api import Page as Tab


def part(tab: Tab) -> Locator:
    """Return the part of the page that is shown: one language's."""
    return tab.locator("main:visible")


def try_with(tab: Tab, passphrase: str) -> None:
    """Type a passphrase and press the button."""
    part(tab).locator("input").fill(passphrase)
    part(tab).locator("button[type=submit]").click()


def open_with(tab: Tab, passphrase: str) -> FrameLocator:
    """Open the kit and return the plan in it."""
    try_with(tab, passphrase)
    expect(part(tab).locator("[data-opened]")).to_be_visible()
    return part(tab).frame_locator("iframe")
