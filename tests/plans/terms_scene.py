"""A calamity of the bakery of which something must be reported, at moments that tests choose."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import time_machine

from core import clock, db
from plans.calamity import services
from plans.calamity.deciders import Account
from plans.calamity.queries import Told, told
from plans.calamity.services import Activation, Closing
from plans.calamity.targets import Written
from plans.models import Assignment, EntryKind
from plans.seats import AUTHORITIES
from tenants.models import Alarm, Capacity
from tests.plans.items_scene import add_contact

# A Saturday night.
BEGAN = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
OWNER = Account("Owner", "owner@people.example", Capacity.OWNER)
REPORTER = "reports@people.example"


def at(hours: float) -> AbstractContextManager[object]:
    """Be so many hours after the beginning."""
    return time_machine.travel(BEGAN + timedelta(hours=hours), tick=False)


def name_reporter(email: str = REPORTER) -> UUID:
    """Let the plan name who reports to the authorities; needs an open scope."""
    found = add_contact("Fatima El Amrani", email=email)
    db.session().add(Assignment(item_id="runbook.informing", seat=AUTHORITIES, contact_id=found))
    db.session().flush()
    return found


def begin(kind: Alarm = Alarm.REAL, who: Account = OWNER) -> UUID:
    """Put the plan to work now; needs an open scope."""
    now = clock.now()
    return services.activate(Activation(kind, now), who=who, at=now).id


def say(calamity_id: UUID, kind: EntryKind, target: str = "", text: str = "", **more: object) -> UUID:
    """Write something down now and return its id; needs an open scope."""
    now = clock.now()
    values = Written(kind, more.pop("happened_at", now), target, text, **more)  # type: ignore[arg-type]
    return services.write_down(calamity_id, values, by="Eva", at=now).id


def end(calamity_id: UUID, *, left: bool = True) -> None:
    """Close it now; needs an open scope."""
    now = clock.now()
    services.close(calamity_id, Closing(now, left=left), who=OWNER, today=clock.today(), at=now)


def look(calamity_id: UUID) -> Told:
    """Return how it stands; needs an open scope."""
    found = told(calamity_id, clock.now())
    assert found is not None
    return found
