"""Judging only what is due finds what judging everything finds, after whatever happened in whatever order."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from audits.asof.standing import kept_on
from audits.first_night import places_by_need
from audits.models import AuditCarried, AuditState, Expiry, Finding
from audits.portfolio.kept import COUNTED, Open, columns_told
from audits.rules.unfilled import UNFILLED
from audits.sweeping import sweep, waiting
from audits.trends.past import Found, day_of, kind_of, month_of, numbers_of, renewed, stood_at
from continuity.models import Registration, SchemeType
from core import db
from plans.models import (
    Asset,
    AssetKind,
    Contact,
    ExternalParty,
    Outcome,
    PartyKind,
    System,
    TestResult,
    Waiver,
    WaiverState,
)
from plans.versions.errors import NothingNew
from plans.versions.services import Signed, publish
from tenants import services
from tenants.scope import scoped, whole
from tenants.services import TenantValues
from tests.audits.request_changes import REQUEST_CHANGES, ask, bring_on, pay, rest, tick

START = datetime(2025, 1, 6, 12, tzinfo=UTC)
DAYS = st.integers(-500, 500)
NAMES = st.sampled_from(["Anna", "Bram", "Cor"])


def add_contact(name: str, days: int, today: date) -> None:
    db.session().add(Contact(name=name, phone="+31201234567", is_staff=True, confirmed_on=today + timedelta(days=days)))


def lose_phone(name: str, _days: int, _today: date) -> None:
    for row in db.session().scalars(sa.select(Contact).where(Contact.name == name)):
        row.phone = ""


def confirm(name: str, days: int, today: date) -> None:
    for row in db.session().scalars(sa.select(Contact).where(Contact.name == name)):
        row.confirmed_on = today + timedelta(days=min(days, 0))


def add_licence(name: str, days: int, today: date) -> None:
    row = Asset(kind=AssetKind.LICENCE, name=f"Licence of {name}", holder=name, expires_on=today + timedelta(days=days))
    db.session().add(row)


def renew(name: str, days: int, today: date) -> None:
    for row in db.session().scalars(sa.select(Asset).where(Asset.holder == name)):
        row.name, row.expires_on = f"{row.name}, renewed"[-60:], today + timedelta(days=days)


def archive(name: str, _days: int, today: date) -> None:
    for row in db.session().scalars(sa.select(Asset).where(Asset.holder == name)):
        row.archived_at = datetime(today.year, today.month, today.day, tzinfo=UTC)


def add_system(name: str, days: int, _today: date) -> None:
    db.session().add(System(name=f"System of {name}", recovery_priority=None if days < 0 else 1))


def register(name: str, days: int, today: date) -> None:
    service = Registration(service_name=f"Hosting of {name}", scheme_type=SchemeType.HOSTING, duration_months=3)
    service.portfolio_changed_on = today + timedelta(days=days)
    db.session().add(service)


def approve(name: str, _days: int, today: date) -> None:
    signed = Signed(name, datetime(today.year, today.month, today.day, tzinfo=UTC), today)
    with suppress(NothingNew):
        publish("", signed)


def leave_out(name: str, days: int, today: date) -> None:
    item_id = {"Anna": "inventory.licences", "Bram": "upkeep.review", "Cor": "runbook.external-parties"}[name]
    part = "lawyer" if name == "Cor" else ""
    begins = today + timedelta(days=days // 20)
    for row in db.session().scalars(sa.select(Waiver).where(Waiver.item_id == item_id)):
        row.ended_at = datetime(today.year, today.month, today.day, tzinfo=UTC)
    row = Waiver(item_id=item_id, part=part, reason="None.", author="Anna", starts_on=begins, alone=True)
    row.until, row.state = begins + timedelta(days=abs(days) // 5), WaiverState.APPROVED
    db.session().add(row)


def add_party(name: str, days: int, today: date) -> None:
    kind = PartyKind.LAWYER if days < 0 else PartyKind.INSURER
    row = ExternalParty(kind=kind, name=name, phone="+31201234567", confirmed_on=today + timedelta(days=days))
    db.session().add(row)


def tried(_name: str, days: int, today: date) -> None:
    done = today + timedelta(days=min(days, 0))
    db.session().add(TestResult(item_id="testing.restore", done_on=done, outcome=Outcome.PASSED))


CHANGES = (
    add_contact, lose_phone, confirm, add_licence, renew, archive, add_system, register, approve, leave_out, add_party,
    tried, *REQUEST_CHANGES,
)  # fmt: skip
REQUEST_COURSE = (
    (ask, 1), (bring_on, 5), (bring_on, 1), (bring_on, 1), (pay, 4), (bring_on, 6), (tick, 4), (rest, 6), (rest, 9),
    (rest, 9), (rest, 9), (rest, 9), (rest, 20), (bring_on, 1),
)  # fmt: skip
SWEEPS = st.sampled_from(["none", "who is due", "who is due", "everybody"])
STEP = st.tuples(st.sampled_from(CHANGES), NAMES, DAYS, st.sampled_from([0, 0, 1, 20, 40, 200, 400]), SWEEPS)


def from_scratch(tenant_id: int, at: datetime) -> None:
    """Judge an organisation of which nothing is known that could spare the sweep any of its work."""
    with scoped(whole(tenant_id)):
        for state in db.session().scalars(sa.select(AuditState)):
            state.told = state.plan_said = ""
    sweep.run([tenant_id], at=at)


def told(tenant_id: int) -> dict[str, Any]:
    """Return all that was found and all that lapses, without the numbers of this installation."""
    with scoped(whole(tenant_id), writes=False):
        found = sa.select(
            Finding.rule_code, Finding.subject_label, Finding.severity, Finding.message, Finding.params,
            Finding.since, Finding.until, Finding.changes_on, Finding.closed_at.is_(None),
        )  # fmt: skip
        lapsing = sa.select(Expiry.rule_code, Expiry.subject_label, Expiry.until)
        state = sa.select(AuditState.faults, AuditState.warnings, AuditState.notices)
        return {
            name: sorted(map(repr, db.session().execute(query)))
            for name, query in (("found", found), ("lapsing", lapsing), ("state", state))
        }


def told_to_resellers(tenant_id: int) -> tuple[Any, Any]:
    """Return what is kept for pages of resellers, and the same told from what was found and what lapses."""
    with scoped(whole(tenant_id), writes=False):
        state = db.session().scalars(sa.select(AuditState)).one()
        gaps = sa.select(Finding.rule_code, Finding.severity, Finding.until, Finding.message).where(
            Finding.closed_at.is_(None)
        )
        lapsing = sa.select(Expiry.rule_code, Expiry.until)
        found = [Open(*row[:3], row[3] in UNFILLED) for row in db.session().execute(gaps)]
        ends = [(code, until) for code, until in db.session().execute(lapsing)]
        registered = db.session().scalar(sa.select(sa.func.count(Registration.id))) or 0
        told = columns_told(found, ends, state.judged_on, places_by_need(), registered=registered > 0)
        return {name: getattr(state, name) for name in told}, told


def past_told(tenant_id: int, at: datetime) -> tuple[Any, Any]:
    """Return what is kept of the past, and the same counted from all findings there ever were.

    Of what stood at the end of a month, both by part alone: the ledger does not keep how bad a finding was before.
    """
    with scoped(whole(tenant_id), writes=False):
        columns = (getattr(AuditState, name) for name in COUNTED)
        kept, *numbers = db.session().execute(sa.select(AuditCarried.past, *columns).join(AuditState)).one()
        rows = db.session().execute(
            sa.select(Finding.rule_code, Finding.severity, Finding.opened_at, Finding.closed_at)
        )
        found = [
            Found(kind_of(code, how), day_of(opened), day_of(closed) if closed else None)
            for code, how, opened, closed in rows
        ]
        ends = [(code, until) for code, until in db.session().execute(sa.select(Expiry.rule_code, Expiry.until))]
    counted = renewed(found, ends, None, day_of(at))
    stood = stood_at(kept, numbers_of(numbers), month_of(day_of(at)))
    of_part = [[sum(one[at : at + 3]) for at in range(0, len(one), 3)] for one in (stood, counted["stood"])]
    oldest = (month_of(day_of(at)) - 12) * 24
    closed = [{key: one for key, one in told["closed"].items() if int(key) >= oldest} for told in (kept, counted)]
    return (of_part[0], closed[0], kept["opened"], kept["lapses"]), (
        of_part[1], closed[1], counted["opened"], counted["lapses"]
    )  # fmt: skip


@pytest.mark.once
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=3, max_size=9))
# What chance puts together rarely: asked, served and paid for, with days in between on which nobody changes anything.
@example(steps=[(one, "Anna", 100, later, "who is due") for one, later in REQUEST_COURSE])
@example(steps=[(one, "Bram", -100, later, "everybody") for one, later in REQUEST_COURSE])
def test_what_is_judged_when_due_equals_what_is_judged_always(app: Flask, steps: list[Any]) -> None:
    with app.app_context():
        db.begin(writes=True)
        made = [services.add_tenant(TenantValues("Twin"), at=START).id for _ in range(2)]
        db.commit()
        db.rollback()
        due_only, always = made
        at, stood = START, {}
        for change, name, days, later, sweeps in steps:
            for one in made:
                with scoped(whole(one)):
                    change(name, days, at.date())
            at += timedelta(days=later)
            if sweeps != "none":
                sweep.run([one for one in waiting.due(at=at) if one == due_only], at=at)
                if sweeps == "everybody":
                    sweep.run([due_only], at=at)
                    assert sweep.run([due_only], at=at).unchanged == 1
                from_scratch(always, at)
                # At each step: what comes later may hide that a day was missed.
                assert told(due_only) == told(always)
                assert waiting.due(at=at).count(due_only) == 0
                kept, again = told_to_resellers(due_only)
                assert kept == again
                past, counted = past_told(due_only, at)
                assert past == counted
                stood[at.date()] = told(always)["found"]
        sweep.run([one for one in waiting.due(at=at) if one == due_only], at=at)
        from_scratch(always, at)
        assert told(due_only) == told(always)
        stood[at.date()] = told(always)["found"]  # of a day the last is what is told
        # A second time changes nothing, and each day is told as it was found.
        sweep.run(made, at=at)
        assert told(due_only) == told(always)
        for day, found in stood.items():
            with scoped(whole(always), writes=False):
                kept = kept_on(day)
                assert kept is not None
                lines = sorted(
                    repr(
                        (
                            gap.code,
                            gap.label,
                            gap.severity,
                            gap.message,
                            gap.params,
                            gap.since,
                            gap.until,
                            gap.changes_on,
                            True,
                        )
                    )
                    for gap in kept.gaps
                )
            assert lines == [line for line in found if line.endswith("True)")], day
