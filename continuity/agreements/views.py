"""Pages of the contracts."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from continuity import queries as shared
from continuity.agreements import services
from continuity.agreements.forms import AgreementForm
from continuity.agreements.naming import parties_of
from continuity.models import Agreement, AgreementKind, Registration
from continuity.pages import bp, existing
from continuity.saving import submit
from continuity.scheme import AGREEMENT_LABELS, AGREEMENT_PARTIES, DELIVERS_ON_LABELS, FEE_LABELS, NOTICE_LABELS
from core.serving.downloads import kept_privately
from tenants import trail
from tenants.door import needs
from tenants.permissions import Permission


@bp.get("/<uuid:registration_id>/agreements")
@needs(Permission.CONTINUITY_READ)
def agreements(registration_id: UUID) -> ResponseReturnValue:
    """List the contracts of a registration."""
    registration = existing(shared.registration(registration_id))
    found = shared.parts(Agreement, registration)
    return render_template(
        "continuity/agreements.html",
        registration=registration,
        agreements={kind: [row for row in found if row.kind is kind] for kind in AgreementKind},
        archived=[(row.id, row.party) for row in shared.parts(Agreement, registration, archived=True)],
        kinds=AGREEMENT_LABELS,
        parties=AGREEMENT_PARTIES,
        every=FEE_LABELS,
        units=NOTICE_LABELS,
        renewed={row.follows_id for row in found},
        named={row.id: parties_of(row) for row in found},
        promise=DELIVERS_ON_LABELS[registration.scheme_type],
    )


@bp.route("/<uuid:registration_id>/agreements/new", methods=["GET", "POST"])
@needs(Permission.CONTINUITY_EDIT)
def agreement_add(registration_id: UUID) -> ResponseReturnValue:
    """Add a contract."""
    registration = existing(shared.registration(registration_id))
    form = AgreementForm(data=_beginning(registration))
    form.delivers_on.label.text = DELIVERS_ON_LABELS[registration.scheme_type]
    outcome = submit(
        form, lambda: services.add_agreement(registration, form.values(), form.uploaded(), row_id=form.chosen_id)
    )
    if outcome.saved:
        flash(_("Saved."), "success")
        return redirect(url_for(".agreements", registration_id=registration_id))
    page = render_template("continuity/agreement_edit.html", registration=registration, form=form, outcome=outcome)
    return page, outcome.code


def _beginning(registration: Registration) -> Mapping[str, object]:
    """Return what stands in the form of a new contract: what it renews begins where the earlier one ends."""
    kind = request.args.get("kind")
    earlier = _earlier(registration)
    if earlier is None:
        framework = kind in (AgreementKind.FRAMEWORK, AgreementKind.PROCESSOR)
        return {"kind": kind, "party": shared.tenant_name(registration.foundation_id) if framework else ""}
    return {
        "kind": earlier.kind.value,
        "party": earlier.party,
        "starts_on": earlier.ends_on + timedelta(days=1) if earlier.ends_on else None,
        "notice_length": earlier.notice_length,
        "notice_unit": earlier.notice_unit.value,
        "fee": earlier.fee,
        "fee_every": earlier.fee_every.value,
        "duration_months": earlier.duration_months,
        "delivers_on": earlier.delivers_on,
        "follows_id": str(earlier.id),
    }


def _earlier(registration: Registration) -> Agreement | None:
    """Return the contract that is to be renewed, by the address; none when it names no contract of this one."""
    try:
        row_id = UUID(request.args.get("follows", ""))
    except ValueError:
        return None
    return shared.part(Agreement, registration, row_id)


@bp.route("/<uuid:registration_id>/agreements/<uuid:agreement_id>", methods=["GET", "POST"])
@needs(Permission.CONTINUITY_EDIT)
def agreement_edit(registration_id: UUID, agreement_id: UUID) -> ResponseReturnValue:
    """Change a contract."""
    registration = existing(shared.registration(registration_id))
    row = existing(shared.part(Agreement, registration, agreement_id))
    form = AgreementForm(obj=row)
    form.delivers_on.label.text = DELIVERS_ON_LABELS[registration.scheme_type]
    outcome = submit(
        form,
        lambda: services.change_agreement(row, form.values(), form.uploaded(), seen=form.version.data or 0),
        row,
    )
    if outcome.saved:
        flash(_("Saved."), "success")
        return redirect(url_for(".agreements", registration_id=registration_id))
    page = render_template(
        "continuity/agreement_edit.html", registration=registration, agreement=row, form=form, outcome=outcome
    )
    return page, outcome.code


@bp.get("/<uuid:registration_id>/agreements/<uuid:agreement_id>/file")
@needs(Permission.CONTINUITY_READ)
def agreement_file(registration_id: UUID, agreement_id: UUID) -> ResponseReturnValue:
    """Hand out the file of a contract, to be saved and never shown in the browser."""
    registration = existing(shared.registration(registration_id))
    row = existing(shared.part(Agreement, registration, agreement_id))
    existing(row.file_sha256 or None)
    response = kept_privately(row.tenant_id, row.file_sha256, row.file_type, row.file_name)
    trail.record_after("document.downloaded", "agreement", row.id, file_name=row.file_name, sha256=row.file_sha256)
    return response
