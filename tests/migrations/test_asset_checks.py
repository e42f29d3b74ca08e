"""What an inventory record may be is still refused by the database, however it is asked."""

import pytest
import sqlalchemy as sa
from flask import Flask

from core import db
from plans.models import Asset, AssetKind, LineUse, SecondStep
from tenants.scope import scoped, whole
from tests.cast import Cast

WORDS = [
    *(("kind", one.value) for one in AssetKind),
    *(("line_use", one.value) for one in LineUse),
    *(("second_step", one.value) for one in SecondStep),
]


def test_every_word_is_taken_and_no_other(app: Flask, cast: Cast) -> None:
    with app.app_context(), scoped(whole(cast.bakery.id)):
        db.session().add(Asset(kind=AssetKind.SERVER, name="SRV1"))
        db.session().flush()
        connection = db.session().connection()
        for column, word in [*WORDS, ("line_use", None), ("second_step", None)]:
            told = sa.text(f"UPDATE asset SET {column} = :word WHERE tenant_id = :mine")  # noqa: S608 -- three columns
            assert connection.execute(told, {"word": word, "mine": cast.bakery.id}).rowcount == 1
    for column in ("kind", "line_use", "second_step"):
        with app.app_context(), scoped(whole(cast.bakery.id)):
            told = sa.text(f"UPDATE asset SET {column} = 'servers ' WHERE tenant_id = :mine")  # noqa: S608
            with pytest.raises(sa.exc.IntegrityError, match="ck_asset"):
                db.session().connection().execute(told, {"mine": cast.bakery.id})
            db.rollback()
