"""The foundation's pages about clients that want to accept after the trigger."""

from uuid import UUID

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from continuity.acceptance import declaring, queries
from continuity.acceptance.by_link import matter_of
from continuity.acceptance.downloads import hand_out_proof
from continuity.acceptance.forms import LateForm
from continuity.acceptance.words import AUTHORITY_LABELS
from continuity.models import Declaration, DeedVersion
from continuity.pages import existing
from continuity.registrants import queries as registrants
from continuity.registrants.queries import Registrant
from continuity.registrants.reach import registrant_of
from continuity.registrants.views import bp
from continuity.registrations.history import trigger_of
from continuity.registrations.words import KIND_LABELS
from continuity.saving import submit
from core import clock, db
from tenants import trail
from tenants.door import needs, standing, today_here
from tenants.permissions import Permission


def _found(registration_id: UUID) -> Registrant:
    return existing(registrants.registrant(standing().tenant_id, registration_id, today_here()))


def _late(found: Registrant, declaration_id: UUID) -> queries.Late:
    waiting = queries.waiting_late(found.registration)
    return existing(next((one for one in waiting if one.declaration.id == declaration_id), None))


@bp.get("/<uuid:registration_id>/late")
@needs(Permission.REGISTRANT_READ, over=registrant_of)
def late(registration_id: UUID) -> ResponseReturnValue:
    """List the late acceptances that wait for the foundation."""
    found = _found(registration_id)
    return render_template(
        "foundation/late.html",
        registrant=found,
        registration=found.registration,
        waiting=queries.waiting_late(found.registration),
    )


@bp.route("/<uuid:registration_id>/late/<uuid:declaration_id>", methods=["GET", "POST"])
@needs(Permission.REGISTRANT_CONFIRM, over=registrant_of)
def late_decide(registration_id: UUID, declaration_id: UUID) -> ResponseReturnValue:
    """Admit a client that accepted late, or refuse it, with the reason."""
    found = _found(registration_id)
    asked = _late(found, declaration_id)
    deed = db.session().get_one(DeedVersion, (asked.client.tenant_id, asked.declaration.deed_version_id))
    matter = matter_of(existing(queries.invitation(asked.client, deed)))
    form = LateForm()
    outcome = submit(
        form,
        lambda: declaring.answer_late(
            matter,
            asked.declaration,
            admit=form.answer.data == "admit",
            reason=form.reason.data,
            officer=g.me.name,
            at=clock.now(),
            today=today_here(),
        ),
    )
    if outcome.saved:
        flash(_("Written down, and told to the client by mail."), "success")
        return redirect(url_for(".late", registration_id=registration_id))
    page = render_template(
        "foundation/late_decide.html",
        registrant=found,
        registration=found.registration,
        late=asked,
        deed=deed,
        trigger=KIND_LABELS[trigger_of(found.registration)],
        authorities=AUTHORITY_LABELS,
        form=form,
        outcome=outcome,
    )
    return page, outcome.code


@bp.get("/<uuid:registration_id>/late/<uuid:declaration_id>/proof")
@needs(Permission.REGISTRANT_CONFIRM, over=registrant_of)
def late_proof(registration_id: UUID, declaration_id: UUID) -> ResponseReturnValue:
    """Hand out the file that a client added to its late acceptance."""
    row: Declaration = _late(_found(registration_id), declaration_id).declaration
    existing(row.file_sha256 or None)
    trail.record_after("document.downloaded", "declaration", row.id, file_name=row.file_name, sha256=row.file_sha256)
    return hand_out_proof(row)
