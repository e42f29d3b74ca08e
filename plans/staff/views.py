"""Publish the staff instruction and note who acknowledged it."""

from flask import abort, flash, g, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from plans import handbook
from plans.blueprint import bp
from plans.errors import NotThere, PlanError
from plans.inputs import ticked
from plans.pages import Sent, item_page, item_url
from plans.staff import services
from plans.staff.forms import receipts_form
from plans.staff.queries import POLICY, newest, readers
from tenants.door import needs, standing, today_here
from tenants.permissions import Permission


@bp.post("/staff/policy/versions")
@needs(Permission.PLAN_PUBLISH)
def publish_instruction() -> ResponseReturnValue:
    """Publish the instruction as it now reads."""
    try:
        number = services.publish_instruction(by=g.me.name, today=today_here(), language=standing().language)
    except PlanError as error:
        flash(str(error.text), "warning")
    else:
        flash(_("Version %(number)s of the instruction was published.", number=number), "success")
    return redirect(item_url(handbook.item(POLICY)))


@bp.post("/staff/policy/receipts")
@needs(Permission.PLAN_EDIT)
def acknowledge_instruction() -> ResponseReturnValue:
    """Note that members of staff acknowledged the newest instruction."""
    found, published = handbook.item(POLICY), newest()
    if published is None:
        abort(404)
    form = receipts_form(published, readers(published.id), today_here())
    if form.version_id.data != str(published.id):
        # Receipts ticked on an old page are for what those people read, not for what came after.
        flash(_("A newer version was published meanwhile. Look who acknowledged that one."), "warning")
        return redirect(item_url(found))
    if not form.validate_on_submit():
        return item_page(found, Sent(form))
    try:
        people = ticked(form.people)
        done = services.acknowledge_instruction(published.id, people, on=form.acknowledged_on.data, today=today_here())
    except PlanError as error:
        form[error.field].errors = [error.text]
        return item_page(found, Sent(form))
    except NotThere:
        abort(404)
    flash(ngettext("Noted for %(num)s person.", "Noted for %(num)s people.", done), "success")
    return redirect(item_url(found))
