"""Pages of what is handed over to the foundation."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from continuity import fields
from continuity import queries as shared
from continuity.errors import Refused
from continuity.handovers import queries, services
from continuity.handovers.forms import CHANGE_LABELS, ChangesForm, DeliveryForm, ItemForm
from continuity.handovers.ladder import RUNG_LABELS
from continuity.handovers.proposals import LONGEST_AGE
from continuity.handovers.states import STATE_LABELS
from continuity.models import ChangeKind, HandoverItem, HandoverKind, Registration
from continuity.officers.queries import listed
from continuity.openings.queries import waiting_for_leave
from continuity.pages import bp, existing
from continuity.saving import submit
from continuity.scheme import HANDOVER_LABELS
from tenants.door import needs, standing, today_here
from tenants.permissions import Permission
from tenants.sessions import person


def _found(registration_id: UUID, item_id: UUID) -> tuple[Registration, HandoverItem]:
    registration = existing(shared.registration(registration_id))
    return registration, existing(shared.part(HandoverItem, registration, item_id))


@bp.get("/<uuid:registration_id>/handovers")
@needs(Permission.CONTINUITY_READ)
def handovers(registration_id: UUID) -> ResponseReturnValue:
    """List what the foundation must hold and how fresh it is."""
    registration = existing(shared.registration(registration_id))
    return render_template(
        "continuity/handovers.html",
        registration=registration,
        handed=queries.handed([registration.id], today_here())[registration.id],
        archived=[(row.id, row.label) for row in shared.parts(HandoverItem, registration, archived=True)],
        kinds=HANDOVER_LABELS,
        states=STATE_LABELS,
        asked=waiting_for_leave(registration.id),
        to_compare=sum(one.to_compare for one in listed(registration.foundation_id)),
    )


@bp.post("/<uuid:registration_id>/handovers/proposed")
@needs(Permission.CONTINUITY_EDIT)
def handovers_propose(registration_id: UUID) -> ResponseReturnValue:
    """Add what is usual for this type and is not on the list."""
    registration = existing(shared.registration(registration_id))
    try:
        added = services.add_proposals(registration, language=standing().language)
    except Refused as error:
        flash(str(error.text), "danger")
        return redirect(url_for(".handovers", registration_id=registration_id))
    flash(ngettext("%(num)s item added.", "%(num)s items added.", added), "success")
    return redirect(url_for(".handovers", registration_id=registration_id))


@bp.route("/<uuid:registration_id>/handovers/new", methods=["GET", "POST"])
@needs(Permission.CONTINUITY_EDIT)
def handover_add(registration_id: UUID) -> ResponseReturnValue:
    """Add something to hand over."""
    registration = existing(shared.registration(registration_id))
    form = ItemForm(data={"max_age_days": LONGEST_AGE[HandoverKind.LOGIN], "required": True})
    outcome = submit(form, lambda: services.add_item(registration, form.values(), row_id=form.chosen_id))
    if outcome.saved:
        flash(_("Saved."), "success")
        return redirect(url_for(".handovers", registration_id=registration_id))
    page = render_template("continuity/handover_edit.html", registration=registration, form=form, outcome=outcome)
    return page, outcome.code


@bp.get("/<uuid:registration_id>/handovers/<uuid:item_id>")
@needs(Permission.CONTINUITY_READ)
def handover(registration_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Show an item with all its deliveries."""
    registration, item = _found(registration_id, item_id)
    deliveries = queries.deliveries(item)
    return render_template(
        "continuity/handover.html",
        registration=registration,
        item=item,
        deliveries=deliveries,
        freshness=queries.freshness(item, deliveries[0] if deliveries else None, today_here()),
        steps=queries.climbed(item, deliveries[0] if deliveries else None, today_here(), standing().zone),
        rungs=RUNG_LABELS,
        changes=CHANGE_LABELS,
        kinds=HANDOVER_LABELS,
        states=STATE_LABELS,
    )


@bp.route("/<uuid:registration_id>/handovers/<uuid:item_id>/edit", methods=["GET", "POST"])
@needs(Permission.CONTINUITY_EDIT)
def handover_edit(registration_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Change what must be handed over."""
    registration, item = _found(registration_id, item_id)
    form = ItemForm(obj=item)
    outcome = submit(form, lambda: services.change_item(item, form.values(), seen=form.version.data or 0), item)
    if outcome.saved:
        flash(_("Saved."), "success")
        return redirect(url_for(".handover", registration_id=registration_id, item_id=item_id))
    page = render_template(
        "continuity/handover_edit.html", registration=registration, item=item, form=form, outcome=outcome
    )
    return page, outcome.code


@bp.route("/<uuid:registration_id>/handovers/<uuid:item_id>/deliver", methods=["GET", "POST"])
@needs(Permission.HANDOVER_DELIVER)
def handover_deliver(registration_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Record that a new version was handed over."""
    registration, item = _found(registration_id, item_id)
    visitor, last = existing(person()), services.newest_delivery(item)
    number = last.number if last else 0
    form = DeliveryForm(data={"version": number, "delivered_on": today_here(), "delivered_by": visitor.name})
    outcome = submit(form, lambda: services.deliver(item, form.values(), seen=form.version.data or 0), last)
    if outcome.code == 409:
        form.version.data = number
    if outcome.saved:
        flash(_("Handed over. It counts once the foundation confirms it."), "success")
        return redirect(url_for(".handovers", registration_id=registration_id))
    page = render_template(
        "continuity/handover_deliver.html", registration=registration, item=item, form=form, outcome=outcome
    )
    return page, outcome.code


@bp.route("/<uuid:registration_id>/handovers/changes", methods=["GET", "POST"])
@needs(Permission.CONTINUITY_EDIT)
def handovers_changed(registration_id: UUID) -> ResponseReturnValue:
    """Note what happened, and that it made items stale at once."""
    registration = existing(shared.registration(registration_id))
    items = {row.id: row for row in shared.parts(HandoverItem, registration)}
    form = ChangesForm()
    form.items.choices = fields.offered(
        (str(row.id), f"{row.label} ({row.owner})" if row.owner else row.label) for row in items.values()
    )
    outcome = submit(
        form,
        lambda: services.note_changes(
            [items[UUID(one)] for one in form.items.data],
            ChangeKind(form.kind.data),
            form.what.data,
            today=today_here(),
        ),
    )
    if outcome.saved:
        flash(_("Noted. Hand over the new version as soon as you can."), "warning")
        return redirect(url_for(".handovers", registration_id=registration_id))
    page = render_template("continuity/handovers_changed.html", registration=registration, form=form, outcome=outcome)
    return page, outcome.code


@bp.post("/<uuid:registration_id>/handovers/<uuid:item_id>/changed")
@needs(Permission.CONTINUITY_EDIT)
def handover_changed(registration_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Note that what the foundation holds is no longer the newest."""
    _registration, item = _found(registration_id, item_id)
    services.note_change(item, today=today_here())
    flash(_("Noted. Hand over the new version as soon as you can."), "warning")
    return redirect(url_for(".handovers", registration_id=registration_id))
