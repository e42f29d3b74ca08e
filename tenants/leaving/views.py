"""The page to leave."""

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock, db
from tenants.door import needs, standing, today_here
from tenants.errors import AccountError
from tenants.leaving import services
from tenants.leaving.forms import LeaveForm
from tenants.leaving.retention import RETENTION
from tenants.models import Tenant
from tenants.permissions import Permission
from tenants.staying import goes_by_choice

bp = Blueprint("leaving", __name__, url_prefix="/o/<slug>/leave")


@bp.route("/", methods=["GET", "POST"])
@needs(Permission.ORGANISATION_LEAVE)
def leave() -> ResponseReturnValue:
    """Show what leaving means, and leave."""
    tenant = db.session().get(Tenant, standing().tenant_id) or abort(404)
    form, obstacles, name = LeaveForm(), services.obstacles(tenant, today_here()), tenant.name
    if form.validate_on_submit():
        goes_by_choice()
        try:
            services.leave(tenant, form.slug.data or "", by=g.me.user_id, at=clock.now(), today=today_here())
        except AccountError as error:
            form.slug.errors = [str(error.text)]
        else:
            flash(_("%(organisation)s has left. Nobody can enter it any more.", organisation=name), "success")
            return redirect(url_for("tenants.places"))
    page = render_template("leaving/leave.html", form=form, obstacles=obstacles, retention=RETENTION)
    return page, 422 if form.is_submitted() else 200
