"""Pages of a person's own data."""

import io

from flask import Blueprint, flash, g, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock, db
from core.serving.request_ids import request_id
from tenants import sessions
from tenants.door import signed_in_lately
from tenants.models import User
from tenants.person_data import queries, services, telling
from tenants.person_data.forms import EraseForm
from tenants.staying import goes_by_choice

bp = Blueprint("person_data", __name__, url_prefix="/account/data")


@bp.get("/")
@signed_in_lately
def show() -> ResponseReturnValue:
    """Show what is held about the person, readable."""
    held = telling.shown(queries.held(g.me.user_id, g.me.email))
    return render_template("person_data/show.html", held=held)


@bp.get("/json")
@signed_in_lately
def download() -> ResponseReturnValue:
    """Send what is held about the person as JSON."""
    data = telling.as_json(queries.held(g.me.user_id, g.me.email), at=clock.now())
    return send_file(io.BytesIO(data), "application/json", as_attachment=True, download_name="waarborg-my-data.json")


@bp.route("/erase", methods=["GET", "POST"])
@signed_in_lately
def erase() -> ResponseReturnValue:
    """Show what erasing means, and erase the account."""
    form, at = EraseForm(), clock.now()
    reasons = services.reasons_against(g.me.user_id, clock.today())
    if form.validate_on_submit() and not reasons.any:
        if (form.email.data or "").strip().lower() == g.me.email:
            goes_by_choice()
            user = db.session().get_one(User, g.me.user_id)
            services.erase(user, request_id=request_id(), at=at, today=clock.today())
            sessions.end(g.me, at=at)
            flash(_("Your account has been erased."), "success")
            return redirect(url_for("tenants.start"))
        form.email.errors = [_("This is not the e-mail address of your account.")]
    page = render_template("person_data/erase.html", form=form, reasons=reasons)
    return page, 422 if form.is_submitted() else 200
