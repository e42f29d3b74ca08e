"""Copies of the back-up that were there before anybody was asked how often they are made."""

import sqlalchemy as sa
from flask import Flask

from core import db, migrating
from plans.models import BackupCopy, BackupCopySystem, CloudIn, CopyOf, MadeEvery, System
from tenants.scope import scoped, whole
from tests.cast import Cast


def test_of_copies_of_before_nobody_knows_and_all_else_stays(own_app: Flask, cast: Cast) -> None:
    with own_app.app_context(), scoped(whole(cast.bakery.id)):
        till = System(name="Till")
        disk = BackupCopy(
            holds=CopyOf.DATA,
            name="Disk",
            location="Safe",
            kept_days=30,
            made_every=MadeEvery.FOUR_HOURS,
            cloud_in=CloudIn.NOTHING,
            settings_in=True,
            deletable=False,
            may_delete="Henk",
        )
        db.session().add_all([till, disk])
        db.session().flush()
        db.session().add(BackupCopySystem(copy_id=disk.id, system_id=till.id))
    with own_app.app_context():
        migrating.downgrade("0066")
        migrating.upgrade()
    with own_app.app_context(), scoped(whole(cast.bakery.id)):
        copy = db.session().scalars(sa.select(BackupCopy)).one()
        assert (copy.name, copy.location, copy.kept_days) == ("Disk", "Safe", 30)
        assert (copy.made_every, copy.cloud_in, copy.settings_in, copy.deletable, copy.may_delete) == (
            *[None] * 4,
            "",
        )
        assert db.session().scalars(sa.select(BackupCopySystem)).all() == []
        copy.may_delete = "Henk"
        db.session().add(BackupCopySystem(copy_id=copy.id, system_id=db.session().scalars(sa.select(System.id)).one()))
        db.session().flush()
