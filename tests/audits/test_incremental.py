"""Judging only what is due finds what judging everything finds, after whatever happened in whatever order."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audits import sweep, waiting
from audits.asof.standing import kept_on
from audits.models import AuditState, Expiry, Finding
from core import db
from plans.models import Asset, AssetKind, Contact, System
from tenants import services
from tenants.scope import scoped, whole
from tenants.services import TenantValues

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


def archive(name: str, _days: int, today: date) -> None:
    for row in db.session().scalars(sa.select(Asset).where(Asset.holder == name)):
        row.archived_at = datetime(today.year, today.month, today.day, tzinfo=UTC)


def add_system(name: str, days: int, _today: date) -> None:
    db.session().add(System(name=f"System of {name}", recovery_priority=None if days < 0 else 1))


CHANGES = (add_contact, lose_phone, confirm, add_licence, archive, add_system)
STEP = st.tuples(st.sampled_from(CHANGES), NAMES, DAYS, st.sampled_from([0, 0, 1, 20, 40, 200, 400]), st.booleans())


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


@pytest.mark.once
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=3, max_size=9))
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
            if sweeps:
                sweep.run([one for one in waiting.due(at=at) if one == due_only], at=at)
                sweep.run([always], at=at)
                assert waiting.due(at=at).count(due_only) == 0
                stood[at.date()] = told(always)["found"]
        sweep.run([one for one in waiting.due(at=at) if one == due_only], at=at)
        sweep.run([always], at=at)
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
