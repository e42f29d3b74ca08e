"""The pages of the programme: the year, a planned test with its sample, and what restores proved."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from plans import handbook
from plans.blueprint import bp
from plans.errors import NotThere, PlanError
from plans.intervals import Interval, days
from plans.items.queries import people
from plans.pages import page_number
from plans.paging import cut
from plans.shapes import RESTORE
from plans.testing import programme
from plans.testing import programme_queries as queries
from plans.testing.forms import OUTCOME_LABELS
from plans.testing.loading import load_results
from plans.testing.panels import fresh_result_form
from plans.testing.programme_forms import (
    SAMPLE_LABELS,
    SampleForm,
    planned_form,
    title_of,
)
from plans.testing.programme_queries import Planned
from plans.testing.proof import hours_text, proofs
from plans.testing.queries import tested_systems
from plans.turns import seen
from plans.upkeep.queries import tightened
from tenants.door import needs, today_here
from tenants.owned import EditConflict
from tenants.permissions import Permission
from tenants.scope import current_scope

YEARS = range(2000, 2100)
PROVEN_SHOWN = 60


@bp.get("/testing/programme")
@needs(Permission.PLAN_READ)
def programme_year() -> ResponseReturnValue:
    """Show the tests of a year."""
    return _year_page(planned_form(people(), formdata=None))


@bp.post("/testing/programme")
@needs(Permission.PLAN_EDIT)
def planned_add() -> ResponseReturnValue:
    """Plan a test."""
    form = planned_form(people())
    if form.validate_on_submit():
        try:
            row = programme.plan_test(form.values(), today=today_here(), row_id=form.new_row.row_id)
        except PlanError as error:
            form[error.field].errors = [error.text]
        else:
            flash(_("The test was planned."), "success")
            return redirect(url_for(".programme_year", year=row.planned_on.year))
    return _year_page(form), 422


@bp.post("/testing/programme/propose")
@needs(Permission.PLAN_EDIT)
def programme_propose() -> ResponseReturnValue:
    """Plan every subject that is not on the programme of the year yet."""
    year = _year()
    added = programme.propose(year, today=today_here())
    flash(ngettext("%(num)s test was planned. Move what does not fit.",
                   "%(num)s tests were planned. Move what does not fit.", added), "success")  # fmt: skip
    return redirect(url_for(".programme_year", year=year))


@bp.get("/testing/programme/<uuid:planned_id>")
@needs(Permission.PLAN_READ)
def planned(planned_id: UUID) -> ResponseReturnValue:
    """Show a planned test."""
    return _planned_page(_planned(planned_id))


@bp.post("/testing/programme/<uuid:planned_id>")
@needs(Permission.PLAN_EDIT)
def planned_change(planned_id: UUID) -> ResponseReturnValue:
    """Change when, by whom and how a test is done."""
    found = _planned(planned_id)
    form = planned_form(people(), found)
    if not form.validate_on_submit():
        return _planned_page(found, form=form), 422
    try:
        programme.change_planned(planned_id, form.values(found.item_id), today=today_here(), seen=form.seen.data)
    except EditConflict:
        form.seen.data = seen([found])
        return _planned_page(found, form=form, conflict=True), 409
    except PlanError as error:
        form[error.field].errors = [error.text]
        return _planned_page(found, form=form), 422
    except NotThere:
        abort(404)
    flash(_("Saved."), "success")
    return redirect(url_for(".planned", planned_id=planned_id))


@bp.post("/testing/programme/<uuid:planned_id>/sample")
@needs(Permission.PLAN_EDIT)
def sample_draw(planned_id: UUID) -> ResponseReturnValue:
    """Draw the sample of a planned test by lot."""
    found, form = _planned(planned_id), SampleForm()
    if not form.validate_on_submit():
        return _planned_page(found, sample=form), 422
    try:
        programme.draw_sample(planned_id, form.values(), by=g.me.name, at=clock.now())
    except PlanError as error:
        form[error.field].errors = [error.text]
        return _planned_page(found, sample=form), 422
    except NotThere:
        abort(404)
    flash(_("The sample was drawn."), "success")
    return redirect(url_for(".planned", planned_id=planned_id))


@bp.post("/testing/programme/<uuid:planned_id>/result")
@needs(Permission.PLAN_EDIT)
def planned_record(planned_id: UUID) -> ResponseReturnValue:
    """Record how a planned test went."""
    found = _planned(planned_id)
    form = fresh_result_form(found.item_id, today_here())
    if not form.validate_on_submit():
        return _planned_page(found, result=form), 422
    try:
        row = programme.record(planned_id, form.values(), today=today_here(), row_id=form.new_row.row_id)
    except EditConflict:
        return _planned_page(_planned(planned_id), result=form, lost=True), 409
    except PlanError as error:
        form[error.field].errors = [error.text]
        return _planned_page(found, result=form), 422
    except NotThere:
        abort(404)
    flash(_("The result was recorded. Add what proves it, and what must follow."), "success")
    return redirect(url_for(".result", result_id=row.id))


@bp.post("/testing/programme/<uuid:planned_id>/put-away")
@needs(Permission.PLAN_EDIT)
def planned_put_away(planned_id: UUID) -> ResponseReturnValue:
    """Take a planned test off the programme."""
    try:
        programme.put_away(planned_id, at=clock.now())
    except NotThere:
        abort(404)
    flash(_("The test was taken off the programme."), "success")
    return redirect(url_for(".programme_year"))


@bp.get("/testing/proven")
@needs(Permission.PLAN_READ)
def proven() -> ResponseReturnValue:
    """Show what restores proved, against what was promised."""
    tenant_id, today = current_scope().only_tenant, today_here()
    restores = [one for one in load_results([tenant_id])[tenant_id] if one.item_id == RESTORE]
    allowed = timedelta(days=days({one.name: one.days for one in tightened()}, Interval.RESTORE))
    found = proofs(restores, today)
    rows = cut([(system, found.get(system.id)) for system in tested_systems()], page_number(), PROVEN_SHOWN)
    return render_template(
        "testing/proven.html",
        rows=rows,
        allowed=allowed,
        today=today,
        hours_text=hours_text,
        page_href=lambda page: url_for(".proven", page=page),
    )


def _year() -> int:
    told = request.values.get("year", "")
    here = today_here().year
    return int(told) if told.isascii() and told.isdigit() and int(told) in YEARS else here


def _year_page(form: Any) -> str:
    year, today = _year(), today_here()
    found = [one for one in queries.planned_tests() if one.planned_on.year == year and not one.archived]
    there = {one.item_id for one in found}
    open_ones = [one for one in queries.follow_ups() if one.closed_on is None]
    return render_template(
        "testing/programme.html",
        year=year,
        planned=found,
        missing=[item_id for item_id in programme.subjects() if item_id not in there],
        form=form,
        open_follow_ups=len(open_ones),
        outcomes=OUTCOME_LABELS,
        item_title=title_of,
        today=today,
    )


def _planned(planned_id: UUID) -> Planned:
    return queries.planned_named(planned_id) or abort(404)


def _planned_page(
    found: Planned,
    *,
    form: Any = None,
    sample: Any = None,
    result: Any = None,
    conflict: bool = False,
    lost: bool = False,
) -> str:
    return render_template(
        "testing/planned.html",
        planned=found,
        form=form or planned_form(people(), found, formdata=None),
        sample_form=sample or SampleForm(formdata=None),
        result_form=result or fresh_result_form(found.item_id, today_here(), formdata=None),
        names=queries.sample_names(found),
        samples=SAMPLE_LABELS,
        outcomes=OUTCOME_LABELS,
        item=handbook.item(found.item_id),
        conflict=conflict,
        lost=lost,
        today=today_here(),
    )
