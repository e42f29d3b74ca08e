"""Records that were there before the registers learnt new numbers."""

from pathlib import Path

import sqlalchemy as sa

from app import create_app
from core import db, migrating
from plans.models import Asset, AssetKind, ExternalParty, PartyKind
from tenants.scope import scoped, whole
from tests import cast as casting
from tests.conftest import Stable, settings_for


def test_records_of_before_keep_what_they_hold_and_have_nothing_in_the_new_columns(
    stable: Stable, tmp_path: Path
) -> None:
    address, owner = stable.fresh("")
    app = create_app(settings_for(address, owner, tmp_path))
    try:
        with app.app_context():
            migrating.upgrade()
            cast = casting.build()
        with app.app_context(), scoped(whole(cast.bakery.id)):
            db.session().add(Asset(kind=AssetKind.SERVER, name="SRV1", location="Cellar"))
            db.session().add(ExternalParty(kind=PartyKind.INSURER, name="Safe", reference="P-1"))
        with app.app_context():
            migrating.downgrade("0009")
            migrating.upgrade()
        with app.app_context(), scoped(whole(cast.bakery.id)):
            asset = db.session().scalars(sa.select(Asset)).one()
            party = db.session().scalars(sa.select(ExternalParty)).one()
            assert (asset.location, asset.mac_address) == ("Cellar", "")
            assert (party.reference, party.kvk, party.vat, party.iban) == ("P-1", "", "", "")
    finally:
        with app.app_context():
            db.engine().dispose()
        stable.drop(address)
