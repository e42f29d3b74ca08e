"""Records of the inventory that were there before anybody was asked about a second step."""

import sqlalchemy as sa
from flask import Flask

from core import db, migrating
from plans.models import Asset, AssetKind, LineUse, SecondStep
from tenants.scope import scoped, whole
from tests.cast import Cast


def test_of_records_of_before_nobody_knows_and_all_else_stays(own_app: Flask, cast: Cast) -> None:
    with own_app.app_context(), scoped(whole(cast.bakery.id)):
        db.session().add(
            Asset(
                kind=AssetKind.CLOUD_SERVICE,
                name="Mail",
                website="mail.example",
                second_step=SecondStep.APP,
                second_step_spare="Codes in the safe",
            )
        )
        db.session().add(Asset(kind=AssetKind.TELEPHONE_LINE, name="Voice", line_use=LineUse.VOICE, quantity=2))
    with own_app.app_context():
        migrating.downgrade("0061")
        migrating.upgrade()
    with own_app.app_context(), scoped(whole(cast.bakery.id)):
        mail, voice = db.session().scalars(sa.select(Asset).order_by(Asset.name)).all()
        assert (mail.name, mail.website, mail.second_step, mail.second_step_spare) == ("Mail", "mail.example", None, "")
        assert (voice.line_use, voice.quantity, voice.second_step) == (LineUse.VOICE, 2, None)
        mail.second_step, mail.second_step_spare = SecondStep.KEY, "A spare key at the notary"
        db.session().flush()
