"""Bakkerij De Halm: two shops, a bakehouse and a plan that is about two thirds complete.

What is left open is left open on purpose, so that each page has something to show: a copy nobody looked after lately,
a head of department without a number, a test that failed, registers that the workbook in use has yet to fill.
"""

from sample.bakery import (
    answers,
    calamity,
    changes,
    copies,
    inventory,
    own,
    papers,
    publishing,
    registers,
    runbook,
    testing,
    upkeep,
)
from sample.days import Days


def fill(days: Days) -> None:
    """Add everything the bakery keeps, inside its scope."""
    book = registers.fill(days)
    inventory.fill(days)
    changes.fill(days)
    answers.fill(book, days)
    copies.fill(book, days)
    own.fill(book, days)
    runbook.fill(book, days)
    testing.fill(book, days)
    calamity.fill(book, days)
    publishing.fill(book, days)
    upkeep.fill(book, days)
    papers.fill(book, days)
