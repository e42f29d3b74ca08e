"""What the pages of the registers show, put together from rows and from what the audit says of them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from plans.handbook import Item, item
from plans.models import Asset
from plans.registers import queries
from plans.registers.columns import BY_SLUG, REGISTERS
from plans.registers.display import shown
from plans.registers.forms import read_wish
from plans.registers.queries import Listing, Place, Target, Wish
from plans.registers.rows import Values, differences, settled, values_of, with_forever
from plans.registers.shape import Column, Group, Kind, Register, Row
from plans.status import ItemState, Remark, Status

MOST_REMARKS = 5
# Of a longer text a cell of the table shows the beginning; so few characters more are no reason to cut it.
LONGEST, SPARED, CUT = 60, 5, "…"
# What stands on one line in the table: it is read as one thing.
WHOLE = frozenset({Kind.DAY, Kind.PHONE})
# One register holds all rows of a table, but of the inventory.
REGISTER_OF_TABLE = {one.model.__tablename__: one.slug for one in REGISTERS if one.model is not Asset}


@dataclass(frozen=True, slots=True)
class Card:
    """One register on the index: how many rows it has, how it stands and how many remarks there are."""

    register: Register
    count: int
    status: Status
    remarks: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a register stands: its worst state, the handbook items it answers, and what is remarked on them."""

    status: Status
    items: tuple[Item, ...]
    remarks: tuple[Remark, ...]

    @property
    def texts(self) -> list[tuple[str, int]]:
        """Return what is remarked, worst first, with how many records each sentence is about."""
        return list(Counter(str(remark.text) for remark in self.remarks).items())

    @property
    def first_texts(self) -> list[tuple[str, int, Remark]]:
        """Return as many of the texts as fit above a table, each with the first remark that says so."""
        first: dict[str, Remark] = {}
        for remark in self.remarks:
            first.setdefault(str(remark.text), remark)
        return [(text, number, first[text]) for text, number in self.texts[:MOST_REMARKS]]

    @property
    def more(self) -> int:
        """Return how many texts do not fit above a table."""
        return max(0, len(self.texts) - MOST_REMARKS)


@dataclass(frozen=True, slots=True)
class Link:
    """A place somewhere else in the plan."""

    text: str
    href: str


def record_link(remark: Remark, assets: str) -> str:
    """Return the page of the record a remark is about, "" where no register holds it.

    assets: the register of the inventory that it is about where it is about an asset.
    """
    if remark.record_id is None:
        return ""
    slug = assets if remark.kind == Asset.__tablename__ and assets in BY_SLUG else REGISTER_OF_TABLE.get(remark.kind)
    return url_for("registers.edit", register=slug, row_id=remark.record_id) if slug else ""


def register_named(slug: str) -> Register:
    """Return a register, or answer 404."""
    return BY_SLUG.get(slug) or abort(404)


def standing_of(register: Register, states: Mapping[str, ItemState]) -> Standing:
    """Return how `register` stands. states: by handbook item, of its own at least."""
    order = list(Status)
    own = [states[item_id] for item_id in register.items]
    remarks = sorted(
        (remark for state in own for remark in state.remarks), key=lambda remark: -order.index(remark.status)
    )
    worst = max((state.status for state in own), key=order.index)
    return Standing(worst, tuple(item(item_id) for item_id in register.items), tuple(remarks))


def cards(states: Mapping[str, ItemState]) -> tuple[tuple[Group, tuple[Card, ...]], ...]:
    """Return every register under its heading. states: by handbook item."""
    counts = queries.counts()
    found = []
    for register in REGISTERS:
        stands = standing_of(register, states)
        found.append(Card(register, counts[register.slug], stands.status, len(stands.remarks)))
    return tuple((group, tuple(card for card in found if card.register.group is group)) for group in Group)


def lines(listing: Listing, columns: Iterable[Column]) -> list[tuple[str, str, str, list[tuple[str, bool]]]]:
    """Return what each row of the table shows: a label, its id, what stands in its first cell, and the other cells.

    Of a cell: its text, and whether that stays on one line. A template that asks this of each cell takes far longer.
    """
    whole = [column.kind in WHOLE for column in columns][1:]
    return [
        (
            f"r{number}",
            str(line.id),
            line.cells[0],
            [(text if one else _begun(text), one) for text, one in zip(line.cells[1:], whole, strict=True)],
        )
        for number, line in enumerate(listing.lines, 1)
    ]


def _begun(text: str) -> str:
    return text if len(text) <= LONGEST + SPARED else text[: LONGEST - len(CUT)] + CUT


def told(register: Register, row: Row) -> list[tuple[Column, str]]:
    """Return every column of a row with its value in words; a secret is masked."""
    names = queries.names_for(register)
    held = with_forever(register, values_of(register, row))
    return [
        (column, shown(column, held[column.name], names)) for column in register.columns if column.name != "perpetual"
    ]


def told_differences(register: Register, row: Row, values: Values) -> list[tuple[Column, str]]:
    """Return the columns in which `values` differ from the row as it is stored, with what is stored."""
    differing = set(differences(register, values_of(register, row), settled(register, values)))
    return [(column, text) for column, text in told(register, row) if column.name in differing]


def links(places: Iterable[Place]) -> list[Link]:
    """Return the places where a row is used, to go there."""
    found = []
    for place in places:
        if place.target is Target.ITEM:
            used = item(place.item_id)
            found.append(Link(used.title, url_for("plans.item", section=used.section.value, name=used.name)))
        else:
            found.append(Link(place.name, url_for("registers.edit", register=place.target.value, row_id=place.row_id)))
    return found


def address(wish: Wish) -> dict[str, Any]:
    """Return `wish` as the arguments of an address; what it does not need is left out."""
    sort = ("-" if wish.descending else "") + wish.sort
    return {
        "q": wish.q or None,
        "sort": None if sort == "name" else sort,
        "archived": 1 if wish.archived else None,
        "within": wish.within or None,
        "empty": wish.empty or None,
        "columns": ",".join(wish.columns) or None,
        "page": wish.page if wish.page > 1 else None,
    }


def moved(register: Register) -> ResponseReturnValue:
    """Go back to the list when no longer as many rows fit the filter as the page told."""
    flash(_("Somebody changed this list meanwhile, so nothing was done. Look at it again."), "warning")
    return redirect(url_for("registers.show", register=register.slug, **address(read_wish(register, request.args))))
