"""The part of an item's page on which it is answered: what its template shows, and the form, by how it is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from plans.fields import ITEM_FIELDS, Field, FieldKind
from plans.handbook import Item
from plans.items.forms import SeatInputs, answer_form, seats_form, shown_seats
from plans.items.myself import HEADS, empty_seats, unled
from plans.items.naming import Naming, names_form, naming_at
from plans.items.queries import StoredAnswer, answers, may_sit, parties, people, register_size, seated
from plans.items.shown import Shown, shown_fields, shown_people
from plans.items.signing_in import ITEMS, Asked, asked_at, signing_form
from plans.payments.drafts import draft_of
from plans.shapes import ITEM_REGISTERS, RegisterPage
from plans.status import ItemState
from plans.turns import seen
from plans.upkeep.queries import Unconfirmed, tightened, unconfirmed_contacts, unconfirmed_licences

IN_A_LIST = _l("You answer this in a register: a list that you keep up to date there.")
TABLES: Mapping[str, Any] = MappingProxyType(
    {
        "processes.department-heads": _l("You answer this in a list: tell for each department who leads it."),
        "processes.systems-used": _l("You answer this in a table: tick which department uses which system."),
        "processes.data-needed": _l("You answer this in a table: tick which department needs which data."),
        "processes.priorities": _l(
            "You answer this in a table: give each system a number, the hours within which it must work again, and how "
            "many hours of work you may lose."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Opened:
    """An item's page as it is opened.

    form: the one that came back with mistakes; conflict: somebody else saved first; wider: show every deputy;
    page: of a long list, from 1; draft: begin an empty box with an example to adapt.
    """

    item: Item
    today: date
    states: Mapping[str, ItemState]
    form: Any = None
    conflict: bool = False
    wider: bool = False
    page: int = 1
    draft: bool = False


@dataclass(frozen=True, slots=True)
class FieldsPanel:
    """An item answered by a form. stored: the answer in words; draft: an example to adapt, "" where there is none."""

    form: Any
    stored: Sequence[Shown]
    answer: StoredAnswer | None
    inputs: Sequence[tuple[Field, Any]]
    asks_contact: bool
    asks_party: bool
    draft: str = ""


@dataclass(frozen=True, slots=True)
class SeatsPanel:
    """An item answered by people.

    hidden_deputies: there are deputies that the page could show; open: how many places somebody still has to take.
    """

    form: Any
    stored: Sequence[Shown]
    seats: Sequence[SeatInputs]
    hidden_deputies: bool
    open: int


@dataclass(frozen=True, slots=True)
class RegisterPanel:
    """An item answered by a register elsewhere. count: the rows it holds; naming: what has to be named before that.

    text: how it is answered there; open: how many departments still want a head, where that is asked; signing: the
    record of which nobody told yet how one signs in, which `form` then asks.
    """

    page: RegisterPage
    text: Any
    count: int
    unconfirmed: Unconfirmed | None
    naming: Naming | None = None
    form: Any = None
    stored: Sequence[Shown] = ()
    open: int = 0
    signing: Asked | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """The answer of an item with fields, and its form."""

    answer: StoredAnswer | None
    form: Any
    shown: Sequence[Shown]


def stored_fields(item_id: str, **sent: Any) -> Stored:
    """Return the answer to an item with fields and its form. sent: formdata=None for a fresh page."""
    kinds = {one.kind for one in ITEM_FIELDS[item_id]}
    known = people() if FieldKind.CONTACT in kinds else {}
    firms = parties() if FieldKind.PARTY in kinds else {}
    found = answers([item_id]).get(item_id)
    form = answer_form(item_id, found, known, firms, **sent)
    return Stored(found, form, shown_fields(item_id, found, known, firms))


def fields_panel(opened: Opened) -> FieldsPanel:
    """Return the panel of an item with fields."""
    stored = stored_fields(opened.item.id, formdata=None)
    form = opened.form or stored.form
    if opened.conflict:
        form.seen.data = seen([stored.answer] if stored.answer else [])
    asked, draft = ITEM_FIELDS[opened.item.id], draft_of(opened.item.id)
    if opened.draft and draft and not (opened.form or form.protocol.data):
        form.protocol.data = draft
    kinds = {one.kind for one in asked}
    inputs = [(one, form[one.name]) for one in asked]
    return FieldsPanel(
        form, stored.shown, stored.answer, inputs, FieldKind.CONTACT in kinds, FieldKind.PARTY in kinds, draft
    )


def seats_panel(opened: Opened) -> SeatsPanel:
    """Return the panel of an item answered by people."""
    known, sitting = people(), seated([opened.item.id])
    form = opened.form or seats_form(
        opened.item.id, sitting, may_sit(opened.item.id, known, sitting.values()), formdata=None
    )
    if opened.conflict:
        form.seen.data = seen(sitting.values())
    # A deputy is somebody else: while there are not two people, none can be chosen.
    several = sum(not one.archived for one in known.values()) > 1
    seats = shown_seats(opened.item.id, form, deputies=opened.wider and several)
    hidden = several and any(one.deputy is None for one in seats)
    stored = shown_people(opened.item.id, sitting, known)
    return SeatsPanel(form, stored, seats, hidden, empty_seats(opened.item.id))


def register_panel(opened: Opened) -> RegisterPanel:
    """Return the panel of an item answered by a register."""
    page = ITEM_REGISTERS[opened.item.id]
    unconfirmed = None
    if opened.item.id == "upkeep.contacts":
        unconfirmed = unconfirmed_contacts(opened.today, tightened())
    elif opened.item.id == "upkeep.licences":
        unconfirmed = unconfirmed_licences(opened.today, tightened())
    count = unconfirmed.total if unconfirmed else register_size(page.register)
    naming = naming_at(opened.item.id)
    form = opened.form or (names_form(naming, formdata=None) if naming else None)
    signing = asked_at(opened.item.id, opened.form.new_id if opened.form and not naming else None)
    if signing and form is None:
        form = signing_form(signing, ITEMS[opened.item.id], formdata=None)
    text, headless = TABLES.get(opened.item.id, IN_A_LIST), unled() if opened.item.id == HEADS else 0
    return RegisterPanel(page, text, count, unconfirmed, naming, form, open=headless, signing=signing)
