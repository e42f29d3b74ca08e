"""How an owner answers each step of the guided path: by the words on the page, as somebody does who never saw it."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType

from playwright.sync_api import Locator, expect
from playwright.sync_api import Page as Tab

from core import clock

PEOPLE = (
    ("Gerda Smit", "06 12345678", "gerda@garage-smit.example"),
    ("Bram Kuiper", "06 23456789", "bram@garage-smit.example"),
    ("Noor Visser", "06 34567890", "noor@garage-smit.example"),
)
# Registers that this garage keeps, as they stand in its spreadsheet.
BLOCKS: Mapping[str, str] = MappingProxyType(
    {
        "Office PCs": """Name\tSpecifications\tSerial number\tLocation
Desk 1\tDell, i5, 16 GB\tDL-0001\tReception
Desk 2\tDell, i5, 16 GB\tDL-0002\tReception
Workshop\tPanasonic Toughbook\tPN-7781\tBridge 2""",
        "Servers": """Name\tSpecifications\tSerial number\tLocation\tAdministrator
Server\tHP ProLiant, 32 GB\tHP-4411\tOffice\tNetwerk Noord""",
        "Software licences": """Name\tSupplier\tNumber of licences\tExpires on
Garage system\tAutoSoft\t5\t{next_year}
Office package\tMicrosoft\t6\t{next_year}""",
        "Mobile phones": """Name\tUser\tSerial number
Telephone of Gerda\tGerda Smit\tMB-001""",
    }
)
# Questions to which the first choice is no good answer.
NO_IS_RIGHT = ("deletable",)
# What is written where a figure or a day is asked that not just any will do for.
TYPED: Mapping[str, str] = MappingProxyType({"amount": "500", "cost": "150", "version": "1", "hours": "2,5"})


def press(tab: Tab, role: str, name: str | re.Pattern[str], *, within: Locator | None = None) -> None:
    """Press the first link or button of that name, and wait for the page behind it."""
    place = within or tab.locator("main")
    with tab.expect_navigation(wait_until="domcontentloaded"):
        place.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]


def heading(tab: Tab) -> str:
    """What the page is about."""
    return tab.locator("h1").inner_text()


def answer(tab: Tab) -> None:
    """Answer the step that is open, and go on to the next."""
    title, address = heading(tab), tab.url
    special = next((doing for begins, doing in DOINGS.items() if title.startswith(begins)), None)
    if special:
        special(tab)
    elif _named(tab, "Add the result").count():
        fill(_form(tab, "Add the result"))
        press(tab, "button", "Add the result")
    elif _named(tab, "Open the register").count():
        _register(tab, title)
    else:
        fill(_form(tab, "Save and go on"))
        press(tab, "button", "Save and go on")
    if tab.url == address:
        press(tab, "button", re.compile("Go on to the next step|Skip for now"))


def _named(tab: Tab, name: str) -> Locator:
    return tab.locator("main").get_by_role("button", name=name).or_(tab.locator("main").get_by_role("link", name=name))


def _form(tab: Tab, button: str) -> Locator:
    found = tab.locator("main form").filter(has=tab.get_by_role("button", name=button)).first
    # Found by its place from here on: what has a role is worked out anew for each box that is filled in.
    forms = "form => [...document.querySelectorAll('main form')].indexOf(form)"
    return tab.locator("main form").nth(int(found.evaluate(forms)))


def fill(form: Locator) -> None:
    """Fill in every box of a form that is open: what is in order, the next person, today, a few words."""
    for place, box in enumerate(form.locator("select:visible").all()):
        box.select_option(index=1 + place % max(1, box.locator("option").count() - 1))
    for group in form.locator("fieldset:visible").all():
        for box in (*group.locator("input[type=radio]").all()[:1], *group.locator("input[type=checkbox]").all()):
            box.check()
        for name in NO_IS_RIGHT:
            for box in group.locator(f"input[name={name}][value=no]").all():
                box.check()
    for box in form.locator("textarea:visible, input.form-control:visible").all():
        name = str(box.get_attribute("name"))
        if box.get_attribute("type") == "date":
            later = clock.today() + timedelta(days=300 if name == "expires_on" else 0)
            box.fill(later.isoformat())
        elif box.get_attribute("inputmode") == "numeric" or name in TYPED:
            box.fill(TYPED.get(name, "4"))
        elif not box.input_value():
            box.fill("As it hangs beside the desk")


def _heads(tab: Tab) -> None:
    """The first register: its lists are empty until people are added, from the very page that misses them."""
    press(tab, "link", "Open the register")
    names = tab.locator("table.cells tbody a").all_inner_texts()
    for number, name in enumerate(names):
        press(tab, "link", name, within=tab.locator("table.cells"))
        if not number:
            press(tab, "link", "Somebody is missing? Add a contact")
            for place, (person, phone, email) in enumerate(PEOPLE, 1):
                tab.get_by_label("Name", exact=True).fill(person)
                tab.get_by_label("Telephone", exact=True).fill(phone)
                tab.get_by_label("E-mail address").fill(email)
                tab.get_by_label("Confirmed on").fill(clock.today().isoformat())
                press(tab, "button", "Save" if place == len(PEOPLE) else "Save and add another")
            expect(tab.locator("h1")).to_have_text(name)
        tab.get_by_label("Head").select_option(label=PEOPLE[number % 3][0])
        tab.get_by_label("Deputy").select_option(label=PEOPLE[(number + 1) % 3][0])
        press(tab, "button", "Save")
    press(tab, "button", "Go on to the next step")


def _table(tab: Tab) -> None:
    """Tick who uses what."""
    press(tab, "link", "Open the register")
    for row in tab.locator("table.matrix tbody tr").all()[:-1]:
        for box in row.locator("input[type=checkbox]").all():
            box.check()
    press(tab, "button", "Save")
    press(tab, "button", "Go on to the next step")


def _priorities(tab: Tab) -> None:
    """The example proposed an order; tell for each department how bad an outage gets."""
    press(tab, "link", "Open the register")
    press(tab, "link", "To the departments")
    names = tab.locator("table.cells tbody a").all_inner_texts()
    for name in names:
        press(tab, "link", name)
        for group in tab.get_by_role("group").filter(has=tab.get_by_role("radio")).all():
            group.get_by_role("radio", name="Serious").check()
        press(tab, "button", "Save")
        press(tab, "link", "Departments", within=tab.get_by_role("navigation", name="You are here"))
    press(tab, "button", "Go on to the next step")


def _tasks(tab: Tab) -> None:
    """Write down each task, and that each knows it."""
    fill(_form(tab, "Save"))
    press(tab, "button", "Save")
    known = tab.get_by_role("button", name=re.compile("^Acknowledged today"))
    for place in range(known.count()):
        with tab.expect_navigation():
            known.nth(place).click()


def _activation(tab: Tab) -> None:
    """Take the signs of the example, that it begins and that it is over, and say who decides."""
    press(tab, "link", "By which signs do you decide?")
    for _list in range(2):
        press(tab, "button", "Begin with these examples")
    press(tab, "link", re.compile("^Back to the step"))
    fill(_form(tab, "Save and go on"))
    press(tab, "button", "Save and go on")


def _parties(tab: Tab) -> None:
    """Add who is missing in the example."""
    for kind in ("Insurer", "Lawyer"):
        press(tab, "link", re.compile(f"Add one .*{kind}"))
        tab.get_by_label("Name", exact=True).fill(f"{kind} of the garage")
        tab.get_by_label("Telephone").fill("088 1234567")
        press(tab, "button", "Save")


def _phones(tab: Tab) -> None:
    """Give the first its number on its own page, and the others theirs in the table."""
    press(tab, "link", "Our IT administrator")
    tab.get_by_label("Telephone").fill("088 1234567")
    press(tab, "button", "Save")
    place = tab.locator("table.cells thead th").all_inner_texts().index("Telephone")
    for row in tab.locator("table.cells tbody tr").all():
        cell = row.locator("td").nth(place)
        if not cell.inner_text():
            cell.click()
            expect(tab.locator("#cell-input")).to_be_focused()
            tab.keyboard.type("088 7654321")
            tab.keyboard.press("Enter")
            expect(cell).to_contain_text("088")
    press(tab, "link", re.compile("^Back to the step"))


def _recovery(tab: Tab) -> None:
    """Take the steps that are proposed."""
    press(tab, "button", "Propose a step for each, by priority")


def _policy(tab: Tab) -> None:
    """Publish the instruction of the example, and note who read it."""
    press(tab, "button", "Publish the instruction")
    for box in tab.locator("table").last.get_by_role("checkbox").all():
        box.check()
    press(tab, "button", "Note for who is ticked")


def _register(tab: Tab, title: str) -> None:
    """Paste what the spreadsheet holds of a register; leave out what a garage does not have."""
    block = next((text for name, text in BLOCKS.items() if title.startswith(name)), None)
    if block is None:
        tab.get_by_text("Does this not apply to you?", exact=True).click()
        tab.get_by_label("Why does this not apply to you?").fill("A garage of six people has none of these")
        press(tab, "button", "Leave it out")
        return
    press(tab, "link", "Open the register")
    press(tab, "link", re.compile("paste rows", re.IGNORECASE))
    next_year = clock.today() + timedelta(days=365)
    tab.get_by_label("Rows").fill(block.format(next_year=next_year.strftime("%d-%m-%Y")))
    press(tab, "button", "Show the preview")
    press(tab, "button", "Bring the chosen rows in")
    expect(tab.locator("main")).to_contain_text("Everything could be used.")
    press(tab, "button", "Go on to the next step")


def _confirmed(tab: Tab) -> None:
    """Look through a register, and say that it is right; so too what the step asks for of another register."""
    press(tab, "link", "Open the register")
    _all_right_today(tab)
    if "Our IT administrator" in tab.locator("main").inner_text():
        home = tab.url.partition("/registers/")[0]
        tab.goto(f"{home}/registers/parties?path=upkeep.contacts")
        _all_right_today(tab)
    press(tab, "button", "Go on to the next step")


def _all_right_today(tab: Tab) -> None:
    press(tab, "link", "Tick all on this page")
    press(tab, "button", "The ticked records are right today")


def _later(_tab: Tab) -> None:
    """What can only be done once there is a plan."""


DOINGS: Mapping[str, Callable[[Tab], None]] = MappingProxyType(
    {
        "Department heads": _heads,
        "Which systems each": _table,
        "Which data each": _table,
        "Which systems are restored": _priorities,
        "Every member knows": _tasks,
        "Who decides that the plan": _activation,
        "External parties to call in": _parties,
        "Phone numbers of external": _phones,
        "Recovery:": _recovery,
        "What to do is laid down": _policy,
        "A change in the business": _later,
        "Contact data checked": _confirmed,
        "Licence data checked": _confirmed,
    }
)
