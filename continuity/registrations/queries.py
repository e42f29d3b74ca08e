"""Lists of registrations."""

from collections.abc import Sequence

import sqlalchemy as sa

from continuity.models import Counterparty, Registration, SchemeContact, SchemeParty
from core import db
from tenants.models import Tenant


def registrations() -> list[tuple[Registration, str]]:
    """Return every registration of the open scope with the name of its foundation, sorted by the service's name."""
    query = (
        sa.select(Registration, Tenant.name)
        .outerjoin(Tenant, Tenant.id == Registration.foundation_id)
        .where(Registration.archived_at.is_(None))
    )
    found = [(row, name or "") for row, name in db.session().execute(query)]
    return sorted(found, key=lambda pair: (pair[0].service_name.casefold(), pair[0].id))


def put_away() -> Sequence[Registration]:
    """Return the registrations that were put away, newest first."""
    query = sa.select(Registration).where(Registration.archived_at.is_not(None))
    return db.session().scalars(query.order_by(Registration.archived_at.desc())).all()


def counterparty(owner: Registration) -> Counterparty | None:
    """Return the upstream supplier or partner company of a registration."""
    query = sa.select(Counterparty).where(Counterparty.registration_id == owner.id, Counterparty.archived_at.is_(None))
    return db.session().scalar(query)


def contacts(owner: Registration) -> dict[SchemeParty, SchemeContact]:
    """Return whom to call at each of the three, as far as known."""
    query = sa.select(SchemeContact).where(SchemeContact.registration_id == owner.id)
    return {row.party: row for row in db.session().scalars(query)}
