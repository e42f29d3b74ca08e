"""Pages of a supplier: every opening of what it handed over, and its leave."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from continuity import queries as shared
from continuity.models import HandoverOpening, OpeningState, Registration
from continuity.openings import queries, services
from continuity.openings.forms import DecisionForm
from continuity.openings.services import Deposit
from continuity.openings.states import GROUND_LABELS, STATE_LABELS, Party
from continuity.pages import bp, existing
from continuity.saving import Outcome, submit
from core import clock
from tenants.door import needs
from tenants.permissions import Permission
from tenants.sessions import person


def _found(registration_id: UUID, opening_id: UUID) -> tuple[Registration, HandoverOpening, Deposit]:
    registration = existing(shared.registration(registration_id))
    one = existing(queries.opening(registration, opening_id))
    return registration, one.opening, queries.deposit(registration, one.item, one.delivery)


@bp.get("/<uuid:registration_id>/openings")
@needs(Permission.CONTINUITY_READ)
def openings(registration_id: UUID) -> ResponseReturnValue:
    """List every opening of what was handed over for a service."""
    registration = existing(shared.registration(registration_id))
    return render_template(
        "continuity/openings.html",
        registration=registration,
        openings=queries.openings([registration.id])[registration.id],
        states=STATE_LABELS,
        grounds=GROUND_LABELS,
    )


@bp.get("/<uuid:registration_id>/openings/<uuid:opening_id>")
@needs(Permission.CONTINUITY_READ)
def opening(registration_id: UUID, opening_id: UUID) -> ResponseReturnValue:
    """Show who opened what, when and why, and ask the owner for leave where it is needed."""
    return _page(*_found(registration_id, opening_id), DecisionForm(), Outcome())


def _page(
    registration: Registration, row: HandoverOpening, deposit: Deposit, form: FlaskForm, outcome: Outcome
) -> ResponseReturnValue:
    in_time = row.ended_at is None and clock.now() < row.until
    page = render_template(
        "continuity/opening.html",
        registration=registration,
        item=deposit.item,
        delivery=deposit.delivery,
        row=row,
        in_time=in_time,
        to_decide=in_time and row.state is OpeningState.ASKED,
        form=form,
        outcome=outcome,
        states=STATE_LABELS,
        grounds=GROUND_LABELS,
    )
    return page, outcome.code


@bp.post("/<uuid:registration_id>/openings/<uuid:opening_id>/decide")
@needs(Permission.OPENING_DECIDE)
def opening_decide(registration_id: UUID, opening_id: UUID) -> ResponseReturnValue:
    """Let two officers open a delivery, or refuse it."""
    registration, row, deposit = _found(registration_id, opening_id)
    visitor, form = existing(person()), DecisionForm()
    outcome = submit(
        form,
        lambda: services.decide(
            row,
            deposit,
            agreed=form.agreed.data == "yes",
            reason=form.reason.data,
            by=visitor.name,
            at=clock.now(),
        ),
    )
    if not outcome.saved:
        return _page(registration, row, deposit, form, outcome)
    flash(_("Noted. The foundation sees your answer."), "success")
    return redirect(url_for(".opening", registration_id=registration_id, opening_id=opening_id))


@bp.post("/<uuid:registration_id>/openings/<uuid:opening_id>/take-back")
@needs(Permission.OPENING_DECIDE)
def opening_take_back(registration_id: UUID, opening_id: UUID) -> ResponseReturnValue:
    """Take leave back before the contents were taken."""
    registration, row, deposit = _found(registration_id, opening_id)
    form = FlaskForm()
    outcome = submit(
        form,
        lambda: services.call_off(row, deposit, Party.SUPPLIER, by=existing(person()).name, at=clock.now()),
    )
    if not outcome.saved:
        return _page(registration, row, deposit, form, outcome)
    flash(_("Taken back: it is not opened."), "success")
    return redirect(url_for(".opening", registration_id=registration_id, opening_id=opening_id))
