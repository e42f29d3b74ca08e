"""Copies of the back-up that were there before anybody was asked how far back they go."""

import pytest
import sqlalchemy as sa
from flask import Flask

from core import db, migrating
from plans.models import BackupCopy, CopyOf
from tenants.scope import scoped, whole
from tests.cast import Cast


def test_of_copies_of_before_nobody_knows_and_less_than_a_day_is_refused(own_app: Flask, cast: Cast) -> None:
    with own_app.app_context(), scoped(whole(cast.bakery.id)):
        db.session().add(BackupCopy(holds=CopyOf.DATA, name="Disk", location="Safe", kept_days=30))
    with own_app.app_context():
        migrating.downgrade("0056")
        migrating.upgrade()
    with own_app.app_context(), scoped(whole(cast.bakery.id)):
        copy = db.session().scalars(sa.select(BackupCopy)).one()
        assert (copy.name, copy.location, copy.kept_days) == ("Disk", "Safe", None)
        copy.kept_days = 0
        with pytest.raises(sa.exc.IntegrityError):
            db.session().flush()
        db.rollback()
