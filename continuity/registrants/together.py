"""One bankruptcy and many services: what is filed, decided or taken back for all services of a supplier at once.

Each service keeps its own case. What cannot be done for one is told, and hinders none of the others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from continuity.errors import Refused
from continuity.models import CaseStage, Registration, TriggerCase
from continuity.registrants import cases
from continuity.registrants.cases import Decider, Filing
from continuity.registrations.history import OPEN_STAGES
from core import db
from plans.turns import take_turn


@dataclass(frozen=True, slots=True)
class Together:
    """What one press did besides. done: services by name; left: those for which it could not be done, and why."""

    done: tuple[str, ...] = ()
    left: tuple[tuple[str, str], ...] = ()


def others_of(row: Registration) -> Sequence[Registration]:
    """Return the other services of the same supplier under the same foundation, by name."""
    query = sa.select(Registration).where(
        Registration.tenant_id == row.tenant_id,
        Registration.foundation_id == row.foundation_id,
        Registration.archived_at.is_(None),
        Registration.id != row.id,
    )
    found = db.session().scalars(query, execution_options={"populate_existing": True})
    return sorted(found, key=lambda one: (one.service_name.casefold(), one.id))


def twins_of(row: Registration, case: TriggerCase) -> list[tuple[Registration, TriggerCase]]:
    """Return the other services of the supplier with the case that says the same and is as far as `case`."""
    others = {one.id: one for one in others_of(row)}
    query = sa.select(TriggerCase).where(
        TriggerCase.tenant_id == row.tenant_id,
        TriggerCase.registration_id.in_(list(others)),
        TriggerCase.stage == case.stage,
        TriggerCase.stage.in_(OPEN_STAGES),
    )
    known = {
        one.registration_id: one
        for one in db.session().scalars(query, execution_options={"populate_existing": True})
        if _told_by(one) == _told_by(case)
    }
    return [(one, known[one.id]) for one in others.values() if one.id in known]


def _told_by(case: TriggerCase) -> tuple[object, ...]:
    return case.kind, case.happened_on, case.proof, case.reference, case.back_asked_by_id, case.back_reason


def file_everywhere(
    row: Registration, values: Filing, officer: Decider, *, seen: int, at: datetime
) -> tuple[TriggerCase, Together]:
    """File what happened for this service, and the same for every other one. Raises as `file_case` does for this one.

    Source: rules 3.7 T1; 3.8.
    """
    made = cases.file_case(row, values, officer, seen=seen, at=at)
    each = [
        (one, lambda one=one: cases.file_case(one, values, officer, seen=one.version, at=at)) for one in others_of(row)
    ]
    return made, _each(each)


def decide_everywhere(
    row: Registration, case: TriggerCase, officer: Decider, *, yes: bool, reason: str, seen: int, at: datetime
) -> Together:
    """Decide on what was filed, or asked back, for this service and for every other one of which the same was.

    Raises as `decide` does for this one.
    """
    take_turn()
    twins = twins_of(row, case)
    decide(row, case, officer, yes=yes, reason=reason, seen=seen, at=at)
    each = [
        (one, lambda one=one, twin=twin: decide(one, twin, officer, yes=yes, reason=reason, seen=twin.version, at=at))
        for one, twin in twins
    ]
    return _each(each)


def ask_back_everywhere(
    row: Registration, case: TriggerCase, reason: str, officer: Decider, *, seen: int, at: datetime
) -> Together:
    """Ask to take the trigger back for this service and for every other one with the same case.

    Raises as `ask_back` does for this one. Source: rules 3.7 T6.
    """
    take_turn()
    twins = twins_of(row, case)
    cases.ask_back(case, reason, officer, seen=seen, at=at)
    each = [
        (one, lambda twin=twin: cases.ask_back(twin, reason, officer, seen=twin.version, at=at)) for one, twin in twins
    ]
    return _each(each)


def decide(
    row: Registration, case: TriggerCase, officer: Decider, *, yes: bool, reason: str, seen: int, at: datetime
) -> None:
    """Decide as the second officer. Raises EditConflict and Refused as the step in cases.py that it takes."""
    if case.stage is CaseStage.FILED and yes:
        cases.approve_case(row, case, officer, seen=seen, at=at)
    elif case.stage is CaseStage.FILED:
        cases.refuse_case(case, reason, seen=seen)
    elif yes:
        cases.approve_back(row, case, officer, seen=seen, at=at)
    else:
        cases.refuse_back(case, seen=seen)


def _each(steps: Sequence[tuple[Registration, Callable[[], object]]]) -> Together:
    """Take each of these steps; one that is refused changed nothing."""
    done, left = [], []
    for one, step in steps:
        try:
            step()
        except Refused as refused:
            left.append((one.service_name, str(refused.text)))
        else:
            done.append(one.service_name)
    return Together(tuple(done), tuple(left))
