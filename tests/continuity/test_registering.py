"""Registering step by step: which type fits, what is kept on the way, and the duties with their days."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from audits.sweeping import sweep
from continuity.errors import Refused
from continuity.models import Counterparty, HandoverItem, SchemeType
from continuity.registrations.due import Due, due
from continuity.registrations.fitting import Choice, chosen_type
from continuity.scheme import of_type
from core import db
from plans.intervals import DEFAULT_DAYS, Interval
from tests.audits.rules.build_scheme import FRAMEWORK, PARTNER, REGISTRATIONS, SUPPLY
from tests.audits.rules.changing import replace
from tests.cast import Cast, Organisation, Person
from tests.continuity.world import TODAY, World, stored, version
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Scoped = Callable[[Organisation], AbstractContextManager[None]]
NEW = "/o/supplier/continuity/new"
ANSWER = {
    SchemeType.HOSTING: "buys_hosting",
    SchemeType.SERVER_MANAGEMENT: "manages_servers",
    SchemeType.STANDARD_SOFTWARE: "supplies_licences",
}


@pytest.mark.once
@pytest.mark.parametrize(
    ("choice", "chosen", "found"),
    [
        pytest.param(Choice(buys_hosting=True), None, SchemeType.HOSTING, id="hosting follows"),
        pytest.param(Choice(manages_servers=True), None, SchemeType.SERVER_MANAGEMENT, id="management follows"),
        pytest.param(Choice(supplies_licences=True), None, SchemeType.STANDARD_SOFTWARE, id="software follows"),
        pytest.param(Choice(), None, "chosen", id="none follows"),
        pytest.param(Choice(True, True), None, "chosen", id="two follow"),
        pytest.param(Choice(True, True), SchemeType.HOSTING, SchemeType.HOSTING, id="one of two"),
        pytest.param(Choice(True), SchemeType.STANDARD_SOFTWARE, "reason", id="another one without a reason"),
        pytest.param(Choice(True, reason=" "), SchemeType.STANDARD_SOFTWARE, "reason", id="a blank reason"),
        pytest.param(
            Choice(True, reason="It is a licence"), SchemeType.STANDARD_SOFTWARE, SchemeType.STANDARD_SOFTWARE,
            id="another one with a reason",
        ),
    ],
)  # fmt: skip
def test_type_follows_from_the_answers_and_may_be_overruled_with_a_reason(
    choice: Choice, chosen: SchemeType | None, found: SchemeType | str
) -> None:
    if isinstance(found, SchemeType):
        assert chosen_type(choice, chosen) is found
    else:
        with pytest.raises(Refused) as error:
            chosen_type(choice, chosen)
        assert error.value.field == found


@pytest.mark.parametrize("scheme_type", list(SchemeType))
def test_service_is_registered_step_by_step_and_back(
    cast: Cast, visitor: Visitors, scope_of: Scoped, scheme_type: SchemeType
) -> None:
    owner = visitor(cast.supplier_owner)
    answer = owner.post(NEW, {"service_name": "Dienst één", ANSWER[scheme_type]: "y", "version": "0"})
    scope = answer.headers["Location"]
    assert scope.endswith("/register/scope")
    sent = {"uncovered_services": "Telephony", "understood": "y", "version": version(owner, scope)}
    foundation = owner.post(scope, {**sent, "go": "on"}).headers["Location"]
    assert foundation.endswith("/register/foundation")
    sent = {"foundation_id": str(cast.foundation.id), "version": version(owner, foundation)}
    assert owner.post(foundation, {**sent, "go": "back"}).headers["Location"] == scope
    assert "Telephony" in owner.get(scope).get_data(as_text=True)
    partner = scope.replace("scope", "counterparty")
    assert "Go on where you were" in owner.get(scope.partition("/register/")[0]).get_data(as_text=True)
    sent = {"name": "Datahuis", "version": version(owner, partner)}
    duties = owner.post(partner, sent).headers["Location"]
    page = owner.get(duties).get_data(as_text=True)
    for duty in of_type(scheme_type):
        assert duty.title_en.replace("'", "&#39;") in page
    assert "Go on where you were" not in owner.get(scope.partition("/register/")[0]).get_data(as_text=True)
    row = stored(scope_of, cast, "Dienst één")
    assert (row.scheme_type, row.foundation_id, row.duration_months) == (scheme_type, cast.foundation.id, 3)
    assert (row.scope_understood_on, row.type_reason) == (TODAY, "")


def test_any_organisation_may_register(cast: Cast, visitor: Visitors) -> None:
    sent = {"service_name": "Broodsite", "buys_hosting": "y", "version": "0"}
    assert visitor(cast.owner).post("/o/bakery/continuity/new", sent).status_code == 302


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        pytest.param("service_name", "", "Fill in the name", id="no name"),
        pytest.param("service_name", "x" * 201, "At most 200", id="too long"),
        pytest.param("service_name", "a\x00b", "cannot be read", id="control character"),
        pytest.param("chosen", "standard-software", "Tell why", id="another type without a reason"),
        pytest.param("chosen", "nonsense", "", id="no such type"),
    ],
)
@pytest.mark.once
def test_wrong_field_is_told_and_what_was_typed_stays(
    cast: Cast, visitor: Visitors, field: str, typed: str, message: str
) -> None:
    sent = {"service_name": "Hosting that stays", "buys_hosting": "y", "version": "0", field: typed}
    answer = visitor(cast.supplier_owner).post(NEW, sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert message in page
    assert field == "service_name" or "Hosting that stays" in page
    assert 'name="buys_hosting" type="checkbox" value="y" checked' in page or "checked" in page


def test_only_foundations_can_be_chosen_and_never_itself(cast: Cast, world: World, visitor: Visitors) -> None:
    path = f"{world.path.replace(str(world.registration_id), str(world.elsewhere_id))}/register/foundation"
    owner = visitor(cast.supplier_owner)
    page = owner.get(path).get_data(as_text=True)
    assert f'<option value="{cast.foundation.id}"' in page
    assert f'<option value="{cast.bakery.id}"' not in page
    for wrong in (str(cast.bakery.id), str(cast.supplier.id), "abc"):
        sent = {"foundation_id": wrong, "version": version(owner, path)}
        assert owner.post(path, sent).status_code == 422, wrong


def test_another_type_brings_its_own_proposals_while_nothing_was_signed_or_handed_over(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    owner = visitor(cast.supplier_owner)
    answer = owner.post(NEW, {"service_name": "Dienst", "buys_hosting": "y", "version": "0"})
    path = answer.headers["Location"].replace("/scope", "/type")
    sent = {"service_name": "Dienst", "supplies_licences": "y", "version": version(owner, path)}
    assert owner.post(path, sent).status_code == 302
    row = stored(scope_of, cast, "Dienst")
    assert row.scheme_type is SchemeType.STANDARD_SOFTWARE
    with scope_of(cast.supplier):
        query = sa.select(HandoverItem).where(
            HandoverItem.registration_id == row.id, HandoverItem.archived_at.is_(None), HandoverItem.required
        )
        assert {item.kind.value for item in db.session().scalars(query)} == {"information"}
    bound = f"{world.path}/register/type"
    sent = {"service_name": "Other", "manages_servers": "y", "version": version(owner, bound)}
    assert owner.post(bound, sent).status_code == 422


def test_step_about_the_counterparty_leaves_what_it_signed(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    owner, path = visitor(cast.supplier_owner), f"{world.path}/register/counterparty"
    sent = {"name": "Bulk Hosting BV", "version": version(owner, path)}
    assert owner.post(path, sent).status_code == 302
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Counterparty)).one()
        assert (row.name, row.willing_on, row.willing_by) == ("Bulk Hosting BV", TODAY, "J. de Wit, director")


def test_the_step_of_the_duties_says_what_the_registration_says_has_to_be_done_now(
    app: Flask, cast: Cast, world: World, visitor: Visitors
) -> None:
    with app.app_context():
        sweep.run()
    owner = visitor(cast.supplier_owner)
    page = owner.get(f"{world.path}/register/duties").get_data(as_text=True)
    row = page.replace("&#39;", "'").split("Supplier's costs covered")[1].split("</tr>")[0]
    assert "Now" in row, "the cost is known, but the fees fall short"
    assert "Nothing now" not in row
    assert "Needs attention" in owner.get(world.path).get_data(as_text=True)


@pytest.mark.once
@pytest.mark.parametrize(
    ("duty", "found"),
    [
        pytest.param("scheme.framework-agreement", Due(date(2027, 2, 1), now=False), id="notice before the end"),
        pytest.param("scheme.supply-agreement", Due(None, now=True), id="signed by one only"),
        pytest.param("scheme.partner-informed", Due(date(2026, 11, 21), now=True), id="willing a year and a day ago"),
        pytest.param("scheme.partner-chosen", Due(date(2027, 11, 22), now=False), id="chosen today"),
        pytest.param("scheme.funding", Due(None, now=True), id="cost unknown"),
        pytest.param("scheme.period", Due(None, now=False), id="nobody is bankrupt"),
    ],
)
def test_each_duty_tells_its_next_day(duty: str, found: Due) -> None:
    signed = date(2026, 1, 1)
    framework = replace(
        FRAMEWORK,
        first_signed_on=signed,
        second_signed_on=signed,
        notice_on=date(2027, 2, 1),
        ends_on=date(2027, 5, 1),
    )
    supply = replace(SUPPLY, first_signed_on=signed, second_signed_on=None)
    partner = replace(PARTNER, chosen_on=TODAY, willing_on=date(2025, 11, 21))
    facts = replace(
        REGISTRATIONS[SchemeType.SERVER_MANAGEMENT], agreements=(framework, supply), counterparty=partner,
        monthly_cost=None, declared_bankrupt_on=None,
    )  # fmt: skip
    assert due(duty, facts, TODAY, {}) == found


@pytest.mark.once
@pytest.mark.parametrize(
    ("duty", "interval"),
    [
        ("scheme.partner-chosen", Interval.COUNTERPARTY),
        ("scheme.partner-informed", Interval.COUNTERPARTY),
        ("scheme.communication", Interval.CONTACT),
    ],
)
def test_a_duty_comes_back_as_often_as_the_organisation_wants(duty: str, interval: Interval) -> None:
    facts = REGISTRATIONS[SchemeType.SERVER_MANAGEMENT]
    assert due(duty, facts, TODAY, {}) == due(duty, facts, TODAY, {interval.value: DEFAULT_DAYS[interval] + 1})
    usual, sooner = due(duty, facts, TODAY, {}).on, due(duty, facts, TODAY, {interval.value: 20}).on
    assert usual is not None
    assert sooner is not None
    assert usual - sooner == timedelta(days=DEFAULT_DAYS[interval] - 20)
