"""The ledger opens, refreshes and closes, and a second look changes nothing."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from audits.judging.engine import Judgements, judge
from audits.judging.judgement import TenantFacts
from audits.judging.verdicts import Verdict
from audits.models import AuditState, Expiry, Finding
from audits.sweeping import ledger, sweep
from audits.sweeping.looked import load
from core import db
from plans.models import Contact
from tenants.models import Tenant
from tenants.scope import scoped, whole
from tests.audits.small_rules import FRESH, PHONE, VALID_DAYS, rule_set
from tests.cast import Cast, Organisation

Scope = Callable[[Organisation], AbstractContextManager[None]]
TODAY = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


@pytest.fixture
def bakery(app: Flask, cast: Cast, scope_of: Scope) -> Organisation:
    """The bakery with one contact who has neither phone nor a fresh confirmation, and one in order."""
    with scope_of(cast.bakery):
        db.session().add(Contact(name="Henk", confirmed_on=TODAY - timedelta(days=VALID_DAYS)))
        db.session().add(Contact(name="Fatima", phone="0201234567", confirmed_on=TODAY))
    return cast.bakery


def run(app: Flask, bakery: Organisation, *, at: datetime = AT, today: date = TODAY) -> sweep.SweepResult:
    with app.app_context():
        return sweep.run([bakery.id], today, at=at, rule_set=rule_set())


def rows(scope_of: Scope, bakery: Organisation, model: type[Any]) -> list[dict[str, Any]]:
    with scope_of(bakery):
        found = [
            {column.key: getattr(row, column.key) for column in sa.inspect(model).column_attrs}
            for row in db.session().scalars(sa.select(model))
        ]
    return sorted(found, key=lambda row: (row.get("rule_code", ""), row.get("subject_key", "")))


def change(scope_of: Scope, bakery: Organisation, name: str, /, **values: Any) -> None:
    with scope_of(bakery):
        contact = db.session().scalars(sa.select(Contact).where(Contact.name == name)).one()
        for column, value in values.items():
            setattr(contact, column, value)


def test_gaps_are_opened_with_all_they_tell(app: Flask, bakery: Organisation, scope_of: Scope) -> None:
    assert run(app, bakery).opened == 2
    phone, fresh = rows(scope_of, bakery, Finding)
    assert (phone["rule_code"], phone["severity"], phone["subject_label"]) == (PHONE, "fault", "Henk")
    assert (phone["message"], phone["params"]) == ("%(name)s has no phone number.", {"name": "Henk"})
    assert (phone["since"], phone["opened_at"], phone["refreshed_at"], phone["closed_at"]) == (TODAY, AT, AT, None)
    assert (fresh["rule_code"], fresh["severity"]) == (FRESH, "notice")
    assert (fresh["until"], fresh["changes_on"]) == (TODAY, TODAY + timedelta(days=1))
    assert fresh["params"] == {"until": {"day": TODAY.isoformat()}}
    assert fresh["since"] == TODAY - timedelta(days=30)


def test_what_lapses_is_kept_whether_or_not_it_is_a_gap(app: Flask, bakery: Organisation, scope_of: Scope) -> None:
    run(app, bakery)
    kept = {row["subject_label"]: row["until"] for row in rows(scope_of, bakery, Expiry)}
    assert kept == {"Henk": TODAY, "Fatima": TODAY + timedelta(days=VALID_DAYS)}
    change(scope_of, bakery, "Henk", confirmed_on=None)
    change(scope_of, bakery, "Fatima", confirmed_on=TODAY - timedelta(days=1), name="Fatima E.")
    run(app, bakery, at=LATER)
    kept = {row["subject_label"]: row["until"] for row in rows(scope_of, bakery, Expiry)}
    assert kept == {"Fatima E.": TODAY + timedelta(days=VALID_DAYS - 1)}


def test_a_second_judgement_touches_no_finding_and_no_expiry(app: Flask, bakery: Organisation, scope_of: Scope) -> None:
    run(app, bakery)
    before = rows(scope_of, bakery, Finding), rows(scope_of, bakery, Expiry)
    again = run(app, bakery, at=LATER)
    assert (again.opened, again.refreshed, again.closed) == (0, 0, 0)
    assert (rows(scope_of, bakery, Finding), rows(scope_of, bakery, Expiry)) == before
    assert rows(scope_of, bakery, AuditState)[0]["judged_at"] == LATER


def test_a_gap_that_got_worse_is_refreshed_not_opened_again(app: Flask, bakery: Organisation, scope_of: Scope) -> None:
    run(app, bakery)
    first = rows(scope_of, bakery, Finding)[1]
    done = run(app, bakery, at=LATER, today=TODAY + timedelta(days=1))
    assert (done.opened, done.refreshed, done.closed) == (0, 1, 0)
    fresh = rows(scope_of, bakery, Finding)[1]
    assert (fresh["id"], fresh["opened_at"], fresh["refreshed_at"]) == (first["id"], AT, LATER)
    assert (fresh["severity"], fresh["changes_on"]) == ("fault", None)


def test_a_gap_stays_open_since_the_day_it_was_first_found(app: Flask, bakery: Organisation, scope_of: Scope) -> None:
    run(app, bakery)
    change(scope_of, bakery, "Henk", name="Henk B.")
    run(app, bakery, at=LATER, today=TODAY + timedelta(days=5))
    phone = rows(scope_of, bakery, Finding)[0]
    assert (phone["since"], phone["subject_label"], phone["params"]) == (TODAY, "Henk B.", {"name": "Henk B."})


def test_a_mended_gap_is_closed_and_opens_anew_when_it_comes_back(
    app: Flask, bakery: Organisation, scope_of: Scope
) -> None:
    run(app, bakery)
    change(scope_of, bakery, "Henk", phone="0201234567")
    assert run(app, bakery, at=LATER).closed == 1
    change(scope_of, bakery, "Henk", phone="")
    last = LATER + timedelta(hours=1)
    assert run(app, bakery, at=last).opened == 1
    kept = [row for row in rows(scope_of, bakery, Finding) if row["rule_code"] == PHONE]
    assert sorted((row["opened_at"], row["closed_at"] or last) for row in kept) == [(AT, LATER), (last, last)]


def test_the_state_counts_what_is_open_and_knows_the_next_day(
    app: Flask, bakery: Organisation, scope_of: Scope
) -> None:
    run(app, bakery)
    (state,) = rows(scope_of, bakery, AuditState)
    assert (state["faults"], state["warnings"], state["notices"]) == (1, 0, 1)
    assert (state["judged_on"], state["rule_set"], state["times"]) == (TODAY, "small", 1)
    assert state["next_on"] == TODAY + timedelta(days=1)


def test_a_judgement_that_a_newer_one_overtook_is_dropped(app: Flask, bakery: Organisation, scope_of: Scope) -> None:
    run(app, bakery)
    with app.app_context():
        with scoped(whole(bakery.id)):
            stale = load([bakery.id])[bakery.id]
        change(scope_of, bakery, "Henk", phone="0201234567")
        run(app, bakery, at=LATER)
        verdict = Verdict(bakery.id, TODAY, judged(stale), times=1, registered=False)
        with scoped(whole(bakery.id)):
            assert ledger.keep([verdict], "small", at=LATER).kept == []
    assert all(row["closed_at"] for row in rows(scope_of, bakery, Finding) if row["rule_code"] == PHONE)


def judged(facts: TenantFacts) -> Judgements:
    return judge(facts, TODAY, rule_set().rules)


@pytest.mark.parametrize("many", [1, 50])
def test_judging_takes_the_same_number_of_statements_for_one_and_for_many(
    app: Flask, many: int, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    with app.app_context():
        db.begin(writes=True)
        tenants = [
            Tenant(
                slug=f"shop-{n}",
                name=f"Shop {n}",
                kind="business",
                language="nl",
                zone="Europe/Amsterdam",
                created_at=AT,
            )
            for n in range(many)
        ]
        db.session().add_all(tenants)
        db.commit()
        ids = [tenant.id for tenant in tenants]
        db.rollback()
        for tenant_id in ids:
            with scoped(whole(tenant_id)):
                db.session().add(Contact(name="Henk", confirmed_on=TODAY - timedelta(days=VALID_DAYS)))
        with count_queries() as sent:
            assert sweep.run(ids, TODAY, at=AT, rule_set=rule_set()).opened == 2 * many
    # Each table is kept once; later only what changed. The first time the marks are looked at again before anything is
    # written: nothing was kept yet that could tell that somebody came in between.
    assert len(sent) <= 141
