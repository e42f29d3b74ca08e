"""Which schemes of its suppliers cover an organisation: told to the plan, which shows it at what depends on them."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from continuity.models import Acceptance, Client, Counterparty, DeedVersion, Registration
from core import db
from plans.processes.protection import Protection
from tenants.grants.reach import at_managers, managers
from tenants.models import ClientInvitation, Tenant
from tenants.owned import Area
from tenants.scope import current_scope


class SchemeProtection:
    """Answers from the rows of suppliers that both sides tie to the open scope's organisation."""

    def protections(self) -> Sequence[Protection]:
        """Return what covers it, by supplier and service, in three queries; empties the session when there is any.

        The organisation let the supplier in, and the supplier invited it under the KvK number by which it is a client
        of the scheme: a number that somebody merely says is theirs opens nothing. It counts when the newest published
        deed is accepted and its conditions are met, and the counterparty has signed.
        Nothing when the scope does not reach the scheme.
        """
        scope = current_scope()
        if Area.CONTINUITY not in scope.reads:
            return ()
        suppliers = managers()
        if not suppliers:
            return ()
        with at_managers(suppliers):
            return _covering(scope.only_tenant)


def _covering(tenant_id: int) -> tuple[Protection, ...]:
    number = sa.select(DeedVersion.registration_id, sa.func.max(DeedVersion.number))
    published = number.where(DeedVersion.published_on.is_not(None), DeedVersion.closed_on.is_(None)).group_by(
        DeedVersion.registration_id
    )
    newest: dict[UUID, int] = {row[0]: row[1] for row in db.session().execute(published)}
    query = (
        sa.select(
            Registration.id,
            DeedVersion.number,
            Tenant.name,
            sa.func.coalesce(Tenant.kvk, ""),
            Registration.service_name,
            Acceptance.accepted_on,
        )
        .join(Client, sa.and_(Client.tenant_id == Registration.tenant_id, Client.registration_id == Registration.id))
        .join(Acceptance, sa.and_(Acceptance.tenant_id == Client.tenant_id, Acceptance.client_id == Client.id))
        .join(
            DeedVersion,
            sa.and_(DeedVersion.tenant_id == Acceptance.tenant_id, DeedVersion.id == Acceptance.deed_version_id),
        )
        .join(
            Counterparty,
            sa.and_(Counterparty.tenant_id == Client.tenant_id, Counterparty.registration_id == Registration.id),
        )
        .join(
            ClientInvitation,
            sa.and_(ClientInvitation.tenant_id == Client.tenant_id, ClientInvitation.kvk == Client.kvk),
        )
        .join(Tenant, Tenant.id == Registration.tenant_id)
        .where(
            ClientInvitation.client_id == tenant_id,
            Client.kvk != "",
            Client.archived_at.is_(None),
            Registration.archived_at.is_(None),
            Registration.foundation_id.is_not(None),
            Counterparty.archived_at.is_(None),
            Counterparty.signed_on.is_not(None),
            Acceptance.ended_on.is_(None),
            Acceptance.conditions_met_on.is_not(None),
        )
    )
    rows = [row for row in db.session().execute(query) if newest.get(row[0]) == row[1]]
    found = {row[0]: Protection(*row[2:]) for row in rows}
    return tuple(sorted(found.values(), key=lambda one: (one.supplier.casefold(), one.service.casefold())))
