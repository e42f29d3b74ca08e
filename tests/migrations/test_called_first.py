"""Who was judged before the first night was counted is judged once more, though none of its rows changed."""

import sqlalchemy as sa
from flask import Flask

from audits.models import AuditState
from audits.portfolio.rows import placing_of
from core import db, migrating
from tenants.models import TenantChange
from tenants.scope import scoped, whole
from tests.cast import Cast
from tests.grants.scene import found, judged

BEFORE = "0052"


def test_who_was_judged_is_judged_once_more(own_app: Flask, cast: Cast) -> None:
    judged(own_app, cast.bakery)
    found(own_app, cast.bakery, "runbook.team")
    with own_app.app_context(), scoped(whole(cast.bakery.id)):
        assert (told := db.session().scalars(sa.select(AuditState.placed_by)).one())
        assert placing_of(told).tonight == 1
        db.session().scalars(sa.select(AuditState)).one().from_rows = "of the same rows"
    for _again in range(2):
        with own_app.app_context():
            migrating.downgrade(BEFORE)
            db.begin(writes=True)
            db.session().execute(sa.delete(TenantChange))
            db.commit()
            migrating.upgrade()
        with own_app.app_context(), scoped(whole(cast.bakery.id), writes=False):
            state = db.session().scalars(sa.select(AuditState)).one()
            assert state.placed_by
            placing = placing_of(state.placed_by)
            assert (placing.tonight, placing.endless, placing.scheme_endless, state.from_rows) == (0, 0, 0, "")
            assert db.session().scalars(sa.select(TenantChange.tenant_id)).all() == [cast.bakery.id]
