"""Pages of signing in, signing out and proving who one is."""

from collections.abc import Callable

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock, db
from core.serving.web import local_path
from tenants import services, sessions, trail
from tenants.door import public, signed_in
from tenants.errors import AccountError
from tenants.sign_in import entry, half, passkeys
from tenants.sign_in.entry import How
from tenants.sign_in.factors import factors_of
from tenants.sign_in.forms import CodeForm, PasswordForm, SignInForm
from tenants.sign_in.limits import TooManyTries
from tenants.staying import goes_by_choice

bp = Blueprint("sign_in", __name__)


@public
def sign_in() -> ResponseReturnValue:
    """Sign in with e-mail address and password, or with a passkey alone."""
    if not services.anybody():
        return redirect(url_for("tenants.set_up"))
    at, form, inside = clock.now(), SignInForm(), True

    def page(problem: AccountError | TooManyTries | None = None) -> ResponseReturnValue:
        options = passkeys.options_to_show(None, at=at)
        return answer("tenants/sign_in.html", problem, form=form, options=options)

    try:
        if "credential" in request.form:
            entry.by_passkey(request.form["credential"], address=address(), at=at)
        elif form.validate_on_submit():
            inside = entry.begin(form.email.data or "", form.password.data or "", address=address(), at=at)
        else:
            return page()
    except (AccountError, TooManyTries) as problem:
        return page(dropped(problem))
    return redirect(target() if inside else url_for("sign_in.second_factor", next=target_asked()))


@bp.route("/sign-in/second-step", methods=["GET", "POST"])
@public
def second_factor() -> ResponseReturnValue:
    """Finish a sign-in that began with a password."""
    at, form = clock.now(), CodeForm()
    begun = half.waiting(at=at)
    if begun is None:
        flash(_("Please sign in again: this took too long."), "warning")
        return redirect(url_for("tenants.sign_in", next=target_asked()))
    user_id = begun[1].id

    def page(problem: AccountError | TooManyTries | None = None) -> ResponseReturnValue:
        options, has = passkeys.options_to_show(user_id, at=at), factors_of(user_id)
        return answer("tenants/sign_in_second.html", problem, form=form, options=options, has=has)

    try:
        shown = _shown(form)
        if shown is None:
            return page()
        done = entry.complete(*shown, address=address(), at=at)
    except (AccountError, TooManyTries) as problem:
        return page(dropped(problem))
    return redirect(target() if done else url_for("tenants.sign_in", next=target_asked()))


@bp.route("/prove", methods=["GET", "POST"])
@signed_in
def prove() -> ResponseReturnValue:
    """Prove once more who one is, before something that cannot be taken back."""
    at, form, by_password = clock.now(), CodeForm(), PasswordForm()

    def page(problem: AccountError | TooManyTries | None = None) -> ResponseReturnValue:
        return answer(
            "tenants/prove.html",
            problem,
            form=by_password if "password" in request.form else form,
            code=form,
            password=by_password if entry.may_use_password(g.me) else None,
            options=passkeys.options_to_show(g.me.user_id, at=at),
            has=factors_of(g.me.user_id),
        )

    try:
        if "password" in request.form:
            shown = (How.PASSWORD, by_password.password.data or "") if by_password.validate_on_submit() else None
        else:
            shown = _shown(form)
        if shown is None:
            return page()
        entry.prove(g.me, *shown, address=address(), at=at)
    except (AccountError, TooManyTries) as problem:
        return page(dropped(problem))
    return redirect(target(), code=303)


@signed_in
def sign_out() -> ResponseReturnValue:
    """Sign out, on the server too."""
    goes_by_choice()
    trail.account_event(g.me.user_id, "sign_out")
    sessions.end(g.me, at=clock.now())
    return redirect(url_for("tenants.sign_in"))


def _shown(form: CodeForm) -> tuple[How, str] | None:
    """Return what was shown as second factor, or None when the page is only read or filled in badly."""
    if "credential" in request.form:
        return How.PASSKEY, request.form["credential"]
    return (How.CODE, form.code.data or "") if form.validate_on_submit() else None


def answer(template: str, problem: AccountError | TooManyTries | None, **values: object) -> ResponseReturnValue:
    """Render a page with a form: as it is, with the problem at its field (422), or when to come back (429)."""
    form = values.get("form")
    status, extra = (422 if request.method == "POST" else 200), []
    headers: dict[str, str] = {}
    if isinstance(problem, TooManyTries):
        status, extra, headers = 429, [problem.text], {"Retry-After": str(problem.seconds)}
    elif problem is not None:
        field = getattr(form, problem.field, None) if problem.field else None
        if field is None or problem.field == "credential":
            extra = [str(problem.text)]
        else:
            field.errors = [str(problem.text)]
    response = make_response(render_template(template, extra=extra, failed=status >= 400, **values), status)
    response.headers.update(headers)
    return response


def dropped(problem: AccountError | TooManyTries) -> AccountError | TooManyTries:
    """Drop what the refused request did: the page that tells so only reads, and keeps nobody from writing."""
    db.rollback()
    db.begin(writes=False)
    return problem


def address() -> str:
    """Return where the request comes from, as far as the trusted proxies tell."""
    return request.remote_addr or ""


def target_asked() -> str | None:
    """Return the page on this site somebody was on the way to, if any."""
    return local_path(request.args.get("next"))


def target(otherwise: Callable[[], str] = lambda: url_for("tenants.start")) -> str:
    """Return where to go on to."""
    return target_asked() or otherwise()
