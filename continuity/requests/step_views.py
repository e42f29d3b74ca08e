"""Pages of a foundation: one step of a request each, what a client does before the end, and what stands open."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.fields import EditForm
from continuity.models import ClientRequest, ExitTask, Registration, RequestRole
from continuity.pages import existing
from continuity.period import period
from continuity.registrants.reach import registrant_of
from continuity.registrants.views import bp
from continuity.requests import asking, deciding, exiting, queries
from continuity.requests.forms import ExitForm, FeeForm, PaymentForm, RefuseForm, ServeForm, TaskForm, WithdrawForm
from continuity.requests.states import STATE_LABELS, Act, may
from continuity.requests.steps import client_of
from continuity.requests.views import found_here, officer, request_here, shown
from continuity.saving import submit
from core import clock
from tenants.door import needs, today_here
from tenants.permissions import Permission

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StepPage:
    """The page of one step: its form, what stands in it at first, what it does, and its words."""

    act: Act
    form: type[EditForm]
    proposed: Callable[[Registration, ClientRequest], Data]
    take: Callable[[ClientRequest, Any], None]
    title: Any
    button: Any
    hint: Any = ""


def _nothing(_owner: Registration, _row: ClientRequest) -> Data:
    return {}


def _fee(owner: Registration, row: ClientRequest) -> Data:
    proposed = deciding.proposed_fee(client_of(row).monthly_fee, owner.duration_months)
    return {"fee_amount": proposed if row.fee_amount is None else row.fee_amount, "fee_due_on": row.fee_due_on}


def _today(name: str) -> Callable[[Registration, ClientRequest], Data]:
    return lambda _owner, _row: {name: today_here()}


def _seen(form: EditForm) -> int:
    return form.version.data or 0


def _take_fee(row: ClientRequest, form: Any) -> None:
    deciding.ask_fee(
        row,
        form.fee_amount.data,
        form.fee_due_on.data,
        officer=officer(),
        seen=_seen(form),
        today=today_here(),
        at=clock.now(),
    )


def _take_payment(row: ClientRequest, form: Any) -> None:
    deciding.record_paid(row, form.fee_paid_on.data, officer=officer(), seen=_seen(form), today=today_here())


def _take_serve(row: ClientRequest, form: Any) -> None:
    deciding.serve(row, form.reason.data, officer=officer(), seen=_seen(form), today=today_here(), at=clock.now())


def _take_exit(row: ClientRequest, form: Any) -> None:
    deciding.record_exit(row, form.exited_on.data, officer=officer(), seen=_seen(form), today=today_here())


def _take_refusal(row: ClientRequest, form: Any) -> None:
    deciding.refuse(row, form.reason.data, officer=officer(), seen=_seen(form), at=clock.now())


def _take_withdrawal(row: ClientRequest, form: Any) -> None:
    asking.withdraw(
        row, RequestRole.FOUNDATION, by=officer(), reason=form.reason.data, seen=_seen(form), at=clock.now()
    )


STEPS: Mapping[str, StepPage] = {
    "fee": StepPage(
        Act.ASK_FEE,
        FeeForm,
        _fee,
        _take_fee,
        _l("Ask for the fee"),
        _l("Ask the client to pay"),
        _l("Proposed is what this client pays a month, for each month of the period. The client gets a mail."),
    ),
    "payment": StepPage(
        Act.PAY, PaymentForm, _today("fee_paid_on"), _take_payment, _l("Record the payment"), _l("Record")
    ),
    "delivery": StepPage(
        Act.SERVE,
        ServeForm,
        _nothing,
        _take_serve,
        _l("Begin to deliver"),
        _l("We deliver from today on"),
        _l("The client gets a mail, with a list of what it has to do before the period ends."),
    ),
    "exit": StepPage(
        Act.EXIT, ExitForm, _today("exited_on"), _take_exit, _l("Record that the client moved"), _l("Record")
    ),
    "refusal": StepPage(
        Act.REFUSE,
        RefuseForm,
        _nothing,
        _take_refusal,
        _l("Do not deliver after all"),
        _l("Refuse"),
        _l("For example because the fee was not paid. The client gets a mail with the reason."),
    ),
    "withdrawal": StepPage(
        Act.WITHDRAW,
        WithdrawForm,
        _nothing,
        _take_withdrawal,
        _l("The client takes its request back"),
        _l("Record"),
    ),
}
NAMES = f"any({', '.join(STEPS)})"


@bp.route(f"/<uuid:registration_id>/requests/<uuid:client_request_id>/<{NAMES}:name>", methods=["GET", "POST"])
@needs(Permission.SCHEME_DECIDE, over=registrant_of)
def request_step(registration_id: UUID, client_request_id: UUID, name: str) -> ResponseReturnValue:
    """Take one step of a request."""
    found, one = found_here(registration_id), STEPS[name]
    row = request_here(found, client_request_id)
    form = one.form(data={"version": row.version, **one.proposed(found.registration, row)})
    outcome = submit(form, lambda: one.take(row, form), row)
    if outcome.saved:
        flash(_("Recorded."), "success")
        return shown(registration_id, client_request_id)
    page = render_template(
        "foundation/request_step.html",
        registrant=found,
        row=row,
        client=client_of(row),
        form=form,
        outcome=outcome,
        step=one,
        owes=one.act is Act.SERVE and row.fee_paid_on is None and row.fee_amount != 0,
        open=may(row.state, one.act, RequestRole.FOUNDATION),
        states=STATE_LABELS,
    )
    return page, outcome.code


@bp.post("/<uuid:registration_id>/requests/<uuid:client_request_id>/conditions/<int:position>")
@needs(Permission.SCHEME_DECIDE, over=registrant_of)
def request_condition(registration_id: UUID, client_request_id: UUID, position: int) -> ResponseReturnValue:
    """Note that the officer saw today that a condition is met."""
    row = request_here(found_here(registration_id), client_request_id)
    try:
        deciding.note_condition(row, position, today_here(), officer=officer(), today=today_here())
    except Refused as error:
        flash(str(error.text), "danger")
    else:
        flash(_("Noted as met today."), "success")
    return redirect(url_for(".request_decide", registration_id=registration_id, client_request_id=client_request_id))


@bp.route("/<uuid:registration_id>/requests/<uuid:client_request_id>/tasks/<uuid:task_id>", methods=["GET", "POST"])
@needs(Permission.REGISTRANT_CONFIRM, over=registrant_of)
def request_task(registration_id: UUID, client_request_id: UUID, task_id: UUID) -> ResponseReturnValue:
    """Word a task otherwise for this client, give it another day, or tick it off."""
    found = found_here(registration_id)
    row = request_here(found, client_request_id)
    task = existing(queries.task_of(row, task_id))
    told = {"label": task.label, "due_on": task.due_on, "done": task.done_on is not None, "note": task.note}
    form = TaskForm(data={"version": task.version, **told})
    outcome = submit(form, lambda: _save_task(found.registration, row, task, form), task)
    if outcome.saved:
        flash(_("Saved."), "success")
        return shown(registration_id, client_request_id)
    page = render_template(
        "foundation/request_task.html",
        registrant=found,
        row=row,
        client=client_of(row),
        task=task,
        form=form,
        outcome=outcome,
    )
    return page, outcome.code


def _save_task(owner: Registration, row: ClientRequest, task: ExitTask, form: TaskForm) -> None:
    running = existing(period(owner.declared_bankrupt_on, owner.duration_months))
    exiting.reword(row, task, form.label.data, form.due_on.data, running.last_on, seen=_seen(form))
    exiting.tick(row, task, done=form.done.data, note=form.note.data, by=officer(), seen=None, today=today_here())
