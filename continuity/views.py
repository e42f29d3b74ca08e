"""Pages that put rows of a registration away and back, and the blueprints of this package."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from continuity import queries as shared
from continuity import services
from continuity.acceptance import answer_views, late_views
from continuity.acceptance import views as acceptance_views
from continuity.agreements import views as agreement_views
from continuity.certificates import views as certificate_views
from continuity.clients import claim_views, held_views, list_views, standing_views
from continuity.clients import views as client_views
from continuity.covering import views as covering_views
from continuity.deed import views as deed_views
from continuity.ending import views as ending_views
from continuity.errors import Refused
from continuity.handovers import views as handover_views
from continuity.models import Agreement, Client, HandoverItem
from continuity.officers import comparing
from continuity.officers import views as officer_views
from continuity.openings import deciding
from continuity.openings import views as opening_views
from continuity.pages import bp, existing
from continuity.registrants import contact_views, room_views, terms_views
from continuity.registrants import state_views as registrant_state_views
from continuity.registrants import views as registrant_views
from continuity.registrations import asking_views, state_views, wizard_views
from continuity.registrations import views as registration_views
from continuity.registrations.services import archive_registration, restore_registration
from continuity.requests import link_views, own_views, silent_views
from continuity.requests import step_views as request_step_views
from continuity.requests import views as request_views
from continuity.sealing import views as sealing_views
from core import clock
from tenants.door import needs, today_here
from tenants.permissions import Permission

# Every module of pages, so that assembling the blueprint cannot leave one out.
SUBJECTS = (
    registration_views,
    agreement_views,
    deed_views,
    client_views,
    standing_views,
    list_views,
    acceptance_views,
    late_views,
    handover_views,
    comparing,
    sealing_views,
    state_views,
    wizard_views,
    asking_views,
    registrant_state_views,
    deciding,
    opening_views,
    covering_views,
    certificate_views,
    room_views,
    request_views,
    request_step_views,
    silent_views,
    held_views,
    contact_views,
    ending_views,
    terms_views,
)
BLUEPRINTS = (
    bp,
    answer_views.bp,
    link_views.bp,
    claim_views.bp,
    own_views.bp,
    registrant_views.bp,
    officer_views.bp,
    certificate_views.public_bp,
)

Row = Agreement | Client | HandoverItem
# What can be put away, by the name of the page that lists it.
LISTS = "any(agreements, clients, handovers)"


def _row(registration_id: UUID, name: str, row_id: UUID, *, archived: bool) -> Row:
    registration = existing(shared.registration(registration_id))
    if name == "agreements":
        return existing(shared.part(Agreement, registration, row_id, archived=archived))
    if name == "clients":
        return existing(shared.part(Client, registration, row_id, archived=archived))
    return existing(shared.part(HandoverItem, registration, row_id, archived=archived))


def _refused(error: Refused, registration_id: UUID, name: str) -> ResponseReturnValue:
    flash(str(error.text), "danger")
    return redirect(url_for(f".{name}", registration_id=registration_id))


@bp.post(f"/<uuid:registration_id>/<{LISTS}:name>/<uuid:row_id>/archive")
@needs(Permission.CONTINUITY_EDIT)
def archive(registration_id: UUID, name: str, row_id: UUID) -> ResponseReturnValue:
    """Put a row away."""
    row = _row(registration_id, name, row_id, archived=False)
    try:
        services.put_away(row, at=clock.now())
    except Refused as error:
        return _refused(error, registration_id, name)
    flash(_("Put away. You find it at the bottom of this page and can put it back."), "success")
    return redirect(url_for(f".{name}", registration_id=registration_id))


@bp.post(f"/<uuid:registration_id>/<{LISTS}:name>/<uuid:row_id>/restore")
@needs(Permission.CONTINUITY_EDIT)
def restore(registration_id: UUID, name: str, row_id: UUID) -> ResponseReturnValue:
    """Put a row back."""
    row = _row(registration_id, name, row_id, archived=True)
    try:
        services.put_back(row)
    except Refused as error:
        return _refused(error, registration_id, name)
    flash(_("Put back."), "success")
    return redirect(url_for(f".{name}", registration_id=registration_id))


@bp.post("/<uuid:registration_id>/archive")
@needs(Permission.CONTINUITY_EDIT)
def registration_archive(registration_id: UUID) -> ResponseReturnValue:
    """Put a registration away."""
    try:
        archive_registration(existing(shared.registration(registration_id)), today=today_here(), at=clock.now())
    except Refused as error:
        flash(str(error.text), "danger")
        return redirect(url_for(".registration", registration_id=registration_id))
    flash(_("Put away. You find it at the bottom of this page and can put it back."), "success")
    return redirect(url_for(".overview"))


@bp.post("/<uuid:registration_id>/restore")
@needs(Permission.CONTINUITY_EDIT)
def registration_restore(registration_id: UUID) -> ResponseReturnValue:
    """Put a registration back."""
    restore_registration(existing(shared.registration(registration_id, archived=True)))
    flash(_("Put back."), "success")
    return redirect(url_for(".registration", registration_id=registration_id))
