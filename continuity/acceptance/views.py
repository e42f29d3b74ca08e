"""Pages by which a supplier records an acceptance by hand, and fetches what was declared."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from continuity import queries as shared
from continuity.acceptance import queries, services
from continuity.acceptance.downloads import hand_out_proof, hand_out_receipt
from continuity.acceptance.forms import AcceptanceForm
from continuity.models import Client, DeedVersion
from continuity.pages import bp, existing
from continuity.saving import submit
from tenants import trail
from tenants.door import needs
from tenants.permissions import Permission


@bp.route("/<uuid:registration_id>/clients/<uuid:client_id>/deeds/<uuid:deed_id>", methods=["GET", "POST"])
@needs(Permission.CONTINUITY_EDIT)
def acceptance(registration_id: UUID, client_id: UUID, deed_id: UUID) -> ResponseReturnValue:
    """Record by hand what a client declared about the version of the deed it was shown."""
    registration = existing(shared.registration(registration_id))
    client = existing(shared.part(Client, registration, client_id))
    shown = existing(shared.part(DeedVersion, registration, deed_id))
    row = queries.acceptance(client, shown)
    form = AcceptanceForm(obj=row)
    outcome = submit(
        form,
        lambda: services.save_acceptance(registration, client, shown, row, form.values(), seen=form.version.data or 0),
        row,
    )
    if outcome.saved:
        flash(_("Saved."), "success")
        return redirect(url_for(".clients", registration_id=registration_id))
    page = render_template(
        "continuity/acceptance.html", registration=registration, client=client, deed=shown, form=form, outcome=outcome
    )
    return page, outcome.code


@bp.get(
    "/<uuid:registration_id>/clients/<uuid:client_id>/declarations/<uuid:declaration_id>/<any(receipt, proof):part>"
)
@needs(Permission.CONTINUITY_READ)
def declaration_file(registration_id: UUID, client_id: UUID, declaration_id: UUID, part: str) -> ResponseReturnValue:
    """Hand out the receipt of a declaration, or the file that was added to it."""
    registration = existing(shared.registration(registration_id))
    row = existing(shared.part(Client, registration, client_id))
    said = existing(next((one for one in queries.declarations(row) if one.id == declaration_id), None))
    existing((said.receipt_sha256 if part == "receipt" else said.file_sha256) or None)
    if part == "receipt":
        trail.record_after("document.downloaded", "declaration", said.id, sha256=said.receipt_sha256)
        return hand_out_receipt(said)
    trail.record_after("document.downloaded", "declaration", said.id, file_name=said.file_name, sha256=said.file_sha256)
    return hand_out_proof(said)
