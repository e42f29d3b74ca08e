"""Insurers and audiences of before say nothing of hours; what they hold and what points to them stays."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from core import db, migrating
from plans.models import Audience, ExternalParty, PartyKind, System
from tenants.scope import scoped, whole
from tests.cast import Cast


def test_parties_and_audiences_keep_what_they_hold_and_those_that_point_to_them(own_app: Flask, cast: Cast) -> None:
    with own_app.app_context(), scoped(whole(cast.bakery.id)):
        party = ExternalParty(kind=PartyKind.INSURER, name="Polder", reference="P-1", report_within_hours=24)
        db.session().add(party)
        db.session().add(Audience(name="Hotel Zon", how="By telephone", report_within_hours=48))
        db.session().flush()
        db.session().add(System(name="Till", supplier_id=party.id))
    with own_app.app_context():
        migrating.downgrade("0080")
        migrating.upgrade()
    with own_app.app_context(), scoped(whole(cast.bakery.id)):
        party, told = (
            db.session().scalars(sa.select(ExternalParty)).one(),
            db.session().scalars(sa.select(Audience)).one(),
        )
        assert (party.name, party.reference, party.report_within_hours) == ("Polder", "P-1", None)
        assert (told.name, told.how, told.report_within_hours) == ("Hotel Zon", "By telephone", None)
        assert db.session().scalars(sa.select(System.supplier_id)).one() == party.id
        party.report_within_hours, told.report_within_hours = 72, 4
        db.session().flush()


@pytest.mark.parametrize("hours", [0, -1, 8761])
@pytest.mark.parametrize("model", [ExternalParty, Audience])
def test_hours_that_nobody_can_keep_are_refused(
    own_app: Flask, cast: Cast, hours: int, model: type[ExternalParty] | type[Audience]
) -> None:
    more = {"kind": PartyKind.INSURER} if model is ExternalParty else {}
    with own_app.app_context(), scoped(whole(cast.bakery.id)):
        db.session().add(model(name="Polder", report_within_hours=hours, **more))
        with pytest.raises(IntegrityError):
            db.session().flush()
        db.rollback()
