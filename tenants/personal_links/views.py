"""The page behind a personal link, and the list of those that an organisation has out."""

from uuid import UUID

from flask import Blueprint, Response, abort, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh

from core import clock, db
from tenants import links
from tenants.door import needs, public, standing
from tenants.errors import AccountError
from tenants.models import PlanLink
from tenants.permissions import Permission
from tenants.personal_links import opening, queries, services
from tenants.personal_links.matters import TOPIC_LABELS, Gone, matter_of
from tenants.personal_links.opening import Closed, Dead, Opened
from tenants.personal_links.services import Sender
from tenants.scope import close_scope
from tenants.sign_in import limits
from tenants.sign_in.limits import Limit, TooManyTries

bp = Blueprint("personal", __name__)
out = Blueprint("links_out", __name__, url_prefix="/o/<slug>/links")
# Secrets that open nothing, from one network address within a quarter of an hour.
MOST_MISSES = 60


@bp.route("/link/<token>", methods=["GET", "POST"])
@public
def show(token: str) -> ResponseReturnValue:
    """Show what somebody is asked; note the answer by POST."""
    at = clock.now()
    found = opening.find(token, at=at)
    if isinstance(found, Closed):
        return _closed(found)
    _speak_to(found)
    form = found.matter.form()
    for name in found.shown.without:
        del form[name]
    if request.method != "POST":
        opening.note_look(found, at=at)
        return _page(found, form)
    if not form.validate_on_submit():
        return _page(found, form, 422)
    link = opening.act_as(found)
    if not opening.spend(link, token, at=at):
        return redirect(url_for(".show", token=token), 303)
    try:
        found.matter.answer(link, form, at=at, today=clock.today(g.zone))
    except Gone:
        return _dead(Closed(Dead.CHANGED))
    services.note_answer(link, at=at)
    g.scope_tenants = frozenset({link.tenant_id})
    return links.quiet(make_response(redirect(url_for(".show", token=token), 303)))


def _speak_to(found: Opened) -> None:
    """Write in the language of the person, unless this browser chose one, and in the organisation's time."""
    g.zone = found.tenant.zone
    if "language" not in request.cookies:
        g.language = found.link.language.value
        refresh()


def _page(found: Opened, form: object, status: int = 200) -> Response:
    page = render_template("personal/show.html", found=found, shown=found.shown, form=form)
    return links.quiet(make_response(page, status))


def _closed(found: Closed) -> Response:
    if found.link is not None and "language" not in request.cookies:
        g.language = found.link.language.value
        refresh()
    if found.why is not Dead.UNKNOWN:
        return _dead(found)
    close_scope()
    missed = Limit(f"links:{limits.of_address(request.remote_addr or '').key}", MOST_MISSES)
    try:
        limits.take([missed], at=clock.now())
    except TooManyTries as error:
        return links.quiet(make_response(render_template("personal/dead.html", found=found, wait=error.text), 429))
    return _dead(found)


def _dead(found: Closed) -> Response:
    status = 200 if found.why is Dead.ANSWERED else 410
    return links.quiet(make_response(render_template("personal/dead.html", found=found, wait=""), status))


@out.get("/")
@needs(Permission.PLAN_READ)
def index() -> ResponseReturnValue:
    """List the links that nobody answered yet."""
    asked = request.args.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    return render_template(
        "personal/index.html",
        listed=queries.open_links(PlanLink, number),
        labels=TOPIC_LABELS,
        at=clock.now(),
        page_href=lambda page: url_for(".index", page=page),
    )


@out.post("/<uuid:link_id>/resend")
@needs(Permission.PLAN_EDIT)
def resend(link_id: UUID) -> ResponseReturnValue:
    """Send a link once more."""
    link, at = _link(link_id), clock.now()
    matter = matter_of(link.topic)
    if link.is_open and (matter is None or matter.shown(link) is None):
        services.revoke(link, at=at)
        flash(_("What was asked has changed since, so the link was revoked. Ask again on the item's page."), "warning")
        return redirect(url_for(".index"))
    try:
        services.resend(link, Sender(standing().tenant_id, standing().name, g.me.name), at=at)
    except AccountError as error:
        flash(str(error.text), "warning")
    else:
        flash(_("The link is on its way once more. The one sent earlier no longer works."), "success")
    return redirect(url_for(".index"))


@out.post("/<uuid:link_id>/revoke")
@needs(Permission.PLAN_EDIT)
def revoke(link_id: UUID) -> ResponseReturnValue:
    """Take a link back."""
    services.revoke(_link(link_id), at=clock.now())
    flash(_("The link was revoked. It opens nothing any more."), "success")
    return redirect(url_for(".index"))


def _link(link_id: UUID) -> PlanLink:
    found = db.session().get(PlanLink, (standing().tenant_id, link_id))
    if found is None:
        abort(404)
    return found
