"""What ties an organisation to others under the scheme: a release in or near, clients that rely on it, registrants."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from continuity.models import Acceptance, Client, Registration
from continuity.period import period
from continuity.registrants.reach import naming
from continuity.registrations.states import IN_FORCE
from core import db
from core.clock import add_months
from tenants.leaving.ties import Cover, Hold
from tenants.models import Tenant

# A client or a curator may come with a claim after the period; one more year covers the administrator's accounts.
HOLD_MONTHS = 12


class SchemeTies:
    """Answers from the rows of the scheme that the open scope reads."""

    def holds(self, today: date) -> Sequence[Hold]:
        """Return the releases that hold on `today`, the longest first.

        From the declaration of bankruptcy, whatever the day it was recorded for, up to and including HOLD_MONTHS
        after the last day of its period. Registrations that were put away count too.
        """
        declared = sa.select(Registration).where(Registration.declared_bankrupt_on.is_not(None))
        found = [_hold(row) for row in db.session().scalars(declared)]
        return sorted((one for one in found if today <= one.until), key=lambda one: one.until, reverse=True)

    def covers(self) -> Sequence[Cover]:
        """Return the services that are registered still and are in force or whose deed clients accepted, by name.

        A client that was put away counts as well: it accepted, and only its own word or its contract ends that.
        """
        accepted = (
            sa.select(Client.registration_id, sa.func.count(Client.id.distinct()))
            .join(Acceptance, sa.and_(Acceptance.tenant_id == Client.tenant_id, Acceptance.client_id == Client.id))
            .where(Acceptance.ended_on.is_(None))
            .group_by(Client.registration_id)
        )
        clients: dict[UUID, int] = {row[0]: row[1] for row in db.session().execute(accepted)}
        query = sa.select(Registration.id, Registration.service_name, Registration.state)
        rows = db.session().execute(query.where(Registration.archived_at.is_(None)))
        found = [row for row in rows if row.id in clients or row.state in IN_FORCE]
        found.sort(key=lambda row: (row.service_name.casefold(), row.id))
        return [Cover(row.service_name, clients.get(row.id, 0)) for row in found]

    def registrants(self, foundation_id: int) -> int:
        """Return how many other organisations that are still here have a registration that names this foundation."""
        here = sa.select(sa.func.count(Tenant.id)).where(Tenant.id.in_(naming(foundation_id)), Tenant.left_at.is_(None))
        return db.session().scalar(here) or 0


def _hold(row: Registration) -> Hold:
    declared = row.declared_bankrupt_on
    running = period(declared, row.duration_months)
    assert declared is not None
    assert running is not None
    return Hold(row.service_name, declared, add_months(running.last_on, HOLD_MONTHS))
