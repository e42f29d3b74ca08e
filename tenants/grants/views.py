"""Pages of the client: who manages us, how far, and an end to it."""

from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from core import clock, db
from tenants.door import needs, standing
from tenants.errors import AccountError
from tenants.grants import queries, services
from tenants.grants.forms import LEVEL_LABELS, LimitsForm, SupplierForm
from tenants.models import ManagementGrant, Tenant
from tenants.permissions import Permission

bp = Blueprint("grants", __name__, url_prefix="/o/<slug>/grants")


@bp.get("/")
@needs(Permission.PEOPLE_READ)
def index() -> ResponseReturnValue:
    """Show who manages this organisation, and who did."""
    at = clock.now()
    current, over = queries.given(at)
    return render_template("grants/index.html", current=current, over=over, levels=LEVEL_LABELS, at=at)


@bp.route("/give", methods=["GET", "POST"])
@needs(Permission.PEOPLE_EDIT)
def give() -> ResponseReturnValue:
    """Find a supplier by what was typed, then let it in."""
    look, form = SupplierForm(formdata=request.args), LimitsForm()
    if "supplier" not in request.args:
        return render_template("grants/give.html", look=SupplierForm(formdata=None), supplier=None)
    try:
        supplier = services.find_supplier(look.supplier.data or "", own_id=standing().tenant_id)
    except AccountError as error:
        show_error(look, error)
        return render_template("grants/give.html", look=look, supplier=None), 422
    if _saved(form, supplier):
        flash(_("%(supplier)s has access now.", supplier=supplier.name), "success")
        return redirect(url_for(".index"))
    page = render_template("grants/give.html", look=look, supplier=supplier, form=form)
    return page, 422 if form.is_submitted() else 200


@bp.route("/<uuid:grant_id>", methods=["GET", "POST"])
@needs(Permission.PEOPLE_EDIT)
def change(grant_id: UUID) -> ResponseReturnValue:
    """Change how far a supplier may go."""
    grant = _grant(grant_id)
    if grant.ends_at is not None and grant.ends_at <= clock.now():
        abort(404)
    supplier, form = db.session().get_one(Tenant, grant.manager_id), LimitsForm(obj=grant)
    if not form.is_submitted():
        form.level.data = grant.level.value
    if _saved(form, supplier):
        flash(_("Saved."), "success")
        return redirect(url_for(".index"))
    page = render_template("grants/change.html", form=form, supplier=supplier, grant=grant)
    return page, 422 if form.is_submitted() else 200


@bp.post("/<uuid:grant_id>/withdraw")
@needs(Permission.PEOPLE_EDIT)
def withdraw(grant_id: UUID) -> ResponseReturnValue:
    """Take a supplier's access away, at once."""
    services.withdraw(_grant(grant_id), by=g.me.user_id, at=clock.now())
    flash(_("This supplier has no access any more."), "success")
    return redirect(url_for(".index"))


def _saved(form: LimitsForm, supplier: Tenant) -> bool:
    """Give what the form says, or write into it why not."""
    if not form.validate_on_submit():
        return False
    try:
        services.give(supplier, form.limits(standing().zone), by=g.me.user_id, at=clock.now())
    except AccountError as error:
        show_error(form, error)
        return False
    return True


def _grant(grant_id: UUID) -> ManagementGrant:
    found = db.session().get(ManagementGrant, (standing().tenant_id, grant_id))
    if found is None:
        abort(404)
    return found


def show_error(form: FlaskForm, error: AccountError) -> None:
    """Write an error where its field is, else above the form."""
    field = getattr(form, error.field, None) if error.field else None
    if field is None:
        form.form_errors.append(str(error.text))
    else:
        field.errors = [*field.errors, str(error.text)]
