"""Answer an item, fill its seats."""

from flask import flash, g
from flask.typing import ResponseReturnValue

from plans.blueprint import bp
from plans.guide.walking import nothing_text, onward, open_text, saved_text
from plans.items import services
from plans.items.forms import answer_values, not_known, seat_values, seats_form
from plans.items.panels import stored_fields
from plans.items.queries import may_sit, people, seated
from plans.pages import Sent, item_named, item_page
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
    stored = stored_fields(found.id)
    form = stored.form
    if not form.validate_on_submit():
        return item_page(found, Sent(form))
    values = answer_values(found.id, form)
    if stored.answer is None and values == services.AnswerValues({}):
        flash(open_text() if not_known(found.id, form) else nothing_text(), "warning")
        return onward(found)
    try:
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
    chosen = seat_values(found.id, form)
    if not sitting and not any(one.contact_id or one.deputy_id for one in chosen.values()):
        flash(nothing_text(), "warning")
        return onward(found)
    try:
        services.assign(found.id, chosen, seen=form.seen.data)
        settle(found.id, by=g.me.name, today=today_here())
    except EditConflict:
        return item_page(found, Sent(form, conflict=True))
    flash(saved_text(), "success")
    return onward(found)
