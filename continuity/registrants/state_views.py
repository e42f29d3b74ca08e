"""Pages of a foundation: the state of a scheme, what happened to its supplier, and the second officer."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from continuity.ending.services import open_notice
from continuity.ending.telling import relying
from continuity.models import By, CaseStage, ClientRequest, Registration, SchemeState, TriggerCase, TriggerKind
from continuity.pages import existing
from continuity.period import period
from continuity.registrants import cases as filed
from continuity.registrants import queries, stepping, together, triggers
from continuity.registrants.cases import Decider
from continuity.registrants.queries import Registrant
from continuity.registrants.reach import registrant_of
from continuity.registrants.state_forms import (
    PROOF_LABELS,
    BackForm,
    DecisionForm,
    FilingForm,
    StepForm,
    TriggersForm,
)
from continuity.registrants.together import Together
from continuity.registrants.views import bp
from continuity.registrations.binding import relied_on
from continuity.registrations.ended import in_reach_until, may_begin
from continuity.registrations.history import cases_of, open_case, steps_of, trigger_of
from continuity.registrations.states import ROLE_LABELS, STATE_LABELS, open_ways
from continuity.registrations.words import KIND_LABELS
from continuity.requests.queries import asked_under
from continuity.requests.states import LIVE
from continuity.requests.states import STATE_LABELS as REQUEST_LABELS
from continuity.saving import submit
from core import clock
from tenants.door import needs, standing, today_here
from tenants.permissions import Permission
from tenants.sessions import person


def _found(registration_id: UUID) -> Registrant:
    return existing(queries.registrant(standing().tenant_id, registration_id, today_here()))


def _me() -> Decider:
    visitor = existing(person())
    return Decider(visitor.user_id, visitor.name)


# The supplier fell away: whom no letter reaches, an officer tells.
BEGUN = (SchemeState.TRIGGERED, SchemeState.RUNNING)


def _back(registration_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("foundation.scheme", registration_id=registration_id))


@bp.get("/<uuid:registration_id>/scheme")
@needs(Permission.REGISTRANT_READ, over=registrant_of)
def scheme(registration_id: UUID) -> ResponseReturnValue:
    """Show the state of a scheme, its steps, and what was filed about its supplier."""
    found = _found(registration_id)
    row = found.registration
    notice = open_notice(row)
    return render_template(
        "foundation/scheme.html",
        registrant=found,
        registration=row,
        period=period(row.declared_bankrupt_on, row.duration_months),
        trigger=KIND_LABELS[trigger_of(row)],
        today=today_here(),
        case=open_case(row),
        cases=cases_of(row),
        steps=steps_of(row),
        starting=triggers.starting(row),
        kinds=KIND_LABELS,
        proofs=PROOF_LABELS,
        states=STATE_LABELS,
        roles=ROLE_LABELS,
        may_step=bool(open_ways(row.state, By.FOUNDATION)),
        relied_on=relied_on(row),
        may_file=may_begin(row, today_here()),
        in_reach_until=in_reach_until(row) if row.state is SchemeState.TERMINATED else None,
        notice=notice,
        by_hand=relying(row).by_hand if notice or row.state in BEGUN else (),
    )


@bp.route("/<uuid:registration_id>/scheme/step", methods=["GET", "POST"])
@needs(Permission.SCHEME_DECIDE, over=registrant_of)
def scheme_step(registration_id: UUID) -> ResponseReturnValue:
    """Take a step that one officer may take."""
    found = _found(registration_id)
    row = found.registration
    form = StepForm(data={"version": row.version})
    form.offer(way.reached for way in open_ways(row.state, By.FOUNDATION))
    outcome = submit(
        form,
        lambda: stepping.step(
            row,
            SchemeState(form.reached.data),
            form.reason.data,
            seen=form.version.data or 0,
            today=today_here(),
            at=clock.now(),
        ),
        row,
    )
    if outcome.saved:
        flash(_("Recorded."), "success")
        return _back(registration_id)
    page = render_template(
        "foundation/scheme_step.html",
        registrant=found,
        registration=row,
        form=form,
        outcome=outcome,
        states=STATE_LABELS,
        waiting=_ends_with(row),
        request_states=REQUEST_LABELS,
    )
    return page, outcome.code


def _ends_with(row: Registration) -> list[tuple[ClientRequest, str]]:
    """Return the requests that end when the scheme is closed, each with its client, once that can be done."""
    running = period(row.declared_bankrupt_on, row.duration_months)
    if running is None or today_here() <= running.last_on:
        return []
    return [(one, client) for one, client in asked_under(row) if one.state in LIVE]


@bp.route("/<uuid:registration_id>/scheme/triggers", methods=["GET", "POST"])
@needs(Permission.SCHEME_DECIDE, over=registrant_of)
def set_triggers(registration_id: UUID) -> ResponseReturnValue:
    """Record what starts the period by the agreement of this scheme."""
    found = _found(registration_id)
    row = found.registration
    form = TriggersForm(data={"version": row.version, "kinds": [one.value for one in triggers.starting(row)]})
    outcome = submit(
        form,
        lambda: triggers.set_triggers(
            row, frozenset(TriggerKind(one) for one in form.kinds.data or ()), seen=form.version.data or 0
        ),
        row,
    )
    if outcome.saved:
        flash(_("Saved."), "success")
        return _back(registration_id)
    page = render_template("foundation/triggers.html", registrant=found, form=form, outcome=outcome)
    return page, outcome.code


@bp.route("/<uuid:registration_id>/bankruptcy", methods=["GET", "POST"])
@needs(Permission.SCHEME_DECIDE, over=registrant_of)
def bankruptcy(registration_id: UUID) -> ResponseReturnValue:
    """File what happened to a supplier, with its proof."""
    found = _found(registration_id)
    row = found.registration
    form = FilingForm(data={"version": row.version, "everywhere": True})
    made: list[tuple[TriggerCase, Together]] = []
    outcome = submit(form, lambda: made.append(_file(row, form)), row)
    if outcome.saved:
        (case, besides) = made[0]
        _tell(besides)
        if case.stage is CaseStage.SIGNAL:
            flash(_("Kept as a signal. It starts nothing."), "success")
        else:
            flash(_("Filed. A second officer now has to look it up and decide."), "warning")
        return _back(registration_id)
    others = together.others_of(row)
    page = render_template("foundation/bankruptcy.html", registrant=found, form=form, outcome=outcome, others=others)
    return page, outcome.code


def _file(row: Registration, form: FilingForm) -> tuple[TriggerCase, Together]:
    seen, at = form.version.data or 0, clock.now()
    if form.everywhere.data:
        return together.file_everywhere(row, form.values(), _me(), seen=seen, at=at)
    return filed.file_case(row, form.values(), _me(), seen=seen, at=at), Together()


@bp.route("/<uuid:registration_id>/bankruptcy/withdrawal", methods=["GET", "POST"])
@needs(Permission.SCHEME_DECIDE, over=registrant_of)
def bankruptcy_withdraw(registration_id: UUID) -> ResponseReturnValue:
    """Ask another officer to take a trigger back."""
    found = _found(registration_id)
    case = _waiting(found, CaseStage.ACTIVATED)
    form = BackForm(data={"version": case.version, "everywhere": True})
    twins = together.twins_of(found.registration, case)
    besides: list[Together] = []
    outcome = submit(form, lambda: besides.append(_ask_back(found.registration, case, form)), case)
    if outcome.saved:
        _tell(besides[0])
        flash(_("Asked. A second officer now has to decide."), "warning")
        return _back(registration_id)
    page = render_template(
        "foundation/bankruptcy_withdraw.html", registrant=found, form=form, outcome=outcome, twins=twins
    )
    return page, outcome.code


def _ask_back(row: Registration, case: TriggerCase, form: BackForm) -> Together:
    seen, at = form.version.data or 0, clock.now()
    if form.everywhere.data:
        return together.ask_back_everywhere(row, case, form.reason.data, _me(), seen=seen, at=at)
    filed.ask_back(case, form.reason.data, _me(), seen=seen, at=at)
    return Together()


@bp.route("/<uuid:registration_id>/bankruptcy/decision", methods=["GET", "POST"])
@needs(Permission.SCHEME_DECIDE, over=registrant_of)
def trigger_decide(registration_id: UUID) -> ResponseReturnValue:
    """Decide as the second officer on what was filed, or on taking it back."""
    found = _found(registration_id)
    case = _waiting(found, CaseStage.FILED, CaseStage.ALARM_ASKED)
    form = DecisionForm(data={"version": case.version, "everywhere": True})
    twins = together.twins_of(found.registration, case)
    besides: list[Together] = []
    outcome = submit(form, lambda: besides.append(_decide(found, case, form)), case)
    if outcome.saved:
        _tell(besides[0])
        flash(_("Recorded."), "success")
        return _back(registration_id)
    page = render_template(
        "foundation/trigger_decide.html",
        registrant=found,
        registration=found.registration,
        case=case,
        twins=twins,
        form=form,
        outcome=outcome,
        kinds=KIND_LABELS,
        proofs=PROOF_LABELS,
    )
    return page, outcome.code


def _waiting(found: Registrant, *stages: CaseStage) -> TriggerCase:
    """Return the open case in one of these stages; 409 when there is none, because somebody else decided on it."""
    case = open_case(found.registration)
    if case is None or case.stage not in stages:
        abort(409)
    return case


def _decide(found: Registrant, case: TriggerCase, form: DecisionForm) -> Together:
    row, seen, at = found.registration, form.version.data or 0, clock.now()
    yes, reason = form.verdict.data == "yes", form.reason.data
    if form.everywhere.data:
        return together.decide_everywhere(row, case, _me(), yes=yes, reason=reason, seen=seen, at=at)
    together.decide(row, case, _me(), yes=yes, reason=reason, seen=seen, at=at)
    return Together()


def _tell(besides: Together) -> None:
    """Say for which other services the same was done, and for which it could not be."""
    if besides.done:
        number = len(besides.done)
        told = ngettext(
            "The same was done for %(num)s other service.", "The same was done for %(num)s other services.", number
        )
        flash(f"{told} {', '.join(besides.done)}", "success")
    for service, why in besides.left:
        flash(_("Not done for %(service)s: %(why)s", service=service, why=why), "warning")
