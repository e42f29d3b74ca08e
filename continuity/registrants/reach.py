"""How far a foundation's scope reaches: to the organisations that name it, and on one registration's pages to one."""

from uuid import UUID

import sqlalchemy as sa
from flask import request

from continuity.models import Registration
from core import db
from tenants.lock import Bypass, bypass
from tenants.relations import Standing
from tenants.scope import Opening, opening


def registrants_of(standing: Standing) -> frozenset[int]:
    """Return the organisations with a registration that names this foundation; never the foundation itself."""
    return naming(standing.tenant_id)


def registrant_of(standing: Standing) -> frozenset[int]:
    """Return the one organisation whose registration, named in the address, names this foundation, or none.

    A page about one registration needs nothing of the other registrants.
    """
    return naming(standing.tenant_id, (request.view_args or {}).get("registration_id"))


def naming(foundation_id: int, registration_id: UUID | None = None) -> frozenset[int]:
    """Return the organisations whose registration, or just that one, names this foundation."""
    query = sa.select(Registration.tenant_id).where(
        Registration.foundation_id == foundation_id,
        Registration.tenant_id != foundation_id,
        Registration.archived_at.is_(None),
    )
    if registration_id is not None:
        query = query.where(Registration.id == registration_id)
    with opening(Opening.FOUNDATION, str(foundation_id)):
        return frozenset(db.session().scalars(query.distinct(), execution_options=bypass(Bypass.REGISTRANTS)))
