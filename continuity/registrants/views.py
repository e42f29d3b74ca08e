"""Pages of a foundation: its registrants, and confirming deliveries."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from continuity.agreements.naming import parties_of
from continuity.handovers.ladder import RUNG_LABELS
from continuity.handovers.queries import addressed, climbed
from continuity.handovers.states import STATE_LABELS
from continuity.models import SchemeParty
from continuity.officers.forms import CodeForm
from continuity.officers.queries import published
from continuity.pages import existing
from continuity.period import period
from continuity.registrants import queries, services
from continuity.registrants.forms import ConfirmForm, ProofForm
from continuity.registrants.queries import Registrant
from continuity.registrants.reach import registrant_of, registrants_of
from continuity.registrants.services import may_take
from continuity.registrations.ended import may_begin
from continuity.registrations.history import open_case, trigger_of, triggers_of
from continuity.registrations.queries import contacts
from continuity.registrations.states import STATE_LABELS as SCHEME_STATE_LABELS
from continuity.registrations.words import KIND_LABELS
from continuity.requests.queries import asked_under
from continuity.requests.states import STATE_LABELS as REQUEST_STATE_LABELS
from continuity.saving import submit
from continuity.scheme import (
    AGREEMENT_LABELS,
    AGREEMENT_PARTIES,
    COUNTERPARTY_LABELS,
    HANDOVER_LABELS,
    SCOPE_WARNINGS,
    TYPE_LABELS,
)
from continuity.sealing.services import show_key_fits
from continuity.sealing.views import hand_out
from core import clock
from core.age import armoured
from tenants.door import needs, standing, today_here
from tenants.permissions import Permission
from tenants.sessions import person

bp = Blueprint("foundation", __name__, url_prefix="/o/<slug>/registrants")
PAGE = 50


def _found(registration_id: UUID) -> Registrant:
    return existing(queries.registrant(standing().tenant_id, registration_id, today_here()))


@bp.get("/")
@needs(Permission.REGISTRANT_READ, over=registrants_of)
def registrants() -> ResponseReturnValue:
    """List who registered with this foundation, the least safe first."""
    found = queries.registrants(standing().tenant_id, today_here())
    last = max(1, -(-len(found) // PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), last)
    shown = found[(page - 1) * PAGE : page * PAGE]
    return render_template(
        "foundation/registrants.html",
        registrants=shown,
        types=TYPE_LABELS,
        triggers=triggers_of(one.registration for one in shown),
        kinds=KIND_LABELS,
        page=page,
        last=last,
    )


@bp.get("/<uuid:registration_id>")
@needs(Permission.REGISTRANT_READ, over=registrant_of)
def registrant(registration_id: UUID) -> ResponseReturnValue:
    """Show one registration, without anything to change but confirmations."""
    found = _found(registration_id)
    row = found.registration
    agreed = queries.agreements(row)
    return render_template(
        "foundation/registrant.html",
        registrant=found,
        registration=row,
        counterparty=queries.counterparty(row),
        agreements=agreed,
        named={one.id: parties_of(one) for one in agreed},
        agreement_parties=AGREEMENT_PARTIES,
        period=period(row.declared_bankrupt_on, row.duration_months),
        trigger=KIND_LABELS[trigger_of(row)],
        today=today_here(),
        type_label=TYPE_LABELS[row.scheme_type],
        warning=SCOPE_WARNINGS[row.scheme_type],
        counterparty_label=COUNTERPARTY_LABELS[row.scheme_type],
        kinds=HANDOVER_LABELS,
        agreement_kinds=AGREEMENT_LABELS,
        states=STATE_LABELS,
        may_file=may_begin(row, today_here()),
        case=open_case(row),
        contact=contacts(row).get(SchemeParty.FOUNDATION),
        scheme_states=SCHEME_STATE_LABELS,
        requests=asked_under(row) if row.declared_bankrupt_on else (),
        request_states=REQUEST_STATE_LABELS,
    )


@bp.route("/<uuid:registration_id>/deliveries/<uuid:delivery_id>", methods=["GET", "POST"])
@needs(Permission.REGISTRANT_CONFIRM, over=registrant_of)
def confirm(registration_id: UUID, delivery_id: UUID) -> ResponseReturnValue:
    """Confirm a delivery after looking at it."""
    found = _found(registration_id)
    item, delivery = existing(queries.delivery(found.registration, delivery_id))
    visitor = existing(person())
    form = ConfirmForm()
    outcome = submit(
        form, lambda: services.check_delivery(item, delivery, form.ticks(), by=visitor.name, today=today_here())
    )
    if outcome.saved and delivery.confirmed_on is None:
        flash(_("Recorded. The delivery counts once all three are ticked."), "success")
        return redirect(url_for(".confirm", registration_id=registration_id, delivery_id=delivery_id))
    if outcome.saved:
        flash(_("Confirmed."), "success")
        return redirect(url_for(".registrant", registration_id=registration_id))
    page = render_template(
        "foundation/confirm.html",
        checks={one.kind.value: one for one in services.checks_of(delivery)},
        registrant=found,
        item=item,
        delivery=delivery,
        form=form,
        outcome=outcome,
        kinds=HANDOVER_LABELS,
        officers=addressed([delivery])[delivery.id],
        steps=climbed(item, delivery, today_here(), standing().zone),
        rungs=RUNG_LABELS,
        may_take=may_take(delivery, found.registration),
    )
    return page, outcome.code


@bp.route("/<uuid:registration_id>/deliveries/<uuid:delivery_id>/key", methods=["GET", "POST"])
@needs(Permission.REGISTRANT_CONFIRM, over=registrant_of)
def key_fits(registration_id: UUID, delivery_id: UUID) -> ResponseReturnValue:
    """Show that one's own key fits a sealed delivery, without seeing the secret."""
    found, visitor = _found(registration_id), existing(person())
    item, delivery = existing(queries.delivery(found.registration, delivery_id))
    rows = addressed([delivery])[delivery.id]
    mine = {one.fingerprint for one in published(standing().tenant_id) if one.user_id == visitor.user_id}
    row = next((one for one in rows if one.fingerprint in mine), None)
    form = CodeForm()
    # Without a key of one's own there is nothing to send a code for.
    outcome = submit(form, lambda: show_key_fits(existing(row), form.code.data, at=clock.now()))
    if outcome.saved:
        flash(_("Your key fits this delivery."), "success")
        return redirect(url_for(".confirm", registration_id=registration_id, delivery_id=delivery_id))
    page = render_template(
        "foundation/key_fits.html",
        registrant=found,
        item=item,
        delivery=delivery,
        row=row,
        sealed=armoured(row.probe) if row else "",
        form=form,
        outcome=outcome,
    )
    return page, outcome.code


@bp.route("/<uuid:registration_id>/deliveries/<uuid:delivery_id>/proofs", methods=["GET", "POST"])
@needs(Permission.REGISTRANT_CONFIRM, over=registrant_of)
def prove(registration_id: UUID, delivery_id: UUID) -> ResponseReturnValue:
    """Record what was tried with a delivery."""
    found, visitor = _found(registration_id), existing(person())
    item, delivery = existing(queries.delivery(found.registration, delivery_id))
    form = ProofForm(data={"proved_on": today_here(), "proved_by": visitor.name})
    outcome = submit(form, lambda: services.record_proof(item, delivery, form.values()))
    if outcome.saved:
        flash(_("Recorded."), "success")
        return redirect(url_for(".confirm", registration_id=registration_id, delivery_id=delivery_id))
    page = render_template(
        "foundation/prove.html", registrant=found, item=item, delivery=delivery, form=form, outcome=outcome
    )
    return page, outcome.code


@bp.get("/<uuid:registration_id>/deliveries/<uuid:delivery_id>/file")
@needs(Permission.REGISTRANT_CONFIRM, over=registrant_of)
def delivery_file(registration_id: UUID, delivery_id: UUID) -> ResponseReturnValue:
    """Hand out a document that is no secret; a sealed delivery only once the supplier was declared bankrupt."""
    found = _found(registration_id)
    _item, delivery = existing(queries.delivery(found.registration, delivery_id))
    if not may_take(delivery, found.registration):
        abort(409)
    return hand_out(delivery)
