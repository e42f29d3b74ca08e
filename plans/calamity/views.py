"""Pages of a calamity or an exercise: put the plan to work, run it, close it, look back."""

from datetime import datetime
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import clock
from plans.calamity import lesson_views, queries, services, telling
from plans.calamity.blueprint import bp
from plans.calamity.course import course
from plans.calamity.deciders import Account, deciders, may_decide
from plans.calamity.errors import AlreadyRunning, Closed
from plans.calamity.forms import (
    REPORTS,
    ActivateForm,
    WriteForm,
    about_of,
    activate_form,
    close_form,
    subject,
    tapped_form,
    write_form,
)
from plans.calamity.freezing import freeze
from plans.calamity.learning import lessons
from plans.calamity.queries import Told
from plans.calamity.reporting import reporting
from plans.calamity.term_forms import report_form
from plans.errors import NotThere, PlanError
from plans.models import EntryKind
from plans.signs.queries import signs
from tenants.door import needs, standing, today_here
from tenants.models import Alarm
from tenants.permissions import Permission

__all__ = ["VIEWS", "bp"]

VIEWS = (lesson_views,)


@bp.get("/")
@needs(Permission.PLAN_READ)
def index() -> ResponseReturnValue:
    """Show what is going on, what was, and how to begin."""
    found = queries.briefs()
    return render_template(
        "calamity/index.html",
        running=next((one for one in found if one.closed_at is None), None),
        past=[one for one in found if one.closed_at is not None],
        lessons=[one for one in lessons() if one.closed_on is None],
        still_due=queries.still_due(),
        now=clock.now(),
    )


@bp.get("/now")
@needs(Permission.PLAN_READ)
def now() -> ResponseReturnValue:
    """Lead to what is going on, from the line that every page shows."""
    found = queries.running()
    return redirect(url_for(".run", calamity_id=found.id) if found else url_for(".index"))


@bp.route("/activate/<any(real, exercise):kind>", methods=["GET", "POST"])
@needs(Permission.CALAMITY_ACTIVATE)
def activate(kind: str) -> ResponseReturnValue:
    """Put the plan to work; whoever may not decide it sees who may."""
    alarm, at = Alarm(kind), clock.now()
    form, allowed = activate_form([sign for sign in signs() if not sign.ends], at), may_decide(_account(), alarm)
    if not form.is_submitted():
        return _activate_page(form, alarm, 200, allowed=allowed)
    if not allowed:
        abort(403)
    if not form.validate():
        return _activate_page(form, alarm, 422)
    return _activated(form, alarm, at)


def _activated(form: ActivateForm, alarm: Alarm, at: datetime) -> ResponseReturnValue:
    try:
        row = services.activate(form.values(alarm), who=_account(), at=at, row_id=form.new_row.row_id)
    except AlreadyRunning as running:
        flash(str(running.text), "warning")
        return redirect(url_for(".run", calamity_id=running.calamity_id))
    except PlanError as error:
        form[error.field].errors = [str(error.text)]
        return _activate_page(form, alarm, 422)
    return redirect(url_for(".run", calamity_id=row.id))


def _activate_page(form: ActivateForm, alarm: Alarm, status: int, *, allowed: bool = True) -> ResponseReturnValue:
    page = render_template(
        "calamity/activate.html",
        form=form,
        alarm=alarm,
        allowed=allowed,
        deciders=deciders(),
        running=queries.running(),
    )
    return page, status


@bp.get("/sheet")
@needs(Permission.PLAN_READ)
def sheet() -> ResponseReturnValue:
    """Show an empty run sheet of the plan as it is now, to print and keep."""
    frozen, at = freeze(), clock.now()
    blank = reporting((), at, clock.DEFAULT_ZONE, frozen.reporters.hours)
    return render_template(
        "calamity/sheet.html", frozen=frozen, told=None, course=course(frozen, (), at, at), blank=blank
    )


@bp.get("/<uuid:calamity_id>/")
@needs(Permission.PLAN_READ)
def run(calamity_id: UUID) -> ResponseReturnValue:
    """Show what to do now, whom to call, and what was promised against the clock."""
    told = _told(calamity_id)
    if told.brief.closed_at is not None:
        return redirect(url_for(".report", calamity_id=calamity_id))
    return render_template(
        "calamity/run.html",
        told=told,
        form=_log_form(told),
        page_id=WriteForm(formdata=None).page_id.data,
        lines=telling.lines(told.course.timeline, told.frozen),
        may_close=may_decide(_account(), told.brief.kind),
        now=told.as_of,
    )


@bp.post("/<uuid:calamity_id>/entries")
@needs(Permission.CALAMITY_RUN)
def add_entry(calamity_id: UUID) -> ResponseReturnValue:
    """Write down what was tapped or typed."""
    did, at = request.form.get("did", ""), clock.now()
    form = tapped_form(did)
    values = form.values(did, at) if form.validate() else None
    if values is None:
        return _write_page(calamity_id, about_of(did), 422)
    try:
        services.write_down(calamity_id, values, by=_account().name, at=at, row_id=form.row_id(did))
    except NotThere:
        abort(404)
    except Closed as closed:
        if values.text:
            return _report_page(_told(calamity_id), values.text), 409
        flash(str(closed.text), "warning")
        return redirect(url_for(".report", calamity_id=calamity_id))
    except PlanError as error:
        return _write_page(calamity_id, about_of(did), 422, error)
    anchor = about_of(did) if values.kind is not EntryKind.RETRACTED else "run"
    return redirect(url_for(".run", calamity_id=calamity_id, _anchor=anchor))


@bp.get("/<uuid:calamity_id>/write/<about>")
@needs(Permission.CALAMITY_RUN)
def write(calamity_id: UUID, about: str) -> ResponseReturnValue:
    """Show the form to write something down in words, with a time of its own."""
    return _write_page(calamity_id, about, 200)


def _write_page(calamity_id: UUID, about: str, status: int, error: PlanError | None = None) -> ResponseReturnValue:
    told = _told(calamity_id)
    if told.brief.closed_at is not None and not (_is_report(about) and told.brief.kind is Alarm.REAL):
        unsaved = request.form.get("text", "").strip()
        return (_report_page(told, unsaved), 409) if unsaved else redirect(url_for(".report", calamity_id=calamity_id))
    form = _form_about(told, about) or abort(404)
    if status != 200:
        form.validate()
    if error is not None:
        form[error.field].errors = [str(error.text)]
    page = render_template(
        "calamity/write.html",
        told=told,
        form=form,
        about=about,
        subject=subject(told, about),
        question=told.reporting.of(about.partition("-")[2]),
        failed=status != 200,
    )
    return page, status


def _form_about(told: Told, about: str) -> WriteForm | None:
    what, _dash, key = about.partition("-")
    return report_form(told, what, key) if what in REPORTS else write_form(told, about)


def _is_report(about: str) -> bool:
    return about.partition("-")[0] in REPORTS


@bp.get("/<uuid:calamity_id>/sheet")
@needs(Permission.PLAN_READ)
def run_sheet(calamity_id: UUID) -> ResponseReturnValue:
    """Show the run sheet of a calamity as far as it is, to print and go on by hand."""
    told = _told(calamity_id)
    return render_template("calamity/sheet.html", frozen=told.frozen, told=told, course=told.course)


@bp.get("/<uuid:calamity_id>/report")
@needs(Permission.PLAN_READ)
def report(calamity_id: UUID) -> ResponseReturnValue:
    """Show how it went: hours against what was promised, steps, calls, decisions."""
    return _report_page(_told(calamity_id))


def _report_page(told: Told, unsaved: str = "") -> str:
    """Show the report. unsaved: what somebody wrote, for the log or to close it, after it was closed."""
    return render_template(
        "calamity/report.html",
        told=told,
        unsaved=unsaved,
        now=clock.now(),
        page_id=WriteForm(formdata=None).page_id.data,
        lines=telling.lines(told.course.timeline, told.frozen, whole=True),
        lessons=[one for one in lessons() if one.calamity_id == told.brief.id],
    )


@bp.route("/<uuid:calamity_id>/close", methods=["GET", "POST"])
@needs(Permission.CALAMITY_ACTIVATE)
def close(calamity_id: UUID) -> ResponseReturnValue:
    """Close it and go on to the report."""
    told, at = _told(calamity_id), clock.now()
    if told.brief.closed_at is not None:
        unsaved = request.form.get("conclusion", "").strip()
        if unsaved and unsaved.split() != told.conclusion.split():
            return _report_page(told, unsaved), 409
        return redirect(url_for(".report", calamity_id=calamity_id))
    left = told.reporting.open if told.brief.kind is Alarm.REAL else ()
    form, allowed = close_form(at, told.brief.kind, left=bool(left)), may_decide(_account(), told.brief.kind)
    status = 200
    if form.is_submitted():
        status = 422
        if not allowed:
            abort(403)
        if form.validate():
            try:
                services.close(calamity_id, form.values(), who=_account(), today=today_here(), at=at)
            except PlanError as error:
                # What was reported when the page was made may have been taken back since.
                left = _told(calamity_id).reporting.open if told.brief.kind is Alarm.REAL else ()
                form = close_form(at, told.brief.kind, left=bool(left))
                form[error.field].errors = [str(error.text)]
            else:
                return redirect(url_for(".report", calamity_id=calamity_id))
    over = [sign.text for sign in signs() if sign.ends]
    shown = {"allowed": allowed, "deciders": deciders(), "over": over, "left": left}
    return render_template("calamity/close.html", told=told, form=form, **shown), status


def _log_form(told: Told) -> WriteForm:
    return write_form(told, "log", formdata=None) or abort(404)


def _told(calamity_id: UUID) -> Told:
    return queries.told(calamity_id, clock.now()) or abort(404)


def _account() -> Account:
    where = standing()
    name = f"{g.me.name} ({where.via})" if where.via else g.me.name
    return Account(name[:200], g.me.email, where.capacity)
