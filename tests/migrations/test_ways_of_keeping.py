"""Copies of the back-up that lie with an accountant or with family, when that step is taken back."""

import sqlalchemy as sa
from flask import Flask

from core import db, migrating
from plans.models import BackupCopy, CopyOf, Keeping
from tenants.scope import scoped, whole
from tests.cast import Cast


def test_what_there_was_no_word_for_is_kept_otherwise(own_app: Flask, cast: Cast) -> None:
    with own_app.app_context(), scoped(whole(cast.bakery.id)):
        for one in (*Keeping, None):
            name = one.value if one else "unknown"
            db.session().add(BackupCopy(holds=CopyOf.DATA, name=name, location="Drawer", keeping=one))
    with own_app.app_context():
        migrating.downgrade("0060")
        migrating.upgrade()
    with own_app.app_context(), scoped(whole(cast.bakery.id)):
        found = {row.name: row.keeping for row in db.session().scalars(sa.select(BackupCopy))}
        otherwise = {"entrusted": Keeping.OTHER, "relative": Keeping.OTHER}
        assert found == {**{one.value: one for one in Keeping}, "unknown": None, **otherwise}
        for one in db.session().scalars(sa.select(BackupCopy)):
            assert one.location == "Drawer"
            one.keeping = Keeping.RELATIVE
        db.session().flush()
