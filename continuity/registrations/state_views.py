"""The state of a scheme for its supplier: how it came there, and ending what is not in force."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from continuity import queries as shared
from continuity.ending.services import open_notice
from continuity.ending.telling import relying
from continuity.models import By
from continuity.pages import bp, existing
from continuity.registrations import services
from continuity.registrations.binding import relied_on
from continuity.registrations.forms import EndForm
from continuity.registrations.history import steps_of
from continuity.registrations.states import LADDER, ROLE_LABELS, STATE_LABELS, open_ways
from continuity.saving import submit
from tenants.door import needs, today_here
from tenants.permissions import Permission


@bp.get("/<uuid:registration_id>/state")
@needs(Permission.CONTINUITY_READ)
def scheme_state(registration_id: UUID) -> ResponseReturnValue:
    """Show how far a scheme is and the steps that brought it there."""
    found = existing(shared.registration(registration_id))
    notice = open_notice(found)
    return render_template(
        "continuity/scheme_state.html",
        registration=found,
        steps=steps_of(found),
        ladder=LADDER,
        states=STATE_LABELS,
        roles=ROLE_LABELS,
        may_end=bool(open_ways(found.state, By.SUPPLIER)) and not relied_on(found),
        relied_on=relied_on(found),
        notice=notice,
        today=today_here(),
        by_hand=relying(found).by_hand if notice else (),
    )


@bp.route("/<uuid:registration_id>/state/end", methods=["GET", "POST"])
@needs(Permission.CONTINUITY_EDIT)
def scheme_end(registration_id: UUID) -> ResponseReturnValue:
    """End a scheme that is not in force."""
    found = existing(shared.registration(registration_id))
    form = EndForm(data={"version": found.version})
    outcome = submit(form, lambda: services.end_scheme(found, form.reason.data, seen=form.version.data or 0), found)
    if outcome.saved:
        flash(_("The scheme has ended."), "success")
        return redirect(url_for(".scheme_state", registration_id=registration_id))
    page = render_template("continuity/scheme_end.html", registration=found, form=form, outcome=outcome)
    return page, outcome.code
