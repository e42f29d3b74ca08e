"""Many rows of any register added at once are kept, told of and undone as the same rows added one by one."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from core import db
from core.inserting import Same
from plans.models import Contact, ExternalParty, PartyKind
from plans.registers.columns import REGISTERS
from plans.registers.rows import values_of
from plans.registers.shape import Column, Kind, Register
from plans.registers.undo.steps import Added, Step, packed, photo, unpacked
from tenants.adding import add_columns
from tenants.models import TrailEntry
from tenants.scope import scoped, whole
from tests.cast import Cast
from tests.tenants.trail_attacks import verdict_on

# More than two statements to PostgreSQL, and some rows left over.
ROWS = 123
TEXTS = ("", "100 %s", 'a "b" \\ c', "O'Neil; --", "Ée \U0001f9c0", "{}", "x" * 40, "null", "%(name)s")
DAYS = (None, date(1900, 1, 1), date(2026, 2, 28), date(9999, 12, 31))
AMOUNTS = (None, Decimal("0.00"), Decimal("1234567.89"), Decimal("10.50"))


def cells(column: Column, referred: dict[Kind, Any]) -> Sequence[Any]:
    """Values such as an import hands over, for as many rows."""
    some: Sequence[Any]
    if column.name == "name":
        return [f"{place} {TEXTS[place % len(TEXTS)]}"[: column.limit or None] for place in range(ROWS)]
    match column.kind:
        case Kind.DAY | Kind.TERM:
            some = DAYS
        case Kind.AMOUNT:
            some = AMOUNTS
        case Kind.NUMBER:
            some = (None, 1, 2, 3)
        case Kind.YES_NO:
            some = (True, False)
        case Kind.CHOICE:
            some = [choice.value for choice in column.choices]
        case Kind.CONTACT | Kind.PARTY:
            some = (None, referred[column.kind])
        case _:
            some = [text[: column.limit or None] for text in TEXTS]
    if column.empty is not None:
        some = [column.empty if value is None else value for value in some]
    return [some[place % len(some)] for place in range(ROWS)]


def kept(register: Register, tenant_id: int, ids: Sequence[Any]) -> tuple[list[Any], list[Any], list[Any]]:
    """What the database and the trail hold of rows, in their order, and what a step back would compare them with."""
    model: Any = register.model
    db.session().expire_all()
    rows = [db.session().get_one(model, (tenant_id, one)) for one in ids]
    entries = {one.subject_id: one for one in db.session().scalars(sa.select(TrailEntry))}
    told = [(entries[one].label, entries[one].changes, entries[one].action, entries[one].subject) for one in ids]
    return [values_of(register, row) for row in rows], told, [photo(register, row) for row in rows]


@pytest.mark.parametrize("register", REGISTERS, ids=lambda one: one.slug)
def test_rows_of_a_register_added_at_once_are_what_one_by_one_they_would_be(
    app: Flask, cast: Cast, register: Register
) -> None:
    model: Any = register.model
    with app.app_context(), scoped(whole(cast.bakery.id)):
        contact, party = Contact(name="Henk"), ExternalParty(kind=PartyKind.INSURER, name="Safe")
        db.session().add_all([contact, party])
        db.session().flush()
        columns = {one.name: cells(one, {Kind.CONTACT: contact.id, Kind.PARTY: party.id}) for one in register.columns}
        kind = {} if register.asset_kind is None else {"kind": register.asset_kind}
        objects: list[Any] = [
            model(**kind, **{name: told[place] for name, told in columns.items()}) for place in range(ROWS)
        ]
        for one in objects:
            db.session().add(one)
            db.session().flush()
        alone = kept(register, cast.bakery.id, [one.id for one in objects])
        ids = add_columns(model, ROWS, {**columns, **{name: Same(value) for name, value in kind.items()}})
        steps: list[Step] = unpacked(packed([], [Added(register, ids, columns)]))
        together = kept(register, cast.bakery.id, [one.row_id for one in steps])
        assert together[0] == alone[0]
        assert together[1] == alone[1]
        assert [one.after for one in steps] == together[2] == alone[2]
    assert verdict_on(app, "bakery").broken is None
