"""Report changes, tighten intervals."""

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from plans import handbook
from plans.blueprint import bp
from plans.errors import PlanError
from plans.items.shown import Shown
from plans.pages import Sent, item_page, item_url
from plans.turns import seen
from plans.upkeep import services
from plans.upkeep.forms import change_form, chosen_days, intervals_form
from plans.upkeep.queries import StoredInterval, interval_rows, tightened
from tenants.door import needs, today_here
from tenants.owned import EditConflict
from tenants.permissions import Permission

CHANGES = "upkeep.business-change"


@bp.post("/upkeep/business-change/changes")
@needs(Permission.PLAN_EDIT)
def report_change() -> ResponseReturnValue:
    """Report a change in the business."""
    found, form = handbook.item(CHANGES), change_form(today_here())
    if not form.validate_on_submit():
        return item_page(found, Sent(form))
    try:
        services.report_change(
            form.what.data, form.reported_on.data, by=g.me.name, today=today_here(), row_id=form.new_row.row_id
        )
    except PlanError as error:
        form[error.field].errors = [error.text]
        return item_page(found, Sent(form))
    flash(_("The change was reported. Bring the plan up to date and publish a version."), "success")
    return redirect(item_url(found))


@bp.get("/intervals")
@needs(Permission.PLAN_READ)
def intervals() -> ResponseReturnValue:
    """Show how old facts may get."""
    stored = tightened()
    return _intervals_page(stored, intervals_form(stored, formdata=None))


@bp.post("/intervals")
@needs(Permission.PLAN_EDIT)
def tighten() -> ResponseReturnValue:
    """Save how old facts may get."""
    stored = tightened()
    form = intervals_form(stored)
    if not form.validate_on_submit():
        return _intervals_page(stored, form), 422
    try:
        services.tighten(chosen_days(form), seen=form.seen.data)
    except PlanError as error:
        form[error.field].errors = [error.text]
        return _intervals_page(stored, form), 422
    except EditConflict:
        form.seen.data = seen(stored)
        return _intervals_page(stored, form, conflict=True), 409
    flash(_("Saved."), "success")
    return redirect(url_for("plans.intervals"))


def _intervals_page(stored: list[StoredInterval], form: Any, *, conflict: bool = False) -> str:
    rows = interval_rows(stored)
    shown = [Shown(str(row.label), ngettext("%(num)s day", "%(num)s days", row.days)) for row in rows]
    return render_template("plans/intervals.html", rows=rows, form=form, stored=shown, conflict=conflict)
