"""Answer an item, fill its seats, leave it out."""

from uuid import UUID

from flask import abort, flash, g, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from plans.blueprint import bp
from plans.errors import NotThere, PlanError
from plans.guide.walking import onward, saved_text
from plans.items import services
from plans.items.forms import answer_values, seat_values, seats_form
from plans.items.panels import stored_fields
from plans.items.queries import may_sit, people, seated
from plans.pages import Sent, item_named, item_page, item_url, item_waiver_form
from plans.shapes import Shape
from plans.upkeep.looking import settle
from tenants.door import needs, today_here
from tenants.owned import EditConflict
from tenants.permissions import Permission


@bp.get("/<section>/<name>")
@needs(Permission.PLAN_READ)
def item(section: str, name: str) -> ResponseReturnValue:
    """Show one item of the plan."""
    return item_page(item_named(section, name))


@bp.post("/<section>/<name>/answer")
@needs(Permission.PLAN_EDIT)
def answer(section: str, name: str) -> ResponseReturnValue:
    """Save the answer to an item with fields, complete or not."""
    found = item_named(section, name, (Shape.FIELDS, Shape.INSTRUCTION))
    form = stored_fields(found.id).form
    if not form.validate_on_submit():
        return item_page(found, Sent(form))
    try:
        values = answer_values(found.id, form)
        services.save_answer(found.id, values, by=g.me.name, today=today_here(), seen=form.seen.data)
    except EditConflict:
        return item_page(found, Sent(form, conflict=True))
    flash(saved_text(), "success")
    return onward(found)


@bp.post("/<section>/<name>/seats")
@needs(Permission.PLAN_EDIT)
def assign(section: str, name: str) -> ResponseReturnValue:
    """Save who fills the seats of an item."""
    found = item_named(section, name, (Shape.SEATS,))
    sitting = seated([found.id])
    form = seats_form(found.id, sitting, may_sit(found.id, people(), sitting.values()))
    if not form.validate_on_submit():
        return item_page(found, Sent(form))
    try:
        services.assign(found.id, seat_values(found.id, form), seen=form.seen.data)
        settle(found.id, by=g.me.name, today=today_here())
    except EditConflict:
        return item_page(found, Sent(form, conflict=True))
    flash(saved_text(), "success")
    return onward(found)


@bp.post("/<section>/<name>/waivers")
@needs(Permission.PLAN_EDIT)
def waive(section: str, name: str) -> ResponseReturnValue:
    """Leave an item, or a part of it, out for a while."""
    found = item_named(section, name)
    form = item_waiver_form(found)
    if not form.validate_on_submit():
        return item_page(found, Sent(waiver=form))
    try:
        told = form.left_out.data
        services.waive(found.id, form.values(), by=g.me.name, today=today_here(), at=clock.now(), seen=told)
    except PlanError as error:
        form[error.field].errors = [error.text]
        return item_page(found, Sent(waiver=form))
    except EditConflict:
        return item_page(found, Sent(waiver=form, conflict=True))
    flash(_("This is now left out of the plan."), "success")
    return onward(found)


@bp.post("/<section>/<name>/waivers/<uuid:waiver_id>/end")
@needs(Permission.PLAN_EDIT)
def unwaive(section: str, name: str, waiver_id: UUID) -> ResponseReturnValue:
    """Let an item, or a part of it, count again."""
    found = item_named(section, name)
    try:
        services.unwaive(found.id, waiver_id, at=clock.now())
    except NotThere:
        abort(404)
    flash(_("This is part of the plan again."), "success")
    return redirect(item_url(found))
