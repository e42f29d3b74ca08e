"""Take turns at one organisation, where what was read before must still hold when it is written."""

from collections.abc import Iterable

import sqlalchemy as sa

from core import db
from tenants.models import Tenant


def one_at_a_time(tenant_ids: Iterable[int]) -> None:
    """Wait until nobody else has the turn of any of these organisations, and keep it until the transaction ends.

    Who asks for several gets them in one order, so that no two wait for each other; foreign keys to the organisations
    stay free to be made. On SQLite the writing transaction does that by itself. One query; needs no scope.
    """
    query = sa.select(Tenant.id).where(Tenant.id.in_(sorted(tenant_ids))).order_by(Tenant.id)
    db.session().execute(query.with_for_update(key_share=True)).all()
