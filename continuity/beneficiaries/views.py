"""Pages of the beneficiary deed, the clients and their acceptances."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from continuity import queries as shared
from continuity.beneficiaries import queries, services
from continuity.beneficiaries.conditions import proposed
from continuity.beneficiaries.forms import AcceptanceForm, ClientForm, DeedForm
from continuity.errors import Refused
from continuity.models import Client, DeedVersion
from continuity.pages import bp, existing
from continuity.saving import submit
from tenants.door import needs, standing, today_here
from tenants.owned import EditConflict
from tenants.permissions import Permission

PAGE_SIZE = 100


@bp.get("/<uuid:registration_id>/deeds")
@needs(Permission.CONTINUITY_READ)
def deeds(registration_id: UUID) -> ResponseReturnValue:
    """List the versions of the deed."""
    registration = existing(shared.registration(registration_id))
    return render_template("continuity/deeds.html", registration=registration, deeds=queries.deeds(registration))


@bp.route("/<uuid:registration_id>/deeds/new", methods=["GET", "POST"])
@needs(Permission.CONTINUITY_EDIT)
def deed_add(registration_id: UUID) -> ResponseReturnValue:
    """Begin a new version, from the newest one or from what is usual."""
    registration = existing(shared.registration(registration_id))
    current = shared.current_deed(registration)
    conditions = current.conditions if current else proposed(standing().language)
    form = DeedForm(data={"text": current.text if current else "", "conditions": "\n".join(conditions)})
    outcome = submit(form, lambda: services.add_draft(registration, form.values()))
    if outcome.saved:
        flash(_("The draft is saved. Read it once more and publish it."), "success")
        return redirect(url_for(".deeds", registration_id=registration_id))
    page = render_template("continuity/deed_edit.html", registration=registration, form=form, outcome=outcome)
    return page, outcome.code


@bp.get("/<uuid:registration_id>/deeds/<uuid:deed_id>")
@needs(Permission.CONTINUITY_READ)
def deed(registration_id: UUID, deed_id: UUID) -> ResponseReturnValue:
    """Show one version of the deed."""
    registration = existing(shared.registration(registration_id))
    found = existing(shared.part(DeedVersion, registration, deed_id))
    return render_template("continuity/deed.html", registration=registration, deed=found)


@bp.route("/<uuid:registration_id>/deeds/<uuid:deed_id>/edit", methods=["GET", "POST"])
@needs(Permission.CONTINUITY_EDIT)
def deed_edit(registration_id: UUID, deed_id: UUID) -> ResponseReturnValue:
    """Change a draft."""
    registration = existing(shared.registration(registration_id))
    row = existing(shared.part(DeedVersion, registration, deed_id))
    if row.published_on is not None and request.method == "GET":
        return redirect(url_for(".deed", registration_id=registration_id, deed_id=deed_id))
    form = DeedForm(data={"version": row.version, "text": row.text, "conditions": "\n".join(row.conditions)})
    outcome = submit(form, lambda: services.change_draft(row, form.values(), seen=form.version.data or 0), row)
    if outcome.saved:
        flash(_("The draft is saved. Read it once more and publish it."), "success")
        return redirect(url_for(".deed", registration_id=registration_id, deed_id=deed_id))
    page = render_template("continuity/deed_edit.html", registration=registration, deed=row, form=form, outcome=outcome)
    return page, outcome.code


@bp.post("/<uuid:registration_id>/deeds/<uuid:deed_id>/publish")
@needs(Permission.CONTINUITY_EDIT)
def deed_publish(registration_id: UUID, deed_id: UUID) -> ResponseReturnValue:
    """Publish a draft that was read in the version on the page."""
    registration = existing(shared.registration(registration_id))
    row = existing(shared.part(DeedVersion, registration, deed_id))
    try:
        services.publish(row, seen=request.form.get("version", 0, int), today=today_here())
    except EditConflict:
        abort(409)
    except Refused as error:
        page = render_template("continuity/deed.html", registration=registration, deed=row, refusal=error.text)
        return page, 422
    flash(_("Published. Now invite your clients to accept it."), "success")
    return redirect(url_for(".deeds", registration_id=registration_id))


@bp.get("/<uuid:registration_id>/clients")
@needs(Permission.CONTINUITY_READ)
def clients(registration_id: UUID) -> ResponseReturnValue:
    """List the clients of the service and what they accepted."""
    registration = existing(shared.registration(registration_id))
    current = shared.current_deed(registration)
    count = queries.count_clients(registration)
    last = max(1, -(-count // PAGE_SIZE))
    page = min(max(request.args.get("page", 1, int), 1), last)
    return render_template(
        "continuity/clients.html",
        registration=registration,
        current=current,
        count=count,
        page=page,
        last=last,
        beneficiaries=queries.beneficiaries(registration, current, page=page, size=PAGE_SIZE),
        cover=shared.cover_of(registration, current),
        archived=[(row.id, row.name) for row in shared.parts(Client, registration, archived=True)],
    )


@bp.route("/<uuid:registration_id>/clients/new", methods=["GET", "POST"])
@needs(Permission.CONTINUITY_EDIT)
def client_add(registration_id: UUID) -> ResponseReturnValue:
    """Add a client."""
    registration = existing(shared.registration(registration_id))
    form = ClientForm()
    outcome = submit(form, lambda: services.add_client(registration, form.values(), row_id=form.chosen_id))
    if outcome.saved:
        flash(_("Saved."), "success")
        return redirect(url_for(".clients", registration_id=registration_id))
    page = render_template("continuity/client_edit.html", registration=registration, form=form, outcome=outcome)
    return page, outcome.code


@bp.route("/<uuid:registration_id>/clients/<uuid:client_id>", methods=["GET", "POST"])
@needs(Permission.CONTINUITY_EDIT)
def client_edit(registration_id: UUID, client_id: UUID) -> ResponseReturnValue:
    """Change a client."""
    registration = existing(shared.registration(registration_id))
    row = existing(shared.part(Client, registration, client_id))
    form = ClientForm(obj=row)
    outcome = submit(form, lambda: services.change_client(row, form.values(), seen=form.version.data or 0), row)
    if outcome.saved:
        flash(_("Saved."), "success")
        return redirect(url_for(".clients", registration_id=registration_id))
    page = render_template(
        "continuity/client_edit.html", registration=registration, client=row, form=form, outcome=outcome
    )
    return page, outcome.code


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
