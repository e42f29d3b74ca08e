"""Making and revoking certificates, for both sides; and the page, the badge and the PDF that anybody may open."""

import io
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from continuity.certificates import queries, services
from continuity.certificates.printing import leg_word, set_certificate, verdict
from continuity.covering.leg import LEG_LABELS
from continuity.covering.views import own_registration, registrants_registration
from continuity.errors import Refused
from continuity.facts import RegistrationFact
from continuity.pages import bp, existing
from continuity.registrants.reach import registrant_of
from continuity.registrants.views import bp as foundation_bp
from continuity.scheme import TYPE_LABELS
from core import clock
from core.i18n import Language, language, written_in
from tenants import links
from tenants.door import needs, public
from tenants.permissions import Permission
from tenants.sessions import person

public_bp = Blueprint("certificate", __name__, url_prefix="/c/<token>")


@bp.post("/<uuid:registration_id>/clients/<uuid:client_id>/certificates")
@needs(Permission.CONTINUITY_EDIT)
def certificate_make(registration_id: UUID, client_id: UUID) -> ResponseReturnValue:
    """Make a certificate and show its address, once."""
    return _make(own_registration(registration_id), client_id, "continuity")


@bp.post("/<uuid:registration_id>/clients/<uuid:client_id>/certificates/<uuid:certificate_id>/revoke")
@needs(Permission.CONTINUITY_EDIT)
def certificate_revoke(registration_id: UUID, client_id: UUID, certificate_id: UUID) -> ResponseReturnValue:
    """Revoke a certificate."""
    own_registration(registration_id)
    return _revoke(registration_id, client_id, certificate_id, "continuity")


@foundation_bp.post("/<uuid:registration_id>/clients/<uuid:client_id>/certificates", endpoint="certificate_make")
@needs(Permission.REGISTRANT_CONFIRM, over=registrant_of)
def registrant_certificate_make(registration_id: UUID, client_id: UUID) -> ResponseReturnValue:
    """Let the foundation make a certificate, and show its address, once."""
    return _make(registrants_registration(registration_id), client_id, "foundation")


@foundation_bp.post(
    "/<uuid:registration_id>/clients/<uuid:client_id>/certificates/<uuid:certificate_id>/revoke",
    endpoint="certificate_revoke",
)
@needs(Permission.REGISTRANT_CONFIRM, over=registrant_of)
def registrant_certificate_revoke(registration_id: UUID, client_id: UUID, certificate_id: UUID) -> ResponseReturnValue:
    """Let the foundation revoke a certificate."""
    registrants_registration(registration_id)
    return _revoke(registration_id, client_id, certificate_id, "foundation")


def _make(facts: RegistrationFact, client_id: UUID, side: str) -> ResponseReturnValue:
    client = existing(next((one for one in facts.clients if one.id == client_id), None))
    try:
        token = services.make(facts.id, client_id, by=existing(person()).name, at=clock.now())
    except Refused as error:
        flash(str(error.text), "danger")
        return redirect(url_for(f"{side}.client_cover", registration_id=facts.id, client_id=client_id))
    return render_template(
        "cover/certificate_made.html",
        side=side,
        registration=facts,
        client=client,
        address=links.address("certificate.show", token),
        badge=links.address("certificate.badge", token),
    )


def _revoke(registration_id: UUID, client_id: UUID, certificate_id: UUID, side: str) -> ResponseReturnValue:
    row = existing(queries.certificate(registration_id, client_id, certificate_id))
    services.revoke(row, by=existing(person()).name, at=clock.now())
    flash(_("Revoked. Its address tells nothing any more."), "success")
    return redirect(url_for(f"{side}.client_cover", registration_id=registration_id, client_id=client_id))


@public_bp.get("")
@public
def show(token: str) -> ResponseReturnValue:
    """Tell whether a client is covered now, and on what that stands."""
    return _page(queries.answer(token, at=clock.now()), token)


@public_bp.get("/badge.svg")
@public
def badge(token: str) -> ResponseReturnValue:
    """Draw in words and colour whether a client is covered now, for somebody's site."""
    found = queries.answer(token, at=clock.now())
    with written_in(_language()):
        drawn = render_template("certificate/badge.svg", found=found, verdict=verdict)
    response = make_response(drawn, 200 if found else 404)
    response.content_type = "image/svg+xml; charset=utf-8"
    # It is made to stand on other sites.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return _told(response)


@public_bp.get("/certificate.pdf")
@public
def pdf(token: str) -> ResponseReturnValue:
    """Set the certificate as it is now, with the day on it."""
    found = queries.answer(token, at=clock.now())
    if found is None:
        return _page(None, token)
    with written_in(_language()):
        made = set_certificate(found, links.address("certificate.show", token))
    name = f"waarborg-{found.as_of.isoformat()}.pdf"
    return _told(send_file(io.BytesIO(made), "application/pdf", as_attachment=True, download_name=name))


def _page(found: queries.Answer | None, token: str) -> Response:
    with written_in(_language()):
        page = render_template(
            "certificate/show.html",
            found=found,
            token=token,
            legs=LEG_LABELS,
            types=TYPE_LABELS,
            verdict=verdict,
            leg_word=leg_word,
        )
    return _told(make_response(page, 200 if found else 404))


def _language() -> Language:
    asked = request.args.get("language", "")
    return Language(asked) if asked in tuple(Language) else language()


def _told(response: Response) -> Response:
    """Let no search engine list it, no cache keep it and no other page learn its address."""
    response.headers["Cache-Control"] = "no-store"
    return links.quiet(response)
