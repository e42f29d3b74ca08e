"""What ties an organisation to others under the scheme: a release in or near, clients that rely on it, registrants."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

import sqlalchemy as sa

from continuity.models import Acceptance, Client, Registration
from continuity.period import period
from continuity.registrants.reach import naming
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
        """Return the services that are registered still and whose deed clients accepted, by name."""
        query = (
            sa.select(Registration.id, Registration.service_name, Client.id)
            .join(
                Client,
                sa.and_(Client.tenant_id == Registration.tenant_id, Client.registration_id == Registration.id),
            )
            .join(
                Acceptance,
                sa.and_(Acceptance.tenant_id == Client.tenant_id, Acceptance.client_id == Client.id),
            )
            .where(
                Registration.archived_at.is_(None),
                Client.archived_at.is_(None),
                Acceptance.ended_on.is_(None),
            )
            .distinct()
        )
        rows = sorted(db.session().execute(query), key=lambda row: (row[1].casefold(), row[0]))
        return [Cover(name, len(list(same))) for (_id, name), same in groupby(rows, key=lambda row: (row[0], row[1]))]

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
