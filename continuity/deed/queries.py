"""Lists of versions of the deed."""

from collections.abc import Sequence

import sqlalchemy as sa

from continuity.models import Acceptance, Client, DeedVersion, Registration
from core import db


def deeds(owner: Registration) -> Sequence[DeedVersion]:
    """Return the versions of the deed, newest first."""
    query = sa.select(DeedVersion).where(
        DeedVersion.tenant_id == owner.tenant_id, DeedVersion.registration_id == owner.id
    )
    return db.session().scalars(query.order_by(DeedVersion.number.desc())).all()


def accepted_by(owner: Registration) -> int:
    """Return how many clients accepted a version of the deed and did not take that back: they are to accept anew."""
    query = (
        sa.select(sa.func.count(sa.distinct(Client.id)))
        .join(Acceptance, sa.and_(Acceptance.tenant_id == Client.tenant_id, Acceptance.client_id == Client.id))
        .where(
            Client.tenant_id == owner.tenant_id,
            Client.registration_id == owner.id,
            Client.archived_at.is_(None),
            Acceptance.ended_on.is_(None),
        )
    )
    return db.session().scalar(query) or 0
