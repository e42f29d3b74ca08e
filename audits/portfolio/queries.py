"""What was judged and kept of many clients, in a number of queries that does not grow with them.

What is kept of a client is kept by part, and rows.py tells of the parts alone that its grant opens. Findings and
expiries lie in one area whatever they are about: a query of those names, beside the scope, which clients opened their
plan and which their scheme.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import sqlalchemy as sa

from audits.models import AuditState, Expiry
from audits.portfolio.rows import Kept, Lapse
from audits.reach import SCHEME
from continuity.models import Acceptance, Client
from core import db
from core.day_text import DayText
from plans.models import Assignment, Contact
from tenants.grants.reach import ClientGrant
from tenants.prepared import Prepared

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


_KEPT = Prepared(
    sa.select(
        AuditState.tenant_id, DayText(AuditState.judged_on), AuditState.placed_by, sa.cast(AuditState.legs, sa.Text)
    ).where(AuditState.placed_by.is_not(None))
)


# What `_make` does, without a call of Python for each.
_AS_KEPT = partial(tuple.__new__, Kept)


def kept() -> dict[int, Kept]:
    """Return what is kept of each client of the open scope.

    One that was judged before such things were kept is left out: it waits to be judged again.
    """
    # As the driver gives them: nothing in them has to be made of something else.
    return {row[0]: _AS_KEPT(row) for row in _KEPT.bare_rows()}


def lapses_from(reach: Opened, client_ids: Collection[int], day: date) -> dict[int, list[Lapse]]:
    """Return what lapses first of these clients from `day` on, each as far as it opened itself: all of that one day."""
    if not client_ids:
        return {}
    query = (
        sa.select(Expiry.tenant_id, Expiry.until, Expiry.rule_code)
        .where(Expiry.until >= day, reach.within(Expiry, client_ids))
        .order_by(Expiry.until)
    )
    found: dict[int, list[Lapse]] = {}
    for client, until, code in db.session().execute(query):
        lapses = found.setdefault(client, [])
        if not lapses or lapses[0].on == until.isoformat():
            lapses.append(Lapse(until.isoformat(), code))
    return found


_OWN_SCHEME = Prepared(
    sa.select(Client.kvk, sa.func.max(sa.case((Acceptance.id.is_not(None), 1), else_=0)))
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


def accepted_own_scheme() -> dict[str, bool]:
    """Return, by KvK number, who the open scope's own scheme covers, and whether they accepted."""
    return {kvk: bool(accepted) for kvk, accepted in _OWN_SCHEME.rows()}


@dataclass(frozen=True, slots=True)
class Phone:
    """Whom to call at a client."""

    name: str
    phone: str


_PHONES = Prepared(
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


def whom_to_call() -> dict[int, Phone]:
    """Return whom to call at each organisation of the open scope: its first contact, else somebody with a number."""
    rows = zip(*_PHONES.all_columns(), strict=True)
    # The last to be told wins: the first contact, then by name.
    told = sorted(rows, key=lambda row: (not row[3], row[1].casefold()), reverse=True)
    return {tenant_id: Phone(name, phone) for tenant_id, name, phone, _first in told}
