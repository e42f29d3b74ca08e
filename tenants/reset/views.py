"""Pages for somebody who lost their password."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.i18n import language
from tenants import links
from tenants.door import public
from tenants.models import LinkPurpose, User
from tenants.reset import services
from tenants.reset.forms import AskForm, ChooseForm
from tenants.sign_in import limits
from tenants.sign_in.strength import WeakPassword
from tenants.turns import one_account_at_a_time

bp = Blueprint("reset", __name__)


@bp.route("/reset", methods=["GET", "POST"])
@public
def ask() -> ResponseReturnValue:
    """Ask for a link; who has an account is not told."""
    form = AskForm()
    if form.validate_on_submit():
        at = clock.now()
        try:
            limits.take([limits.of_address(request.remote_addr or "")], at=at)
        except limits.TooManyTries as error:
            form.email.errors = [error.text]
            return render_template("reset/ask.html", form=form), 429
        services.ask((form.email.data or "").lower(), language(), at=at)
        return redirect(url_for(".sent"))
    return render_template("reset/ask.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/reset/sent")
@public
def sent() -> ResponseReturnValue:
    """Tell that a mail is on its way."""
    return render_template("reset/sent.html")


@bp.route("/reset/<token>", methods=["GET", "POST"])
@public
def choose(token: str) -> ResponseReturnValue:
    """Choose a new password, by the link that was mailed."""
    at = clock.now()
    link = links.find(LinkPurpose.RESET, token, at=at)
    user: User | None = services.person_of(link) if link is not None else None
    if user is None:
        return links.dead_page()
    form = ChooseForm()
    if form.validate_on_submit():
        one_account_at_a_time(user.id)
        if not links.spend(LinkPurpose.RESET, token, at=at):
            return links.dead_page()
        try:
            services.choose(user, form.password.data or "", at=at)
        except WeakPassword as error:
            form.password.errors = [str(error.text)]
        else:
            flash(_("Your password was changed. Sign in with the new one."), "success")
            return redirect(url_for("tenants.sign_in"))
    page = render_template("reset/choose.html", form=form)
    return links.quiet(make_response(page, 422 if form.is_submitted() else 200))
