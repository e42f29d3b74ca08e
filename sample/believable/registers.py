"""People, parties, departments, systems and data of a believable organisation."""

from itertools import pairwise
from uuid import UUID

from core.i18n import Language
from plans.models import (
    Contact,
    DataSet,
    Department,
    DepartmentDataSet,
    DepartmentSystem,
    ExternalParty,
    Impact,
    PartyKind,
    System,
    SystemNeed,
)
from sample.believable import words
from sample.believable.book import Book
from sample.believable.dice import Dice

IMPACT_COLUMNS = ("impact_4_hours", "impact_day", "impact_3_days", "impact_week", "impact_longer")
KINDS = (PartyKind.IT_ADMINISTRATOR, PartyKind.INSURER, PartyKind.FACILITY, PartyKind.LAWYER, PartyKind.SUPPLIER)


def add_registers(book: Book, dice: Dice, completeness: float) -> None:
    """Add the registers; gaps in them are as frequent as the organisation is incomplete."""
    careful = 0.6 + 0.4 * completeness
    _contacts(book, dice, careful)
    for kind in KINDS:
        if dice.chance(careful):
            book.parties.append(_party(book, dice, kind, careful))
    _processes(book, dice, careful)


def mobile(dice: Dice) -> str:
    """Return a mobile number in the series that examples use."""
    return f"+316123{dice.digits(5)}"


def _contacts(book: Book, dice: Dice, careful: float) -> None:
    for nth in range(dice.number(8, 20)):
        first, family = dice.pick(words.FIRST_NAMES), dice.pick(words.FAMILIES)
        name, staff = f"{first} {family}", nth < 2 or dice.chance(0.9)
        row_id = book.add(
            Contact,
            {
                "name": name,
                "job_title": words.JOB_TITLES[nth] if nth < 2 else dice.pick(words.JOB_TITLES),
                "department": dice.pick(words.DEPARTMENTS),
                "phone": mobile(dice) if dice.chance(careful) else "",
                "email": f"{first.lower()}.{nth + 1}@{book.domain}" if dice.chance(careful) else "",
                "is_staff": staff,
                "language": Language.ENGLISH if dice.chance(0.1) else None,
                "confirmed_on": dice.ago(0, 200) if dice.chance(careful) else None,
            },
        )
        book.contacts.append(row_id)
        if staff:
            book.staff.append((row_id, name))
        book.author = book.author or name


def _party(book: Book, dice: Dice, kind: PartyKind, careful: float) -> UUID:
    name = dice.pick(words.SUPPLIERS) if kind is PartyKind.SUPPLIER else f"{_TITLES[kind]} {dice.pick(words.FAMILIES)}"
    return book.add(
        ExternalParty,
        {
            "kind": kind,
            "name": name,
            "contact_name": f"{dice.pick(words.FIRST_NAMES)} {dice.pick(words.FAMILIES)}",
            "phone": f"+3176520{dice.digits(4)}" if dice.chance(careful) else "",
            "reference": f"Klant {dice.digits(5)}",
            "confirmed_on": dice.ago(0, 300) if dice.chance(careful) else None,
        },
    )


_TITLES = {
    PartyKind.IT_ADMINISTRATOR: "Systeembeheer",
    PartyKind.INSURER: "Verzekeringen",
    PartyKind.FACILITY: "Facilitair",
    PartyKind.LAWYER: "Advocatenkantoor",
}


def _processes(book: Book, dice: Dice, careful: float) -> None:
    for priority, (name, rto, rpo) in enumerate(dice.some(words.SYSTEMS, 5, 9), 1):
        known = dice.chance(careful)
        row_id = book.add(
            System,
            {
                "name": name,
                "recovery_priority": priority if known else None,
                "rto_hours": rto if known else None,
                "rpo_hours": rpo,
                "supplier_id": dice.pick(book.parties) if book.parties and dice.chance(0.5) else None,
                "in_use_on": dice.ago(10, 2500),
            },
        )
        book.systems.append((row_id, name))
    for (one, _), (other, _) in pairwise(reversed(book.systems)):
        # What comes back later needs what comes back first, so that nothing waits in a circle.
        if dice.chance(0.4):
            book.add(SystemNeed, {"system_id": one, "needed_system_id": other})
    data_sets = [
        book.add(
            DataSet,
            {
                "name": name,
                "attractive": attractive,
                "personal": personal,
                "protection": dice.pick(words.PROTECTIONS) if dice.chance(careful) else "",
            },
        )
        for name, attractive, personal in dice.some(words.DATA_SETS, 3, 5)
    ]
    for name in dice.some(words.DEPARTMENTS, 3, 6):
        head = dice.pick(book.staff)[0] if dice.chance(careful) else None
        one = book.add(Department, {"name": name, "head_id": head, **_impacts(dice, careful)})
        if dice.chance(careful):
            for system_id, _ in dice.some(book.systems, 1, 4):
                book.add(DepartmentSystem, {"department_id": one, "system_id": system_id})
        if dice.chance(careful):
            for data_set_id in dice.some(data_sets, 1, 3):
                book.add(DepartmentDataSet, {"department_id": one, "data_set_id": data_set_id})


def _impacts(dice: Dice, careful: float) -> dict[str, Impact]:
    """Answer the five questions: the longer an outage lasts, the worse it is."""
    if not dice.chance(careful):
        return {}
    levels, level = {}, dice.number(0, 1)
    for name in IMPACT_COLUMNS:
        levels[name] = tuple(Impact)[level]
        level = min(level + dice.number(0, 1), len(Impact) - 1)
    return levels
