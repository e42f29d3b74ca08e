"""The page People: who belongs here, who is invited, who audits."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from core import clock, db
from tenants.door import needs, standing, today_here
from tenants.errors import AccountError
from tenants.invitations import services as invitations
from tenants.invitations.services import Host
from tenants.models import Engagement, Invitation, Membership, Role, User
from tenants.people import queries, services
from tenants.people.forms import EngageForm, InviteForm, RoleForm
from tenants.permissions import Permission
from tenants.staying import goes_by_choice

bp = Blueprint("people", __name__, url_prefix="/o/<slug>/people")


def _host() -> Host:
    return Host(standing(), g.me.user_id, g.me.name)


def _show_error(form: FlaskForm, error: AccountError) -> None:
    field = getattr(form, error.field, None) if error.field else None
    if field is None:
        form.form_errors.append(str(error.text))
    else:
        field.errors = [str(error.text)]


def _may_go(membership: Membership) -> None:
    if membership.user_id == g.me.user_id:
        goes_by_choice()


@bp.get("/")
@needs(Permission.PEOPLE_READ)
def index() -> ResponseReturnValue:
    """Show members, open invitations and auditors."""
    at = clock.now()
    return render_template(
        "people/index.html",
        members=queries.members(),
        invited=queries.invited(at) if standing().may(Permission.PEOPLE_EDIT) else [],
        auditors=queries.auditors(at, standing().zone),
        at=at,
    )


@bp.route("/invite", methods=["GET", "POST"])
@needs(Permission.PEOPLE_EDIT)
def invite() -> ResponseReturnValue:
    """Invite somebody to be a member."""
    form = InviteForm()
    if form.validate_on_submit():
        try:
            invitations.invite_member(form.values(), _host(), at=clock.now())
        except AccountError as error:
            _show_error(form, error)
        else:
            flash(_("The invitation is on its way."), "success")
            return redirect(url_for(".index"))
    return render_template("people/invite.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/engage", methods=["GET", "POST"])
@needs(Permission.PEOPLE_EDIT)
def engage() -> ResponseReturnValue:
    """Invite somebody to audit."""
    form = EngageForm()
    if not form.is_submitted():
        form.starts_on.data, form.ends_on.data = today_here(), today_here() + timedelta(days=90)
    if form.validate_on_submit():
        try:
            invitations.invite_auditor(form.values(), _host(), at=clock.now())
        except AccountError as error:
            _show_error(form, error)
        else:
            flash(_("The invitation is on its way."), "success")
            return redirect(url_for(".index"))
    return render_template("people/engage.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/members/<uuid:membership_id>", methods=["GET", "POST"])
@needs(Permission.PEOPLE_EDIT)
def member_edit(membership_id: UUID) -> ResponseReturnValue:
    """Change the role of a member."""
    membership = db.session().get(Membership, (standing().tenant_id, membership_id))
    if membership is None or membership.ends_at is not None:
        abort(404)
    person = db.session().get_one(User, membership.user_id)
    form = RoleForm(obj=membership)
    if form.validate_on_submit():
        _may_go(membership)
        try:
            services.change_role(membership, Role(form.role.data), at=clock.now())
        except AccountError as error:
            _show_error(form, error)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for(".index" if membership.user_id != g.me.user_id else "tenants.places"))
    return render_template("people/member_edit.html", form=form, person=person, membership=membership), (
        422 if form.is_submitted() else 200
    )


@bp.post("/members/<uuid:membership_id>/end")
@needs(Permission.PEOPLE_EDIT)
def member_end(membership_id: UUID) -> ResponseReturnValue:
    """End a membership."""
    membership = db.session().get(Membership, (standing().tenant_id, membership_id))
    if membership is None:
        abort(404)
    _may_go(membership)
    try:
        services.end_membership(membership, at=clock.now())
    except AccountError as error:
        person = db.session().get_one(User, membership.user_id)
        form = RoleForm(formdata=None, obj=membership)
        _show_error(form, error)
        return render_template("people/member_edit.html", form=form, person=person, membership=membership), 422
    flash(_("This person has no access any more."), "success")
    return redirect(url_for(".index" if membership.user_id != g.me.user_id else "tenants.places"))


@bp.post("/invitations/<uuid:invitation_id>/resend")
@needs(Permission.PEOPLE_EDIT)
def invitation_resend(invitation_id: UUID) -> ResponseReturnValue:
    """Send an invitation once more."""
    invitation = db.session().get(Invitation, (standing().tenant_id, invitation_id))
    if invitation is None:
        abort(404)
    try:
        invitations.resend(invitation, _host(), at=clock.now())
    except AccountError as error:
        flash(str(error.text), "warning")
    else:
        flash(_("The invitation is on its way once more. Links sent earlier no longer work."), "success")
    return redirect(url_for(".index"))


@bp.post("/invitations/<uuid:invitation_id>/withdraw")
@needs(Permission.PEOPLE_EDIT)
def invitation_withdraw(invitation_id: UUID) -> ResponseReturnValue:
    """Take an invitation back."""
    invitation = db.session().get(Invitation, (standing().tenant_id, invitation_id))
    if invitation is None:
        abort(404)
    if invitations.withdraw(invitation, at=clock.now()):
        flash(_("The invitation was withdrawn."), "success")
    else:
        flash(_("This invitation was accepted already: the person belongs here now."), "warning")
    return redirect(url_for(".index"))


@bp.post("/engagements/<uuid:engagement_id>/end")
@needs(Permission.PEOPLE_EDIT)
def engagement_end(engagement_id: UUID) -> ResponseReturnValue:
    """End an auditor's assignment early."""
    engagement = db.session().get(Engagement, (standing().tenant_id, engagement_id))
    if engagement is None:
        abort(404)
    services.end_engagement(engagement, by=g.me.user_id, at=clock.now())
    flash(_("This assignment has ended."), "success")
    return redirect(url_for(".index"))
