"""Signs that were there before one could tell by which it is over."""

import sqlalchemy as sa
from flask import Flask

from core import db, migrating
from plans.models import ActivationSign
from tenants.scope import scoped, whole
from tests.cast import Cast


def test_signs_of_before_put_the_plan_to_work_and_those_that_it_is_over_never_do(own_app: Flask, cast: Cast) -> None:
    with own_app.app_context(), scoped(whole(cast.bakery.id)):
        db.session().add(ActivationSign(position=1, text="The oven smokes"))
        db.session().add(ActivationSign(position=2, text="The oven bakes", ends=True))
    with own_app.app_context():
        migrating.downgrade("0069")
        migrating.upgrade()
    with own_app.app_context(), scoped(whole(cast.bakery.id)):
        smokes, bakes = db.session().scalars(sa.select(ActivationSign).order_by(ActivationSign.position)).all()
        assert (smokes.text, smokes.ends, smokes.archived_at) == ("The oven smokes", False, None)
        # The release before knew no other signs: it must not put the plan to work by this one.
        assert (bakes.text, bakes.ends) == ("The oven bakes", False)
        assert bakes.archived_at is not None
        bakes.archived_at, bakes.ends = None, True
        db.session().flush()
