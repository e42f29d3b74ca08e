"""Whoever only began a plan is reminded of nothing: what was never filled in has no last day."""

from datetime import date, timedelta

import pytest
from flask import Flask

from audits.models import AuditState
from audits.sweeping import sweep
from tests.cast import Cast
from tests.reminders.test_reminding import Scoped, mails, on, rows

MONDAY = date(2027, 1, 4)


@pytest.mark.parametrize("days", [0, 1, 60])
def test_a_beginner_gets_no_mail_about_what_is_not_there_yet(
    app: Flask, cast: Cast, scope_of: Scoped, days: int
) -> None:
    with on(MONDAY + timedelta(days=days), app):
        with app.app_context():
            sweep.run()
        assert rows(app, cast.bakery, AuditState, scope_of)[0].faults > 75
    with on(MONDAY + timedelta(days=days + 1), app):
        assert mails(app) == []
