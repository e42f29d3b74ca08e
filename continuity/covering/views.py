"""Pages that answer "covered today?": of a registration with all its clients, and of one client, for both sides."""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from continuity.certificates.queries import certificates
from continuity.cover import COVER_LABELS, cover_of
from continuity.covering.forms import filters_in, query_of
from continuity.covering.leg import LEG_LABELS, LEG_STATE_LABELS, LegKind
from continuity.covering.queries import Filters, covered, registration_facts
from continuity.facts import RegistrationFact
from continuity.pages import bp, existing
from continuity.registrants import queries as registrants
from continuity.registrants.reach import registrant_of
from continuity.registrants.views import bp as foundation_bp
from tenants.door import needs, standing, today_here
from tenants.permissions import Permission

# Where the supplier works on each leg, and whether readers may open it too.
WORKED_ON = {
    LegKind.SCHEME: ("continuity.agreements", True),
    LegKind.COUNTERPARTY: ("continuity.agreements", True),
    LegKind.DEED: ("continuity.clients", True),
    LegKind.CONDITIONS: ("continuity.clients", True),
    LegKind.HANDOVERS: ("continuity.handovers", True),
    LegKind.MONEY: ("continuity.money", False),
}


@bp.get("/<uuid:registration_id>/cover")
@needs(Permission.CONTINUITY_READ)
def cover(registration_id: UUID) -> ResponseReturnValue:
    """Show which clients of a registration are covered today."""
    return _list(own_registration(registration_id), "continuity")


@bp.get("/<uuid:registration_id>/clients/<uuid:client_id>/cover")
@needs(Permission.CONTINUITY_READ)
def client_cover(registration_id: UUID, client_id: UUID) -> ResponseReturnValue:
    """Show on what one client's cover stands today."""
    return _client(own_registration(registration_id), client_id, "continuity")


@foundation_bp.get("/<uuid:registration_id>/cover", endpoint="cover")
@needs(Permission.REGISTRANT_READ, over=registrant_of)
def registrant_cover(registration_id: UUID) -> ResponseReturnValue:
    """Show the foundation which clients of a registrant are covered today."""
    return _list(registrants_registration(registration_id), "foundation")


@foundation_bp.get("/<uuid:registration_id>/clients/<uuid:client_id>/cover", endpoint="client_cover")
@needs(Permission.REGISTRANT_READ, over=registrant_of)
def registrant_client_cover(registration_id: UUID, client_id: UUID) -> ResponseReturnValue:
    """Show the foundation on what one client's cover stands today."""
    return _client(registrants_registration(registration_id), client_id, "foundation")


def own_registration(registration_id: UUID) -> RegistrationFact:
    """Return a registration of the organisation in the address; answer 404 when it has no such."""
    return existing(registration_facts(standing().tenant_id, registration_id))


def registrants_registration(registration_id: UUID) -> RegistrationFact:
    """Return a registration that names the foundation in the address; answer 404 when there is no such."""
    found = existing(registrants.registrant(standing().tenant_id, registration_id, today_here()))
    return existing(registration_facts(found.registration.tenant_id, registration_id))


def _list(facts: RegistrationFact, side: str) -> str:
    filters = filters_in(request.args)
    found = covered(facts, filters, today_here(), request.args.get("page", 1, type=int))
    return render_template(
        "cover/index.html",
        side=side,
        registration=facts,
        found=found,
        filters=filters,
        narrowed=filters != Filters(),
        states=COVER_LABELS,
        legs=LEG_LABELS,
        leg_states=LEG_STATE_LABELS,
        worked_on=WORKED_ON,
        address=lambda page: f"?{query_of(filters, page)}",
    )


def _client(facts: RegistrationFact, client_id: UUID, side: str) -> str:
    client = existing(next((one for one in facts.clients if one.id == client_id), None))
    return render_template(
        "cover/client.html",
        side=side,
        registration=facts,
        client=client,
        found=cover_of(facts, client, today_here()),
        certificates=certificates(client_id),
        states=COVER_LABELS,
        legs=LEG_LABELS,
        leg_states=LEG_STATE_LABELS,
        worked_on=WORKED_ON,
    )
