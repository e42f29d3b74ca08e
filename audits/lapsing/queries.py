"""What lapses of one registration, and of everything a reseller looks after, in a fixed number of queries."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from audits.lapsing.registers import Dated, Known, lapses_in
from audits.reach import reaches
from continuity import loading
from continuity.facts import RegistrationFact
from continuity.lapsing import Lapse, LapseKind, Strip, lapses_of, money_unknown, soonest, strip
from continuity.period import Period
from core import db
from core.clock import add_months
from plans import intervals
from plans.intervals import Interval
from plans.models import Asset, Contact, IntervalSetting
from tenants.grants.reach import ClientGrant, at_clients
from tenants.models import Tenant
from tenants.owned import Area

# With the address of a client in every line a page stays light.
PAGE = 50
MONTHS = 3


@dataclass(frozen=True, slots=True)
class Ahead:
    """What lapses in the period that would run from a day. unknown: services of which the cost was not filled in."""

    running: Period
    lapses: Sequence[Lapse]
    strip: Strip
    unknown: Sequence[str]

    def of_kind(self, kind: LapseKind | None) -> list[Lapse]:
        """Return what is of a kind, or everything."""
        return [one for one in self.lapses if kind is None or one.kind is kind]


def of_registration(tenant_id: int, registration_id: UUID, day: date) -> tuple[RegistrationFact, Ahead] | None:
    """Return what lapses of a registration, and in the registers of its supplier, if it happened on `day`.

    The registers count as far as the open scope reads the plan.
    """
    facts = loading.load([tenant_id])[tenant_id].registrations
    found = next((one for one in facts if one.id == registration_id), None)
    if found is None:
        return None
    running = Period(day, add_months(day, found.duration_months))
    counted = contact_days() if reaches(Area.PLAN) else intervals.DEFAULT_DAYS[Interval.CONTACT]
    lapses = list(lapses_of(found, running, counted))
    if reaches(Area.PLAN):
        lapses += lapses_in(_assets(running), _people(), running, counted)
    return found, _ahead(running, lapses, [found])


def of_portfolio(tenant_id: int, grants: Sequence[ClientGrant], day: date) -> Ahead:
    """Return what lapses of all registrations of a reseller, in its own registers and in those of its clients.

    grants: of its clients; those that closed their plan are left out. The open scope is the reseller's own, and is
    open again afterwards. The period is that of its longest registration.
    """
    facts = loading.load([tenant_id])[tenant_id].registrations
    running = Period(day, add_months(day, max((one.duration_months for one in facts), default=MONTHS)))
    counted = contact_days()
    lapses = [
        lapse for one in facts for lapse in lapses_of(one, Period(day, add_months(day, one.duration_months)), counted)
    ]
    lapses += lapses_in(_assets(running), _people(), running, counted)
    with at_clients(frozenset(one.client_id for one in grants if one.plan), frozenset({Area.PLAN})):
        lapses += lapses_in(_assets(running), iter(()), running, counted)
    return _ahead(running, lapses, facts)


def _ahead(running: Period, lapses: Sequence[Lapse], facts: Sequence[RegistrationFact]) -> Ahead:
    found = soonest(lapses)
    return Ahead(running, found, strip(found, running), [one.service_name for one in facts if money_unknown(one)])


def contact_days() -> int:
    """Return how long contact data count at the open scope's organisation."""
    query = sa.select(IntervalSetting.name, IntervalSetting.days).where(IntervalSetting.name == Interval.CONTACT.value)
    return intervals.days({row.name: row.days for row in db.session().execute(query)}, Interval.CONTACT)


def _assets(running: Period) -> Iterator[Dated]:
    """Yield the records with a last day before the end of `running`, of every organisation in the open scope."""
    query = (
        sa.select(Asset.kind, Asset.name, Tenant.name, Asset.expires_on, Tenant.slug)
        .join(Tenant, Tenant.id == Asset.tenant_id)
        .where(
            Asset.archived_at.is_(None),
            Asset.perpetual.is_(False),
            Asset.expires_on.is_not(None),
            Asset.expires_on < running.last_on,
        )
    )
    rows = db.session().execute(query).all()
    return (Dated(kind, name, whose, until, slug) for kind, name, whose, until, slug in rows if until)


def _people() -> Iterator[Known]:
    """Yield the members of staff of the open scope's organisation whose contact data were confirmed once."""
    query = (
        sa.select(Contact.name, Tenant.name, Contact.confirmed_on)
        .join(Tenant, Tenant.id == Contact.tenant_id)
        .where(Contact.archived_at.is_(None), Contact.confirmed_on.is_not(None))
    )
    rows = db.session().execute(query).all()
    return (Known(name, whose, confirmed_on) for name, whose, confirmed_on in rows if confirmed_on)
