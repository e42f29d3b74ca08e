"""What a believable organisation made its own: items it added, and rows that came from the starter of its branch."""

from plans.handbook import Section
from plans.models import Answer, LineKind, OwnItem, OwnKind, StarterLine
from plans.own_items.ids import own_id
from sample.believable.book import Book
from sample.believable.dice import Dice

ITEMS = (
    (Section.RUNBOOK, "Waar ligt de noodmap?", "In de kast achter de balie, derde plank."),
    (Section.UPKEEP, "Wie heeft de reservesleutel van het pand?", "De buren en de directeur."),
    (Section.PAYMENTS, "Wie mag bestellen zonder overleg?", "Niemand boven de honderd euro."),
)
CHANCE = 0.3


def add_own(book: Book, dice: Dice, completeness: float) -> None:
    """Add an item of its own to about a third of them, and settled proposals to as many."""
    if dice.chance(CHANCE):
        section, title, answer = dice.pick(ITEMS)
        row = {"section": section, "title": title, "kind": OwnKind.TEXT, "interval_days": 365}
        row_id = book.add(OwnItem, {**row, "added_on": dice.ago(30, 300), "added_by": book.author})
        if dice.chance(completeness):
            told = {"item_id": own_id(section, row_id), "values": {"answer": answer}, "answered_by": book.author}
            book.add(Answer, {**told, "answered_on": dice.ago(5, 400)})
    if book.systems and dice.chance(CHANCE):
        system_id, _name = dice.pick(book.systems)
        line = {"line": "office.system.email", "kind": LineKind.SYSTEM, "item_id": "processes.priorities"}
        book.add(StarterLine, {**line, "row_id": system_id, "settled_on": dice.ago(5, 200)})
