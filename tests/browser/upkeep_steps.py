"""What keeps a client covered, page by page: conditions met, the cost told, all handed over and confirmed."""

import re
from collections.abc import Mapping

from playwright.sync_api import Locator, expect
from playwright.sync_api import Page as Tab

from tests.browser.plan_steps import press
from tests.browser.scheme_steps import CLIENT, PAPER, Service, about, parts

# A page is fetched, its form filled in and sent by the browser, without drawing it.
SEND = """async ([address, which, filled]) => {
  const page = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
  const form = page.querySelector(which), sent = new FormData(form);
  for (const [name, value] of Object.entries(filled)) sent.set(name, value);
  const answer = await fetch(form.getAttribute("action") || address, {method: "POST", body: sent});
  return answer.ok && answer.redirected;
}"""


def check_client(tab: Tab, asked: Service) -> None:
    """Note of each condition that the client meets it, and what the delivery costs."""
    tab.goto(f"{asked.address}/clients")
    press(tab, "link", CLIENT)
    still_open = tab.get_by_role("button", name=re.compile("^Met"))
    while still_open.count():
        press(tab, "button", re.compile("^Met"))
        if not asked.whole:
            break
    for _ in still_open.all():
        send(tab, tab.url, "main form:has(input[name=met_on])", {})
    tab.reload()
    expect(still_open).to_have_count(0)
    tab.goto(asked.address)
    press(tab, "link", about("Change", "Money"))
    tab.get_by_label("What the upstream supplier or partner costs").fill("20,00")
    press(tab, "button", "Save")


def hand_over(tab: Tab, asked: Service) -> None:
    """Hand over all that the foundation must hold: papers as files, what is secret in an envelope."""
    press(tab, "link", "What the foundation holds", within=parts(tab))
    missing = (
        tab.locator("main .task-list > li").filter(has_not_text="Not required.").filter(has_text="Never handed over")
    )
    expect(missing).to_have_count(asked.kind.items)
    sealed = tab.get_by_role("link", name="Seal and hand over")
    for rows in (missing.filter(has_not=sealed), missing.filter(has=sealed)):
        while rows.count():
            _hand_over(tab, rows.first)
            if not asked.whole:
                break
    for address in _addresses(missing.locator(".task-name a")):
        send(tab, f"{address}/deliver", "main form", {"specification": "Envelope in the vault."})
    tab.reload()
    expect(missing).to_have_count(0)


def _hand_over(tab: Tab, row: Locator) -> None:
    if row.get_by_role("link", name="Seal and hand over").count():
        press(tab, "link", re.compile("."), within=row.locator(".task-name"))
        press(tab, "link", "Hand over in another way")
        tab.get_by_label("What is in it").fill("Envelope in the vault, with a list of what is in it.")
    else:
        press(tab, "link", "Hand over", within=row)
        tab.get_by_label("What is in it").fill("The whole description, with drawings.")
        tab.get_by_label("The document").set_input_files(PAPER)
    press(tab, "button", "Record the delivery")


def confirm(tab: Tab, asked: Service) -> None:
    """Look at every delivery as an officer, from the room of the foundation, and confirm it."""
    press(tab, "link", "All registrants")
    press(tab, "link", asked.name)
    waiting = tab.get_by_role("link", name="Look and confirm")
    expect(waiting).to_have_count(asked.kind.items)
    while waiting.count():
        press(tab, "link", "Look and confirm")
        for tick in ("It is complete", "It is readable", "The key fits"):
            tab.get_by_label(tick).check()
        press(tab, "button", "Record what I saw")
        if not asked.whole:
            break
    for address in _addresses(waiting):
        send(tab, address, "main form", {"complete": "y", "readable": "y", "key_fits": "y"})
    tab.reload()
    expect(waiting).to_have_count(0)


def send(tab: Tab, address: str, which: str, filled: Mapping[str, str]) -> None:
    """Fill in and send the form of a page as this person's browser does, without looking at it."""
    assert tab.evaluate(SEND, [address, which, filled]), f"not taken: {address}"


def _addresses(links: Locator) -> list[str]:
    return [str(link.evaluate("e => e.href")) for link in links.all()]
