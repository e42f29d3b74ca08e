"""Answer own items; add, change and end them."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import clock
from plans.blueprint import bp
from plans.errors import NotThere, PlanError
from plans.guide.walking import onward, saved_text
from plans.handbook import SECTION_TITLES, Section
from plans.items import services as items
from plans.items.queries import answers
from plans.models import OwnKind
from plans.own_items import services
from plans.own_items.forms import NewOwnForm, OwnForm, answer_form, answer_values, own_form
from plans.own_items.ids import row_of
from plans.own_items.kinds import KIND_LABELS
from plans.own_items.queries import Own, own_item, own_items
from plans.pages import Sent, item_named, item_page, item_url, section_named
from plans.shapes import Shape
from tenants.door import needs, today_here
from tenants.owned import EditConflict
from tenants.permissions import Permission


@bp.get("/own/<uuid:own_id>")
@needs(Permission.PLAN_READ)
def own(own_id: UUID) -> ResponseReturnValue:
    """Go to an own item, whatever its section."""
    found = next((one for one in own_items() if one.id == own_id), None)
    if found is None:
        abort(404)
    return redirect(url_for(".own_list", section=found.section.value) if found.ended else item_url(found.item))


@bp.post("/<section>/<name>/own-answer")
@needs(Permission.PLAN_EDIT)
def own_answer(section: str, name: str) -> ResponseReturnValue:
    """Save the answer to an own item, complete or not."""
    item = item_named(section, name, (Shape.OWN,))
    asked = _found(item.section, row_of(name))
    form = answer_form(asked, answers([item.id]).get(item.id))
    if not form.validate_on_submit():
        return item_page(item, Sent(form))
    try:
        items.save_answer(item.id, answer_values(form), by=g.me.name, today=today_here(), seen=form.seen.data)
    except EditConflict:
        return item_page(item, Sent(form, conflict=True))
    flash(saved_text(), "success")
    return onward(item)


@bp.get("/<section>/own")
@needs(Permission.PLAN_READ)
def own_list(section: str) -> ResponseReturnValue:
    """Show the own items of a section, those that ended too."""
    return _list_page(section_named(section), NewOwnForm(formdata=None))


@bp.post("/<section>/own")
@needs(Permission.PLAN_EDIT)
def own_add(section: str) -> ResponseReturnValue:
    """Add an own item to a section."""
    found, form = section_named(section), NewOwnForm()
    if not form.validate_on_submit():
        return _list_page(found, form, 422)
    adder = services.Adder(g.me.name, today_here())
    try:
        kind = OwnKind(form.kind.data or OwnKind.TEXT)
        services.add_own(found, kind, form.values(), adder, row_id=form.new_row.row_id)
    except PlanError as error:
        form[error.field].errors = [str(error.text)]
        return _list_page(found, form, 422)
    flash(_("Your question was added."), "success")
    return _to_list(found)


@bp.get("/<section>/own/<uuid:own_id>")
@needs(Permission.PLAN_EDIT)
def own_edit(section: str, own_id: UUID) -> ResponseReturnValue:
    """Show the form of an own item."""
    found = _found(section_named(section), own_id)
    return _edit_page(found, own_form(found, formdata=None))


@bp.post("/<section>/own/<uuid:own_id>")
@needs(Permission.PLAN_EDIT)
def own_change(section: str, own_id: UUID) -> ResponseReturnValue:
    """Change what an own item asks."""
    found = _found(section_named(section), own_id)
    form = own_form(found)
    if not form.validate_on_submit():
        return _edit_page(found, form, 422)
    version = int(form.seen.data or 0) if str(form.seen.data).isdecimal() else 0
    try:
        services.change_own(found.section, own_id, form.values(), version=version)
    except PlanError as error:
        form[error.field].errors = [str(error.text)]
        return _edit_page(found, form, 422)
    except EditConflict:
        form.seen.data = str(found.version)
        return _edit_page(found, form, 409)
    flash(_("Saved."), "success")
    return _to_list(found.section)


@bp.post("/<section>/own/<uuid:own_id>/end")
@needs(Permission.PLAN_EDIT)
def own_end(section: str, own_id: UUID) -> ResponseReturnValue:
    """No longer ask an own item."""
    found = section_named(section)
    try:
        services.end_own(found, own_id, at=clock.now())
    except NotThere:
        abort(404)
    flash(_("This is no longer asked. What was answered stays."), "success")
    return _to_list(found)


@bp.post("/<section>/own/<uuid:own_id>/again")
@needs(Permission.PLAN_EDIT)
def own_again(section: str, own_id: UUID) -> ResponseReturnValue:
    """Ask an own item again that had ended."""
    found = section_named(section)
    try:
        services.ask_again(found, own_id)
    except NotThere:
        abort(404)
    flash(_("This is asked again."), "success")
    return _to_list(found)


def _found(section: Section, row_id: UUID | None) -> Own:
    found = own_item(section, row_id) if row_id else None
    if found is None:
        abort(404)
    return found


def _to_list(section: Section) -> Response:
    return redirect(url_for(".own_list", section=section.value))


def _list_page(section: Section, form: NewOwnForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "own_items/list.html",
        section=section,
        section_title=SECTION_TITLES[section],
        found=own_items(section),
        kinds=KIND_LABELS,
        form=form,
        item_url=item_url,
        failed=status != 200,
    )
    return page, status


def _edit_page(found: Own, form: OwnForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "own_items/edit.html",
        own=found,
        section_title=SECTION_TITLES[found.section],
        form=form,
        conflict=status == 409,
        failed=status != 200,
    )
    return page, status
