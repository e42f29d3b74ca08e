"""Publish the staff instruction and note who acknowledged it."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from plans import handbook
from plans.blueprint import bp
from plans.errors import NotThere, PlanError
from plans.inputs import ticked
from plans.pages import Sent, item_page, item_url
from plans.staff import asking, restoring, services
from plans.staff.comparing import NAMES, Draft, compare, draft_of
from plans.staff.forms import TakeBackForm, receipts_form
from plans.staff.queries import POLICY, Instruction, newest, published, readers, versions
from tenants.door import needs, standing, today_here
from tenants.owned import EditConflict
from tenants.permissions import Permission
from tenants.personal_links.services import Sender

# What the address says for the draft as it now stands.
DRAFT = "draft"


@bp.post("/staff/policy/versions")
@needs(Permission.PLAN_PUBLISH)
def publish_instruction() -> ResponseReturnValue:
    """Publish the instruction as it now reads."""
    try:
        told = request.form.get("told")
        number = services.publish_instruction(by=g.me.name, today=today_here(), language=standing().language, told=told)
    except EditConflict:
        flash(_("Somebody changed the instruction meanwhile, so it was not published. Read it again first."), "warning")
    except PlanError as error:
        flash(str(error.text), "warning")
    else:
        flash(_("Version %(number)s of the instruction was published.", number=number), "success")
    return redirect(item_url(handbook.item(POLICY)))


@bp.post("/staff/policy/lines")
@needs(Permission.PLAN_EDIT)
def include_lines() -> ResponseReturnValue:
    """Take every line that nobody decided on yet into the instruction."""
    added = services.include_lines(by=g.me.name, today=today_here())
    flash(
        ngettext("Saved: %(num)s line is part of it now.", "Saved: %(num)s lines are part of it now.", added), "success"
    )
    flash(_("Read the instruction below and publish it."))
    return redirect(item_url(handbook.item(POLICY)))


@bp.get("/staff/policy/versions/<uuid:instruction_id>")
@needs(Permission.PLAN_READ)
def instruction(instruction_id: UUID) -> ResponseReturnValue:
    """Show a published instruction, in each language, and who acknowledged it."""
    found = published(instruction_id)
    if found is None:
        abort(404)
    return render_template(
        "staff/instruction.html",
        item=handbook.item(POLICY),
        instruction=found,
        staff=readers(found.id),
        names=NAMES,
    )


@bp.get("/staff/policy/versions/compare")
@needs(Permission.PLAN_READ)
def compare_instructions() -> ResponseReturnValue:
    """Show what differs between two published instructions, or one and the draft."""
    before, after = _named("from"), _named("to")
    changes = compare(_draft(before), _draft(after)) if before and after else ()
    return render_template(
        "staff/compare.html",
        item=handbook.item(POLICY),
        offered=versions(),
        draft=DRAFT,
        before=before,
        after=after,
        changes=changes,
    )


@bp.route("/staff/policy/versions/<uuid:instruction_id>/take-back", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def take_back_instruction(instruction_id: UUID) -> ResponseReturnValue:
    """Show what it would do to let the draft say again what a version said, and do it."""
    form, language, status = TakeBackForm(), standing().language, 200
    if form.validate_on_submit():
        try:
            restoring.take_back(
                instruction_id, form.seen.data or "", language=language, by=g.me.name, today=today_here()
            )
        except NotThere:
            abort(404)
        except EditConflict:
            status = 409
        else:
            flash(_("Brought back. It is a draft: publish it when it is right."), "success")
            return redirect(item_url(handbook.item(POLICY)))
    elif form.is_submitted():
        status = 422
    found, now = published(instruction_id), restoring.current_draft(language)
    if found is None:
        abort(404)
    page = render_template(
        "staff/take_back.html",
        item=handbook.item(POLICY),
        instruction=found,
        changes=compare(now.draft, draft_of(found, language)),
        form=TakeBackForm(formdata=None, data={"seen": now.seen}),
        moved=status == 409,
    )
    return page, status


def _named(argument: str) -> str | Instruction | None:
    """Return the version that the address names, or that it names the draft. Answers 404 for what there is not."""
    asked = request.args.get(argument)
    if not asked or asked == DRAFT:
        return asked
    try:
        return published(UUID(asked)) or abort(404)
    except ValueError:
        abort(404)


def _draft(chosen: str | Instruction) -> Draft:
    language = standing().language
    return restoring.current_draft(language).draft if isinstance(chosen, str) else draft_of(chosen, language)


@bp.post("/staff/policy/sendings")
@needs(Permission.PLAN_EDIT)
def send_instruction() -> ResponseReturnValue:
    """Mail the newest instruction to whoever was not sent it yet, or remind those who did not read it."""
    where = standing()
    turn = asking.Turn.REMINDER if request.form.get("turn") == asking.Turn.REMINDER else asking.Turn.FIRST
    sender = Sender(where.tenant_id, where.name, g.me.name)
    try:
        done = asking.send_instruction(turn, sender, where.language, at=clock.now(), today=today_here())
    except NotThere:
        abort(404)
    if done.sent:
        flash(ngettext("%(num)s mail is on its way.", "%(num)s mails are on their way.", done.sent), "success")
    if done.left:
        flash(
            ngettext(
                "%(num)s person more is waiting: press the button again.",
                "%(num)s people more are waiting: press the button again.",
                done.left,
            ),
            "warning",
        )
    if done.refused:
        flash(_("Look at the e-mail address of: %(names)s.", names=", ".join(done.refused)), "warning")
    if not (done.sent or done.left or done.refused):
        flash(_("Nobody has to be written to now."), "success")
    return redirect(item_url(handbook.item(POLICY)))


@bp.post("/staff/policy/receipts")
@needs(Permission.PLAN_EDIT)
def acknowledge_instruction() -> ResponseReturnValue:
    """Note that members of staff acknowledged the newest instruction."""
    found, current = handbook.item(POLICY), newest()
    if current is None:
        abort(404)
    form = receipts_form(current, readers(current.id), today_here())
    if form.version_id.data != str(current.id):
        # Receipts ticked on an old page are for what those people read, not for what came after.
        flash(_("A newer version was published meanwhile. Look who acknowledged that one."), "warning")
        return redirect(item_url(found))
    if not form.validate_on_submit():
        return item_page(found, Sent(form))
    try:
        people = ticked(form.people)
        done = services.acknowledge_instruction(current.id, people, on=form.acknowledged_on.data, today=today_here())
    except PlanError as error:
        form[error.field].errors = [error.text]
        return item_page(found, Sent(form))
    except NotThere:
        abort(404)
    flash(ngettext("Noted for %(num)s person.", "Noted for %(num)s people.", done), "success")
    return redirect(item_url(found))
