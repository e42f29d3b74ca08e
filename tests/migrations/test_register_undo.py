"""Records that were there before the registers learnt new numbers."""

import sqlalchemy as sa
from flask import Flask

from core import db, migrating
from plans.models import Asset, AssetKind, ExternalParty, PartyKind
from tenants.scope import scoped, whole
from tests.cast import Cast


def test_records_of_before_keep_what_they_hold_and_have_nothing_in_the_new_columns(own_app: Flask, cast: Cast) -> None:
    with own_app.app_context(), scoped(whole(cast.bakery.id)):
        db.session().add(Asset(kind=AssetKind.SERVER, name="SRV1", location="Cellar"))
        db.session().add(ExternalParty(kind=PartyKind.INSURER, name="Safe", reference="P-1"))
    with own_app.app_context():
        migrating.downgrade("0009")
        migrating.upgrade()
    with own_app.app_context(), scoped(whole(cast.bakery.id)):
        asset = db.session().scalars(sa.select(Asset)).one()
        party = db.session().scalars(sa.select(ExternalParty)).one()
        assert (asset.location, asset.mac_address) == ("Cellar", "")
        assert (party.reference, party.kvk, party.vat, party.iban) == ("P-1", "", "", "")
