"""Pages by which the owner of an organisation here shows that it is a client of a scheme, and ends that."""

from uuid import UUID

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from continuity.acceptance import by_link
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
from tenants.scope import close_scope, current_scope, is_scoped, open_scope

bp = Blueprint("cover_claims", __name__)


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
    """Confirm that this organisation is the client."""
    offer = _offer(token)
    if offer is None:
        return links.dead_page()
    form, refusal = PressForm(), None
    if form.validate_on_submit():
        try:
            claims.claim(offer, by=g.me.name, at=clock.now())
        except Refused as error:
            refusal = error.text
        else:
            flash(_("Your home page now shows how %(supplier)s covers you.", supplier=offer.supplier), "success")
            return redirect(url_for("audits.home"))
    page = render_template("deed/confirm.html", offer=offer, form=form, refusal=refusal)
    return _quiet(page, 422 if refusal else 200)


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
        close_scope()
        if own is not None:
            open_scope(own)


def _quiet(page: str, status: int = 200) -> Response:
    return links.quiet(make_response(page, status))
