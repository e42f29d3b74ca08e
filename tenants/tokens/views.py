"""The page on which an owner makes tokens for programs and takes them back."""

from uuid import UUID

from flask import Blueprint, abort, flash, g, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from tenants import links
from tenants.door import needs, standing
from tenants.errors import AccountError
from tenants.permissions import Permission
from tenants.tokens import queries, services
from tenants.tokens.forms import TokenForm

bp = Blueprint("tokens", __name__, url_prefix="/o/<slug>/tokens")
DOCUMENT = "api.openapi"


@bp.get("/")
@needs(Permission.CONNECTIONS_EDIT)
def index() -> ResponseReturnValue:
    """Show which programs may do what."""
    return _page()


@bp.route("/new", methods=["GET", "POST"])
@needs(Permission.CONNECTIONS_EDIT)
def make() -> ResponseReturnValue:
    """Make a token and show its secret, this once."""
    form = TokenForm()
    form.offer(standing().kind)
    if form.validate_on_submit():
        try:
            secret = services.make(form.values(), form.chosen_id, g.me.user_id, at=clock.now())
        except AccountError as error:
            form[error.field].errors = [str(error.text)]
        else:
            return links.quiet(make_response(_page(secret)))
    page = render_template("tokens/make.html", form=form)
    return page, 422 if form.is_submitted() else 200


@bp.post("/<uuid:token_id>/revoke")
@needs(Permission.CONNECTIONS_EDIT)
def revoke(token_id: UUID) -> ResponseReturnValue:
    """Take a token back, at once."""
    if not services.revoke(token_id, at=clock.now()):
        abort(404)
    flash(_("This token opens nothing any more."), "success")
    return redirect(url_for(".index"))


def _page(secret: str = "") -> str:
    at = clock.now()
    document = links.address(DOCUMENT)
    return render_template("tokens/index.html", tokens=queries.tokens(), secret=secret, document=document, at=at)
