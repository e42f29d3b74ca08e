"""The states of a scheme as a table of ways from one to another; whatever is not in it does not exist.

Up to `offered` the state is what was recorded, told in one word: it follows the facts by itself, up and down, in the
transaction that changes them. From there on people decide. See docs/decisions/scheme-states.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.models import (
    Agreement,
    AgreementKind,
    By,
    Counterparty,
    DeedVersion,
    Registration,
    SchemeState,
    SchemeStep,
)
from continuity.period import Period, period
from core import db
from tenants.scope import current_scope

S = SchemeState
# From draft to offered: each rung stands on those below it.
LADDER = (
    S.DRAFT,
    S.SUPPLIER_SIGNED,
    S.COUNTERPARTY_KNOWN,
    S.COUNTERPARTY_WILLING,
    S.COUNTERPARTY_SIGNED,
    S.OFFERED,
)
IN_FORCE = frozenset({S.ACTIVE, S.SUSPENDED})
AT_WORK = frozenset({S.TRIGGERED, S.RUNNING})
ENDED = frozenset({S.CLOSED, S.TERMINATED})
# Once the framework agreement is signed the foundation is bound, and clients may have accepted.
BOUND = (*LADDER[1:], S.ACTIVE, S.SUSPENDED)

STATE_LABELS = {
    S.DRAFT: _l("Draft"),
    S.SUPPLIER_SIGNED: _l("Supplier signed"),
    S.COUNTERPARTY_KNOWN: _l("Counterparty knows the scheme"),
    S.COUNTERPARTY_WILLING: _l("Counterparty is willing"),
    S.COUNTERPARTY_SIGNED: _l("Counterparty signed"),
    S.OFFERED: _l("Offered to clients"),
    S.ACTIVE: _l("Active"),
    S.SUSPENDED: _l("Suspended"),
    S.TRIGGERED: _l("Triggered"),
    S.RUNNING: _l("Running"),
    S.CLOSED: _l("Closed"),
    S.TERMINATED: _l("Terminated"),
}

ROLE_LABELS = {
    By.FACTS: _l("Followed from what was recorded"),
    By.SUPPLIER: _l("The supplier"),
    By.FOUNDATION: _l("The foundation"),
    By.TWO_OFFICERS: _l("Two officers of the foundation"),
}


class Requirement(StrEnum):
    """What must be true for a step, besides who takes it."""

    NOTHING = "nothing"
    FACTS = "facts"
    REASON = "reason"
    PROOF = "proof"
    PERIOD_OVER = "period-over"


@dataclass(frozen=True, slots=True)
class Transition:
    """One way from a state to another: by whom, and what must be true."""

    left: SchemeState
    reached: SchemeState
    role: By
    needs: Requirement


def _all(left: tuple[SchemeState, ...], reached: SchemeState, role: By, needs: Requirement) -> tuple[Transition, ...]:
    return tuple(Transition(one, reached, role, needs) for one in left)


TRANSITIONS: tuple[Transition, ...] = (
    *(Transition(low, high, By.FACTS, Requirement.FACTS) for low, high in pairwise(LADDER)),
    *(Transition(high, low, By.FACTS, Requirement.FACTS) for low, high in pairwise(LADDER)),
    *_all((S.ACTIVE, S.SUSPENDED), S.OFFERED, By.FACTS, Requirement.FACTS),
    Transition(S.OFFERED, S.ACTIVE, By.FOUNDATION, Requirement.NOTHING),
    Transition(S.ACTIVE, S.SUSPENDED, By.FOUNDATION, Requirement.REASON),
    Transition(S.SUSPENDED, S.ACTIVE, By.FOUNDATION, Requirement.REASON),
    # Terminated: it ended as was announced, and the bankruptcy is of a day on which it was in force yet.
    *_all((*BOUND, S.TERMINATED), S.TRIGGERED, By.TWO_OFFICERS, Requirement.PROOF),
    Transition(S.TRIGGERED, S.RUNNING, By.FOUNDATION, Requirement.NOTHING),
    *(
        Transition(left, before, By.TWO_OFFICERS, Requirement.REASON)
        for left in (S.TRIGGERED, S.RUNNING)
        for before in (*BOUND, S.TERMINATED)
    ),
    *_all((S.TRIGGERED, S.RUNNING), S.CLOSED, By.FOUNDATION, Requirement.PERIOD_OVER),
    *_all(LADDER, S.TERMINATED, By.SUPPLIER, Requirement.REASON),
    *_all((*LADDER[1:], S.ACTIVE, S.SUSPENDED), S.TERMINATED, By.FOUNDATION, Requirement.REASON),
)
BY_WAY = {(one.left, one.reached, one.role): one for one in TRANSITIONS}


def open_ways(left: SchemeState, role: By) -> tuple[Transition, ...]:
    """Return the steps that `role` may take from `left`, in the order of the table."""
    return tuple(one for one in TRANSITIONS if one.left is left and one.role is role)


def way(
    left: SchemeState,
    reached: SchemeState,
    role: By,
    *,
    reason: str = "",
    running: Period | None = None,
    today: date | None = None,
) -> Transition:
    """Return the step of the table that `role` may take now.

    running, today: for what waits for the end of the period. Raises Refused when the table has no such way for this
    role, a reason is missing, or the period still runs.
    Source: rules 3.8.
    """
    found = BY_WAY.get((left, reached, role))
    if found is None:
        raise Refused(_l("From “%(state)s” this step does not exist.", state=STATE_LABELS[left]))
    if found.needs is Requirement.REASON and not reason.strip():
        raise Refused(_l("Fill in why."), "reason")
    if found.needs is Requirement.PERIOD_OVER and (running is None or today is None or today <= running.last_on):
        raise Refused(_l("The period still runs; the scheme can be closed when it is over."))
    return found


def move(row: Registration, reached: SchemeState, role: By, *, reason: str = "", today: date | None = None) -> None:
    """Take one step of the table and keep who took it, in which role and why. Raises Refused as `way` does."""
    running = period(row.declared_bankrupt_on, row.duration_months)
    _take(row, way(row.state, reached, role, reason=reason, running=running, today=today), reason)


def _take(row: Registration, step: Transition, reason: str) -> None:
    row.state = step.reached
    db.session().add(
        SchemeStep(
            tenant_id=row.tenant_id,
            registration_id=row.id,
            left=step.left,
            reached=step.reached,
            role=step.role,
            taken_by=current_scope().actor.name,
            reason=reason.strip(),
        )
    )


def settle(row: Registration) -> None:
    """Let the state of a scheme follow what is recorded of it, one rung at a time; call it where such a fact changes.

    Only draft up to offered follow the facts upwards; active and suspended fall back when a fact below them is gone.
    Whoever changed the fact is who took the step.
    Source: rules 3.8; docs/decisions/scheme-states.md.
    """
    if row.state not in (*LADDER, *IN_FORCE):
        return
    # What was changed just now counts.
    db.session().flush()
    rung = rung_of(row)
    if row.state in IN_FORCE:
        if rung is S.OFFERED:
            return
        move(row, S.OFFERED, By.FACTS)
    while row.state is not rung:
        at, to = LADDER.index(row.state), LADDER.index(rung)
        move(row, LADDER[at + 1 if to > at else at - 1], By.FACTS)
    db.session().flush()


def settle_under(row: Agreement | DeedVersion) -> None:
    """Let the state of the scheme under which `row` hangs follow what is recorded of it."""
    settle(
        db.session()
        .scalars(
            sa.select(Registration).where(
                Registration.tenant_id == row.tenant_id, Registration.id == row.registration_id
            )
        )
        .one()
    )


def rung_of(row: Registration) -> SchemeState:
    """Return how far what is recorded brings a scheme: each rung counts with all those below it."""
    counterparty = db.session().scalar(
        sa.select(Counterparty).where(
            Counterparty.tenant_id == row.tenant_id,
            Counterparty.registration_id == row.id,
            Counterparty.archived_at.is_(None),
        )
    )
    facts: tuple[Callable[[], bool], ...] = (
        lambda: _framework_signed(row),
        lambda: counterparty is not None and counterparty.knows_on is not None,
        lambda: counterparty is not None and counterparty.willing_on is not None,
        lambda: counterparty is not None and counterparty.signed_on is not None,
        lambda: _deed_offered(row),
    )
    for below, fact in zip(LADDER, facts, strict=False):
        if not fact():
            return below
    return S.OFFERED


def _framework_signed(row: Registration) -> bool:
    query = sa.select(Agreement.id).where(
        Agreement.tenant_id == row.tenant_id,
        Agreement.registration_id == row.id,
        Agreement.archived_at.is_(None),
        Agreement.kind == AgreementKind.FRAMEWORK,
        Agreement.first_signed_on.is_not(None),
        Agreement.second_signed_on.is_not(None),
    )
    return db.session().scalar(query.limit(1)) is not None


def _deed_offered(row: Registration) -> bool:
    query = sa.select(DeedVersion.id).where(
        DeedVersion.tenant_id == row.tenant_id,
        DeedVersion.registration_id == row.id,
        DeedVersion.published_on.is_not(None),
        DeedVersion.closed_on.is_(None),
    )
    return db.session().scalar(query.limit(1)) is not None
