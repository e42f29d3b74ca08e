"""The handbook as data: nine sections, 75 items, with the ids everything else refers to.

Source: the business handbook "Wat moet er in mijn IT-calamiteitenplan staan?", version of 10 June 2021.
"""

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from flask_babel import lazy_gettext as _l

from core.i18n import Language, language


class Section(StrEnum):
    """The sections of the plan, in the handbook's order."""

    SELF_CHECK = "self-check"
    BACKUP = "backup"
    INVENTORY = "inventory"
    PROCESSES = "processes"
    RUNBOOK = "runbook"
    STAFF = "staff"
    TESTING = "testing"
    PAYMENTS = "payments"
    UPKEEP = "upkeep"


class ItemKind(StrEnum):
    """How an item is answered."""

    QUESTION = "question"
    MEASURE = "measure"
    REGISTER = "register"
    ROLE = "role"
    ROLES = "roles"
    MATRIX = "matrix"
    ACKNOWLEDGEMENT = "acknowledgement"
    DERIVED = "derived"
    STEPS = "steps"
    INSTRUCTION = "instruction"
    DOCUMENT = "document"
    TEST = "test"
    AMOUNT = "amount"
    PROTOCOL = "protocol"
    REVIEW = "review"


SECTION_TITLES = {
    Section.SELF_CHECK: _l("Opening questions"),
    Section.BACKUP: _l("Back-up"),
    Section.INVENTORY: _l("Inventory"),
    Section.PROCESSES: _l("Business processes"),
    Section.RUNBOOK: _l("Recovery runbook"),
    Section.STAFF: _l("Staff instruction"),
    Section.TESTING: _l("Tests"),
    Section.PAYMENTS: _l("Payments"),
    Section.UPKEEP: _l("Upkeep"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the handbook. id: `section.name`; titles in both languages.

    minutes: about how long writing it down takes somebody at a desk; doing what it asks may take longer
    (audits/next_steps.py).
    """

    id: str
    section: Section
    kind: ItemKind
    title_nl: str
    title_en: str
    complete_when: str
    minutes: int

    @property
    def name(self) -> str:
        """Return the id without its section."""
        return self.id.partition(".")[2]

    @property
    def title(self) -> str:
        """Return the title in the language of the reader."""
        return self.title_in(language())

    def title_in(self, chosen: Language) -> str:
        """Return the title in `chosen`."""
        return self.title_en if chosen is Language.ENGLISH else self.title_nl


@cache
def items() -> tuple[Item, ...]:
    """Return the 75 items in the handbook's order."""
    path = Path(__file__).with_name("handbook.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Item(
                row["id"],
                Section(row["section"]),
                ItemKind(row["kind"]),
                row["title_nl"],
                row["title_en"],
                row["complete_when"],
                int(row["minutes"]),
            )
            for row in csv.DictReader(file)
        )


@cache
def by_id() -> dict[str, Item]:
    """Return the items by their id."""
    return {item.id: item for item in items()}


def item(item_id: str) -> Item:
    """Return one item. Raises KeyError when the handbook has no such id."""
    return by_id()[item_id]


def of_section(section: Section) -> tuple[Item, ...]:
    """Return the items of one section, in order."""
    return tuple(found for found in items() if found.section is section)
