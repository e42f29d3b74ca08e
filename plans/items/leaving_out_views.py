"""Propose to leave an item out, approve or refuse that, let it count again."""

from uuid import UUID

from flask import abort, flash, g, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from plans.blueprint import bp
from plans.errors import NotThere, PlanError
from plans.guide.walking import onward
from plans.items import leaving_out
from plans.items.forms import refusal_form
from plans.items.leaving_out import NoLongerWaiting, Signer
from plans.pages import Sent, item_named, item_page, item_url, item_waiver_form
from tenants.door import needs, standing, today_here
from tenants.owned import EditConflict
from tenants.people.queries import owners
from tenants.permissions import Permission


@bp.post("/<section>/<name>/waivers")
@needs(Permission.WAIVER_PROPOSE)
def waive(section: str, name: str) -> ResponseReturnValue:
    """Propose to leave an item, or a part of it, out for a while; the only owner decides by that."""
    found, who = item_named(section, name), _signer()
    form = item_waiver_form(found)
    if not form.validate_on_submit():
        return item_page(found, Sent(waiver=form))
    try:
        row = leaving_out.propose(found.id, form.values(), who, seen=form.left_out.data)
        text = _("Proposed. It goes on counting until an owner approves it.")
        if standing().may(Permission.WAIVER_APPROVE) and (all_owners := owners(who.at)) <= {who.id}:
            leaving_out.approve(found.id, row.id, who, owners=all_owners)
            text = _("This is now left out of the plan. You are the only owner, so your own decision is the approval.")
    except PlanError as error:
        form[error.field].errors = [error.text]
        return item_page(found, Sent(waiver=form))
    except EditConflict:
        return item_page(found, Sent(waiver=form, conflict=True))
    flash(text, "success")
    return onward(found)


@bp.post("/<section>/<name>/waivers/<uuid:waiver_id>/approve")
@needs(Permission.WAIVER_APPROVE)
def approve_waiver(section: str, name: str, waiver_id: UUID) -> ResponseReturnValue:
    """Approve what somebody proposed to leave out."""
    found, who = item_named(section, name), _signer()
    try:
        row = leaving_out.approve(found.id, waiver_id, who, owners=owners(who.at))
    except NotThere:
        abort(404)
    except (NoLongerWaiting, PlanError) as error:
        return item_page(found, Sent(refused=str(error.text)))
    flash(
        _("Approved: this is now left out. You are the only owner, so you approved your own proposal.")
        if row.alone
        else _("Approved: this is now left out of the plan."),
        "success",
    )
    return redirect(item_url(found))


@bp.post("/<section>/<name>/waivers/<uuid:waiver_id>/refuse")
@needs(Permission.WAIVER_APPROVE)
def refuse_waiver(section: str, name: str, waiver_id: UUID) -> ResponseReturnValue:
    """Refuse what somebody proposed to leave out, and say why."""
    found, form = item_named(section, name), refusal_form(waiver_id)
    try:
        leaving_out.waiver_of(found.id, waiver_id)
        if not form.validate_on_submit():
            return item_page(found, Sent(refusal=form, refusing=waiver_id))
        leaving_out.refuse(found.id, waiver_id, form.refusal.data, _signer())
    except NotThere:
        abort(404)
    except NoLongerWaiting as error:
        return item_page(found, Sent(refused=str(error.text)))
    except PlanError as error:
        form[error.field].errors = [error.text]
        return item_page(found, Sent(refusal=form, refusing=waiver_id))
    flash(_("Refused: it goes on counting. Your reason stands beside it."), "success")
    return redirect(item_url(found))


@bp.post("/<section>/<name>/waivers/<uuid:waiver_id>/end")
@needs(Permission.PLAN_EDIT)
def unwaive(section: str, name: str, waiver_id: UUID) -> ResponseReturnValue:
    """Let an item, or a part of it, count again, or withdraw what was proposed."""
    found = item_named(section, name)
    try:
        leaving_out.take_back_in(found.id, waiver_id, at=clock.now())
    except NotThere:
        abort(404)
    flash(_("This is part of the plan again."), "success")
    return redirect(item_url(found))


def _signer() -> Signer:
    return Signer(g.me.user_id, g.me.name, clock.now(), today_here())
