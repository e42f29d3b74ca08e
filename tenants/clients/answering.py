"""The client's side of an invitation: see what is asked, choose an organisation, give the grant, or less."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core import clock, db
from core.i18n import language
from core.serving.request_ids import request_id
from tenants import links, relations, services, sessions, trail
from tenants.clients import services as invitations
from tenants.door import needs, public, signed_in, standing
from tenants.errors import AccountError
from tenants.forms import OrganisationForm
from tenants.grants import services as grants
from tenants.grants.forms import LEVEL_LABELS, AskedForm
from tenants.grants.views import show_error
from tenants.invitations.forms import NewPersonForm
from tenants.models import Capacity, ClientInvitation, GrantLevel, LinkPurpose, Role, Tenant, TenantKind, User
from tenants.owned import Area
from tenants.permissions import Permission
from tenants.relations import Standing
from tenants.scope import Actor, Scope, close_scope, current_scope, is_scoped, open_scope, whole
from tenants.sign_in.strength import check_choice
from tenants.turns import one_at_a_time

bp = Blueprint("client_invitations", __name__)
PEOPLE = frozenset({Area.PEOPLE})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reseller asks for, as it stands behind a live link."""

    invitation_id: UUID
    supplier_id: int
    supplier: str
    inviter: str
    name: str
    kvk: str
    email: str
    level: GrantLevel
    plan: bool
    continuity: bool


@bp.route("/client-invitation/<token>", methods=["GET", "POST"])
@public
def show(token: str) -> ResponseReturnValue:
    """Show what is asked and where to answer it; make an account for whoever has none."""
    asked = _asked(token)
    if asked is None:
        return links.dead_page()
    if g.me is not None:
        return _page(asked, token, places=_owned(g.me.user_id, asked.supplier_id))
    if services.user_by_email(asked.email) is not None:
        return _page(asked, token)
    form = NewPersonForm()
    if form.validate_on_submit() and _made(asked, form):
        return redirect(url_for(".show", token=token))
    return _page(asked, token, form=form, status=422 if form.is_submitted() else 200)


@bp.route("/client-invitation/<token>/organisation", methods=["GET", "POST"])
@signed_in
def organisation(token: str) -> ResponseReturnValue:
    """Make the organisation that will answer, with the person who does as its owner."""
    asked = _asked(token)
    if asked is None:
        return links.dead_page()
    form = OrganisationForm(data={"name": asked.name, "kvk": asked.kvk, "language": language().value})
    if form.validate_on_submit():
        try:
            slug = _add_organisation(form)
        except AccountError as error:
            show_error(form, error)
        else:
            return redirect(url_for(".answer", slug=slug, token=token))
    page = render_template("clients/organisation.html", asked=asked, form=form, token=token)
    return links.quiet(make_response(page, 422 if form.is_submitted() else 200))


@bp.route("/o/<slug>/client-invitation/<token>", methods=["GET", "POST"])
@needs(Permission.PEOPLE_EDIT)
def answer(token: str) -> ResponseReturnValue:
    """Give what is asked, or less, as the owner of this organisation."""
    asked = _asked(token)
    if asked is None or asked.supplier_id == standing().tenant_id:
        return links.dead_page()
    form = AskedForm(data={"level": asked.level.value, "plan": True, "continuity": True})
    form.limit_to(asked.level, plan=asked.plan, continuity=asked.continuity)
    if form.validate_on_submit():
        try:
            given = _give(token, asked, form)
        except AccountError as error:
            show_error(form, error)
        else:
            if not given:
                return links.dead_page()
            flash(_("%(supplier)s has access now.", supplier=asked.supplier), "success")
            return redirect(url_for("grants.index"))
    page = render_template("clients/answer.html", asked=asked, form=form)
    return links.quiet(make_response(page, 422 if form.is_submitted() else 200))


def _asked(token: str) -> Asked | None:
    """Return what the link asks for, or None when it opens nothing; what the door opened is open again after it."""
    link = links.find(LinkPurpose.CLIENT, token, at=clock.now())
    if link is None or link.organisation_id is None:
        return None
    about, supplier_id, email = link.about, link.organisation_id, link.email
    own = current_scope() if is_scoped() else None
    close_scope()
    open_scope(Scope(frozenset({supplier_id}), PEOPLE, frozenset()))
    try:
        supplier = db.session().get_one(Tenant, supplier_id)
        row = db.session().get(ClientInvitation, (supplier_id, about))
        if row is None or not invitations.is_open(row) or supplier.left_at is not None:
            return None
        inviter = db.session().get_one(User, row.invited_by).name
        return Asked(
            about, supplier_id, supplier.name, inviter, row.name, row.kvk, email, row.level, row.plan, row.continuity
        )
    finally:
        close_scope()
        if own is not None:
            open_scope(own)


def _owned(user_id: UUID, supplier_id: int) -> list[Standing]:
    """Return the organisations that this person may answer for: those they own, but never the reseller itself."""
    places = relations.places_of(user_id)
    return [place for place in places if place.capacity is Capacity.OWNER and place.tenant_id != supplier_id]


def _page(
    asked: Asked,
    token: str,
    *,
    places: list[Standing] | None = None,
    form: NewPersonForm | None = None,
    status: int = 200,
) -> Response:
    page = render_template(
        "clients/asked.html", asked=asked, token=token, places=places, form=form, levels=LEVEL_LABELS
    )
    return links.quiet(make_response(page, status))


def _made(asked: Asked, form: NewPersonForm) -> bool:
    """Make an account for the address the link was mailed to and sign it in, or write into the form why not."""
    name, password, at = form.name.data or "", form.password.data or "", clock.now()
    try:
        check_choice(password, (name, asked.email, asked.name))
        user = services.add_user(asked.email, name, password, language=language(), at=at)
    except AccountError as error:
        if error.field == "email":
            return True  # somebody made the account a moment ago: the page now asks to sign in
        form.password.errors = [str(error.text)]
        return False
    trail.account_event(user.id, "account.made", by="client invitation")
    sessions.start(user, at=at)
    return True


def _add_organisation(form: OrganisationForm) -> str:
    """Add an organisation that the person at hand owns and return its short name.

    Raises AccountError when they own one of this name already: the form was sent twice.
    """
    values, at = form.values(TenantKind.BUSINESS), clock.now()
    mine = relations.places_of(g.me.user_id)
    if any(place.name.casefold() == values.name.casefold() for place in mine if place.capacity is Capacity.OWNER):
        raise AccountError(_l("You have an organisation of this name already. Go back and choose it."), "name")
    tenant = services.add_tenant(values, at=at)
    slug, tenant_id = tenant.slug, tenant.id
    close_scope()
    open_scope(whole(tenant_id, Actor(g.me.user_id, g.me.name, Role.OWNER.value, request_id())))
    services.add_member(tenant_id, g.me.user_id, Role.OWNER, at=at)
    close_scope()
    return slug


def _give(token: str, asked: Asked, form: AskedForm) -> bool:
    """Give the grant and use the link up; tell False when somebody used it a moment ago.

    Raises AccountError when the form opens nothing.
    """
    at, client_id = clock.now(), standing().tenant_id
    limits = form.limits()
    if not (limits.plan or limits.continuity):
        raise AccountError(_l("Choose at least one part."), "plan" if asked.plan else "continuity")
    # Who takes the invitation back comes before, or after.
    one_at_a_time([asked.supplier_id])
    if not links.spend(LinkPurpose.CLIENT, token, at=at):
        return False
    grants.give(db.session().get_one(Tenant, asked.supplier_id), limits, by=g.me.user_id, at=at)
    _tell_supplier(asked, client_id, at)
    return True


def _tell_supplier(asked: Asked, client_id: int, at: datetime) -> None:
    """Note the answer in the reseller's own rows."""
    own = current_scope()
    close_scope()
    actor = Actor(g.me.user_id, g.me.name, "client", request_id())
    open_scope(Scope(frozenset({asked.supplier_id}), PEOPLE, PEOPLE | {Area.TRAIL}, actor))
    row = db.session().get_one(ClientInvitation, (asked.supplier_id, asked.invitation_id))
    invitations.note_answer(row, client_id, at=at)
    close_scope()
    open_scope(own)
