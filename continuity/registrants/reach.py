"""How far a foundation's scope reaches: to the organisations that name it, and on one registration's pages to one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from flask import request

from continuity.models import Registration, SchemeState
from continuity.period import Period, period
from continuity.registrations.states import AT_WORK
from core import db
from tenants.lock import Bypass, bypass
from tenants.models import Tenant
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


@dataclass(frozen=True, slots=True)
class FellAway:
    """A service whose supplier fell away. delivers: the foundation said that it delivers."""

    registration_id: UUID
    service: str
    supplier: str
    period: Period
    delivers: bool


def fell_away(foundation_id: int) -> Sequence[FellAway]:
    """Return the services this foundation delivers or has yet to begin delivering, what waits to be delivered first.

    Their names, states and days alone, for a page whose scope is the foundation's own; in one query.
    """
    query = (
        sa.select(
            Registration.id,
            Registration.service_name,
            Tenant.name,
            Registration.state,
            Registration.declared_bankrupt_on,
            Registration.duration_months,
        )
        .join(Tenant, Tenant.id == Registration.tenant_id)
        .where(
            Registration.foundation_id == foundation_id,
            Registration.tenant_id != foundation_id,
            Registration.archived_at.is_(None),
            Registration.state.in_(sorted(AT_WORK)),
        )
    )
    with opening(Opening.FOUNDATION, str(foundation_id)):
        rows = db.session().execute(query, execution_options=bypass(Bypass.REGISTRANTS)).all()
    found = [
        FellAway(id_, service, supplier, running, state is SchemeState.RUNNING)
        for id_, service, supplier, state, declared_on, months in rows
        if (running := period(declared_on, months)) is not None
    ]
    return sorted(found, key=lambda one: (one.delivers, one.period.last_on, one.supplier.casefold()))
