"""What was judged and kept of many clients, in a number of queries that does not grow with them.

Findings and expiries lie in one area whatever they are about, so each query names, beside the scope, which clients
opened their plan and which their scheme: a row about a part that stayed closed never leaves the database.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from audits.models import AuditState, Expiry, Finding
from audits.portfolio.legs import Counted, Leg
from audits.reach import SCHEME
from audits.severity import Severity
from audits.texts import places
from continuity.models import Acceptance, Client, Registration
from core import db
from plans.models import Assignment, Contact
from tenants.grants.reach import ClientGrant

TESTS = "testing."
HANDED_OVER = ("scheme.documentation", "scheme.logins", "scheme.other-information")
FIRST_CONTACT = "runbook.first-contact"


@dataclass(frozen=True, slots=True)
class Opened:
    """Which clients opened which part."""

    plan: frozenset[int]
    continuity: frozenset[int]

    @property
    def everybody(self) -> frozenset[int]:
        """Return every client that opened something."""
        return self.plan | self.continuity

    def within(self, model: Any, only: Collection[int] | None = None) -> sa.ColumnElement[bool]:
        """Return the condition that a finding or expiry is about a part its client opened.

        only: of these clients alone.
        """
        plan = self.plan if only is None else self.plan & set(only)
        scheme = self.continuity if only is None else self.continuity & set(only)
        duty = model.rule_code.startswith(SCHEME, autoescape=True)
        # Most opened both: of those no code has to be looked at.
        return sa.or_(
            model.tenant_id.in_(sorted(plan & scheme)),
            sa.and_(model.tenant_id.in_(sorted(plan - scheme)), sa.not_(duty)),
            sa.and_(model.tenant_id.in_(sorted(scheme - plan)), duty),
        )


def opened(grants: Iterable[ClientGrant]) -> Opened:
    """Return which clients opened which part."""
    found = list(grants)
    return Opened(
        frozenset(one.client_id for one in found if one.plan),
        frozenset(one.client_id for one in found if one.continuity),
    )


def judged_on() -> dict[int, date]:
    """Return the day on which each client of the open scope was judged last."""
    rows = db.session().execute(sa.select(AuditState.tenant_id, AuditState.judged_on))
    return {row.tenant_id: row.judged_on for row in rows}


def counted(reach: Opened) -> dict[tuple[int, Leg], Counted]:
    """Return how many open findings each leg of each client has; a leg without any is left out."""
    leg = sa.case(
        (Finding.rule_code.in_(HANDED_OVER), Leg.HANDOVERS.value),
        (Finding.rule_code.startswith(SCHEME, autoescape=True), Leg.AGREEMENTS.value),
        (Finding.rule_code.startswith(TESTS, autoescape=True), Leg.TESTS.value),
        else_=Leg.PLAN.value,
    )
    query = (
        sa.select(Finding.tenant_id, leg.label("leg"), *(_number(one).label(one.value) for one in Severity))
        .where(Finding.closed_at.is_(None), reach.within(Finding))
        .group_by(Finding.tenant_id, "leg")
    )
    return {
        (row.tenant_id, Leg(row.leg)): Counted(row.fault, row.warning, row.notice)
        for row in db.session().execute(query)
    }


def _number(severity: Severity) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((Finding.severity == severity, 1), else_=0))


@dataclass(frozen=True, slots=True)
class OpenCode:
    """How many open findings of one severity a client has under one item or duty."""

    tenant_id: int
    code: str
    severity: Severity
    number: int


def open_codes(reach: Opened) -> list[OpenCode]:
    """Return the open findings of every client, counted by item or duty."""
    query = (
        sa.select(Finding.tenant_id, Finding.rule_code, Finding.severity, sa.func.count())
        .where(Finding.closed_at.is_(None), reach.within(Finding))
        .group_by(Finding.tenant_id, Finding.rule_code, Finding.severity)
    )
    return [OpenCode(*row) for row in db.session().execute(query)]


def leg_of(code: str) -> Leg:
    """Return the leg that a finding under this item or duty belongs to, as counted() counts."""
    if code in HANDED_OVER:
        return Leg.HANDOVERS
    if code.startswith(SCHEME):
        return Leg.AGREEMENTS
    return Leg.TESTS if code.startswith(TESTS) else Leg.PLAN


def next_lapse(reach: Opened, today: date) -> dict[int, date]:
    """Return the next last valid day of anything of each client."""
    query = (
        sa.select(Expiry.tenant_id, sa.func.min(Expiry.until).label("until"))
        .where(Expiry.until >= today, reach.within(Expiry))
        .group_by(Expiry.tenant_id)
    )
    return {row.tenant_id: row.until for row in db.session().execute(query)}


def lapsing_codes(reach: Opened, days: Mapping[int, date]) -> dict[int, str]:
    """Return what of each client lapses on its day. days: by client."""
    query = sa.select(Expiry.tenant_id, Expiry.rule_code, Expiry.until).where(
        Expiry.until.in_(sorted(set(days.values()))), reach.within(Expiry, days)
    )
    rows = db.session().execute(query).all()
    return _first_codes((row.tenant_id, row.rule_code) for row in rows if row.until == days.get(row.tenant_id))


def worst_codes(reach: Opened, worst: Mapping[int, Severity]) -> dict[int, str]:
    """Return the item or duty of each client's worst finding, the first in the catalogue's order."""
    by_severity = [
        sa.and_(Finding.severity == one, reach.within(Finding, [who for who, how in worst.items() if how is one]))
        for one in set(worst.values())
    ]
    # Only the first in the catalogue of each: some fifty findings of every client would otherwise come along.
    place = places()
    first = sa.func.min(sa.case(place, value=Finding.rule_code, else_=len(place)))
    query = (
        sa.select(Finding.tenant_id, first.label("place"))
        .where(Finding.closed_at.is_(None), sa.or_(sa.false(), *by_severity))
        .group_by(Finding.tenant_id)
    )
    codes = list(place)
    return {row.tenant_id: codes[row.place] for row in db.session().execute(query) if row.place < len(codes)}


def _first_codes(found: Iterable[tuple[int, str]]) -> dict[int, str]:
    place = places()
    first: dict[int, str] = {}
    for tenant_id, code in sorted(found, key=lambda pair: place.get(pair[1], len(place))):
        first.setdefault(tenant_id, code)
    return first


def with_scheme() -> frozenset[int]:
    """Return which organisations of the open scope registered a service."""
    query = sa.select(Registration.tenant_id).where(Registration.archived_at.is_(None)).distinct()
    return frozenset(db.session().scalars(query))


def accepted_own_scheme() -> dict[str, bool]:
    """Return, by KvK number, who the open scope's own scheme covers, and whether they accepted."""
    query = (
        sa.select(Client.kvk, sa.func.max(sa.case((Acceptance.id.is_not(None), 1), else_=0)).label("accepted"))
        .outerjoin(
            Acceptance,
            sa.and_(
                Acceptance.tenant_id == Client.tenant_id,
                Acceptance.client_id == Client.id,
                Acceptance.ended_on.is_(None),
            ),
        )
        .where(Client.archived_at.is_(None), Client.kvk != "")
        .group_by(Client.kvk)
    )
    return {row.kvk: bool(row.accepted) for row in db.session().execute(query)}


@dataclass(frozen=True, slots=True)
class Phone:
    """Whom to call at a client."""

    name: str
    phone: str


def whom_to_call() -> dict[int, Phone]:
    """Return whom to call at each organisation of the open scope: its first contact, else somebody with a number."""
    query = (
        sa.select(Contact.tenant_id, Contact.name, Contact.phone, Assignment.id.is_not(None).label("first"))
        .outerjoin(
            Assignment,
            sa.and_(
                Assignment.tenant_id == Contact.tenant_id,
                Assignment.contact_id == Contact.id,
                Assignment.item_id == FIRST_CONTACT,
            ),
        )
        .where(Contact.archived_at.is_(None), Contact.is_staff, Contact.phone != "")
    )
    rows: list[Any] = list(db.session().execute(query))
    # The last to be told wins: the first contact, then by name.
    rows.sort(key=lambda row: (not row.first, row.name.casefold()), reverse=True)
    return {row.tenant_id: Phone(row.name, row.phone) for row in rows}
