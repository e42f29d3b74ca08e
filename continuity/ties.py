"""What ties an organisation to others under the scheme: a release in or near, clients that rely on it, registrants."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from continuity.models import Acceptance, Client, Registration, SchemeState
from continuity.period import period
from continuity.registrants.reach import naming
from continuity.registrations.ended import stays_until
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

    def covers(self, today: date) -> Sequence[Cover]:
        """Return the registered services on which clients rely, or relied until so lately that it counts, by name.

        A client that its supplier put away keeps what it accepted. Nobody relies on a scheme that is closed: its period
        is over, and from then on the release itself holds.
        """
        registered = sa.select(Registration).where(
            Registration.archived_at.is_(None), Registration.state != SchemeState.CLOSED
        )
        accepted = (
            sa.select(Client.registration_id, sa.func.count(sa.distinct(Client.id)))
            .join(Acceptance, sa.and_(Acceptance.tenant_id == Client.tenant_id, Acceptance.client_id == Client.id))
            .where(Acceptance.ended_on.is_(None))
            .group_by(Client.registration_id)
        )
        clients = {row[0]: row[1] for row in db.session().execute(accepted)}
        rows = sorted(db.session().scalars(registered), key=lambda row: (row.service_name.casefold(), row.id))
        return [Cover(row.service_name, clients.get(row.id, 0)) for row in rows if _relied(row, clients, today)]

    def registrants(self, foundation_id: int) -> int:
        """Return how many other organisations that are still here have a registration that names this foundation."""
        here = sa.select(sa.func.count(Tenant.id)).where(Tenant.id.in_(naming(foundation_id)), Tenant.left_at.is_(None))
        return db.session().scalar(here) or 0


def _relied(row: Registration, clients: Mapping[UUID, int], today: date) -> bool:
    return row.id in clients or row.state in IN_FORCE or stays_until(row, today) is not None


def _hold(row: Registration) -> Hold:
    declared = row.declared_bankrupt_on
    running = period(declared, row.duration_months)
    assert declared is not None
    assert running is not None
    return Hold(row.service_name, declared, add_months(running.last_on, HOLD_MONTHS))
