"""Name departments, systems or data sets at the step that asks about them: several at once, one to a line."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from core import db
from plans.errors import PlanError
from plans.inputs import TEXT_LENGTH, LongTextBox, filled
from plans.items.queries import REGISTER_MODELS, register_size
from plans.registers.columns import BY_SLUG
from plans.registers.services import add_row
from plans.registers.undo.models import ChangeKind
from plans.registers.undo.services import Record, keep
from plans.registers.undo.steps import step
from plans.turns import take_turn

MOST_NAMES = 50


@dataclass(frozen=True, slots=True)
class Naming:
    """What an empty register is asked to begin with. register: its slug."""

    register: str
    question: Any
    hint: Any


NAMINGS: Mapping[str, Naming] = MappingProxyType(
    {
        one.register: one
        for one in (
            Naming(
                "departments",
                _l("Which departments does your firm have?"),
                _l("One to a line, for example: Bakery, Shop. Do you do everything together? Write: The whole firm."),
            ),
            Naming(
                "systems",
                _l("Which systems does your firm have?"),
                _l("One to a line, for example: Till, E-mail, Bookkeeping, Card reader, Telephone, Web shop."),
            ),
            Naming(
                "data-sets",
                _l("Which data does your firm need?"),
                _l("One to a line, for example: Orders, Recipes, Customers, Wages, Invoices."),
            ),
        )
    }
)
# Registers without which an item cannot be answered, in the order in which they are asked.
NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "processes.department-heads": ("departments",),
        "processes.systems-used": ("departments", "systems"),
        "processes.data-needed": ("departments", "data-sets"),
        "processes.priorities": ("systems",),
    }
)


class NamesForm(FlaskForm):  # type: ignore[misc]
    """The names of what there is."""

    names = LongTextBox(_l("Names"), [filled(_l("Name at least one."))])


def naming_at(item_id: str) -> Naming | None:
    """Return what has to be named before `item_id` can be answered, None when nothing lacks."""
    return next((NAMINGS[one] for one in NEEDED.get(item_id, ()) if not register_size(one)), None)


def names_form(naming: Naming, **sent: Any) -> Any:
    """Return the form that asks for the names."""
    form = NamesForm(**sent)
    form.names.label.text, form.names.description = naming.question, naming.hint
    return form


def add_names(naming: Naming, typed: str, record: Record | None = None) -> int:
    """Add a row for each line, but for those whose name is in use; return how many were added.

    record: keeps all of them as one change, so that they can be taken away again together.
    Raises PlanError when a line is too long for a name, or when there are too many.
    """
    take_turn()
    model = REGISTER_MODELS[naming.register]
    used = {name.casefold() for name in db.session().scalars(sa.select(model.name).where(model.archived_at.is_(None)))}
    found = {name.casefold(): name for line in typed.splitlines() if (name := " ".join(line.split()))}
    wanted = [name for folded, name in found.items() if folded not in used]
    if len(wanted) > MOST_NAMES:
        raise PlanError(_l("At most %(most)s at once. Add the others in the register.", most=MOST_NAMES), "names")
    register, added = BY_SLUG[naming.register], []
    for name in wanted:
        if len(name) > TEXT_LENGTH:
            raise PlanError(
                _l("A name is at most %(most)s characters. Put each on a line of its own.", most=TEXT_LENGTH), "names"
            )
        added.append(step(register, add_row(register, {"name": name}), None))
    keep(ChangeKind.ADDED, added, record)
    return len(wanted)
