"""How a service is brought under cover, page by page: by its supplier, a counterparty, a client and an officer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from flask import Flask
from playwright.sync_api import FilePayload, Locator, expect
from playwright.sync_api import Page as Tab

from continuity.models import SchemeType
from core import clock
from sample.organisations import FOUNDATION
from tests.browser.plan_steps import press
from tests.mailbox import last_letter, link_in

PAPER: FilePayload = {
    "name": "getekend.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n",
}
CLIENT = "Kapsalon Knip"


@dataclass(frozen=True, slots=True)
class Kind:
    """What is asked and told of one type.

    duties: how many it brings; items: how many the foundation must hold; talks: each of the three names a contact.
    """

    question: str
    warning: str
    counterparty: str
    promise: str
    duties: int
    items: int
    talks: bool = False


KINDS: Mapping[SchemeType, Kind] = MappingProxyType(
    {
        SchemeType.HOSTING: Kind(
            "Do you buy hosting services",
            "protects only the hosting service",
            "Upstream supplier",
            "will not stop the service",
            duties=11,
            items=10,
        ),
        SchemeType.SERVER_MANAGEMENT: Kind(
            "Do you manage servers",
            "protects only the management of your clients' servers",
            "Partner company",
            "manages the servers for three months",
            duties=13,
            items=9,
            talks=True,
        ),
        SchemeType.STANDARD_SOFTWARE: Kind(
            "Do you supply licences",
            "protects only that your clients keep a licence",
            "Partner company",
            "delivers the licences for three months",
            duties=9,
            items=4,
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Service:
    """A service on its way: its type, the address of its registration, and what its people are called."""

    scheme_type: SchemeType
    address: str = ""

    @property
    def kind(self) -> Kind:
        """Return what is asked and told of its type."""
        return KINDS[self.scheme_type]

    @property
    def whole(self) -> bool:
        """Tell whether every item is clicked; of the other types the first of a kind, the rest sent from the form."""
        return self.scheme_type is SchemeType.HOSTING

    @property
    def name(self) -> str:
        """Return what clients call it."""
        return f"Zeker {self.scheme_type}"

    @property
    def partner(self) -> str:
        """Return the counterparty."""
        return f"Verder met {self.scheme_type}"

    def mailbox(self, of: str) -> str:
        """Return the address of the counterparty or the client."""
        return f"{of}@{self.scheme_type}.example"


def register(tab: Tab, asked: Service) -> Service:
    """Walk through the wizard from the page of the scheme; return where the registration is."""
    press(tab, "link", "Register a service")
    tab.get_by_label("Name of the service").fill(asked.name)
    tab.get_by_label(asked.kind.question).check()
    press(tab, "button", "Save and continue")
    expect(tab.locator("main .alert-warning")).to_contain_text(asked.kind.warning)
    tab.get_by_label("Your services that are not covered").fill("Telephony")
    tab.get_by_label("I understand that only this service").check()
    press(tab, "button", "Save and continue")
    tab.get_by_label("Foundation").select_option(label=FOUNDATION.values.name)
    press(tab, "button", "Save and continue")
    expect(tab.locator("main")).to_contain_text(f"{asked.kind.counterparty}. You make sure")
    tab.get_by_label("Name of the company").fill(asked.partner)
    tab.get_by_label("Whom you speak to there").fill("Ria de Wit")
    tab.get_by_label("Telephone").fill("020 123 45 67")
    tab.get_by_label("E-mail address").fill(asked.mailbox("ria"))
    press(tab, "button", "Save and continue")
    expect(tab.locator("main tbody tr")).to_have_count(asked.kind.duties)
    press(tab, "link", "To the registration")
    return replace(asked, address=tab.url)


def ask_counterparty(tab: Tab, guest: Tab, asked: Service, app: Flask) -> None:
    """Ask the counterparty by mail whether it is willing; it reads what is asked, and is."""
    press(tab, "link", about("Change", asked.kind.counterparty))
    press(tab, "button", "Ask by mail")
    guest.goto(_host(tab) + link_in(last_letter(app, asked.mailbox("ria"))))
    press(guest, "button", "English", within=guest.locator("body"))
    expect(guest.locator("main")).to_contain_text(asked.kind.promise)
    guest.get_by_label("Yes, we are willing").check()
    guest.get_by_label("Your name").fill("Ria de Wit")
    guest.get_by_label("Your function").fill("Director")
    press(guest, "button", "Send my answer")
    tab.goto(asked.address)
    expect(tab.locator("main")).to_contain_text("Ria de Wit, Director")


def sign(tab: Tab, asked: Service, *, framework_ends: date | None) -> None:
    """Record the agreements that both signed, with their files."""
    press(tab, "link", "Agreements", within=parts(tab))
    today = clock.today().isoformat()
    for name, party, others, ends in (
        ("Framework agreement with the foundation", FOUNDATION.values.name, "Ruben Visser, owner", framework_ends),
        ("Agreement of the foundation with the upstream", asked.partner, "Marijke van Leeuwen, chair", None),
    ):
        press(tab, "link", about("Add", name))
        tab.get_by_label("With whom").fill(party)
        tab.get_by_label("Signed by the first party on").fill(today)
        tab.get_by_label("Who signed for the first party").fill(others)
        tab.get_by_label("Signed by the second party on").fill(today)
        tab.get_by_label("Who signed for the second party").fill("The other, director")
        tab.get_by_label("First day").fill(today)
        tab.get_by_label("Fee or price").fill("20,00")
        if ends:
            tab.locator("#ends_on").fill(ends.isoformat())
        if party == asked.partner:
            tab.get_by_label(asked.kind.promise).check()
        tab.get_by_label("The signed agreement").set_input_files(PAPER)
        press(tab, "button", "Save")
    expect(tab.get_by_role("link", name="getekend.pdf")).to_have_count(2)


def offer_deed(tab: Tab, asked: Service) -> None:
    """Write the deed in both languages, with the usual conditions, and offer it."""
    tab.goto(asked.address)
    press(tab, "link", "Beneficiary deed", within=parts(tab))
    press(tab, "link", "Write the first version")
    tab.get_by_label("Text of the deed in Dutch").fill("De stichting levert de dienst drie maanden.")
    tab.get_by_label("Text of the deed in English").fill("The foundation delivers the service for three months.")
    press(tab, "button", "Save the draft")
    press(tab, "link", "Version 1")
    press(tab, "button", "Offer this version")


def invite(tab: Tab, asked: Service) -> None:
    """Put the client on the list and ask it to accept; fill in what the delivery costs."""
    tab.goto(asked.address)
    press(tab, "link", "Clients and acceptances", within=parts(tab))
    press(tab, "link", "Add a client")
    tab.get_by_label("Name of the client").fill(CLIENT)
    tab.get_by_label("E-mail address").fill(asked.mailbox("kim"))
    tab.get_by_label("Language of mails").select_option(label="English")
    tab.get_by_label("What the client will pay the foundation").fill("20,00")
    press(tab, "button", "Save")
    tab.get_by_role("checkbox", name=f"Choose {CLIENT}").check()
    press(tab, "button", "Ask the clients ticked below")
    expect(tab.locator("main")).to_contain_text("1 mail is on its way.")


def accept(guest: Tab, asked: Service, app: Flask, *, host: str) -> None:
    """Read the deed by the link, get a code by mail, state who one is, and accept; the receipt is a PDF."""
    guest.goto(host + link_in(last_letter(app, asked.mailbox("kim"))))
    expect(guest.locator("main")).to_contain_text("Telephony")
    press(guest, "button", "Send me the code")
    code = re.search(r"^(\d{4} \d{4})\s*$", str(last_letter(app, asked.mailbox("kim")).get_content()), re.MULTILINE)
    assert code is not None
    guest.get_by_label("Your name").fill("Kim Knip")
    guest.get_by_label("Your function").fill("Owner")
    guest.get_by_label("By the trade register, alone").check()
    guest.get_by_label("I understand that only this service").check()
    guest.get_by_label("We agree to the text").check()
    guest.get_by_label("Code from the mail").fill(code[1])
    press(guest, "button", f"Accept for {CLIENT}")
    expect(guest.locator("main .alert-success")).to_contain_text("accepted this deed")
    receipt = guest.get_by_role("link", name="Receipt (PDF)").get_attribute("href")
    assert guest.request.get(f"{host}{receipt}").body().startswith(b"%PDF-")


def name_contacts(tab: Tab, asked: Service) -> None:
    """Name whom to call at each of the three, where the type asks for it."""
    tab.goto(asked.address)
    for party in ("Your company", "The foundation", "The partner company") if asked.kind.talks else ():
        press(tab, "link", about("Change", party))
        tab.get_by_label("Name", exact=True).fill(f"Contact of {party}")
        tab.get_by_label("Telephone").fill("020 123 45 67")
        tab.get_by_label("E-mail address").fill("contact@bereikbaar.example")
        tab.get_by_label("Found right on").fill(clock.today().isoformat())
        press(tab, "button", "Save")


def about(link: str, what: str) -> re.Pattern[str]:
    """What a link is called whose second half only a screen reader tells."""
    return re.compile(rf"^{link}\s*:\s*{re.escape(what)}")


def parts(tab: Tab) -> Locator:
    """The card from which the parts of a registration are reached."""
    return tab.locator("main .card").filter(has=tab.get_by_role("heading", name="Go to"))


def _host(tab: Tab) -> str:
    return tab.url.partition("/o/")[0]
