"""Pages of the clients of a service."""

from collections import Counter
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from continuity import queries as shared
from continuity.acceptance import queries
from continuity.acceptance.states import STATE_LABELS as ACCEPTANCE_LABELS
from continuity.acceptance.states import WAITING, AcceptanceState
from continuity.clients import changing, services
from continuity.clients.forms import ClientForm
from continuity.models import Client
from continuity.pages import bp, existing
from continuity.saving import submit
from core import clock
from tenants.door import needs
from tenants.permissions import Permission

# A page stays under 60 kB.
PAGE_SIZE = 35


@bp.get("/<uuid:registration_id>/clients")
@needs(Permission.CONTINUITY_READ)
def clients(registration_id: UUID) -> ResponseReturnValue:
    """List the clients of the service and what they accepted."""
    registration = existing(shared.registration(registration_id))
    current = shared.current_deed(registration)
    everybody = queries.standing_of(registration, current, None)
    counts = Counter(one.state for one in everybody)
    chosen = next((one for one in AcceptanceState if one.value == request.args.get("state")), None)
    shown = [one for one in everybody if chosen in (None, one.state)]
    last = max(1, -(-len(shown) // PAGE_SIZE))
    page = min(max(request.args.get("page", 1, int), 1), last)
    return render_template(
        "continuity/clients.html",
        registration=registration,
        current=current,
        count=len(everybody),
        counts=counts,
        chosen=chosen,
        states=ACCEPTANCE_LABELS,
        page=page,
        last=last,
        beneficiaries=shown[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        waiting=sum(counts[one] for one in (*WAITING, AcceptanceState.NOT_INVITED)),
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
    held: list[bool] = []
    outcome = submit(
        form,
        lambda: held.append(
            services.change_client(registration, row, form.values(), seen=form.version.data or 0, at=clock.now())
        ),
        row,
    )
    if outcome.saved:
        if held[0]:
            flash(_("Passed on to the foundation. Until it takes this over, it uses what it knew before."), "warning")
        else:
            flash(_("Saved."), "success")
        return redirect(url_for(".clients", registration_id=registration_id))
    page = render_template(
        "continuity/client_edit.html",
        registration=registration,
        client=row,
        form=form,
        outcome=outcome,
        held=changing.held_of(row),
    )
    return page, outcome.code
