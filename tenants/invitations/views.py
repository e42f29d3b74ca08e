"""The page behind the link of an invitation."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from core import clock, db
from core.i18n import language
from core.serving.request_ids import request_id
from tenants import links, services, sessions, trail
from tenants.door import public
from tenants.errors import AccountError
from tenants.invitations import services as invitations
from tenants.invitations.forms import AcceptForm, NewPersonForm
from tenants.models import Invitation, LinkPurpose, Tenant, User
from tenants.owned import Area
from tenants.scope import Actor, Scope, close_scope, open_scope
from tenants.sign_in.strength import check_choice
from tenants.turns import one_at_a_time

bp = Blueprint("invitations", __name__)
PEOPLE = frozenset({Area.PEOPLE})


@dataclass(frozen=True, slots=True)
class Opened:
    """An invitation whose link was followed, inside a scope of its organisation that only reads people."""

    invitation: Invitation
    tenant: Tenant
    email: str
    inviter: str


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@public
def accept(token: str) -> ResponseReturnValue:
    """Show an invitation, and accept it by POST."""
    opened = _open(token)
    if opened is None:
        return links.dead_page()
    if g.me is not None:
        form = AcceptForm()
        if g.me.email == opened.email and form.validate_on_submit():
            tenant_id, about = opened.tenant.id, opened.invitation.id
            if not _spend(token, tenant_id):
                return links.dead_page()
            return _let_in(tenant_id, about, g.me.user_id)
        return _page(opened, form, token)
    if services.user_by_email(opened.email) is not None:
        return _page(opened, None, token)
    return _accept_new(token, opened)


def _open(token: str) -> Opened | None:
    """Find the invitation behind a live link and open a reading scope of its organisation."""
    link = links.find(LinkPurpose.INVITATION, token, at=clock.now())
    if link is None or link.organisation_id is None:
        return None
    about, email, tenant_id = link.about, link.email, link.organisation_id
    open_scope(Scope(frozenset({tenant_id}), PEOPLE, frozenset()))
    tenant = db.session().get_one(Tenant, tenant_id)
    invitation = db.session().get(Invitation, (tenant_id, about))
    if invitation is None or not invitations.is_open(invitation) or tenant.left_at is not None:
        return None
    if not invitations.may_let_in(invitation.invited_by, at=clock.now()):
        return None
    inviter = db.session().get_one(User, invitation.invited_by)
    return Opened(invitation, tenant, email, inviter.name)


def _page(opened: Opened, form: AcceptForm | NewPersonForm | None, token: str, status: int = 200) -> Response:
    page = render_template("invitations/accept.html", opened=opened, form=form, back=url_for(".accept", token=token))
    return links.quiet(make_response(page, status))


def _spend(token: str, tenant_id: int) -> bool:
    """Use the link up, in the turn of its organisation: who takes the invitation back comes before, or after."""
    one_at_a_time([tenant_id])
    return links.spend(LinkPurpose.INVITATION, token, at=clock.now())


def _let_in(tenant_id: int, about: UUID, user_id: UUID) -> ResponseReturnValue:
    """Let the person in, whose link was just used up, acting as that person from here on."""
    at = clock.now()
    actor = Actor(user_id, db.session().get_one(User, user_id).name, "invited", request_id())
    close_scope()
    open_scope(Scope(frozenset({tenant_id}), PEOPLE, PEOPLE | {Area.TRAIL}, actor))
    invitation = db.session().get_one(Invitation, (tenant_id, about))
    tenant, user = db.session().get_one(Tenant, tenant_id), db.session().get_one(User, user_id)
    try:
        invitations.accept(invitation, user, tenant, at=at)
    except AccountError as error:
        return links.quiet(make_response(render_template("links/dead.html", why=error.text), 410))
    if g.me is None:
        trail.account_event(user_id, "account.made", by="invitation")
        sessions.start(user, at=at)
    flash(_("You have access to %(organisation)s now.", organisation=tenant.name), "success")
    return redirect(url_for("tenants.start"))


def _accept_new(token: str, opened: Opened) -> ResponseReturnValue:
    """Make an account for the person the link was mailed to, and sign them in."""
    form = NewPersonForm()
    if not form.validate_on_submit():
        return _page(opened, form, token, 422 if form.is_submitted() else 200)
    name, password = form.name.data or "", form.password.data or ""
    try:
        check_choice(password, (name, opened.email, opened.tenant.name))
    except AccountError as error:
        form.password.errors = [str(error.text)]
        return _page(opened, form, token, 422)
    # The scope so far only reads; a new person belongs to no organisation.
    about, tenant_id = opened.invitation.id, opened.tenant.id
    close_scope()
    # First of all: of several who send the form at once, one goes on.
    if not _spend(token, tenant_id):
        return links.dead_page()
    try:
        user = services.add_user(opened.email, name, password, language=language(), at=clock.now())
    except (AccountError, IntegrityError):
        # Somebody made the account a moment ago: they sign in with it now, and the link stays good.
        db.rollback()
        return redirect(url_for(".accept", token=token))
    return _let_in(tenant_id, about, user.id)
