"""Lists of versions of the deed."""

from collections.abc import Sequence

import sqlalchemy as sa

from continuity.models import DeedVersion, Registration
from core import db


def deeds(owner: Registration) -> Sequence[DeedVersion]:
    """Return the versions of the deed, newest first."""
    query = sa.select(DeedVersion).where(
        DeedVersion.tenant_id == owner.tenant_id, DeedVersion.registration_id == owner.id
    )
    return db.session().scalars(query.order_by(DeedVersion.number.desc())).all()
