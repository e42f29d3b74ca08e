"""Pages of one's own account: another e-mail address."""

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock, db
from core.i18n import language
from tenants import links
from tenants.account import services
from tenants.account.forms import ConfirmForm, EmailForm
from tenants.door import signed_in, signed_in_lately
from tenants.errors import AccountError
from tenants.models import LinkPurpose, User
from tenants.sign_in import limits
from tenants.turns import one_account_at_a_time

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.route("/email", methods=["GET", "POST"])
@signed_in_lately
def email() -> ResponseReturnValue:
    """Ask for another e-mail address."""
    at, me = clock.now(), g.me
    form = EmailForm()
    if form.validate_on_submit():
        try:
            limits.take([limits.of_address(request.remote_addr or "")], at=at)
            user = db.session().get_one(User, me.user_id)
            services.ask_email_change(user, (form.email.data or "").lower(), language(), at=at)
        except (AccountError, limits.TooManyTries) as error:
            form.email.errors = [str(error.text)]
        else:
            flash(_("We sent a mail to the new address. Open the link in it to confirm."), "success")
            return redirect(url_for(".email"))
    return render_template("account/email.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/email/<token>", methods=["GET", "POST"])
@signed_in
def email_confirm(token: str) -> ResponseReturnValue:
    """Confirm the new address: only the person who asked for it, signed in, by the link that was mailed there."""
    at = clock.now()
    link = links.find(LinkPurpose.EMAIL_CHANGE, token, at=at)
    if link is None or link.about != g.me.user_id:
        return links.dead_page()
    form, address = ConfirmForm(), link.email
    if form.validate_on_submit():
        one_account_at_a_time(g.me.user_id)
        if not links.spend(LinkPurpose.EMAIL_CHANGE, token, at=at):
            return links.dead_page()
        try:
            unlinked = services.change_email(db.session().get_one(User, g.me.user_id), address, language(), at=at)
        except AccountError as error:
            form.form_errors.append(str(error.text))
        else:
            flash(_("From now on you sign in with %(email)s.", email=address), "success")
            if unlinked:
                flash(_("Your organisation's own sign-in page lets you in once it knows this address."), "warning")
            return redirect(url_for("tenants.start"))
    page = render_template("account/email_confirm.html", form=form, address=address)
    return links.quiet(make_response(page, 422 if form.is_submitted() else 200))
