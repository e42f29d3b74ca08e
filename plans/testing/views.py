"""Add a result to a test."""

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from plans.blueprint import bp
from plans.errors import PlanError
from plans.pages import Sent, item_named, item_page, item_url
from plans.shapes import Shape
from plans.testing import services
from plans.testing.panels import fresh_result_form
from tenants.door import needs, today_here
from tenants.permissions import Permission


@bp.post("/<section>/<name>/results")
@needs(Permission.PLAN_EDIT)
def add_result(section: str, name: str) -> ResponseReturnValue:
    """Add a result to a test."""
    found = item_named(section, name, (Shape.RESULTS,))
    form = fresh_result_form(found.id, today_here())
    if not form.validate_on_submit():
        return item_page(found, Sent(form))
    try:
        services.add_result(found.id, form.values(), today=today_here(), row_id=form.new_row.row_id)
    except PlanError as error:
        form[error.field].errors = [error.text]
        return item_page(found, Sent(form))
    flash(_("The result was added."), "success")
    return redirect(item_url(found))
