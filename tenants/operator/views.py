"""Pages of the operator: organisations as numbers, accounts, and how the installation does."""

from uuid import UUID

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock, db
from tenants.door import operates
from tenants.errors import AccountError
from tenants.forms import KIND_LABELS
from tenants.models import User
from tenants.operator import queries, services
from tenants.permissions import Permission

bp = Blueprint("operator", __name__, url_prefix="/operator")


@bp.get("/")
@operates(Permission.PLATFORM_READ)
def organisations() -> ResponseReturnValue:
    """List the organisations, as numbers."""
    words = request.args.get("q", "").strip()
    found = queries.organisations(words, request.args.get("page", 1, type=int))
    return render_template("operator/organisations.html", found=found, words=words, kinds=KIND_LABELS)


@bp.get("/accounts")
@operates(Permission.PLATFORM_READ)
def accounts() -> ResponseReturnValue:
    """List the accounts."""
    words = request.args.get("q", "").strip()
    found = queries.accounts(words, request.args.get("page", 1, type=int))
    return render_template("operator/accounts.html", found=found, words=words)


@bp.post("/accounts/<uuid:user_id>/disable")
@operates(Permission.PLATFORM_EDIT)
def account_disable(user_id: UUID) -> ResponseReturnValue:
    """Let somebody in no more; their sessions end."""
    user = db.session().get(User, user_id) or abort(404)
    try:
        services.disable(user, by=g.me.user_id, at=clock.now())
    except AccountError as error:
        flash(str(error.text), "danger")
    else:
        flash(_("%(name)s cannot sign in any more.", name=user.name), "success")
    return redirect(url_for(".accounts"))


@bp.post("/accounts/<uuid:user_id>/enable")
@operates(Permission.PLATFORM_EDIT)
def account_enable(user_id: UUID) -> ResponseReturnValue:
    """Let somebody in again."""
    user = db.session().get(User, user_id) or abort(404)
    services.enable(user, by=g.me.user_id)
    flash(_("%(name)s can sign in again.", name=user.name), "success")
    return redirect(url_for(".accounts"))


@bp.get("/health")
@operates(Permission.PLATFORM_READ)
def health() -> ResponseReturnValue:
    """Show how the installation does."""
    return render_template("operator/health.html", health=queries.health(current_app.config["SETTINGS"]))


@bp.post("/judge")
@operates(Permission.PLATFORM_EDIT)
def judge_everybody() -> ResponseReturnValue:
    """Have every organisation judged again; the page of health tells how far that is."""
    marked = services.judge_everybody(by=g.me.user_id)
    flash(
        ngettext("%(num)s organisation is judged again.", "%(num)s organisations are judged again.", marked), "success"
    )
    return redirect(url_for(".health"))
