"""What was entered is kept in a column that comes and goes; a judgement that was kept before it is asked once more."""

import sqlalchemy as sa
from flask import Flask

from audits.models import AuditCarried, AuditState
from audits.sweeping import sweep
from core import db, migrating
from tenants.scope import scoped, whole
from tests.cast import Cast

BEFORE = "0053"


def test_a_judgement_is_kept_while_what_was_entered_comes_and_goes(own_app: Flask, cast: Cast) -> None:
    with own_app.app_context():
        sweep.run([cast.bakery.id])
        with scoped(whole(cast.bakery.id), writes=False):
            before = db.session().scalars(sa.select(AuditState)).one()
            times, told = before.times, before.told
            carried = db.session().scalars(sa.select(AuditCarried)).one()
            assert carried.entered
            assert carried.entered["contacts"] == []
            past = carried.past
        migrating.downgrade(BEFORE)
        migrating.upgrade()
        with scoped(whole(cast.bakery.id), writes=False):
            after = db.session().scalars(sa.select(AuditState)).one()
            carried = db.session().scalars(sa.select(AuditCarried)).one()
            assert (carried.entered, carried.past, after.times, after.told) == (None, past, times, told)
