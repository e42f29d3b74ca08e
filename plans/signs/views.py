"""The page of the signs by which the plan is put to work, and by which it is over."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from plans import handbook
from plans.blueprint import bp
from plans.errors import NotThere, PlanError
from plans.signs import services
from plans.signs.forms import ENDS, SignForm, sign_form
from plans.signs.queries import Sign
from plans.signs.queries import signs as all_signs
from plans.turns import seen
from tenants.door import needs
from tenants.owned import EditConflict
from tenants.permissions import Permission

ITEM = "runbook.activation"
# By whether they tell that it is over.
EXAMPLES = {False: services.EXAMPLES, True: services.END_EXAMPLES}


@bp.get("/runbook/activation/signs")
@needs(Permission.PLAN_READ)
def signs() -> ResponseReturnValue:
    """Show the signs by which the plan is put to work, and those by which it is over."""
    return _page(sign_form(formdata=None))


@bp.post("/runbook/activation/signs")
@needs(Permission.PLAN_EDIT)
def sign_add() -> ResponseReturnValue:
    """Add a sign."""
    form = sign_form()
    if not form.validate_on_submit():
        return _page(form, 422)
    try:
        services.add_sign(form.text.data, ends=form.ends, row_id=form.new_row.row_id)
    except PlanError as error:
        form.text.errors = [str(error.text)]
        return _page(form, 422)
    flash(_("The sign was added."), "success")
    return redirect(url_for(".signs"))


@bp.post("/runbook/activation/signs/examples")
@needs(Permission.PLAN_EDIT)
def sign_examples() -> ResponseReturnValue:
    """Add the example signs that are not there yet: that the plan holds now, or that it is over."""
    ends = request.form.get("tells") == ENDS
    try:
        added = services.add_examples([str(text) for text in EXAMPLES[ends]], ends=ends)
    except PlanError as error:
        flash(str(error.text), "warning")
    else:
        flash(ngettext("%(num)s sign was added.", "%(num)s signs were added.", added), "success")
    return redirect(url_for(".signs"))


@bp.route("/runbook/activation/signs/<uuid:sign_id>", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def sign_edit(sign_id: UUID) -> ResponseReturnValue:
    """Change a sign."""
    found = _sign(sign_id)
    form, status = sign_form(found), 200
    if form.is_submitted():
        status = 422
    if form.validate_on_submit():
        try:
            services.change_sign(sign_id, form.text.data, ends=form.ends, seen=form.seen.data)
        except EditConflict:
            form.seen.data, status = seen([found]), 409
        else:
            flash(_("Saved."), "success")
            return redirect(url_for(".signs"))
    page = render_template(
        "runbook/sign_edit.html", form=form, sign=found, item=handbook.item(ITEM), conflict=status == 409
    )
    return page, status


@bp.post("/runbook/activation/signs/<uuid:sign_id>/put-away")
@needs(Permission.PLAN_EDIT)
def sign_put_away(sign_id: UUID) -> ResponseReturnValue:
    """Put a sign away."""
    try:
        services.put_away(sign_id, at=clock.now())
    except NotThere:
        abort(404)
    flash(_("The sign was put away."), "success")
    return redirect(url_for(".signs"))


def _page(form: SignForm, status: int = 200) -> ResponseReturnValue:
    found = all_signs()
    lists = {ends: [sign for sign in found if sign.ends == ends] for ends in (False, True)}
    page = render_template("runbook/signs.html", form=form, lists=lists, examples=EXAMPLES, item=handbook.item(ITEM))
    return page, status


def _sign(sign_id: UUID) -> Sign:
    found = next((one for one in all_signs() if one.id == sign_id), None)
    if found is None:
        abort(404)
    return found
