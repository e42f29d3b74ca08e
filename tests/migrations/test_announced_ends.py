"""Announced ends and the terms of foundations go with their tables when the release is taken back; the rest stays."""

from datetime import date

import pytest
from flask import Flask

from continuity.models import FoundationTerms
from core import db, migrating
from tests.cast import Cast
from tests.continuity.test_ending import announced
from tests.continuity.world import Scoped, build
from tests.migrations.test_changes_of_clients import counted

BEFORE, TABLE = "0077", "scheme_notice"


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """Serve this test from a database of its own, which it takes back and forth."""
    return own_app


def test_tables_come_and_go_with_rows_in_them(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        announced(build(cast), date(2028, 1, 1))
        db.session().add(FoundationTerms(foundation_id=cast.foundation.id, notice_months=6, answer_days=2, days={}))
    assert (counted(app, cast, TABLE), counted(app, cast, "registration")) == (1, 2)
    with app.app_context():
        migrating.downgrade(BEFORE)
    assert (counted(app, cast, TABLE), counted(app, cast, "registration")) == (None, 2)
    with app.app_context():
        migrating.upgrade()
    assert (counted(app, cast, TABLE), counted(app, cast, "registration")) == (0, 2)
