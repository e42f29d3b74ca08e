"""Pages of the registers; PAGES lists the modules whose pages hang on the same blueprint."""

from dataclasses import replace
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from core.ids import new_id
from core.web import local_path
from plans.errors import NotThere
from plans.registers import pages, queries, services
from plans.registers.blueprint import bp
from plans.registers.columns import register as register_called
from plans.registers.forms import RowForm, form_of, read_ids, read_wish
from plans.registers.matrices import views as matrix_views
from plans.registers.priorities import views as priority_views
from plans.registers.rows import values_of
from plans.registers.shape import Column, Kind, Register, Row
from plans.status import source
from tenants.door import needs, standing, today_here
from tenants.owned import EditConflict
from tenants.permissions import Permission

__all__ = ["PAGES", "bp"]

PAGES = (matrix_views, priority_views)


@bp.get("/")
@needs(Permission.PLAN_READ)
def index() -> ResponseReturnValue:
    """Show all registers: how much is in them and what is still to be done."""
    return render_template("registers/index.html", groups=pages.cards(source().item_states()))


@bp.get("/<register>")
@needs(Permission.PLAN_READ)
def show(register: str) -> ResponseReturnValue:
    """Show one register as a table."""
    found = _register(register)
    wish = read_wish(found, request.args)
    return render_template(
        "registers/show.html",
        register=found,
        wish=wish,
        address=pages.address,
        listing=queries.listing(found, wish),
        stands=pages.standing_of(found, source().item_states()),
        undo=_just_archived(found),
        ticked=request.args.get("tick") == "all",
        page_href=lambda page: url_for(".show", register=register, **pages.address(replace(wish, page=page))),
    )


@bp.route("/<register>/new", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def add(register: str) -> ResponseReturnValue:
    """Add a row."""
    found = _register(register)
    form = _form(found, None)
    # Somebody who missed a row on another page goes back there.
    back = local_path(request.args.get("back"))
    if form.validate_on_submit():
        services.add_row(found, form.values(), row_id=form.new_id)
        flash(_("Saved."), "success")
        if "another" in request.form:
            return redirect(url_for(".add", register=register, back=back))
        return redirect(back or url_for(".show", register=register))
    page = render_template("registers/add.html", register=found, form=form, back=back)
    return page, 422 if form.is_submitted() else 200


@bp.get("/<register>/<uuid:row_id>")
@needs(Permission.PLAN_READ)
def edit(register: str, row_id: UUID) -> ResponseReturnValue:
    """Show one row: to change it, or just to read for whoever may not, and once it has been put away."""
    found = _register(register)
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
    found = _register(register)
    row = _row(found, row_id)
    form = _form(found, row)
    stored: list[tuple[Column, str]] | None
    status, stored = 422, None
    if form.validate():
        try:
            services.change_row(found, row_id, form.values(), version=form.version_shown)
        except EditConflict:
            status, stored = 409, pages.told_differences(found, row, form.values())
            form.show_version(row.version)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for(".show", register=register))
    places = pages.links(queries.places_of(row))
    page = render_template("registers/edit.html", register=found, row=row, form=form, places=places, stored=stored)
    return page, status


@bp.post("/<register>/<uuid:row_id>/archive")
@needs(Permission.PLAN_EDIT)
def archive(register: str, row_id: UUID) -> ResponseReturnValue:
    """Put a row away; the list then offers to take it back."""
    found = _register(register)
    try:
        services.archive_row(found, row_id, at=clock.now())
    except NotThere:
        abort(404)
    return redirect(url_for(".show", register=register, put_away=row_id))


@bp.post("/<register>/<uuid:row_id>/restore")
@needs(Permission.PLAN_EDIT)
def restore(register: str, row_id: UUID) -> ResponseReturnValue:
    """Take a row back that was put away."""
    found = _register(register)
    try:
        services.restore_row(found, row_id)
    except NotThere:
        abort(404)
    flash(_("Taken back into the register."), "success")
    return redirect(url_for(".show", register=register))


@bp.post("/<register>/confirm")
@needs(Permission.PLAN_EDIT)
def confirm(register: str) -> ResponseReturnValue:
    """Note that the ticked rows were checked today."""
    found = _register(register)
    try:
        number = services.confirm_rows(found, read_ids(request.form.getlist("row")), today=today_here())
    except NotThere:
        abort(404)
    if number:
        flash(ngettext("%(num)s record confirmed today.", "%(num)s records confirmed today.", number), "success")
    else:
        flash(_("Nothing was ticked, so nothing was confirmed."), "warning")
    return redirect(url_for(".show", register=register, **pages.address(read_wish(found, request.args))))


def _register(slug: str) -> Register:
    try:
        return register_called(slug)
    except KeyError:
        abort(404)


def _row(register: Register, row_id: UUID) -> Row:
    try:
        return services.find_row(register, row_id)
    except NotThere:
        abort(404)


def _just_archived(register: Register) -> Row | None:
    """Return the row that was put away a moment ago, to offer the way back."""
    put_away = request.args.get("put_away", type=UUID)
    return queries.archived_row(register, put_away) if put_away is not None else None


def _form(register: Register, row: Row | None) -> RowForm:
    """Return the form of a row, or of a new one, with its lists filled."""
    held = values_of(register, row) if row is not None else {}
    start = {**held, "version": row.version} if row is not None else {"row_id": new_id()}
    form = form_of(register)(data=start)
    contacts = queries.offered(register, Kind.CONTACT, held.values())
    form.offer(contacts, queries.offered(register, Kind.PARTY, held.values()))
    return form
