"""Work in the table of a register: a cell, a column of several rows, several rows at once."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from plans.errors import NotThere, PlanError
from plans.registers import pages, queries, services
from plans.registers.blueprint import bp
from plans.registers.display import shown
from plans.registers.forms import RowForm, read_wish
from plans.registers.rows import differences, settled, values_of, with_forever
from plans.registers.shape import Column, Kind, Register, Row
from plans.registers.table.forms import cell_form, shared
from plans.registers.table.ticked import every, ticked_rows
from plans.registers.undo.queries import just_done
from plans.registers.undo.services import Record
from plans.turns import seen
from tenants.door import needs
from tenants.owned import EditConflict
from tenants.permissions import Permission

# Rows that a preview shows; the page must stay light.
MOST_SHOWN = 200


@bp.get("/<register>/<uuid:row_id>/<column>")
@needs(Permission.PLAN_EDIT)
def cell(register: str, row_id: UUID, column: str) -> ResponseReturnValue:
    """Show one cell as a small form, for the script of the table; without it the page of the row serves."""
    found, one, row = _cell(register, row_id, column)
    return _cell_page(found, one, row, _form(found, one, row))


@bp.post("/<register>/<uuid:row_id>/<column>")
@needs(Permission.PLAN_EDIT)
def change_cell(register: str, row_id: UUID, column: str) -> ResponseReturnValue:
    """Change one cell; answer with what stands in it now, or with the form and what is wrong."""
    found, one, row = _cell(register, row_id, column)
    form = _form(found, one, row)
    if not form.validate():
        return _cell_page(found, one, row, form), 422
    record = Record(clock.now())
    try:
        services.change_row(found, row_id, form.values(), version=form.version_shown, record=record)
    except PlanError as wrong:
        form[column].errors = [wrong.text]
        return _cell_page(found, one, row, form), 422
    except EditConflict:
        form.show_version(row.version)
        return _cell_page(found, one, row, form, conflict=True), 409
    return render_template("registers/cell_done.html", text=_told(found, one, row), done=just_done(record.id))


def _cell(slug: str, row_id: UUID, name: str) -> tuple[Register, Column, Row]:
    register = pages.register_named(slug)
    try:
        column, row = register.column(name), services.find_row(register, row_id)
    except (KeyError, NotThere):
        abort(404)
    if name == "perpetual" or row.archived_at is not None:
        abort(404)
    return register, column, row


def _cell_page(register: Register, column: Column, row: Row, form: RowForm, *, conflict: bool = False) -> str:
    stored = _told(register, column, row) if conflict else ""
    return render_template(
        "registers/cell.html", register=register, column=column, row=row, form=form, conflict=conflict, stored=stored
    )


def _told(register: Register, column: Column, row: Row) -> str:
    held = with_forever(register, values_of(register, row))
    return shown(column, held[column.name], queries.names_for(register))


def _form(register: Register, column: Column, row: Row | None) -> RowForm:
    """Return the form of one column, filled in as `row` has it, with its list filled."""
    start = {column.name: getattr(row, column.name), "version": row.version} if row is not None else {}
    form = cell_form(register, column)(data=start)
    held = start.values()
    form.offer(queries.offered(register, Kind.CONTACT, held), queries.offered(register, Kind.PARTY, held))
    return form


@bp.post("/<register>/archive")
@needs(Permission.PLAN_EDIT)
def archive_ticked(register: str) -> ResponseReturnValue:
    """Put the ticked rows away; the list then offers to take them back."""
    found, record = pages.register_named(register), Record(clock.now())
    wish = pages.address(read_wish(found, request.args))
    try:
        number = services.archive_rows(
            found, ticked_rows(found, request.form, request.args), at=record.at, record=record
        )
    except NotThere:
        abort(404)
    except EditConflict:
        return pages.moved(found)
    if not number:
        flash(_("Nothing was ticked, so nothing was put away."), "warning")
    return redirect(url_for(".show", register=register, done=record.id if number else None, **wish))


@bp.post("/<register>/bulk")
@needs(Permission.PLAN_EDIT)
def bulk(register: str) -> ResponseReturnValue:
    """Give one column of the ticked rows the same value: choose the column, fill it in, look, and save."""
    found = pages.register_named(register)
    try:
        ids = ticked_rows(found, request.form, request.args)
        rows = [row for row in services.find_rows(found, ids) if row.archived_at is None]
    except NotThere:
        abort(404)
    except EditConflict:
        return pages.moved(found)
    if not rows:
        flash(_("Nothing was ticked, so there is nothing to change."), "warning")
        return redirect(url_for(".show", register=register, **pages.address(read_wish(found, request.args))))
    column = next((one for one in shared(found) if one.name == request.form.get("field")), None)
    if column is None:
        return _bulk_template(found, rows, None, columns=shared(found))
    filled = request.form.get("step") in ("preview", "save")
    form = _form(found, column, None)
    if not filled:
        form.process(formdata=None)
        return _bulk_page(found, rows, column, form)
    if not form.validate():
        return _bulk_page(found, rows, column, form), 422
    if request.form["step"] == "preview":
        return _bulk_page(found, rows, column, form, preview=True)
    return _save_bulk(found, rows, column, form)


def _save_bulk(register: Register, rows: Collection[Row], column: Column, form: RowForm) -> ResponseReturnValue:
    record, value = Record(clock.now()), form.values()[column.name]
    ids = [row.id for row in rows]
    try:
        number = services.change_rows(
            register, ids, column.name, value, seen=request.form.get("seen", ""), record=record
        )
    except EditConflict:
        return _bulk_page(register, rows, column, form, preview=True, conflict=True), 409
    except PlanError as wrong:
        form[column.name].errors = [wrong.text]
        return _bulk_page(register, rows, column, form), 422
    flash(ngettext("%(num)s record changed.", "%(num)s records changed.", number), "success")
    wish = pages.address(read_wish(register, request.args))
    return redirect(url_for(".show", register=register.slug, done=record.id, **wish))


def _bulk_page(
    register: Register,
    rows: Collection[Row],
    column: Column,
    form: RowForm,
    *,
    preview: bool = False,
    conflict: bool = False,
) -> str:
    lines, names = [], queries.names_for(register)
    for row in list(rows)[:MOST_SHOWN] if preview else ():
        held = values_of(register, row)
        wanted = settled(register, form.values())
        now = shown(column, with_forever(register, held)[column.name], names)
        after = with_forever(register, held | wanted)[column.name]
        lines.append((row.name, now, shown(column, after, names), bool(differences(register, held, wanted))))
    return _bulk_template(
        register, rows, column, form=form, lines=lines, seen=seen(rows), preview=preview, conflict=conflict
    )


def _bulk_template(register: Register, rows: Collection[Row], column: Column | None, **more: Any) -> str:
    """Show a step of the change; rows that were meant all together are told by their number and the filter."""
    return render_template(
        "registers/bulk.html",
        register=register,
        rows=rows,
        column=column,
        every=every(request.form),
        asked=pages.address(read_wish(register, request.args)),
        **more,
    )
