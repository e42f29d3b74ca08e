"""The page of the audiences of one's own."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from plans import handbook
from plans.audiences import services
from plans.audiences.forms import AudienceForm, audience_form
from plans.audiences.queries import Informed
from plans.audiences.queries import audiences as all_audiences
from plans.blueprint import bp
from plans.errors import NotThere, PlanError
from plans.items.queries import people
from plans.turns import seen
from tenants.door import needs
from tenants.owned import EditConflict
from tenants.permissions import Permission

ITEM = "runbook.informing"


@bp.get("/runbook/informing/audiences")
@needs(Permission.PLAN_READ)
def audiences() -> ResponseReturnValue:
    """Show who else is informed, and by whom."""
    return _page(audience_form(people().values(), formdata=None))


@bp.post("/runbook/informing/audiences")
@needs(Permission.PLAN_EDIT)
def audience_add() -> ResponseReturnValue:
    """Add an audience."""
    form = audience_form(people().values())
    if not form.validate_on_submit():
        return _page(form, 422)
    try:
        services.add_audience(form.values(), row_id=form.new_row.row_id)
    except PlanError as error:
        form[error.field].errors = [error.text]
        return _page(form, 422)
    flash(_("The audience was added."), "success")
    return redirect(url_for(".audiences"))


@bp.route("/runbook/informing/audiences/<uuid:audience_id>", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def audience_edit(audience_id: UUID) -> ResponseReturnValue:
    """Change an audience."""
    found = _audience(audience_id)
    form, status = audience_form(people().values(), found), 200
    if form.is_submitted():
        status = 422
    if form.validate_on_submit():
        try:
            services.change_audience(audience_id, form.values(), seen=form.seen.data)
        except EditConflict:
            form.seen.data, status = seen([found]), 409
        except PlanError as error:
            form[error.field].errors = [error.text]
        else:
            flash(_("Saved."), "success")
            return redirect(url_for(".audiences"))
    page = render_template(
        "runbook/audience_edit.html", form=form, found=found, item=handbook.item(ITEM), conflict=status == 409
    )
    return page, status


@bp.post("/runbook/informing/audiences/<uuid:audience_id>/put-away")
@needs(Permission.PLAN_EDIT)
def audience_put_away(audience_id: UUID) -> ResponseReturnValue:
    """Put an audience away."""
    try:
        services.put_away(audience_id, at=clock.now())
    except NotThere:
        abort(404)
    flash(_("The audience was put away."), "success")
    return redirect(url_for(".audiences"))


def _page(form: AudienceForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "runbook/audiences.html", form=form, audiences=all_audiences(), people=people(), item=handbook.item(ITEM)
    )
    return page, status


def _audience(audience_id: UUID) -> Informed:
    found = next((one for one in all_audiences() if one.id == audience_id), None)
    if found is None:
        abort(404)
    return found
