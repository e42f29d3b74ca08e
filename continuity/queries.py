"""Rows that pages of several subjects ask for."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from continuity.funding import Cover, cover
from continuity.models import Acceptance, Client, DeedVersion, Registration
from core import db
from tenants.models import Tenant, TenantKind
from tenants.owned import Archivable, TenantOwned

P = TypeVar("P", bound=TenantOwned)


def registration(registration_id: UUID, *, archived: bool = False) -> Registration | None:
    """Return a registration of the open scope: one that was put away when `archived`, else one that was not."""
    query = sa.select(Registration).where(Registration.id == registration_id, _kept(Registration, archived))
    return db.session().scalar(query)


def part(model: type[P], owner: Registration, row_id: UUID, *, archived: bool = False) -> P | None:
    """Return row `row_id` of `model` when it hangs under registration `owner`."""
    found: P | None = db.session().scalar(_under(model, owner, archived).where(model.id == row_id))
    return found


def parts(model: type[P], owner: Registration, *, archived: bool = False) -> Sequence[P]:
    """Return the rows of `model` under `owner` in the order in which they were added."""
    return db.session().scalars(_under(model, owner, archived).order_by(model.id)).all()


def _under(model: Any, owner: Registration, archived: bool) -> Any:
    return sa.select(model).where(
        model.tenant_id == owner.tenant_id, model.registration_id == owner.id, _kept(model, archived)
    )


def _kept(model: type[Any], archived: bool) -> sa.ColumnElement[bool]:
    if not issubclass(model, Archivable):
        return sa.false() if archived else sa.true()
    return model.archived_at.is_not(None) if archived else model.archived_at.is_(None)


def current_deed(owner: Registration) -> DeedVersion | None:
    """Return the version of the beneficiary deed that is offered."""
    query = sa.select(DeedVersion).where(
        DeedVersion.tenant_id == owner.tenant_id,
        DeedVersion.registration_id == owner.id,
        DeedVersion.published_on.is_not(None),
        DeedVersion.closed_on.is_(None),
    )
    return db.session().scalar(query.order_by(DeedVersion.number.desc()).limit(1))


def cover_of(owner: Registration, deed: DeedVersion | None) -> Cover:
    """Compare the monthly cost of `owner` with the fees of the clients that accepted its current `deed`."""
    fees: Sequence[Decimal | None] = ()
    if deed is not None:
        query = (
            sa.select(Client.monthly_fee)
            .join(Acceptance, sa.and_(Acceptance.tenant_id == Client.tenant_id, Acceptance.client_id == Client.id))
            .where(
                Client.registration_id == owner.id,
                Client.archived_at.is_(None),
                Acceptance.deed_version_id == deed.id,
                Acceptance.ended_on.is_(None),
            )
        )
        fees = db.session().scalars(query).all()
    return cover(owner.monthly_cost, fees, owner.duration_months)


def foundations(apart_from: int) -> list[tuple[int, str]]:
    """Return id and name of every foundation but `apart_from`, sorted by name: nobody is its own foundation."""
    query = sa.select(Tenant.id, Tenant.name).where(Tenant.kind == TenantKind.FOUNDATION, Tenant.id != apart_from)
    return sorted(((row.id, row.name) for row in db.session().execute(query)), key=lambda pair: pair[1].casefold())


def tenant_kvk(tenant_id: int | None) -> str:
    """Return the KvK number of an organisation, "" where none is known."""
    return db.session().scalar(sa.select(Tenant.kvk).where(Tenant.id == tenant_id)) or ""


def tenant_name(tenant_id: int | None) -> str:
    """Return what an organisation is called, nothing for none."""
    return db.session().scalar(sa.select(Tenant.name).where(Tenant.id == tenant_id)) or ""
