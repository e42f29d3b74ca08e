"""Taking changes back: exactly what was there, or nothing when somebody changed it since."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from core import db
from plans.errors import NotThere
from plans.models import Asset, Contact
from plans.registers import services
from plans.registers.columns import REGISTERS, register
from plans.registers.rows import values_of
from plans.registers.shape import Kind, Register, Value
from plans.registers.undo.models import RegisterChange
from plans.registers.undo.services import KEPT, ChangedSince, Record, undo
from plans.turns import seen
from tests.cast import Cast, Organisation, Person
from tests.plans.registers_rows import JANUARY_31, add, full
from tests.visitor import Visitor

Scoping = Callable[[Organisation], AbstractContextManager[None]]
Visiting = Callable[[Person | None], Visitor]
HOME = "/o/bakery/registers"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PCS, LICENCES, CONTACTS = register("office-pcs"), register("licences"), register("contacts")
EVERY_REGISTER = pytest.mark.parametrize("found", REGISTERS, ids=lambda found: found.slug)


def held(found: Register, row_id: UUID) -> dict[str, Value]:
    """What a row holds."""
    return values_of(found, services.find_row(found, row_id))


def changed(found: Register, row_id: UUID, **values: Value) -> UUID:
    """Change a row and keep it; return the change."""
    record = Record(NOW)
    services.change_row(found, row_id, values, version=None, record=record)
    return record.id


@EVERY_REGISTER
def test_every_column_gets_back_exactly_what_it_held(found: Register, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        row_id = services.add_row(found, full(found, "Before")).id
        before = held(found, row_id)
        empty = {column.name: column.empty for column in found.columns if not column.required}
        change = changed(found, row_id, **empty, name="After")
        assert held(found, row_id) != before
        assert undo(change, Record(NOW))
        assert held(found, row_id) == before


def test_references_amounts_and_what_has_no_end_come_back(cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        henk = add("contacts", "Henk")
        shop = add("departments", "Shop", head_id=henk)
        office = add("licences", "Office", perpetual=True, yearly_cost=Decimal("12.50"))
        changes = [
            changed(register("departments"), shop, head_id=None),
            changed(LICENCES, office, expires_on=JANUARY_31, yearly_cost=None),
        ]
        for change in changes:
            undo(change, Record(NOW))
        assert held(register("departments"), shop)["head_id"] == henk
        row = held(LICENCES, office)
        assert (row["expires_on"], row["perpetual"], row["yearly_cost"]) == (None, True, Decimal("12.50"))


def test_changes_are_taken_back_one_after_the_other_and_a_taking_back_too(cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        till = add("office-pcs", "Till 1", location="Shop")
        first, second = changed(PCS, till, location="Bakehouse"), changed(PCS, till, location="Cellar")
        with pytest.raises(ChangedSince):
            undo(first, Record(NOW))
        back = Record(NOW)
        assert undo(second, back)
        assert held(PCS, till)["location"] == "Bakehouse"
        assert undo(first, Record(NOW))
        assert held(PCS, till)["location"] == "Shop"
        with pytest.raises(ChangedSince):
            undo(back.id, Record(NOW))


def test_nothing_is_taken_back_when_one_of_several_rows_changed_since(cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        one, two = add("office-pcs", "One", location="A"), add("office-pcs", "Two", location="B")
        rows = services.find_rows(PCS, [one, two])
        record = Record(NOW)
        services.change_rows(PCS, [one, two], "location", "C", seen=seen(rows), record=record)
        changed(PCS, two, location="D")
        with pytest.raises(ChangedSince) as refused:
            undo(record.id, Record(NOW))
        assert refused.value.names == ("Two",)
        assert [held(PCS, row_id)["location"] for row_id in (one, two)] == ["C", "D"]


def test_another_column_changed_since_stays_as_it_is(cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        till = add("office-pcs", "Till 1", location="Shop")
        change = changed(PCS, till, location="Cellar")
        changed(PCS, till, holder="Henk")
        assert undo(change, Record(NOW))
        row = held(PCS, till)
        assert (row["location"], row["holder"]) == ("Shop", "Henk")


def test_added_row_is_put_away_unless_somebody_worked_on_it(cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        quiet, busy = Record(NOW), Record(NOW)
        one = services.add_row(PCS, {"name": "One"}, record=quiet)
        two = services.add_row(PCS, {"name": "Two"}, record=busy)
        changed(PCS, two.id, holder="Henk")
        assert undo(quiet.id, Record(NOW))
        assert one.archived_at == NOW
        with pytest.raises(ChangedSince):
            undo(busy.id, Record(NOW))
        assert two.archived_at is None


def test_row_put_away_since_is_not_changed_behind_its_back(cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        till = add("office-pcs", "Till 1", location="Shop")
        change = changed(PCS, till, location="Cellar")
        services.archive_row(PCS, till, at=NOW)
        with pytest.raises(ChangedSince):
            undo(change, Record(NOW))


def test_taking_back_twice_does_it_once(cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        till = add("office-pcs", "Till 1", location="Shop")
        change = changed(PCS, till, location="Cellar")
        assert undo(change, Record(NOW))
        assert not undo(change, Record(NOW))
        assert held(PCS, till)["location"] == "Shop"


def test_foreign_change_is_not_there(cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.other):
        till = add("office-pcs", "Till 1", location="Shop")
        change = changed(PCS, till, location="Cellar")
    with scope_of(cast.bakery), pytest.raises(NotThere):
        undo(change, Record(NOW))
    with scope_of(cast.other):
        assert held(PCS, till)["location"] == "Cellar"


def test_what_is_too_old_is_thrown_away(cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        till = add("office-pcs", "Till 1")
        old = Record(NOW - KEPT - timedelta(seconds=1))
        services.change_row(PCS, till, {"location": "A"}, version=None, record=old)
        edge = Record(NOW - KEPT)
        services.change_row(PCS, till, {"location": "B"}, version=None, record=edge)
        fresh = changed(PCS, till, location="C")
        assert set(db.session().scalars(sa.select(RegisterChange.id))) == {edge.id, fresh}


def test_nothing_is_kept_of_a_change_that_changes_nothing(cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        till = add("office-pcs", "Till 1", location="Shop")
        changed(PCS, till, location="Shop")
        assert db.session().scalar(sa.select(sa.func.count(RegisterChange.id))) == 0


def undo_address(page: str) -> str:
    """The address behind the first button that takes something back."""
    found = re.search(r'action="([^"]*/undo)"', page)
    assert found, "nothing to undo"
    return found[1]


def test_notice_after_a_change_takes_it_back_and_returns_to_the_list(
    visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    with scope_of(cast.bakery):
        row_id = add("contacts", "Henk", job_title="Baker")
    editor = visitor(cast.editor)
    answer = editor.post(f"{HOME}/contacts/{row_id}", {"version": "1", "name": "Henk", "job_title": "Cook"})
    address = undo_address(editor.get(answer.location).text)
    back = editor.post(address, {"back": f"{HOME}/contacts"})
    assert back.location == f"{HOME}/contacts"
    with scope_of(cast.bakery):
        assert db.session().scalar(sa.select(Contact.job_title)) == "Baker"
    assert editor.post(address, {"back": "https://elsewhere.example"}).location == f"{HOME}/changes"


def test_page_of_recent_changes_tells_who_what_and_what_is_in_the_way(
    visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    editor, owner = visitor(cast.editor), visitor(cast.owner)
    editor.post(f"{HOME}/contacts/new", {"name": "Henk"})
    with scope_of(cast.bakery):
        (row_id,) = db.session().scalars(sa.select(Contact.id))
    address = undo_address(editor.get(f"{HOME}/changes").text)
    owner.post(f"{HOME}/contacts/{row_id}", {"version": "1", "name": "Henk Bakker"})
    refused = editor.post(address)
    assert refused.status_code == 409
    assert "Henk Bakker" in refused.text
    page = visitor(cast.reader).get(f"{HOME}/changes").text
    assert cast.owner.name in page
    assert cast.editor.name in page
    assert 'method="post"' not in page.partition('id="main"')[2]


def test_only_editors_of_the_organisation_take_back(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        till = add("office-pcs", "Till 1", location="Shop")
        change = changed(PCS, till, location="Cellar")
    assert visitor(cast.reader).post(f"{HOME}/changes/{change}/undo").status_code == 403
    assert visitor(cast.stranger).post(f"{HOME}/changes/{change}/undo").status_code == 404
    assert visitor(cast.editor).post(f"{HOME}/changes/{uuid4()}/undo").status_code == 404
    with scope_of(cast.bakery):
        query: sa.Select[Any] = sa.select(Asset.location)
        assert db.session().scalar(query) == "Cellar"


def test_kinds_of_columns_are_all_told_apart_by_what_is_kept() -> None:
    known = {Kind.DAY, Kind.TERM, Kind.AMOUNT, Kind.CONTACT, Kind.PARTY, Kind.CHOICE, Kind.NUMBER, Kind.YES_NO}
    texts = {column.kind for found in REGISTERS for column in found.columns if column.empty == ""}
    assert {column.kind for found in REGISTERS for column in found.columns} <= known | texts
