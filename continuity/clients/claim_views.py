"""Pages by which the owner of an organisation here shows that it is a client of a scheme, and ends that."""

from uuid import UUID

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from continuity.acceptance import by_link, declaring
from continuity.acceptance.answer_forms import CodeForm
from continuity.acceptance.link_pages import tries_of
from continuity.clients import claims
from continuity.clients.claims import Offer
from continuity.errors import Refused
from continuity.fields import PressForm
from continuity.models import CoverClaim
from continuity.pages import existing
from core import clock, db
from tenants import links, relations
from tenants.door import needs, signed_in, standing
from tenants.models import Capacity
from tenants.permissions import Permission
from tenants.scope import Scope, close_scope, current_scope, is_scoped, open_scope
from tenants.sign_in import limits
from tenants.sign_in.limits import TooManyTries

bp = Blueprint("cover_claims", __name__)
# The button that asks for a code.
ASK = "ask"


@bp.get("/deed/<token>/organisation")
@signed_in
def choose(token: str) -> ResponseReturnValue:
    """Choose which organisation is this client."""
    offer = _offer(token)
    if offer is None:
        return links.dead_page()
    places = [
        place
        for place in relations.places_of(g.me.user_id)
        if place.capacity is Capacity.OWNER and place.tenant_id != offer.supplier_id
    ]
    return _quiet(render_template("deed/choose.html", offer=offer, token=token, places=places))


@bp.route("/o/<slug>/deed/<token>", methods=["GET", "POST"])
@needs(Permission.COVER_CLAIM)
def confirm(token: str) -> ResponseReturnValue:
    """Confirm that this organisation is the client, with a code that goes to the client's own mailbox."""
    if ASK in request.form:
        return _mail_code(token)
    form, own, at, tries = CodeForm(), current_scope(), clock.now(), tries_of(token)
    if not form.validate_on_submit():
        return _page(token, form, 422 if form.errors else 200)
    try:
        limits.take(tries, at=at)
        db.begin(writes=True)
        offer = _offer(token)
        if offer is None:
            return links.dead_page()
        claims.claim(offer, form.code.data, by=g.me.name, at=at)
    except TooManyTries as error:
        return _page(token, form, 429, error.text)
    except Refused as error:
        _back_in(own)
        if error.field not in form:
            return _page(token, form, 422, str(error.text))
        form[error.field].errors = [str(error.text)]
        return _page(token, form, 422)
    limits.give_back(tries, [at])
    flash(_("Your home page now shows how %(supplier)s covers you.", supplier=offer.supplier), "success")
    return redirect(url_for("audits.home"))


def _mail_code(token: str) -> ResponseReturnValue:
    """Mail a code to the address of the invitation; whoever holds a forwarded link does not read it."""
    form, own, at, refusal = CodeForm(formdata=None), current_scope(), clock.now(), ""
    if not PressForm().validate_on_submit():
        return _page(token, form, 422)
    try:
        found = by_link.find(token, at=at, writes=True)
        if isinstance(found, by_link.Found) and claims.offer_of(found) is not None:
            declaring.send_code(found.matter, at=at)
    except Refused as error:
        refusal = str(error.text)
    _back_in(own)
    if refusal:
        return _page(token, form, 422, refusal)
    return links.quiet(make_response(redirect(url_for(".confirm", token=token), 303)))


def _page(token: str, form: CodeForm, status: int = 200, refusal: str = "") -> ResponseReturnValue:
    offer = _offer(token)
    if offer is None:
        return links.dead_page()
    coded = offer.code_until is not None and offer.code_until > clock.now()
    press, extra = PressForm(formdata=None), (refusal,) if refusal else ()
    page = render_template("deed/confirm.html", offer=offer, form=form, press=press, ask=ASK, coded=coded, extra=extra)
    return _quiet(page, status)


@bp.post("/o/<slug>/cover-claims/<uuid:claim_id>/end")
@needs(Permission.COVER_CLAIM)
def end(claim_id: UUID) -> ResponseReturnValue:
    """End that this organisation sees its cover under a scheme."""
    row = existing(db.session().get(CoverClaim, (standing().tenant_id, claim_id)))
    claims.end_claim(row, at=clock.now())
    flash(_("Your home page no longer shows this cover."), "success")
    return redirect(url_for("audits.home"))


def _offer(token: str) -> Offer | None:
    """Return what the link offers; what the door opened is open again after it."""
    own = current_scope() if is_scoped() else None
    try:
        found = by_link.find(token, at=clock.now())
        return claims.offer_of(found) if isinstance(found, by_link.Found) else None
    finally:
        _back_in(own)


def _back_in(own: Scope | None) -> None:
    """Go on in the scope that the door opened, None for none."""
    close_scope()
    if own is not None:
        open_scope(own)


def _quiet(page: str, status: int = 200) -> Response:
    return links.quiet(make_response(page, status))
