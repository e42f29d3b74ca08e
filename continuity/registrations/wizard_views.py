"""Pages that lead through registering a service."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from continuity import queries as shared
from continuity.loading import load
from continuity.models import Counterparty, Registration
from continuity.pages import bp, existing
from continuity.registrations import queries, services, wizard
from continuity.registrations.due import Due, due
from continuity.registrations.fitting import chosen_type
from continuity.registrations.forms import PartnerForm
from continuity.registrations.legs import stand
from continuity.registrations.services import RegistrationValues
from continuity.registrations.wizard import STEP_LABELS, STEPS, Step
from continuity.registrations.wizard_forms import FoundationForm, ScopeForm, TypeForm
from continuity.saving import Outcome, submit
from continuity.scheme import (
    COUNTERPARTY_LABELS,
    RHYTHMS,
    SCOPE_WARNINGS,
    TYPE_LABELS,
    TYPE_PROMISES,
)
from core import clock
from plans.status import Status, source
from plans.upkeep.queries import tightened
from tenants.door import needs, standing, today_here
from tenants.owned import Area
from tenants.permissions import Permission
from tenants.scope import current_scope

BACK = "back"


@bp.route("/new", methods=["GET", "POST"])
@needs(Permission.CONTINUITY_EDIT)
def register() -> ResponseReturnValue:
    """Ask which type fits, and begin a registration that is kept from then on."""
    form = TypeForm()
    made: list[UUID] = []

    def begin() -> None:
        values = RegistrationValues(form.service_name.data, "", None, "", None, understood=False)
        row = services.register(
            chosen_type(form.choice(), form.by_hand()),
            values,
            language=standing().language,
            today=today_here(),
            row_id=form.chosen_id,
            choice=form.choice(),
        )
        made.append(row.id)

    outcome = submit(form, begin)
    if outcome.saved:
        return redirect(url_for(".register_step", registration_id=made[0], step=Step.SCOPE.value))
    return _page(form, outcome, Step.TYPE, None)


@bp.route(
    "/<uuid:registration_id>/register/<any(type, scope, foundation, counterparty, duties):step>",
    methods=["GET", "POST"],
)
@needs(Permission.CONTINUITY_EDIT)
def register_step(registration_id: UUID, step: str) -> ResponseReturnValue:
    """Show a step of registering, keep what was typed, and go on or back."""
    row, now = existing(shared.registration(registration_id)), Step(step)
    partner = queries.counterparty(row)
    form, keep = _step(row, partner, now)
    outcome = submit(form, keep, partner if now is Step.COUNTERPARTY else row)
    if outcome.saved:
        target = wizard.beside(now, request.form.get("go") == BACK)
        return redirect(url_for(".register_step", registration_id=row.id, step=target.value))
    return _page(form, outcome, now, row, partner)


def _step(row: Registration, partner: Counterparty | None, step: Step) -> tuple[FlaskForm, Callable[[], object]]:
    """Return the form of a step and what keeps it."""
    form: Any
    match step:
        case Step.TYPE:
            reasoned = row.scheme_type.value if row.type_reason else ""
            form = TypeForm(obj=row, data={"chosen": reasoned, "reason": row.type_reason})
            return form, lambda: wizard.change_type(
                row,
                form.service_name.data,
                form.choice(),
                form.by_hand(),
                language=standing().language,
                seen=form.version.data or 0,
                at=clock.now(),
            )
        case Step.SCOPE:
            form = ScopeForm(obj=row, data={"understood": row.scope_understood_on is not None})
            return form, lambda: wizard.tell_scope(
                row,
                form.description.data,
                form.uncovered_services.data,
                understood=form.understood.data and row.scope_understood_on is None,
                seen=form.version.data or 0,
                today=today_here(),
            )
        case Step.FOUNDATION:
            form = FoundationForm(obj=row)
            form.offer(shared.foundations(standing().tenant_id))
            return form, lambda: wizard.choose_foundation(
                row, form.foundation_id.data, seen=form.version.data or 0, today=today_here()
            )
        case Step.COUNTERPARTY:
            form = PartnerForm(obj=partner, data=None if partner else {"chosen_on": today_here()})
            return form, lambda: services.save_counterparty(
                row, partner, wizard.named(partner, form.values()), seen=form.version.data or 0
            )
        case Step.DUTIES:
            return FlaskForm(), lambda: None


def _page(
    form: FlaskForm, outcome: Outcome, step: Step, row: Registration | None, partner: Counterparty | None = None
) -> ResponseReturnValue:
    page = render_template(
        "continuity/register.html",
        form=form,
        outcome=outcome,
        registration=row,
        step=step,
        steps=STEP_LABELS,
        done=wizard.done(row, partner) if row else frozenset(),
        first=STEPS[0],
        last=STEPS[-1],
        types=TYPE_LABELS,
        promises=TYPE_PROMISES,
        warnings=SCOPE_WARNINGS,
        counterparties=COUNTERPARTY_LABELS,
        duties=_duties(row) if row and step is Step.DUTIES else (),
        title=_("Register a service"),
    )
    return page, outcome.code


def _duties(row: Registration) -> list[tuple[Any, Any, Any]]:
    """Return each duty of the type, when it has to be done, and when again. What is found in it has to be done now."""
    facts = load([row.tenant_id])[row.tenant_id]
    found = next(one for one in facts.registrations if one.id == row.id)
    # Who may open the scheme alone does not read how the plan is set: the widest intervals are shown.
    opened = Area.PLAN in current_scope().reads
    own = {one.name: one.days for one in tightened()} if opened else {}
    told = []
    for leg in stand(row, source().duty_states()).legs:
        next_on = due(leg.duty.id, found, today_here(), own)
        waits = leg.state.status in (Status.TO_DO, Status.ATTENTION)
        told.append((leg.duty, Due(next_on.on, now=next_on.now or waits), RHYTHMS[leg.duty.id]))
    return told
