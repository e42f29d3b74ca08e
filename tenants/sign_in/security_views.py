"""Pages of a person's own security: second steps, recovery codes, sessions, password."""

from functools import wraps
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock, db
from tenants import sessions, trail
from tenants.door import View, signed_in, signed_in_lately
from tenants.errors import AccountError
from tenants.models import TotpFactor, User
from tenants.sign_in import agents, entry, factors, passkeys, recovery, services, totp
from tenants.sign_in.forms import AppForm, NewPasskeyForm, NewPasswordForm
from tenants.sign_in.limits import TooManyTries
from tenants.sign_in.strength import check_choice
from tenants.sign_in.views import address, answer, dropped, target, target_asked
from tenants.staying import goes_by_choice

bp = Blueprint("security", __name__, url_prefix="/security")


def second_step_shown(view: View) -> View:
    """Let nobody change how they sign in who has a second step and did not show it in this session."""

    @wraps(view)
    def inside(**arguments: Any) -> ResponseReturnValue:
        if entry.may_use_password(g.me):
            return view(**arguments)
        asked = request.full_path.rstrip("?") if request.method == "GET" else url_for("security.overview")
        return redirect(url_for("sign_in.prove", next=asked), code=303)

    return inside


@bp.get("/")
@signed_in
def overview() -> ResponseReturnValue:
    """Show what somebody proves themselves with, and where they are signed in."""
    at, user_id = clock.now(), g.me.user_id
    return render_template(
        "security/overview.html",
        app_factor=db.session().get(TotpFactor, user_id),
        passkeys=passkeys.passkeys_of(user_id),
        has=factors.factors_of(user_id),
        needed=factors.needs_second_factor(user_id),
        possible=passkeys.site() is not None,
        codes=recovery.HOW_MANY,
        sessions=[(row, agents.told(row.agent)) for row in sessions.open_sessions(user_id, at=at)],
    )


@bp.get("/second-factor")
@signed_in
def second_factor() -> ResponseReturnValue:
    """Ask for the second step that somebody's work needs: shown when there is one, else set up."""
    if g.me.strong:
        return redirect(target())
    if factors.factors_of(g.me.user_id).any:
        return redirect(url_for("sign_in.prove", next=target_asked()))
    return render_template("security/needed.html", next=target_asked(), possible=passkeys.site() is not None)


@bp.route("/app", methods=["GET", "POST"])
@signed_in_lately
@second_step_shown
def app_add() -> ResponseReturnValue:
    """Set up an authenticator app."""
    at, user, form = clock.now(), _me(), AppForm()
    secret = totp.offered(user.id, form.offer.data or "", at=at)
    problem: AccountError | None = None
    if secret is None and request.method == "POST":
        problem = AccountError(_("This page stood open too long. Scan the new picture."), "code")
    elif secret is not None and form.validate_on_submit():
        try:
            codes = factors.add_app(user, secret, form.code.data or "", at=at)
        except AccountError as error:
            problem = error
        else:
            return _added(user, codes, _("The authenticator app is set up."))
    secret = secret or totp.new_secret()
    form.offer.data = totp.offer(user.id, secret, at=at)
    link = totp.address_of(secret, user)
    values = {"picture": totp.picture(link), "link": link, "key": totp.grouped(secret)}
    return answer("security/app.html", problem, form=form, next=target_asked(), **values)


@bp.post("/app/remove")
@signed_in_lately
@second_step_shown
def app_remove() -> ResponseReturnValue:
    """Remove the authenticator app."""
    try:
        factors.remove_app(_me(), at=clock.now())
    except AccountError as error:
        return _back(str(error.text), "warning")
    return _back(_("The authenticator app is removed."))


@bp.route("/passkeys/new", methods=["GET", "POST"])
@signed_in_lately
@second_step_shown
def passkey_add() -> ResponseReturnValue:
    """Add a passkey."""
    at, user, form = clock.now(), _me(), NewPasskeyForm()
    problem: AccountError | None = None
    if form.validate_on_submit():
        try:
            codes = factors.add_passkey(user, form.credential.data or "", form.name.data or "", at=at)
        except AccountError as error:
            problem = error
        else:
            return _added(user, codes, _("The passkey is added."))
    if request.method == "GET":
        form.name.data = agents.told(request.user_agent.string)
    options = passkeys.options_to_add(user, at=at)
    return answer("security/passkey.html", problem, form=form, options=options, next=target_asked())


@bp.post("/passkeys/<uuid:passkey_id>/remove")
@signed_in_lately
@second_step_shown
def passkey_remove(passkey_id: UUID) -> ResponseReturnValue:
    """Remove a passkey."""
    try:
        if not factors.remove_passkey(_me(), passkey_id, at=clock.now()):
            abort(404)
    except AccountError as error:
        return _back(str(error.text), "warning")
    return _back(_("The passkey is removed."))


@bp.route("/recovery-codes", methods=["GET", "POST"])
@signed_in_lately
@second_step_shown
def recovery_codes() -> ResponseReturnValue:
    """Make new recovery codes."""
    if request.method == "GET":
        return render_template("security/recovery.html", has=factors.factors_of(g.me.user_id))
    try:
        codes = factors.renew_codes(_me(), at=clock.now())
    except AccountError as error:
        return _back(str(error.text), "warning")
    return render_template("security/codes.html", codes=codes, email=g.me.email, next=target_asked())


@bp.route("/password", methods=["GET", "POST"])
@signed_in
@second_step_shown
def password() -> ResponseReturnValue:
    """Choose another password; every other session ends."""
    at, form = clock.now(), NewPasswordForm()
    if not form.validate_on_submit():
        return answer("security/password.html", None, form=form)
    try:
        check_choice(form.password.data or "", (g.me.name, g.me.email))
        user = entry.right_password(g.me, form.present.data or "", address=address(), at=at)
        services.set_password(user, form.password.data or "", keep=g.me.session_id, at=at)
    except entry.Refused:
        problem = AccountError(_("This is not your present password."), "present")
        return answer("security/password.html", dropped(problem), form=form)
    except (AccountError, TooManyTries) as error:
        return answer("security/password.html", dropped(error), form=form)
    sessions.prove(g.me, at=at, strong=False)
    return _back(_("Your password is changed. Everywhere else you are signed out."))


@bp.post("/sessions/<uuid:session_id>/end")
@signed_in
def session_end(session_id: UUID) -> ResponseReturnValue:
    """Sign out somewhere else."""
    if session_id == g.me.session_id:
        goes_by_choice()
    if not sessions.end_session(g.me.user_id, session_id, at=clock.now()):
        abort(404)
    trail.account_event(g.me.user_id, "session.ended", ended=1)
    return _back(_("You are signed out there."))


@bp.post("/sessions/end-others")
@signed_in
def sessions_end_others() -> ResponseReturnValue:
    """Sign out everywhere else."""
    ended = sessions.end_others(g.me.user_id, g.me.session_id, at=clock.now())
    trail.account_event(g.me.user_id, "session.ended", ended=ended)
    return _back(ngettext("You are signed out in %(num)s place.", "You are signed out in %(num)s places.", ended))


def _me() -> User:
    return db.session().get_one(User, g.me.user_id)


def _back(told: str, category: str = "success") -> ResponseReturnValue:
    flash(told, category)
    return redirect(url_for("security.overview"), code=303)


def _added(user: User, codes: tuple[str, ...], told: str) -> ResponseReturnValue:
    """Go on with a session that has shown the new factor; with the first one come recovery codes, shown this once."""
    sessions.prove(g.me, at=clock.now(), strong=True)
    flash(told, "success")
    if codes:
        return render_template("security/codes.html", codes=codes, email=user.email, next=target_asked())
    return redirect(target(lambda: url_for("security.overview")), code=303)
