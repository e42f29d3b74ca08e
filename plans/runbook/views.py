"""Save tasks and recovery steps."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from plans import handbook
from plans.blueprint import bp
from plans.errors import NotThere, PlanError
from plans.items.queries import people, seated
from plans.pages import Sent, item_page, item_url
from plans.runbook import asking, services
from plans.runbook.day_plan import as_clock, day_of, day_plan, in_time
from plans.runbook.forms import step_form, task_texts, tasks_form
from plans.runbook.queries import Step, steps, systems
from plans.seats import TEAM_ITEM
from plans.turns import seen
from tenants.door import needs, standing, today_here
from tenants.errors import AccountError
from tenants.owned import EditConflict
from tenants.permissions import Permission
from tenants.personal_links.services import Sender

TASKS, RECOVERY = "runbook.tasks-known", "runbook.recovery"


@bp.post("/runbook/tasks-known/tasks")
@needs(Permission.PLAN_EDIT)
def save_tasks() -> ResponseReturnValue:
    """Save the task of each seat of the team."""
    found = handbook.item(TASKS)
    form = tasks_form(seated([TEAM_ITEM]))
    if not form.validate_on_submit():
        return item_page(found, Sent(form))
    try:
        services.save_tasks(task_texts(form), today=today_here(), seen=form.seen.data)
    except EditConflict:
        return item_page(found, Sent(form, conflict=True))
    flash(_("Saved."), "success")
    return redirect(item_url(found))


@bp.post("/runbook/tasks-known/<seat>/<uuid:contact_id>/acknowledge")
@needs(Permission.PLAN_EDIT)
def acknowledge(seat: str, contact_id: UUID) -> ResponseReturnValue:
    """Note that somebody of the team said today that they know their task."""
    try:
        services.acknowledge(seat, contact_id, today=today_here())
    except NotThere:
        abort(404)
    flash(_("Noted."), "success")
    return redirect(item_url(handbook.item(TASKS)))


@bp.post("/runbook/tasks-known/people/<uuid:contact_id>/ask")
@needs(Permission.PLAN_EDIT)
def ask(contact_id: UUID) -> ResponseReturnValue:
    """Mail somebody of the team a link by which they say that they know their tasks."""
    where = standing()
    sender = Sender(where.tenant_id, where.name, g.me.name)
    try:
        link = asking.ask(contact_id, sender, where.language, at=clock.now())
    except NotThere:
        abort(404)
    except AccountError as error:
        flash(str(error.text), "warning")
    else:
        flash(_("A mail to %(name)s is on its way.", name=link.name), "success")
    return redirect(item_url(handbook.item(TASKS)))


@bp.post("/runbook/tasks-known/ask")
@needs(Permission.PLAN_EDIT)
def ask_everybody() -> ResponseReturnValue:
    """Mail everybody of the team who has yet to say that they know their tasks."""
    where = standing()
    sender = Sender(where.tenant_id, where.name, g.me.name)
    done = asking.ask_everybody(sender, where.language, at=clock.now(), today=today_here())
    if done.sent:
        flash(_("A mail is on its way to: %(names)s.", names=", ".join(done.sent)), "success")
    if done.lately:
        flash(_("Asked less than a week ago, so not asked again: %(names)s.", names=", ".join(done.lately)), "warning")
    if done.refused:
        flash(_("Look at the e-mail address of: %(names)s.", names=", ".join(done.refused)), "warning")
    if not (done.sent or done.lately or done.refused):
        flash(_("Nobody has to be written to now."), "success")
    return redirect(item_url(handbook.item(TASKS)))


@bp.post("/runbook/recovery/steps")
@needs(Permission.PLAN_EDIT)
def step_add() -> ResponseReturnValue:
    """Add a step at the end of the recovery."""
    form = step_form(systems(), people().values(), _open_steps())
    if not form.validate_on_submit():
        return item_page(handbook.item(RECOVERY), Sent(form))
    try:
        services.add_step(form.values(), row_id=form.new_row.row_id)
    except NotThere:
        abort(404)
    flash(_("The step was added."), "success")
    return redirect(item_url(handbook.item(RECOVERY)))


@bp.route("/runbook/recovery/steps/<uuid:step_id>", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def step_edit(step_id: UUID) -> ResponseReturnValue:
    """Change a step of the recovery."""
    found, others = _open_step(step_id), _open_steps()
    # What comes later may be chosen too, and is refused with the reason.
    form, status = step_form(systems(), people().values(), [one for one in others if one.id != step_id], found), 200
    if form.is_submitted():
        status = 422
    if form.validate_on_submit():
        try:
            services.change_step(step_id, form.values(), seen=form.seen.data)
        except EditConflict:
            form.seen.data, status = seen([found]), 409
        except PlanError as error:
            form[error.field].errors = [error.text]
        except NotThere:
            abort(404)
        else:
            flash(_("Saved."), "success")
            return redirect(item_url(handbook.item(RECOVERY)))
    page = render_template(
        "plans/step_edit.html", form=form, step=found, item=handbook.item(RECOVERY), conflict=status == 409
    )
    return page, status


@bp.post("/runbook/recovery/steps/<uuid:step_id>/<any(up, down):direction>")
@needs(Permission.PLAN_EDIT)
def step_move(step_id: UUID, direction: str) -> ResponseReturnValue:
    """Let a step change places with its neighbour."""
    try:
        services.move_step(step_id, up=direction == "up")
    except NotThere:
        abort(404)
    except PlanError as error:
        flash(str(error.text), "warning")
    return redirect(url_for("plans.item", section="runbook", name="recovery", _anchor=f"step-{step_id.hex}"))


@bp.post("/runbook/recovery/steps/proposed")
@needs(Permission.PLAN_EDIT)
def steps_propose() -> ResponseReturnValue:
    """Add a step for each system that has none."""
    added = services.propose_steps(lambda name: _("Restore %(system)s from the back-up and check it.", system=name))
    flash(ngettext("%(num)s step was added.", "%(num)s steps were added.", added), "success")
    return redirect(item_url(handbook.item(RECOVERY)))


@bp.get("/runbook/recovery/day-plan")
@needs(Permission.PLAN_READ)
def recovery_day() -> ResponseReturnValue:
    """Show the recovery as a plan of the day."""
    planned = day_plan(_open_steps())
    return render_template(
        "runbook/day_plan.html",
        item=handbook.item(RECOVERY),
        planned=in_time(planned),
        day=day_of(planned),
        as_clock=as_clock,
    )


def _open_steps() -> list[Step]:
    return [step for step in steps() if not step.archived]


def _open_step(step_id: UUID) -> Step:
    found = next((step for step in _open_steps() if step.id == step_id), None)
    if found is None:
        abort(404)
    return found
