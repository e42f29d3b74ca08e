"""Registering a service and what hangs on it directly: pages, bad input, two people at once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from audits.sweeping import sweep
from continuity.errors import Refused
from continuity.models import HandoverItem, HandoverKind, Registration, SchemeType
from continuity.registrations import services
from continuity.registrations.services import RegistrationValues
from core import db
from core.i18n import Language
from tests.cast import Cast, Organisation, Person
from tests.continuity.world import TODAY, World, stored, version
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Scoped = Callable[[Organisation], AbstractContextManager[None]]
Counting = Callable[[], AbstractContextManager[list[str]]]


def test_organisation_is_never_its_own_foundation(cast: Cast, scope_of: Scoped) -> None:
    values = RegistrationValues("Own", "", cast.foundation.id, "", None, False)
    with scope_of(cast.foundation), pytest.raises(Refused):
        services.register(SchemeType.HOSTING, values, language=Language.DUTCH, today=TODAY)


@pytest.mark.parametrize(
    ("scheme_type", "kinds"),
    [
        (SchemeType.HOSTING, {HandoverKind.DOCUMENT, HandoverKind.LOGIN, HandoverKind.INFORMATION}),
        (SchemeType.SERVER_MANAGEMENT, {HandoverKind.DOCUMENT, HandoverKind.LOGIN, HandoverKind.INFORMATION}),
        (SchemeType.STANDARD_SOFTWARE, {HandoverKind.INFORMATION}),
    ],
)
def test_registering_proposes_what_to_hand_over(
    cast: Cast, scope_of: Scoped, scheme_type: SchemeType, kinds: set[HandoverKind]
) -> None:
    with scope_of(cast.supplier):
        values = RegistrationValues("Dienst", "", None, "", None, False)
        services.register(scheme_type, values, language=Language.DUTCH, today=TODAY)
        items = db.session().scalars(sa.select(HandoverItem)).all()
        assert {item.kind for item in items if item.required} == kinds
        ages = {HandoverKind.DOCUMENT: 90, HandoverKind.LOGIN: 30, HandoverKind.INFORMATION: 30}
        assert all(item.max_age_days == ages[item.kind] for item in items)
        assert "Verwerkersovereenkomst" in {item.label for item in items if not item.required}
        required = [item for item in items if item.required]
        assert scheme_type is not SchemeType.STANDARD_SOFTWARE or len(required) == 4


def test_foundation_stays_once_it_holds_something(world: World, visitor: Visitors, cast: Cast) -> None:
    editor = visitor(world.editor)
    path = f"{world.path}/edit"
    sent = {
        "service_name": "Webhosting Plus",
        "foundation_id": str(cast.other_foundation.id),
        "version": version(editor, path),
    }
    answer = editor.post(path, sent)
    assert answer.status_code == 422
    assert "lies with the present foundation" in answer.get_data(as_text=True)


def test_scope_is_ticked_again_after_a_change(world: World, visitor: Visitors, cast: Cast, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()
        row.scope_understood_on = date(2026, 1, 1)
    editor = visitor(world.editor)
    path = f"{world.path}/edit"
    sent = {
        "service_name": "Webhosting Plus",
        "foundation_id": str(cast.foundation.id),
        "portfolio_changed_on": "2026-11-20",
        "version": version(editor, path),
    }
    assert editor.post(path, sent).status_code == 302
    row = stored(scope_of, cast, "Webhosting Plus")
    assert (row.scope_understood_on, row.portfolio_changed_on) == (date(2026, 1, 1), date(2026, 11, 20))
    sent |= {"understood": "y", "version": version(editor, path)}
    assert editor.post(path, sent).status_code == 302
    assert stored(scope_of, cast, "Webhosting Plus").scope_understood_on == TODAY


def test_second_of_two_people_is_told_what_the_first_stored(world: World, visitor: Visitors) -> None:
    editor = visitor(world.editor)
    path = f"{world.path}/money"
    seen = version(editor, path)
    assert editor.post(path, {"monthly_cost": "150", "duration_months": "3", "version": seen}).status_code == 302
    answer = editor.post(path, {"monthly_cost": "175", "duration_months": "3", "version": seen})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "€150.00" in page
    assert 'value="175"' in page
    newer = page.split('name="version" type="hidden" value="')[1].split('"')[0]
    assert editor.post(path, {"monthly_cost": "175", "duration_months": "3", "version": newer}).status_code == 302
    assert "€175.00" in editor.get(path).get_data(as_text=True)


def test_second_of_two_people_who_saw_nothing_there_is_told_too(world: World, visitor: Visitors) -> None:
    editor = visitor(world.editor)
    path = f"/o/supplier/continuity/{world.elsewhere_id}/counterparty"
    seen = version(editor, path)
    assert editor.post(path, {"name": "First", "version": seen}).status_code == 302
    answer = editor.post(path, {"name": "Second", "version": seen})
    assert answer.status_code == 409
    assert "<dd>First</dd>" in answer.get_data(as_text=True)


@pytest.mark.usefixtures("unannounced")
def test_registration_is_put_away_and_back(world: World, visitor: Visitors) -> None:
    editor = visitor(world.editor)
    assert editor.post(f"{world.path}/archive").status_code == 302
    assert editor.get(world.path).status_code == 404
    assert editor.get(f"{world.path}/clients").status_code == 404
    assert "Webhosting Plus" in editor.get("/o/supplier/continuity/").get_data(as_text=True)
    assert editor.post(f"{world.path}/archive").status_code == 404
    assert editor.post(f"{world.path}/restore").status_code == 302
    assert editor.get(world.path).status_code == 200


@pytest.fixture
def _judged(app: Flask, world: World) -> None:
    with app.app_context():
        sweep.run()


@pytest.mark.usefixtures("_judged")
def test_duties_carry_the_states_and_remarks_of_the_audit(world: World, visitor: Visitors) -> None:
    page = visitor(world.reader).get(world.path).get_data(as_text=True)
    assert "mark-good" in page
    assert "mark-bad" in page
    assert "not been handed over" in page or "hand it over" in page.lower()


@pytest.mark.usefixtures("_judged")
def test_overview_shows_what_needs_somebody_and_folds_the_rest_away(world: World, visitor: Visitors) -> None:
    page = visitor(world.reader).get("/o/supplier/continuity/").get_data(as_text=True)
    cards = [part.partition("<details")[::2] for part in page.split('<section class="card">')[1:]]
    assert cards
    for shown, folded in cards:
        assert "mark-good" not in shown
        assert "Not applicable" not in shown
        assert "mark-todo" in shown
        assert "mark-todo" not in folded
        assert "in order or not applicable" in folded


@pytest.mark.usefixtures("_judged")
def test_pages_of_a_registration_stay_within_fifteen_queries(
    app: Flask, world: World, visitor: Visitors, count_queries: Counting
) -> None:
    editor = visitor(world.editor)
    client, item = f"clients/{world.client_id}", f"handovers/{world.item_id}"
    pages = (
        "",
        "/edit",
        "/counterparty",
        "/contacts/partner",
        "/money",
        "/agreements",
        "/agreements/new",
        "/deeds",
        f"/deeds/{world.deed_id}",
        "/clients",
        f"/{client}/deeds/{world.deed_id}",
        "/handovers",
        f"/{item}",
        f"/{item}/deliver",
    )
    for path in (*(world.path + page for page in pages), "/o/supplier/continuity/"):
        with count_queries() as sent:
            answer = editor.get(path)
        assert answer.status_code == 200
        assert len(sent) <= 15, path
        assert len(answer.data) < 60_000, path


def test_overview_of_many_services_stays_small(
    app: Flask, cast: Cast, visitor: Visitors, scope_of: Scoped, count_queries: Counting
) -> None:
    with scope_of(cast.supplier):
        values: Any = [RegistrationValues(f"Dienst {n:02}", "", cast.foundation.id, "", None, True) for n in range(30)]
        for one in values:
            services.register(SchemeType.SERVER_MANAGEMENT, one, language=Language.ENGLISH, today=TODAY)
    with app.app_context():
        sweep.run()
    owner = visitor(cast.supplier_owner)
    with count_queries() as sent:
        answer = owner.get("/o/supplier/continuity/?page=2")
    assert "Dienst 08" in answer.get_data(as_text=True)
    assert "Dienst 07" not in answer.get_data(as_text=True)
    assert len(sent) <= 15
    assert len(answer.data) < 60_000
    assert "Dienst 29" in owner.get("/o/supplier/continuity/?page=99").get_data(as_text=True)
