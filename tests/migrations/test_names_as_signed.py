"""Agreements that were signed before names were kept get what is known today; nobody is named who did not sign."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from continuity.agreements.services import add_agreement
from continuity.models import Agreement, AgreementKind
from core import clock, db, migrating
from tenants.models import Tenant
from tests.cast import Cast
from tests.continuity.test_setting_back import contract
from tests.continuity.world import Scoped, service

BEFORE, KVK = "0079", "12345678"
K = AgreementKind


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """Serve this test from a database of its own, which it takes back and forth."""
    return own_app


def test_who_signed_is_called_as_known_today(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        db.session().get_one(Tenant, cast.supplier.id).kvk = KVK
        owner, without = service("Webhosting Plus", cast.foundation.id), service("Serverbeheer", None)
        for kind in K:
            add_agreement(owner, replace(contract(), kind=kind, party=kind.value), None)
        add_agreement(owner, replace(contract(), party="one side", second_signed_on=None), None)
        add_agreement(without, replace(contract(), party="no foundation"), None)
    with app.app_context():
        migrating.downgrade(BEFORE)
        with db.engine().connect() as connection:
            assert "first_name" not in {one["name"] for one in sa.inspect(connection).get_columns("agreement")}
        migrating.upgrade()
    supplier, foundation = (cast.supplier.name, KVK, clock.today()), (cast.foundation.name, "", clock.today())
    nobody = ("", "", None)
    with scope_of(cast.supplier):
        told = {
            row.party: (
                (row.first_name, row.first_kvk, row.first_named_on),
                (row.second_name, row.second_kvk, row.second_named_on),
            )
            for row in db.session().scalars(sa.select(Agreement))
        }
    assert told == {
        "framework": (supplier, foundation),
        "supply": (foundation, nobody),
        "service": (supplier, nobody),
        "processor": (supplier, foundation),
        "one side": (supplier, nobody),
        "no foundation": (supplier, nobody),
    }
