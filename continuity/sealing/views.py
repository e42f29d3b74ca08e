"""Pages of a supplier that seals what it hands over."""

import json
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from continuity import queries as shared
from continuity.handovers.queries import addressed
from continuity.handovers.services import DeliveryValues, newest_delivery
from continuity.models import HandoverDelivery, HandoverItem, HandoverKind, Registration
from continuity.officers.queries import Listed, listed
from continuity.pages import bp, existing
from continuity.saving import submit
from continuity.scheme import HANDOVER_LABELS
from continuity.sealing import queries, services
from continuity.sealing.envelope import LARGEST
from continuity.sealing.forms import SealForm
from continuity.sealing.recipe import recipe
from core.serving.downloads import kept_privately
from tenants import trail
from tenants.door import needs, standing, today_here
from tenants.permissions import Permission
from tenants.sessions import person

FORMAT = "waarborg-handover-1"
# What a box of the page weighs besides the secret: heads, names and rounding.
ROOM = 100_000
# What somebody who opens it needs, per kind: ticked while sealing, and kept inside.
INSIDE = {
    HandoverKind.DOCUMENT: (_l("The newest version"), _l("How to make a back-up"), _l("How to build it up elsewhere")),
    HandoverKind.LOGIN: (
        _l("Where to sign in"),
        _l("User name"),
        _l("Password or key"),
        _l("Second step: its secret or recovery codes"),
        _l("Whom to call when it does not work"),
    ),
    HandoverKind.INFORMATION: (_l("Customer numbers"), _l("How to separate one client's data"), _l("Whom to call")),
}


def _found(registration_id: UUID, item_id: UUID) -> tuple[Registration, HandoverItem]:
    registration = existing(shared.registration(registration_id))
    return registration, existing(shared.part(HandoverItem, registration, item_id))


def _about(registration: Registration, item: HandoverItem, number: int, by: str) -> str:
    """Return what stands inside the sealed delivery, so that it is known what it is wherever it turns up."""
    told = {
        "format": FORMAT,
        "organisation": standing().name,
        "organisation_address": standing().slug,
        "registration": str(registration.id),
        "service": registration.service_name,
        "item": str(item.id),
        "label": item.label,
        "version": number + 1,
        "sealed_by": by,
    }
    return json.dumps(told)


@bp.route("/<uuid:registration_id>/handovers/<uuid:item_id>/seal", methods=["GET", "POST"])
@needs(Permission.HANDOVER_DELIVER)
def handover_seal(registration_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Take a delivery that was sealed in the browser, or with age itself."""
    registration, item = _found(registration_id, item_id)
    visitor, last = existing(person()), newest_delivery(item)
    number = last.number if last else 0
    every = listed(registration.foundation_id)
    keys = [one for one in every if one.compared]
    form = SealForm(data={"version": number, "delivered_by": visitor.name})
    outcome = submit(form, lambda: _seal(item, form, keys), last)
    if outcome.saved:
        flash(_("Sealed and handed over. Two officers still have to show that their keys fit."), "success")
        made = existing(newest_delivery(item))
        return redirect(url_for(".delivery", registration_id=registration_id, item_id=item_id, delivery_id=made.id))
    if outcome.code == 409:
        form.version.data = number
    about = _about(registration, item, number, visitor.name)
    page = render_template(
        "continuity/handover_seal.html",
        registration=registration,
        item=item,
        form=form,
        outcome=outcome,
        keys=keys,
        waiting=[one for one in every if one.to_compare],
        about=about,
        recipe=recipe(keys, about),
        inside=INSIDE[item.kind],
        limit=LARGEST - ROOM,
    )
    return page, outcome.code


def _seal(item: HandoverItem, form: SealForm, keys: list[Listed]) -> None:
    values = DeliveryValues(today_here(), form.delivered_by.data, form.specification.data)
    officers = {one.fingerprint: one.name for one in keys}
    services.seal(item, values, form.uploaded(), officers, seen=form.version.data or 0)


@bp.get("/<uuid:registration_id>/handovers/<uuid:item_id>/deliveries/<uuid:delivery_id>")
@needs(Permission.CONTINUITY_READ)
def delivery(registration_id: UUID, item_id: UUID, delivery_id: UUID) -> ResponseReturnValue:
    """Show the receipt of one delivery."""
    registration, item = _found(registration_id, item_id)
    row = existing(queries.delivery(item, delivery_id))
    return render_template(
        "continuity/delivery.html",
        registration=registration,
        item=item,
        delivery=row,
        officers=addressed([row])[row.id],
        kinds=HANDOVER_LABELS,
    )


@bp.get("/<uuid:registration_id>/handovers/<uuid:item_id>/deliveries/<uuid:delivery_id>/file")
@needs(Permission.CONTINUITY_READ)
def delivery_file(registration_id: UUID, item_id: UUID, delivery_id: UUID) -> ResponseReturnValue:
    """Hand out what is kept of a delivery, sealed as it is."""
    _registration, item = _found(registration_id, item_id)
    return hand_out(existing(queries.delivery(item, delivery_id)))


def hand_out(row: HandoverDelivery) -> ResponseReturnValue:
    """Return the file of a delivery, to be saved and never shown in the browser; 404 when there is none."""
    existing(row.file_sha256 or None)
    name = row.file_name or f"delivery-{row.number}.tar"
    response = kept_privately(row.tenant_id, row.file_sha256, row.file_type, name)
    trail.record_after("handover.downloaded", "handover_delivery", row.id, number=row.number, sha256=row.file_sha256)
    return response
