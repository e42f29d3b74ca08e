"""Ask at the step of a register how one signs in to what is in it: one record at a time, as long as one is untold."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from plans.help import Why
from plans.models import Asset
from plans.registers.columns import BY_SLUG
from plans.registers.forms import RowForm, field_of
from plans.registers.second_step import COLUMNS, KINDS
from plans.registers.shape import Register

ITEMS: Mapping[str, Register] = MappingProxyType(
    {item: register for register in BY_SLUG.values() if register.asset_kind in KINDS for item in register.items}
)
WHY = Why(
    _l(
        "With a password alone, whoever guesses or finds it is in: in your mail first, and from there everywhere. A "
        "second step stops that. But when your phone is gone too, you cannot get in yourself. So tell both."
    ),
    _l("E-mail: an app on the phone of Anna. When that phone is gone: codes on paper, in the safe at her home."),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A record of which nobody told yet how one signs in. left: how many there are, this one among them."""

    id: UUID
    name: str
    version: int
    left: int


def asked_at(item_id: str, row_id: UUID | None = None) -> Asked | None:
    """Return the record to ask about at the step of `item_id`, None where all is told or nothing is asked.

    row_id: the one to ask about, as long as it is untold and not put away; without it the first by name.
    """
    register = ITEMS.get(item_id)
    if register is None:
        return None
    query = sa.select(Asset.id, Asset.name, Asset.version).where(
        Asset.kind == register.asset_kind, Asset.archived_at.is_(None), Asset.second_step.is_(None)
    )
    # Names are sealed: the database cannot sort them.
    rows = sorted(db.session().execute(query), key=lambda row: (row.name.casefold(), row.id))
    chosen = next((row for row in rows if row_id in (None, row.id)), None)
    return Asked(*chosen, left=len(rows)) if chosen else None


def signing_form(asked: Asked, register: Register, **sent: Any) -> RowForm:
    """Return the form that asks it. sent: formdata=None for a fresh page."""
    form: RowForm = FORMS[register.slug](data={"version": asked.version, "row_id": asked.id}, **sent)
    return form


def _form(register: Register) -> type[RowForm]:
    fields = {column.name: field_of(column) for column in COLUMNS}
    return type("SigningForm", (RowForm,), {"register": replace(register, columns=COLUMNS), **fields})


FORMS: Mapping[str, type[RowForm]] = MappingProxyType({one.slug: _form(one) for one in ITEMS.values()})
