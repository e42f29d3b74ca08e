"""What hangs on a registration directly: counterparty, contacts and money."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from continuity.models import Counterparty, SchemeContact
from core import db
from tests.cast import Cast, Organisation, Person
from tests.continuity.world import World, stored, version
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Scoped = Callable[[Organisation], AbstractContextManager[None]]
COUNTERPARTY = {
    "name": "Bulk Hosting",
    "phone": "020 123 4567",
    "email": "sales@bulk.example",
    "knows_on": "2026-11-01",
    "willing_on": "2026-11-02",
    "willing_by": "J. de Wit, director",
}


def test_knows_willing_and_signed_are_kept_apart(world: World, visitor: Visitors, cast: Cast, scope_of: Scoped) -> None:
    editor = visitor(world.editor)
    path = f"/o/supplier/continuity/{world.elsewhere_id}/counterparty"
    assert editor.post(path, {**COUNTERPARTY, "version": "1"}).status_code == 302
    with scope_of(cast.supplier):
        row = (
            db.session()
            .scalars(sa.select(Counterparty).where(Counterparty.registration_id == world.elsewhere_id))
            .one()
        )
        assert (row.chosen_on, row.knows_on, row.willing_on, row.signed_on) == (
            None,
            date(2026, 11, 1),
            date(2026, 11, 2),
            None,
        )
        assert row.phone == "+31201234567"
    assert editor.post(path, {**COUNTERPARTY, "name": "Other", "version": "1"}).status_code == 302
    with scope_of(cast.supplier):
        names = db.session().scalars(
            sa.select(Counterparty.name).where(Counterparty.registration_id == world.elsewhere_id)
        )
        assert names.all() == ["Other"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        pytest.param("name", "", id="no name"),
        pytest.param("kvk", "1234", id="KvK number of four digits"),
        pytest.param("phone", "12", id="no telephone number"),
        pytest.param("email", "nobody", id="no e-mail address"),
        pytest.param("knows_on", "2026-13-01", id="no month 13"),
        pytest.param("willing_on", "2026-11-23", id="tomorrow"),
        pytest.param("signed_on", "9999-12-31", id="the end of time"),
    ],
)
def test_wrong_counterparty_is_told_at_the_field(world: World, visitor: Visitors, field: str, typed: str) -> None:
    sent = {**COUNTERPARTY, "version": "1", field: typed}
    answer = visitor(world.editor).post(f"{world.path}/counterparty", sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    assert "J. de Wit, director" in page


def test_contact_is_added_and_changed(world: World, visitor: Visitors, cast: Cast, scope_of: Scoped) -> None:
    editor = visitor(world.editor)
    path = f"/o/supplier/continuity/{world.elsewhere_id}/contacts/foundation"
    sent = {"name": "A. Smit", "phone": "0612345678", "confirmed_on": "2026-11-22", "version": "1"}
    assert editor.post(path, sent).status_code == 302
    assert editor.post(path, {**sent, "name": "B. Smit"}).status_code == 302
    assert editor.post(path, {**sent, "name": "C. Smit"}).status_code == 409
    with scope_of(cast.supplier):
        query = sa.select(SchemeContact).where(SchemeContact.registration_id == world.elsewhere_id)
        assert [row.name for row in db.session().scalars(query)] == ["B. Smit"]
    assert editor.get(f"/o/supplier/continuity/{world.elsewhere_id}/contacts/bank").status_code == 404


@pytest.mark.parametrize(
    ("typed", "cost"),
    [
        pytest.param("1.250,00", "1250.00", id="as the Dutch write"),
        pytest.param("€ 1250", "1250.00", id="with a sign"),
        pytest.param("1250.50", "1250.50", id="with a point"),
        pytest.param("0", "0.00", id="nothing"),
    ],
)
def test_money_is_read_as_people_write_it(
    world: World, visitor: Visitors, cast: Cast, scope_of: Scoped, typed: str, cost: str
) -> None:
    editor = visitor(world.editor)
    path = f"{world.path}/money"
    sent = {"monthly_cost": typed, "duration_months": "3", "version": version(editor, path)}
    assert editor.post(path, sent).status_code == 302
    assert stored(scope_of, cast, "Webhosting Plus").monthly_cost == Decimal(cost)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        pytest.param("monthly_cost", "-5", id="below zero"),
        pytest.param("monthly_cost", "a lot", id="words"),
        pytest.param("monthly_cost", "99999999999", id="too much"),
        pytest.param("duration_months", "0", id="no month"),
        pytest.param("duration_months", "25", id="too many months"),
        pytest.param("duration_months", "three", id="months in words"),
    ],
)
def test_wrong_money_is_told_at_the_field(world: World, visitor: Visitors, field: str, typed: str) -> None:
    sent = {"monthly_cost": "100", "duration_months": "3", "version": "1", field: typed}
    answer = visitor(world.editor).post(f"{world.path}/money", sent)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.get_data(as_text=True)


def test_page_that_lost_its_version_saves_nothing(world: World, visitor: Visitors) -> None:
    sent = {"monthly_cost": "100", "duration_months": "3", "version": ""}
    assert visitor(world.editor).post(f"{world.path}/money", sent).status_code == 422


def test_shortfall_is_shown(world: World, visitor: Visitors) -> None:
    page = visitor(world.reader).get(world.path).get_data(as_text=True)
    assert "Not covered" in page
    assert "€60.00 a month is missing" in page
