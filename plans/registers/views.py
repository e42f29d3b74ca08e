"""Pages of the registers; PAGES lists the modules whose pages hang on the same blueprint."""

from dataclasses import replace
from types import MappingProxyType
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from core.ids import new_id
from core.serving.web import local_path
from plans.errors import NotThere
from plans.models import Contact
from plans.processes import views as process_views
from plans.registers import pages, queries, services
from plans.registers.blueprint import bp
from plans.registers.forms import RowForm, form_of, read_begun, read_wish
from plans.registers.matrices import views as matrix_views
from plans.registers.priorities import views as priority_views
from plans.registers.rows import Values, values_of
from plans.registers.shape import Column, Kind, Register, Row
from plans.registers.table import views as table_views
from plans.registers.table.forms import editable
from plans.registers.table.ticked import ticked_rows
from plans.registers.undo import views as undo_views
from plans.registers.undo.queries import Told, just_done
from plans.registers.undo.services import Record
from plans.starters.settling import settle
from plans.status import source
from tenants.door import needs, standing, today_here
from tenants.owned import EditConflict
from tenants.permissions import MEMBER_EDITORS, Permission
from tenants.prepared import number_in_use

__all__ = ["PAGES", "bp"]


bp.add_app_template_global(pages.record_link)

PAGES = (matrix_views, priority_views, process_views, table_views, undo_views)


@bp.get("/")
@needs(Permission.PLAN_READ)
def index() -> ResponseReturnValue:
    """Show all registers: how much is in them and what is still to be done."""
    return render_template("registers/index.html", groups=pages.cards(source().item_states()))


@bp.get("/<register>")
@needs(Permission.PLAN_READ)
def show(register: str) -> ResponseReturnValue:
    """Show one register as a table."""
    found = pages.register_named(register)
    wish = read_wish(found, request.args)
    if "column" in request.args:
        # The form of the columns says each by itself; the address keeps them in one word.
        return redirect(url_for(".show", register=register, **pages.address(wish)))
    columns = [found.column(name) for name in wish.shown(found)]
    listing = queries.listing(found, wish)
    return render_template(
        "registers/show.html",
        register=found,
        wish=wish,
        columns=columns,
        offered=editable(found),
        address=pages.address,
        listing=listing,
        lines=pages.lines(listing, columns),
        stands=pages.standing_of(found, source().states_of(found.items)),
        done=_just_done(),
        ticked=request.args.get("tick") == "all",
        page_href=lambda page: url_for(".show", register=register, **pages.address(replace(wish, page=page))),
    )


@bp.route("/<register>/new", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def add(register: str) -> ResponseReturnValue:
    """Add a row."""
    found = pages.register_named(register)
    myself = _myself(found)
    form = _form(found, None, myself)
    # Somebody who missed a row on another page goes back there.
    back = local_path(request.args.get("back"))
    if form.validate_on_submit():
        record = Record(clock.now())
        services.add_row(found, form.values(), row_id=form.new_id, record=record)
        onward = url_for(".add", register=register, back=back) if "another" in request.form else back
        if onward is None:
            flash(_("Saved."), "success")
            return redirect(url_for(".show", register=register, done=record.id))
        undo_views.say_added(_("Added: %(name)s.", name=form["name"].data), record)
        return redirect(onward)
    page = render_template("registers/add.html", register=found, form=form, back=back, myself=myself)
    return page, 422 if form.is_submitted() else 200


@bp.get("/<register>/<uuid:row_id>")
@needs(Permission.PLAN_READ)
def edit(register: str, row_id: UUID) -> ResponseReturnValue:
    """Show one row: to change it, or just to read for whoever may not, and once it has been put away."""
    found = pages.register_named(register)
    row = _row(found, row_id)
    places = pages.links(queries.places_of(row))
    if row.archived_at is not None or not standing().may(Permission.PLAN_EDIT):
        told = pages.told(found, row)
        return render_template("registers/record.html", register=found, row=row, told=told, places=places)
    return render_template("registers/edit.html", register=found, row=row, form=_form(found, row), places=places)


@bp.post("/<register>/<uuid:row_id>")
@needs(Permission.PLAN_EDIT)
def change(register: str, row_id: UUID) -> ResponseReturnValue:
    """Change a row."""
    found = pages.register_named(register)
    row = _row(found, row_id)
    form = _form(found, row)
    stored: list[tuple[Column, str]] | None
    status, stored = 422, None
    record = Record(clock.now())
    if form.validate():
        try:
            services.change_row(found, row_id, form.values(), version=form.version_shown, record=record)
        except EditConflict:
            status, stored = 409, pages.told_differences(found, row, form.values())
            form.show_version(row.version)
        else:
            # Whoever saves the whole row has decided on it; a single cell says little about the others.
            settle([row_id], today=today_here())
            flash(_("Saved."), "success")
            return redirect(url_for(".show", register=register, done=record.id))
    places = pages.links(queries.places_of(row))
    page = render_template("registers/edit.html", register=found, row=row, form=form, places=places, stored=stored)
    return page, status


@bp.post("/<register>/<uuid:row_id>/archive")
@needs(Permission.PLAN_EDIT)
def archive(register: str, row_id: UUID) -> ResponseReturnValue:
    """Put a row away; the list then offers to take it back."""
    found = pages.register_named(register)
    record = Record(clock.now())
    try:
        services.archive_rows(found, [row_id], at=record.at, record=record)
    except NotThere:
        abort(404)
    return redirect(url_for(".show", register=register, done=record.id))


@bp.post("/<register>/<uuid:row_id>/restore")
@needs(Permission.PLAN_EDIT)
def restore(register: str, row_id: UUID) -> ResponseReturnValue:
    """Take a row back that was put away."""
    found = pages.register_named(register)
    try:
        services.restore_row(found, row_id, record=Record(clock.now()))
    except NotThere:
        abort(404)
    flash(_("Put back into the register."), "success")
    return redirect(url_for(".show", register=register))


@bp.post("/<register>/confirm")
@needs(Permission.PLAN_EDIT)
def confirm(register: str) -> ResponseReturnValue:
    """Note that the ticked rows were checked today."""
    found = pages.register_named(register)
    record = Record(clock.now())
    try:
        ids = ticked_rows(found, request.form, request.args)
        number = services.confirm_rows(found, ids, today=today_here(), record=record)
    except NotThere:
        abort(404)
    except EditConflict:
        return pages.moved(found)
    if number:
        flash(ngettext("%(num)s record confirmed today.", "%(num)s records confirmed today.", number), "success")
    else:
        flash(_("Nothing was ticked, so nothing was confirmed."), "warning")
    wish = pages.address(read_wish(found, request.args))
    return redirect(url_for(".show", register=register, done=record.id if number else None, **wish))


def _row(register: Register, row_id: UUID) -> Row:
    try:
        return services.find_row(register, row_id)
    except NotThere:
        abort(404)


def _just_done() -> Told | None:
    """Return what was done a moment ago, to offer the way back."""
    change_id = request.args.get("done", type=UUID)
    return just_done(change_id) if change_id is not None else None


def _checked_today(register: Register) -> Values:
    """Return what a new form begins with: who types something in has it at hand. What is sent says it itself."""
    return {"confirmed_on": today_here()} if register.confirmable and request.method == "GET" else {}


def _myself(register: Register) -> Values:
    """Return what the very first contact begins with: whoever writes a plan of their own firm is one of its people."""
    if register.slug != "contacts" or request.method != "GET" or standing().capacity not in MEMBER_EDITORS:
        return {}
    return {} if number_in_use(Contact) else {"name": g.me.name, "email": g.me.email}


def _form(register: Register, row: Row | None, begun: Values = MappingProxyType({})) -> RowForm:
    """Return the form of a row, or of a new one, with its lists filled. begun: what a new one begins with besides."""
    held = values_of(register, row) if row is not None else {}
    new = {**_checked_today(register), **begun, **read_begun(register, request.args), "row_id": new_id()}
    if row is not None:
        # Whoever was just put in the list with one press comes to fill in what is missing: that is looking at it.
        looked = _checked_today(register) if "new" in request.args and not held.get("confirmed_on") else {}
        start = {**held, **looked, "version": row.version}
    else:
        start = new
    form = form_of(register)(data=start)
    contacts = queries.offered(register, Kind.CONTACT, held.values())
    form.offer(contacts, queries.offered(register, Kind.PARTY, held.values()))
    return form
