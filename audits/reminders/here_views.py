"""Who is reminded of what an organisation lets lapse, and what was sent."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audits.reminders import asked, queries, services
from core import clock
from tenants.door import needs
from tenants.permissions import Permission

bp = Blueprint("reminding", __name__, url_prefix="/o/<slug>/reminders")


@bp.get("/")
@needs(Permission.REMINDERS_READ)
def index() -> ResponseReturnValue:
    """Show who is reminded, whose address was refused, and what was sent."""
    at = clock.now()
    return render_template(
        "reminders/index.html",
        members=queries.recipients(at),
        keepers=queries.keepers(at),
        told=queries.told_here(),
        title_of=asked.title,
    )


@bp.post("/")
@needs(Permission.REMINDERS_EDIT)
def choose() -> ResponseReturnValue:
    """Choose who is reminded."""
    members = {one.user_id: one.gets for one in queries.recipients(clock.now())}
    # Whatever names nobody who belongs here chooses nobody.
    ticked = {one for one in members if str(one) in request.form.getlist("people")}
    services.choose_recipients(members, ticked)
    flash(_("From now on these people are reminded."), "success")
    return redirect(url_for(".index"))
