"""Registering step by step: each step is kept as it is taken, in any order, over as many days as it needs."""

from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.handovers.services import add_proposals
from continuity.models import Counterparty, HandoverItem, Registration, SchemeState, SchemeType
from continuity.registrations.fitting import Choice, chosen_type, note_choice
from continuity.registrations.holding import refuse_once_begun
from continuity.registrations.keeping import kept
from continuity.registrations.services import CounterpartyValues, RegistrationValues, change_registration, delivered
from core import db
from core.i18n import Language


class Step(StrEnum):
    """The steps, in the order in which they are proposed."""

    TYPE = "type"
    SCOPE = "scope"
    FOUNDATION = "foundation"
    COUNTERPARTY = "counterparty"
    DUTIES = "duties"


STEP_LABELS = {
    Step.TYPE: _l("Which type fits"),
    Step.SCOPE: _l("What is covered and what is not"),
    Step.FOUNDATION: _l("Which foundation"),
    Step.COUNTERPARTY: _l("Who delivers when you cannot"),
    Step.DUTIES: _l("What you have to arrange"),
}
STEPS = tuple(Step)


def done(row: Registration, counterparty: Counterparty | None) -> frozenset[Step]:
    """Return the steps in which nothing is missing."""
    told = {
        Step.TYPE: True,
        Step.SCOPE: row.scope_understood_on is not None and bool(row.uncovered_services.strip()),
        Step.FOUNDATION: row.foundation_id is not None,
        Step.COUNTERPARTY: counterparty is not None and bool(counterparty.name),
    }
    return frozenset(one for one, yes in told.items() if yes)


def next_step(row: Registration, counterparty: Counterparty | None) -> Step | None:
    """Return the first step in which something is missing, None when registering is done."""
    return next((one for one in STEPS[:-1] if one not in done(row, counterparty)), None)


def beside(step: Step, back: bool) -> Step:
    """Return the step after this one, or before it; the ends have none and return themselves."""
    at = STEPS.index(step) + (-1 if back else 1)
    return STEPS[min(max(at, 0), len(STEPS) - 1)]


def change_type(
    row: Registration,
    service_name: str,
    choice: Choice,
    chosen: SchemeType | None,
    *,
    language: Language,
    seen: int,
    at: datetime,
) -> None:
    """Change what a service is called and which type it is; what is proposed to hand over follows the type.

    Raises EditConflict when somebody saved since `seen`; Refused as `chosen_type` does, and for another type once
    something was signed or handed over.
    Source: scheme.type.
    """
    refuse_once_begun(row)
    row.expect_version(seen)
    scheme_type = chosen_type(choice, chosen)
    if scheme_type is not row.scheme_type:
        if row.state is not SchemeState.DRAFT or delivered(row):
            raise Refused(
                _l("Something was signed or handed over under the present type. Register the service anew."), "chosen"
            )
        with kept(row.id, row):
            row.scheme_type = scheme_type
        _replace_proposals(row, language, at)
    with kept(row.id, row):
        row.service_name = service_name
        note_choice(row, choice)


def _replace_proposals(row: Registration, language: Language, at: datetime) -> None:
    there = sa.select(HandoverItem).where(HandoverItem.registration_id == row.id, HandoverItem.archived_at.is_(None))
    items = db.session().scalars(there).all()
    with kept(row.id, *items):
        for item in items:
            item.archived_at = at
    add_proposals(row, language=language)


def told(row: Registration) -> RegistrationValues:
    """Return what is told of a service by now, for a step that changes a part of it."""
    return RegistrationValues(
        service_name=row.service_name,
        description=row.description,
        foundation_id=row.foundation_id,
        uncovered_services=row.uncovered_services,
        portfolio_changed_on=row.portfolio_changed_on,
        understood=False,
    )


def tell_scope(
    row: Registration, description: str, uncovered: str, *, understood: bool, seen: int, today: date
) -> None:
    """Keep what the service is and what is not covered. Raises EditConflict when somebody saved since `seen`.

    Source: scheme.type; rules 3.3.
    """
    values = replace(told(row), description=description, uncovered_services=uncovered, understood=understood)
    change_registration(row, values, seen=seen, today=today)


def choose_foundation(row: Registration, foundation_id: int | None, *, seen: int, today: date) -> None:
    """Choose with which foundation a service is registered. Raises EditConflict and Refused as change_registration."""
    change_registration(row, replace(told(row), foundation_id=foundation_id), seen=seen, today=today)


def named(row: Counterparty | None, values: CounterpartyValues) -> CounterpartyValues:
    """Return who the counterparty is, as told in `values`, with what it knows, wants and signed as it stands."""
    if row is None:
        return values
    return replace(
        values,
        knows_on=row.knows_on,
        willing_on=row.willing_on,
        willing_by=row.willing_by,
        signed_on=row.signed_on,
        knows_by=row.knows_by,
        signed_by=row.signed_by,
    )
