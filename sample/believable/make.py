"""Put one believable organisation together, by its number."""

from dataclasses import dataclass

from sample.believable import words
from sample.believable.answers import add_answers
from sample.believable.book import Book
from sample.believable.copies import add_copies, add_programme
from sample.believable.dice import Dice
from sample.believable.inventory import add_inventory
from sample.believable.own import add_own
from sample.believable.registers import add_registers
from sample.believable.rows import Rows
from sample.believable.runbook import add_published, add_runbook
from sample.believable.scheme import add_scheme
from sample.days import Days
from tenants.models import TenantKind

# Of every hundred one is a foundation; of every ten one is an IT supplier.
FOUNDATION_AT, SUPPLIER_AT = 9, 4
LEAST_COMPLETE = 0.2


@dataclass(frozen=True, slots=True)
class Founding:
    """What an organisation is called. number: from 0; slug: unique for its seed and number; kvk: issued to nobody."""

    number: int
    name: str
    slug: str
    kvk: str
    kind: TenantKind


def named(seed: int, number: int, days: Days) -> Founding:
    """Return how organisation `number` of a seed is called."""
    dice, kind = Dice(f"{seed}/{number}/name", days), _kind(number)
    family, town = dice.pick(words.FAMILIES), dice.pick(words.TOWNS)
    if kind is TenantKind.FOUNDATION:
        name = f"Stichting Continuiteit {town}"
    elif kind is TenantKind.IT_SUPPLIER:
        name = f"{family} {dice.pick(words.IT_NAMES)} {town}"
    else:
        name = f"{dice.pick(words.TRADES)} {family} {town}"
    slug = f"{name.lower().replace(' ', '-')}-{seed}-{number + 1}"
    return Founding(number, name, slug, f"00{dice.digits(6)}", kind)


def _kind(number: int) -> TenantKind:
    if number % 100 == FOUNDATION_AT:
        return TenantKind.FOUNDATION
    return TenantKind.IT_SUPPLIER if number % 10 == SUPPLIER_AT else TenantKind.BUSINESS


def made(
    founding: Founding, tenant_id: int, rows: Rows, seed: int, days: Days, *, assets: int, foundation_id: int | None
) -> None:
    """Add everything organisation `founding` keeps to `rows`.

    assets: how many records its inventory has; foundation_id: where an IT supplier registers its services.
    """
    dice = Dice(f"{seed}/{founding.number}/rows", days)
    completeness = dice.share(LEAST_COMPLETE, 1)
    book = Book(tenant_id, rows, dice, f"{founding.slug[:50].strip('-')}.example")
    add_registers(book, dice, completeness)
    add_inventory(book, dice, completeness, assets)
    add_published(book, dice, completeness)
    add_answers(book, dice, completeness)
    add_own(book, dice, completeness)
    add_runbook(book, dice, completeness)
    add_copies(book, dice, completeness)
    add_programme(book, dice, completeness)
    if founding.kind is TenantKind.IT_SUPPLIER:
        add_scheme(book, dice, completeness, foundation_id)
