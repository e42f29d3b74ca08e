"""The page to erase a person from the registers."""

from uuid import UUID

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audits.erasing import services
from core import clock, db
from plans.models import Contact
from tenants.door import needs, today_here
from tenants.errors import AccountError
from tenants.permissions import Permission

bp = Blueprint("erasing", __name__, url_prefix="/o/<slug>/erase")


@bp.route("/<uuid:contact_id>", methods=["GET", "POST"])
@needs(Permission.PERSON_ERASE)
def contact(contact_id: UUID) -> ResponseReturnValue:
    """Show what erasing a person means, and do it."""
    row = db.session().scalar(sa.select(Contact).where(Contact.id == contact_id)) or abort(404)
    error, holds = "", services.holds(today_here())
    if request.method == "POST":
        try:
            services.erase_contact(row, at=clock.now(), today=today_here())
        except AccountError as refused:
            error = str(refused.text)
        else:
            flash(_("This person has been erased."), "success")
            return redirect(url_for("registers.show", register="contacts"))
    page = render_template(
        "erasing/contact.html",
        contact=row,
        holds=holds,
        relied=services.relied_on_in(row),
        error=error,
        erased=services.is_erased(row),
    )
    return page, 422 if error else 200
