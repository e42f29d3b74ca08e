"""What was changed of schemes goes with its table when the release is taken back, with rows in it; the rest stays."""

import pytest
from flask import Flask

from core import migrating
from tests.cast import Cast
from tests.continuity.world import Scoped, build
from tests.migrations.test_changes_of_clients import counted

BEFORE, TABLE = "0075", "scheme_change"


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """Serve this test from a database of its own, which it takes back and forth."""
    return own_app


def test_table_comes_and_goes_with_rows_in_it(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        build(cast)
    assert counted(app, cast, TABLE)
    assert counted(app, cast, "agreement") == 1
    with app.app_context():
        migrating.downgrade(BEFORE)
    assert (counted(app, cast, TABLE), counted(app, cast, "agreement")) == (None, 1)
    with app.app_context():
        migrating.upgrade()
    assert (counted(app, cast, TABLE), counted(app, cast, "agreement")) == (0, 1)
