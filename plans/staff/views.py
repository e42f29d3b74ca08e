"""Publish the staff instruction and note who acknowledged it."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from core import clock
from core.i18n import Language
from plans import handbook
from plans.blueprint import bp
from plans.errors import NotThere, PlanError
from plans.inputs import ticked
from plans.pages import Sent, item_page, item_url
from plans.staff import asking, services
from plans.staff.forms import receipts_form
from plans.staff.queries import POLICY, newest, published, readers
from tenants.door import needs, standing, today_here
from tenants.owned import EditConflict
from tenants.permissions import Permission
from tenants.personal_links.services import Sender

LANGUAGE_NAMES = {Language.DUTCH: _l("Dutch"), Language.ENGLISH: _l("English")}


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
        names=LANGUAGE_NAMES,
    )


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
