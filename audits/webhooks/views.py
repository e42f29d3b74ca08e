"""The pages on which an owner has other programs told what the audit finds."""

from uuid import UUID

from flask import Blueprint, Response, abort, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audits.webhooks import queries, services
from audits.webhooks.forms import EVENT_LABELS, WebhookForm
from audits.webhooks.models import Webhook, WebhookState
from core import clock
from tenants import links
from tenants.door import needs
from tenants.errors import AccountError
from tenants.permissions import Permission

bp = Blueprint("webhooks", __name__, url_prefix="/o/<slug>/webhooks")
SWITCHED = {"on": WebhookState.ON, "off": WebhookState.OFF}


@bp.get("/")
@needs(Permission.CONNECTIONS_EDIT)
def index() -> ResponseReturnValue:
    """Show who is told."""
    return render_template("webhooks/index.html", webhooks=queries.webhooks(), labels=EVENT_LABELS)


@bp.route("/new", methods=["GET", "POST"])
@needs(Permission.CONNECTIONS_EDIT)
def add() -> ResponseReturnValue:
    """Add an address and show its secret, this once."""
    form = WebhookForm()
    if form.validate_on_submit():
        try:
            secret = services.make(form.values(), form.chosen_id, g.me.user_id, at=clock.now())
        except AccountError as error:
            form[error.field].errors = [str(error.text)]
        else:
            return _with_secret(_hook(form.chosen_id), secret)
    page = render_template("webhooks/add.html", form=form)
    return page, 422 if form.is_submitted() else 200


@bp.get("/<uuid:webhook_id>")
@needs(Permission.CONNECTIONS_EDIT)
def show(webhook_id: UUID) -> ResponseReturnValue:
    """Show what was told, and how it went."""
    return _page(_hook(webhook_id))


@bp.post("/<uuid:webhook_id>/secret")
@needs(Permission.CONNECTIONS_EDIT)
def renew(webhook_id: UUID) -> ResponseReturnValue:
    """Make a new secret and show it, this once."""
    hook = _hook(webhook_id)
    return _with_secret(hook, services.renew_secret(hook, at=clock.now()))


@bp.post("/<uuid:webhook_id>/test")
@needs(Permission.CONNECTIONS_EDIT)
def try_out(webhook_id: UUID) -> ResponseReturnValue:
    """Have a test told."""
    if services.try_out(_hook(webhook_id), at=clock.now()):
        flash(_("A test is on its way. Open this page again in a minute to see how it went."), "success")
    else:
        flash(_("Ten tests were sent in the last hour. Try again later."), "warning")
    return redirect(url_for(".show", webhook_id=webhook_id))


@bp.post("/<uuid:webhook_id>/switch")
@needs(Permission.CONNECTIONS_EDIT)
def switch(webhook_id: UUID) -> ResponseReturnValue:
    """Tell it again, or no longer."""
    # What is wanted stands in the form: whoever clicks twice means it once.
    services.switch(_hook(webhook_id), SWITCHED.get(request.form.get("to", "")) or abort(404))
    flash(_("Saved."), "success")
    return redirect(url_for(".show", webhook_id=webhook_id))


@bp.post("/<uuid:webhook_id>/remove")
@needs(Permission.CONNECTIONS_EDIT)
def remove(webhook_id: UUID) -> ResponseReturnValue:
    """Remove an address: it is told nothing any more."""
    services.switch(_hook(webhook_id), WebhookState.REMOVED)
    flash(_("Removed."), "success")
    return redirect(url_for(".index"))


def _hook(webhook_id: UUID) -> Webhook:
    return services.webhook(webhook_id) or abort(404)


def _with_secret(hook: Webhook, secret: str) -> Response:
    return links.quiet(make_response(_page(hook, secret)))


def _page(hook: Webhook, secret: str = "") -> str:
    return render_template(
        "webhooks/show.html",
        webhook=hook,
        deliveries=queries.deliveries(hook.id),
        labels=EVENT_LABELS,
        secret=secret,
        at=clock.now(),
    )
