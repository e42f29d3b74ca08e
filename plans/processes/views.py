"""The pages of what systems need."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from plans.errors import NotThere, PlanError
from plans.processes import proposing, protection, queries, services
from plans.processes.drawing import BOX_HEIGHT, BOX_WIDTH
from plans.processes.forms import ImpactForm, read_around, read_shown, read_wanted
from plans.processes.impact import EXAMPLES, LABELS
from plans.processes.network import network
from plans.processes.services import Wanted
from plans.registers.blueprint import bp
from plans.registers.forms import read_page
from plans.registers.people import DEPARTMENTS
from plans.registers.services import change_row
from plans.registers.undo.services import Record
from tenants.door import needs, today_here
from tenants.owned import EditConflict
from tenants.permissions import Permission


@bp.get("/recovery-order")
@needs(Permission.PLAN_READ)
def recovery_order() -> ResponseReturnValue:
    """Show in which order the systems come back, and what holds each of them up."""
    return render_template(
        "registers/order.html",
        chain=queries.chain(read_page(request.args)),
        page_href=lambda page: url_for(".recovery_order", page=page),
    )


@bp.get("/dependency-map")
@needs(Permission.PLAN_READ)
def dependency_map() -> ResponseReturnValue:
    """Draw what needs what, and list the same beside it."""
    # First: whoever tells it may look elsewhere, which empties the session.
    protections = protection.source().protections(today_here())
    found = network(read_around(request.args), protections)
    return render_template("registers/map.html", map=found, protections=protections, width=BOX_WIDTH, height=BOX_HEIGHT)


@bp.get("/systems/<uuid:row_id>/needs")
@needs(Permission.PLAN_READ)
def system_needs(row_id: UUID) -> ResponseReturnValue:
    """Show what a system needs to work."""
    return _page(row_id)


@bp.post("/systems/<uuid:row_id>/needs")
@needs(Permission.PLAN_EDIT)
def save_system_needs(row_id: UUID) -> ResponseReturnValue:
    """Save what a system needs to work."""
    try:
        wanted, shown = read_wanted(request.form), read_shown(request.form)
    except NotThere:
        abort(404)
    try:
        number = services.save_needs(row_id, wanted, shown=shown)
    except NotThere:
        abort(404)
    except PlanError as error:
        return _page(row_id, wanted, (str(error.text),)), 422
    except EditConflict:
        problem = _("Somebody else changed this while you were busy. Save again if it should be as you ticked it.")
        return _page(row_id, wanted, (problem,)), 409
    if number:
        flash(ngettext("Saved: %(num)s change.", "Saved: %(num)s changes.", number), "success")
    else:
        flash(_("Nothing was changed."), "success")
    return redirect(url_for(".edit", register="systems", row_id=row_id))


@bp.get("/departments/<uuid:row_id>/impact")
@needs(Permission.PLAN_READ)
def impact(row_id: UUID) -> ResponseReturnValue:
    """Show the five questions about an outage of a department."""
    return _impact_page(row_id)


@bp.post("/departments/<uuid:row_id>/impact")
@needs(Permission.PLAN_EDIT)
def save_impact(row_id: UUID) -> ResponseReturnValue:
    """Save the five answers."""
    form, record = ImpactForm(), Record(clock.now())
    if not form.validate():
        return _impact_page(row_id, form), 422
    try:
        changed = change_row(DEPARTMENTS, row_id, form.levels(), version=form.version_shown, record=record)
    except NotThere:
        abort(404)
    except EditConflict:
        return _impact_page(row_id, form, conflict=True), 409
    flash(_("Saved.") if changed else _("Nothing was changed."), "success")
    return redirect(url_for(".impact", row_id=row_id))


def _impact_page(row_id: UUID, form: ImpactForm | None = None, *, conflict: bool = False) -> str:
    """Show the five questions; with `form` as it was sent rather than as it is stored."""
    try:
        page = queries.impact_page(row_id)
    except NotThere:
        abort(404)
    if form is None:
        form = ImpactForm(data={**{name: level or "" for name, level in page.levels.items()}, "version": page.version})
    elif conflict:
        form.version.raw_data, form.version.data = None, str(page.version)
    return render_template(
        "registers/impact.html", page=page, form=form, conflict=conflict, examples=EXAMPLES, labels=LABELS
    )


@bp.post("/priorities/proposed")
@needs(Permission.PLAN_EDIT)
def take_proposals() -> ResponseReturnValue:
    """Fill in the proposed priorities and recovery times where none is told yet."""
    number = proposing.take_proposals(Record(clock.now()))
    if number:
        flash(ngettext("Filled in: %(num)s system.", "Filled in: %(num)s systems.", number), "success")
    else:
        flash(_("Nothing was changed."), "success")
    return redirect(url_for(".priorities"))


def _page(system_id: UUID, ticked: Wanted | None = None, problems: tuple[str, ...] = ()) -> str:
    """Show what a system needs; with `ticked` as it was sent rather than as it is stored."""
    try:
        page = queries.needs_page(system_id)
    except NotThere:
        abort(404)
    return render_template(
        "registers/needs.html", page=page, ticked=page.held if ticked is None else ticked, problems=problems
    )
