"""The foundation's page about whom clients of a supplier call there: nobody knows better, and letters name them."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from continuity.models import SchemeParty
from continuity.pages import existing
from continuity.registrants import queries
from continuity.registrants.reach import registrant_of
from continuity.registrants.views import bp
from continuity.registrations.forms import ContactForm
from continuity.registrations.queries import contacts
from continuity.registrations.services import keep_contact
from continuity.saving import submit
from tenants.door import needs, standing, today_here
from tenants.permissions import Permission


@bp.route("/<uuid:registration_id>/contact", methods=["GET", "POST"])
@needs(Permission.SCHEME_DECIDE, over=registrant_of)
def own_contact(registration_id: UUID) -> ResponseReturnValue:
    """Fill in whom clients call at the foundation."""
    found = existing(queries.registrant(standing().tenant_id, registration_id, today_here()))
    row = contacts(found.registration).get(SchemeParty.FOUNDATION)
    form = ContactForm(obj=row)
    outcome = submit(
        form,
        lambda: keep_contact(
            found.registration, SchemeParty.FOUNDATION, row, form.values(), seen=form.version.data or 0
        ),
        row,
    )
    if outcome.saved:
        flash(_("Saved. From now on clients read this in their letters and on their page."), "success")
        return redirect(url_for(".registrant", registration_id=registration_id))
    page = render_template(
        "foundation/own_contact.html",
        registrant=found,
        registration=found.registration,
        form=form,
        outcome=outcome,
    )
    return page, outcome.code
