"""Pages to announce the end of a scheme on which clients rely, for its supplier and for its foundation."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from continuity import queries as shared
from continuity.ending import services
from continuity.ending.forms import NoticeForm
from continuity.ending.services import Announcement
from continuity.ending.telling import relying
from continuity.errors import Refused
from continuity.models import By, Registration
from continuity.pages import bp, existing
from continuity.registrants import queries as registrants
from continuity.registrants.reach import registrant_of
from continuity.registrants.views import bp as foundation_bp
from continuity.saving import submit
from core import clock
from tenants.door import needs, standing, today_here
from tenants.owned import EditConflict
from tenants.permissions import Permission
from tenants.sessions import person


@bp.route("/<uuid:registration_id>/state/notice", methods=["GET", "POST"])
@needs(Permission.CONTINUITY_EDIT)
def scheme_notice(registration_id: UUID) -> ResponseReturnValue:
    """Announce the end of a scheme as its supplier."""
    owner = existing(shared.registration(registration_id))
    return _announce(owner, By.SUPPLIER, url_for("continuity.scheme_state", registration_id=registration_id))


@bp.post("/<uuid:registration_id>/state/notice/back")
@needs(Permission.CONTINUITY_EDIT)
def scheme_notice_back(registration_id: UUID) -> ResponseReturnValue:
    """Take the end that the supplier announced back."""
    owner = existing(shared.registration(registration_id))
    return _take_back(owner, By.SUPPLIER, url_for("continuity.scheme_state", registration_id=registration_id))


@foundation_bp.route("/<uuid:registration_id>/scheme/notice", methods=["GET", "POST"], endpoint="scheme_notice")
@needs(Permission.SCHEME_DECIDE, over=registrant_of)
def registrant_notice(registration_id: UUID) -> ResponseReturnValue:
    """Announce the end of a scheme as its foundation."""
    owner = existing(registrants.registrant(standing().tenant_id, registration_id, today_here())).registration
    return _announce(owner, By.FOUNDATION, url_for("foundation.scheme", registration_id=registration_id))


@foundation_bp.post("/<uuid:registration_id>/scheme/notice/back", endpoint="scheme_notice_back")
@needs(Permission.SCHEME_DECIDE, over=registrant_of)
def registrant_notice_back(registration_id: UUID) -> ResponseReturnValue:
    """Take the end that the foundation announced back."""
    owner = existing(registrants.registrant(standing().tenant_id, registration_id, today_here())).registration
    return _take_back(owner, By.FOUNDATION, url_for("foundation.scheme", registration_id=registration_id))


def _announce(owner: Registration, role: By, back: str) -> ResponseReturnValue:
    first = services.first_end(owner, today_here())
    form = NoticeForm(data={"last_on": first})
    outcome = submit(
        form,
        lambda: services.announce(
            owner,
            Announcement(form.last_on.data, form.reason.data, role, existing(person()).name),
            today=today_here(),
            at=clock.now(),
            row_id=form.chosen_id,
        ),
    )
    told = relying(owner)
    if outcome.saved:
        flash(
            _("Announced. The clients that accepted are written to now, and again before the last day.")
            if told.written
            else _("Announced. No client could be written to."),
            "success",
        )
        return redirect(back)
    page = render_template(
        "continuity/scheme_notice.html",
        registration=owner,
        supplier=shared.tenant_name(owner.tenant_id),
        form=form,
        outcome=outcome,
        first=first,
        back=back,
        told=told,
        foundation_side=role is By.FOUNDATION,
    )
    return page, outcome.code


def _take_back(owner: Registration, role: By, back: str) -> ResponseReturnValue:
    row = services.open_notice(owner)
    if row is None:
        abort(409)
    seen = request.form.get("version", 0, int)
    try:
        by = existing(person()).name
        services.take_back(owner, row, role=role, by=by, seen=seen, today=today_here(), at=clock.now())
    except EditConflict:
        abort(409)
    except Refused as error:
        flash(str(error.text), "danger")
        return redirect(back)
    flash(_("Taken back. The scheme goes on, and the clients are told."), "success")
    return redirect(back)
