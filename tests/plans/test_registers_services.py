"""Adding, changing, putting away and confirming rows."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from core import db
from plans.errors import NotThere, PlanError
from plans.models import Asset, AssetKind, Contact
from plans.registers import services
from plans.registers.columns import REGISTERS, register
from plans.registers.rows import values_of
from plans.registers.shape import Forever, Register
from tenants.models import TrailEntry
from tenants.owned import EditConflict
from tenants.scope import scoped, whole
from tests.cast import Cast, Organisation
from tests.plans.registers_rows import JANUARY_31, add, full

Scoping = Callable[[Organisation], AbstractContextManager[None]]
TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CONTACTS, LICENCES, PCS = register("contacts"), register("licences"), register("office-pcs")


@pytest.mark.parametrize("found", REGISTERS, ids=lambda found: found.slug)
def test_full_row_is_kept_as_it_was_given(found: Register, scope_of: Scoping, cast: Cast) -> None:
    values = full(found, "Number one")
    with scope_of(cast.bakery):
        row_id = services.add_row(found, values).id
    with scope_of(cast.bakery):
        held = values_of(found, services.find_row(found, row_id))
        assert {name: held[name] for name in values} == values


@pytest.mark.parametrize("found", REGISTERS, ids=lambda found: found.slug)
def test_row_of_little_more_than_a_name_is_kept(found: Register, scope_of: Scoping, cast: Cast) -> None:
    with scope_of(cast.bakery):
        row_id = add(found.slug, "Number one")
    with scope_of(cast.bakery):
        held = values_of(found, services.find_row(found, row_id))
        for column in found.columns:
            assert column.required or held[column.name] == column.empty


def test_row_without_name_is_refused_at_its_column(scope_of: Scoping, cast: Cast) -> None:
    with scope_of(cast.bakery):
        for values in ({}, {"name": ""}):
            with pytest.raises(PlanError) as caught:
                services.add_row(PCS, values)
            assert caught.value.field == "name"
        row_id = add("office-pcs", "Till 1")
        with pytest.raises(PlanError):
            services.change_row(PCS, row_id, {"name": ""}, version=1)


def test_form_sent_twice_adds_one_row(scope_of: Scoping, cast: Cast) -> None:
    row_id = uuid4()
    with scope_of(cast.bakery):
        services.add_row(CONTACTS, {"name": "Henk"}, row_id=row_id)
    with scope_of(cast.bakery):
        assert services.add_row(CONTACTS, {"name": "Henk"}, row_id=row_id).id == row_id
        assert db.session().scalar(sa.select(sa.func.count(Contact.id))) == 1


@pytest.mark.parametrize(
    ("values", "expires_on", "perpetual"),
    [
        ({"expires_on": Forever.FOREVER}, None, True),
        ({"expires_on": JANUARY_31}, JANUARY_31, False),
        ({"expires_on": None, "perpetual": True}, None, True),
        ({"expires_on": None}, None, False),
    ],
)
def test_licence_without_end_is_perpetual(
    values: dict[str, date], expires_on: date | None, perpetual: bool, scope_of: Scoping, cast: Cast
) -> None:
    with scope_of(cast.bakery):
        row = services.add_row(LICENCES, {"name": "Office", **values})
        assert isinstance(row, Asset)
        assert (row.kind, row.expires_on, row.perpetual) == (AssetKind.LICENCE, expires_on, perpetual)


def test_last_day_ends_what_was_perpetual(scope_of: Scoping, cast: Cast) -> None:
    with scope_of(cast.bakery):
        row = services.add_row(LICENCES, {"name": "Office", "expires_on": Forever.FOREVER})
        assert services.change_row(LICENCES, row.id, {"expires_on": JANUARY_31}, version=1) == (
            "expires_on",
            "perpetual",
        )


def test_change_tells_which_columns_differ_and_touches_nothing_else(scope_of: Scoping, cast: Cast) -> None:
    with scope_of(cast.bakery):
        row_id = add("contacts", "Henk", phone="+31612345678", email="henk@bakery.example")
    with scope_of(cast.bakery):
        told = services.change_row(CONTACTS, row_id, {"name": "Henk", "email": "h@bakery.example"}, version=1)
        assert told == ("email",)
    with scope_of(cast.bakery):
        assert services.change_row(CONTACTS, row_id, {"name": "Henk"}, version=2) == ()
        row = services.find_row(CONTACTS, row_id)
        assert (row.version, values_of(CONTACTS, row)["phone"]) == (2, "+31612345678")
        query = sa.select(TrailEntry.changes).where(TrailEntry.subject_id == row_id, TrailEntry.action == "changed")
        assert list(db.session().scalars(query)) == [{"email": ["henk@bakery.example", "h@bakery.example"]}]


def test_change_of_what_somebody_else_saved_is_refused(scope_of: Scoping, cast: Cast) -> None:
    with scope_of(cast.bakery):
        row_id = add("contacts", "Henk")
    with scope_of(cast.bakery):
        services.change_row(CONTACTS, row_id, {"name": "Henk Bakker"}, version=1)
    with scope_of(cast.bakery), pytest.raises(EditConflict):
        services.change_row(CONTACTS, row_id, {"name": "Hendrik"}, version=1)


def test_of_two_changes_at_the_same_moment_one_is_refused(app: Flask, scope_of: Scoping, cast: Cast) -> None:
    with scope_of(cast.bakery):
        row_id = add("contacts", "Henk")
    ready, outcomes = threading.Barrier(2), list[str]()

    def change(name: str) -> None:
        ready.wait()
        try:
            with app.app_context(), scoped(whole(cast.bakery.id)):
                # As a page does: the row is read before it is this change's turn.
                services.find_row(CONTACTS, row_id)
                services.change_row(CONTACTS, row_id, {"name": name}, version=1)
            outcomes.append("saved")
        except EditConflict:
            outcomes.append("refused")

    both = [threading.Thread(target=change, args=(name,)) for name in ("Hendrik", "Henk B.")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(outcomes) == ["refused", "saved"]


def test_form_sent_twice_at_the_same_moment_adds_one_row(app: Flask, scope_of: Scoping, cast: Cast) -> None:
    ready, row_id, ids = threading.Barrier(2), uuid4(), list[UUID]()

    def send() -> None:
        ready.wait()
        with app.app_context(), scoped(whole(cast.bakery.id)):
            ids.append(services.add_row(CONTACTS, {"name": "Henk"}, row_id=row_id).id)

    both = [threading.Thread(target=send) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert ids == [row_id, row_id]
    with scope_of(cast.bakery):
        assert db.session().scalar(sa.select(sa.func.count(Contact.id))) == 1


def test_row_put_away_comes_back_as_it_was(scope_of: Scoping, cast: Cast) -> None:
    with scope_of(cast.bakery):
        row_id = add("office-pcs", "Till 1", serial_number="X1")
        services.archive_row(PCS, row_id, at=NOW)
        assert services.archive_row(PCS, row_id, at=datetime(2027, 1, 1, tzinfo=UTC)).archived_at == NOW
    with scope_of(cast.bakery):
        row = services.restore_row(PCS, row_id)
        assert (row.archived_at, values_of(PCS, row)["serial_number"]) == (None, "X1")
        assert services.restore_row(PCS, row_id).archived_at is None


def test_confirming_notes_the_day_on_rows_in_use(scope_of: Scoping, cast: Cast) -> None:
    with scope_of(cast.bakery):
        henk, mo, gone = (add("contacts", name) for name in ("Henk", "Mo", "Gone"))
        services.archive_row(CONTACTS, gone, at=NOW)
        assert services.confirm_rows(CONTACTS, [henk, gone, henk], today=TODAY) == 1
        assert services.confirm_rows(CONTACTS, [], today=TODAY) == 0
        days = dict(db.session().execute(sa.select(Contact.id, Contact.confirmed_on)).all())
        assert days == {henk: TODAY, mo: None, gone: None}


def test_rows_of_another_register_are_not_there(scope_of: Scoping, cast: Cast) -> None:
    with scope_of(cast.bakery):
        till, office = add("office-pcs", "Till 1"), add("licences", "Office")
        for wrong in (office, uuid4()):
            with pytest.raises(NotThere):
                services.find_row(PCS, wrong)
            with pytest.raises(NotThere):
                services.change_row(PCS, wrong, {"name": "X"}, version=1)
            with pytest.raises(NotThere):
                services.archive_row(PCS, wrong, at=NOW)
            with pytest.raises(NotThere):
                services.restore_row(PCS, wrong)
        with pytest.raises(NotThere):
            services.confirm_rows(LICENCES, [office, till], today=TODAY)
        with pytest.raises(NotThere):
            services.confirm_rows(register("systems"), [add("systems", "Desk")], today=TODAY)


def test_rows_of_another_organisation_are_not_there(scope_of: Scoping, cast: Cast) -> None:
    with scope_of(cast.other):
        row_id = add("contacts", "Somebody else")
    with scope_of(cast.bakery):
        with pytest.raises(NotThere):
            services.find_row(CONTACTS, row_id)
        with pytest.raises(NotThere):
            services.confirm_rows(CONTACTS, [row_id], today=TODAY)
