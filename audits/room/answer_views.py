"""Pages of the organisation: what its auditors ask for, and its answers."""

from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audits.findings.links import part_link
from audits.findings.texts import rule_title
from audits.room import queries, services
from audits.room.course import Move, moves
from audits.room.forms import AnswerForm, answer_form
from audits.room.handing import hand_out
from audits.room.queries import Asked
from audits.room.services import Mover
from audits.room.words import MOVE_LABELS, STATE_LABELS
from core import clock
from plans.errors import NotThere, PlanError
from tenants.door import needs, standing, today_here
from tenants.owned import EditConflict
from tenants.permissions import Permission
from tenants.relations import last_day

bp = Blueprint("requests", __name__, url_prefix="/o/<slug>/requests")


@bp.get("/")
@needs(Permission.REQUEST_READ)
def index() -> ResponseReturnValue:
    """List what auditors ask for or asked for, also after their assignment."""
    return render_template(
        "requests/index.html", groups=queries.requests_here(), states=STATE_LABELS, today=today_here(), at=clock.now()
    )


@bp.get("/<uuid:request_id>")
@needs(Permission.REQUEST_READ)
def show(request_id: UUID) -> ResponseReturnValue:
    """Show a request with everything that happened to it."""
    return _page(_request(request_id))


@bp.post("/<uuid:request_id>")
@needs(Permission.REQUEST_ANSWER)
def answer(request_id: UUID) -> ResponseReturnValue:
    """Answer a request."""
    found = _request(request_id)
    form = answer_form(found, queries.results())
    if not form.validate_on_submit():
        return _page(found, form), 422
    try:
        by = Mover(g.me.user_id, standing().capacity, clock.now())
        services.answer(found.id, form.values(), by=by, seen=form.version, step_id=form.new_row.row_id)
    except PlanError as error:
        _show_error(form, error)
        return _page(found, form), 422
    except EditConflict:
        return _page(_request(request_id), form, conflict=True), 409
    except NotThere:
        abort(404)
    flash(_("Your answer is on its way to the auditor."), "success")
    return redirect(url_for(".show", request_id=found.id))


@bp.get("/<uuid:request_id>/files/<uuid:file_id>")
@needs(Permission.REQUEST_READ)
def file(request_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """Hand out a file of an answer."""
    return hand_out(queries.file_named(request_id, file_id) or abort(404))


def _request(request_id: UUID) -> Asked:
    return queries.request_named(request_id) or abort(404)


def _show_error(form: AnswerForm, error: PlanError) -> None:
    if error.field:
        form[error.field].errors = [str(error.text)]
    else:
        form.form_errors.append(str(error.text))


def _page(found: Asked, form: AnswerForm | None = None, *, conflict: bool = False) -> str:
    if form is not None and conflict:
        form.seen.data = str(found.version)
    assignment = queries.assignment_named(found.engagement_id)
    over = assignment.ends_at <= clock.now()
    answers = not over and Move.ANSWER in moves(found.state, standing().capacity)
    return render_template(
        "requests/show.html",
        asked=found,
        assignment=assignment,
        last_on=last_day(assignment.ends_at, standing().zone),
        over=over,
        history=queries.history(found.id),
        form=form or (answer_form(found, queries.results(), formdata=None) if answers else None),
        answers=answers,
        states=STATE_LABELS,
        move_labels=MOVE_LABELS,
        item_title=rule_title(found.item_id) if found.item_id else "",
        item_href=part_link(found.item_id),
        today=today_here(),
        conflict=conflict,
    )
