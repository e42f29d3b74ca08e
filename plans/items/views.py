"""Answer an item, fill its seats."""

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from plans.blueprint import bp
from plans.errors import PlanError
from plans.guide.walking import nothing_text, onward, open_text, saved_text
from plans.items import services
from plans.items.forms import answer_values, not_known, seat_values, seats_form
from plans.items.myself import HEADS, lead_every, sit_in_every
from plans.items.naming import add_names, names_form, naming_at
from plans.items.panels import stored_fields
from plans.items.queries import may_sit, people, seated
from plans.items.signing_in import FORMS, ITEMS, asked_at
from plans.pages import Sent, item_named, item_page, item_url
from plans.registers import services as services_of_rows
from plans.registers.undo.services import Record
from plans.registers.undo.views import say_added
from plans.shapes import Shape, shape_of
from plans.upkeep.looking import settle
from tenants.door import needs, standing, today_here
from tenants.owned import EditConflict
from tenants.permissions import MEMBER_EDITORS, Permission


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


@bp.post("/<section>/<name>/myself")
@needs(Permission.PLAN_EDIT)
def sit_myself(section: str, name: str) -> ResponseReturnValue:
    """Put whoever asks in every place of an item that is still empty."""
    found, record = item_named(section, name, (Shape.SEATS, Shape.REGISTER)), Record(clock.now())
    if standing().capacity not in MEMBER_EDITORS:
        abort(403)
    if shape_of(found) is Shape.REGISTER and found.id != HEADS:
        abort(404)
    try:
        if found.id == HEADS:
            contact = lead_every(g.me.name, g.me.email, record)
        else:
            contact = sit_in_every(found.id, g.me.name, g.me.email, seen=request.form.get("seen", ""))
    except EditConflict:
        return item_page(found, Sent(conflict=True))
    settle(found.id, by=g.me.name, today=today_here())
    if contact.phone:
        say_added(_("Saved: you are in every place that was empty."), record)
        return redirect(item_url(found))
    flash(_("Saved: you are in every place that was empty. Fill in your telephone number, so that you can be called."))
    return redirect(url_for("registers.edit", register="contacts", row_id=contact.id, new="yes"))


@bp.post("/<section>/<name>/names")
@needs(Permission.PLAN_EDIT)
def add_named(section: str, name: str) -> ResponseReturnValue:
    """Name what an item is about, as long as nothing of it is there."""
    found = item_named(section, name, (Shape.REGISTER,))
    naming = naming_at(found.id)
    if naming is None or naming.register != request.form.get("register"):
        return redirect(item_url(found))  # somebody named the first meanwhile
    form = names_form(naming)
    if not form.validate_on_submit():
        return item_page(found, Sent(form))
    record = Record(clock.now())
    try:
        added = add_names(naming, form.names.data, record)
    except PlanError as error:
        form.names.errors = [str(error.text)]
        return item_page(found, Sent(form))
    say_added(ngettext("Saved: %(num)s name.", "Saved: %(num)s names.", added), record)
    return redirect(item_url(found))


@bp.post("/<section>/<name>/signing-in")
@needs(Permission.PLAN_EDIT)
def sign_in_told(section: str, name: str) -> ResponseReturnValue:
    """Save how one signs in to one record of the item's register, and ask about the next."""
    found = item_named(section, name, (Shape.REGISTER,))
    register = ITEMS.get(found.id)
    form = FORMS[register.slug]() if register else None
    asked = asked_at(found.id, form.new_id) if form and form.new_id else None
    if register is None or form is None or asked is None:
        return redirect(item_url(found))  # somebody told it meanwhile, or put the record away
    if not form.validate_on_submit():
        return item_page(found, Sent(form))
    if not any(form.values().values()):
        flash(open_text(), "warning")
        return onward(found)
    try:
        services_of_rows.change_row(
            register, asked.id, form.values(), version=form.version_shown, record=Record(clock.now())
        )
    except EditConflict:
        form.show_version(asked.version)
        form.second_step.errors = [_("Somebody else saved this record meanwhile. Save again if yours is right.")]
        return item_page(found, Sent(form))
    flash(_("Saved: %(name)s.", name=asked.name), "success")
    return redirect(item_url(found)) if asked_at(found.id) else onward(found)
