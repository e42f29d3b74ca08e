"""Pages of lessons."""

from datetime import timedelta
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from plans.calamity.blueprint import bp
from plans.calamity.forms import LessonForm, lesson_form
from plans.calamity.learning import Learned, add_lesson, change_lesson, lessons
from plans.calamity.queries import exists
from plans.errors import PlanError
from plans.items.queries import people
from plans.turns import seen
from tenants.door import needs, today_here
from tenants.owned import EditConflict
from tenants.permissions import Permission

DUE = timedelta(days=60)


@bp.route("/<uuid:calamity_id>/lessons", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def lesson_add(calamity_id: UUID) -> ResponseReturnValue:
    """Add a lesson."""
    if not exists(calamity_id):
        abort(404)
    form, status = lesson_form(people().values(), today_here() + DUE), 200
    if form.is_submitted():
        status = 422
    if form.validate_on_submit():
        try:
            add_lesson(calamity_id, form.values(), row_id=form.new_row.row_id)
        except PlanError as error:
            form[error.field].errors = [str(error.text)]
        else:
            flash(_("The lesson was added."), "success")
            return redirect(url_for(".report", calamity_id=calamity_id, _anchor="lessons"))
    return _page(form, calamity_id, None), status


@bp.route("/lessons/<uuid:lesson_id>", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def lesson(lesson_id: UUID) -> ResponseReturnValue:
    """Change a lesson, or close it by telling what was done."""
    found = next((one for one in lessons() if one.id == lesson_id), None) or abort(404)
    form, status = lesson_form(people().values(), found.due_on, found), 200
    if form.is_submitted():
        status = 422
    if form.validate_on_submit():
        try:
            change_lesson(
                lesson_id,
                form.values(),
                form.outcome.data or "",
                by=g.me.name,
                today=today_here(),
                seen=form.seen.data,
            )
        except EditConflict:
            form.seen.data, status = seen([found]), 409
        except PlanError as error:
            form[error.field].errors = [str(error.text)]
        else:
            flash(_("Saved."), "success")
            return redirect(url_for(".report", calamity_id=found.calamity_id, _anchor="lessons"))
    return _page(form, found.calamity_id, found, conflict=status == 409), status


def _page(form: LessonForm, calamity_id: UUID, found: Learned | None, *, conflict: bool = False) -> str:
    return render_template("calamity/lesson.html", form=form, calamity_id=calamity_id, found=found, conflict=conflict)
