"""The page on which reports are put on a schedule."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from audits.made import queries, schedules
from audits.made.models import Cadence
from audits.made.naming import ALL, title_of
from audits.made.rights import shows
from audits.made.schedules import ScheduleError, ScheduleValues
from core import clock
from core.i18n import Language, language
from tenants.door import needs, standing, today_here
from tenants.permissions import Permission

bp = Blueprint("report_schedules", __name__, url_prefix="/o/<slug>/reports/schedules")
CADENCE_LABELS: Mapping[Cadence, Any] = {
    Cadence.WEEKLY: _l("Every week, on Monday"),
    Cadence.MONTHLY: _l("Every month, on the first"),
    Cadence.QUARTERLY: _l("Every quarter, on its first day"),
}


@bp.get("/")
@needs(Permission.REPORT_SCHEDULE)
def index() -> ResponseReturnValue:
    """Show the schedules, and the form to add one."""
    return _index("", "", language().value, frozenset())


@bp.post("/")
@needs(Permission.REPORT_SCHEDULE)
def add() -> ResponseReturnValue:
    """Add a schedule."""
    name, cadence = request.form.get("name", ""), request.form.get("cadence", "")
    chosen, typed = request.form.get("language", ""), frozenset(request.form.getlist("people"))
    if name not in _names() or cadence not in tuple(Cadence) or chosen not in tuple(Language):
        abort(404)
    here = {str(user_id): user_id for user_id, _name in queries.people_here()}
    people = frozenset(here[one] for one in typed if one in here)
    try:
        schedules.add(
            ScheduleValues(name, Cadence(cadence), Language(chosen), people), here.values(), today=today_here()
        )
    except ScheduleError as error:
        return _index(name, cadence, chosen, typed, str(error.message)), 422
    flash(_("The report is made from the next period on."))
    return redirect(url_for("report_schedules.index"), 303)


@bp.post("/<uuid:schedule_id>/end")
@needs(Permission.REPORT_SCHEDULE)
def end(schedule_id: UUID) -> ResponseReturnValue:
    """End a schedule."""
    if not schedules.end(schedule_id, at=clock.now()):
        abort(404)
    flash(_("The schedule has ended. What was made stays."))
    return redirect(url_for("report_schedules.index"), 303)


def _names() -> dict[str, str]:
    return {one.name: str(one.title) for one in ALL if shows(one.name, standing()) is not None}


def _index(name: str, cadence: str, chosen: str, people: frozenset[str], error: str = "") -> str:
    return render_template(
        "made/schedules.html",
        schedules=queries.schedules(),
        names=_names(),
        cadences=CADENCE_LABELS,
        people=queries.people_here(),
        typed={"name": name, "cadence": cadence, "language": chosen, "people": people},
        title_of=title_of,
        error=error,
    )
