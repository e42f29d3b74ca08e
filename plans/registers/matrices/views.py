"""The pages of the two matrices."""

from collections.abc import Collection
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from plans.errors import NotThere
from plans.registers.blueprint import bp
from plans.registers.forms import read_page
from plans.registers.matrices import queries, services
from plans.registers.matrices.forms import Ticks, read_ticks
from plans.registers.matrices.queries import Grid
from plans.registers.matrices.services import Contradiction
from plans.registers.matrices.shape import DATA_NEEDED, SYSTEMS_USED, Matrix
from tenants.door import needs
from tenants.permissions import Permission


@bp.get("/systems-used")
@needs(Permission.PLAN_READ)
def systems_used() -> ResponseReturnValue:
    """Show which department uses which system."""
    return _page(SYSTEMS_USED, queries.grid(SYSTEMS_USED, read_page(request.args)))


@bp.post("/systems-used")
@needs(Permission.PLAN_EDIT)
def save_systems_used() -> ResponseReturnValue:
    """Save which department uses which system."""
    return _save(SYSTEMS_USED)


@bp.get("/data-needed")
@needs(Permission.PLAN_READ)
def data_needed() -> ResponseReturnValue:
    """Show which department needs which data."""
    return _page(DATA_NEEDED, queries.grid(DATA_NEEDED, read_page(request.args)))


@bp.post("/data-needed")
@needs(Permission.PLAN_EDIT)
def save_data_needed() -> ResponseReturnValue:
    """Save which department needs which data."""
    return _save(DATA_NEEDED)


def _save(matrix: Matrix) -> ResponseReturnValue:
    page = read_page(request.args)
    try:
        ticks = read_ticks(request.form)
    except NotThere:
        abort(404)
    try:
        saved = services.save_ticks(matrix, ticks)
    except NotThere:
        abort(404)
    except Contradiction as error:
        return _page(matrix, queries.grid(matrix, page), ticks, error.department_ids), 422
    for name in saved.unmarked:
        flash(str(matrix.unmarked) % {"department": name}, "warning")
    if saved.number:
        flash(ngettext("Saved: %(num)s change.", "Saved: %(num)s changes.", saved.number), "success")
    else:
        flash(_("Nothing was changed."), "success")
    return redirect(url_for(matrix.endpoint, page=page if page > 1 else None))


def _page(matrix: Matrix, grid: Grid, ticks: Ticks | None = None, wrong: Collection[UUID] = ()) -> str:
    """Show one page of a matrix; with `ticks` what was touched as it was sent, the rest as it is stored now."""
    used, without = grid.used, grid.none
    if ticks is not None:
        used = (used | (ticks.used - ticks.used_before)) - (ticks.used_before - ticks.used)
        without = (without | (ticks.none - ticks.none_before)) - (ticks.none_before - ticks.none)
    return render_template(
        "registers/matrix.html",
        matrix=matrix,
        grid=grid,
        used=used,
        without=without,
        problems=[str(matrix.contradiction) % {"department": one.name} for one in grid.departments if one.id in wrong],
        failed=bool(wrong),
        page_href=lambda page: url_for(matrix.endpoint, page=page),
    )
