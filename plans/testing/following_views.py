"""The pages of a result: what proves it, and what must follow until it is closed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from plans import handbook
from plans.blueprint import bp
from plans.errors import NotThere, PlanError
from plans.items.queries import people
from plans.models import FollowUp
from plans.testing import following
from plans.testing import programme_queries as queries
from plans.testing.following import AlreadyClosed
from plans.testing.forms import OUTCOME_LABELS
from plans.testing.programme_forms import CloseForm, EvidenceForm, follow_up_form, move_form, title_of
from plans.testing.programme_queries import Finished
from plans.testing.proof import hours_text
from plans.turns import seen
from plans.uploads import ANY, hand_out, sent_file
from tenants.door import needs, today_here
from tenants.owned import EditConflict
from tenants.permissions import Permission

# A follow-up is proposed to be done within so long.
SOON = timedelta(days=30)


@bp.get("/testing/results/<uuid:result_id>")
@needs(Permission.PLAN_READ)
def result(result_id: UUID) -> ResponseReturnValue:
    """Show a result with its evidence and follow-ups."""
    return _result_page(_result(result_id))


@bp.post("/testing/results/<uuid:result_id>/evidence")
@needs(Permission.PLAN_EDIT)
def evidence_add(result_id: UUID) -> ResponseReturnValue:
    """Add a file that proves a result."""
    found, form = _result(result_id), EvidenceForm()
    if not form.validate_on_submit():
        return _result_page(found, evidence=form), 422
    try:
        upload = sent_file(form.file.data, ANY, "file")
        if upload is None:
            raise PlanError(_("Choose a file."), "file")
        following.add_evidence(result_id, upload, by=g.me.name, at=clock.now())
    except PlanError as error:
        form[error.field].errors = [error.text]
        return _result_page(found, evidence=form), 422
    except NotThere:
        abort(404)
    flash(_("The file was added."), "success")
    return redirect(url_for(".result", result_id=result_id))


@bp.get("/testing/results/<uuid:result_id>/evidence/<uuid:evidence_id>")
@needs(Permission.PLAN_READ)
def evidence(result_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """Hand out a file that proves a result."""
    return hand_out(queries.evidence_file(result_id, evidence_id) or abort(404))


@bp.post("/testing/results/<uuid:result_id>/follow-ups")
@needs(Permission.PLAN_EDIT)
def follow_up_add(result_id: UUID) -> ResponseReturnValue:
    """Let something follow a result."""
    found, form = _result(result_id), follow_up_form(people(), today_here() + SOON)
    if not form.validate_on_submit():
        return _result_page(found, follow_up=form), 422
    try:
        following.add_follow_up(result_id, form.values(), today=today_here(), row_id=form.new_row.row_id)
    except PlanError as error:
        form[error.field].errors = [error.text]
        return _result_page(found, follow_up=form), 422
    except NotThere:
        abort(404)
    flash(_("The follow-up was added."), "success")
    return redirect(url_for(".result", result_id=result_id))


@bp.get("/testing/follow-ups")
@needs(Permission.PLAN_READ)
def follow_ups() -> ResponseReturnValue:
    """List what must follow tests, open first."""
    return _follow_ups_page()


@bp.route("/testing/follow-ups/<uuid:follow_up_id>", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def follow_up(follow_up_id: UUID) -> ResponseReturnValue:
    """Give what is open to somebody else, or another day."""
    found = next(iter(queries.follow_ups(FollowUp.id == follow_up_id)), None) or abort(404)
    if found.closed_on is not None:
        flash(_("%(name)s closed this meanwhile.", name=found.closed_by), "warning")
        return redirect(url_for(".follow_ups"))
    form, status = move_form(people(), found), 200
    if form.is_submitted():
        status = 422
    if form.validate_on_submit():
        try:
            following.move(follow_up_id, form.values(), today=today_here(), seen=form.seen.data)
        except EditConflict:
            form.seen.data, status = seen([found]), 409
        except PlanError as error:
            form[error.field].errors = [str(error.text)]
        else:
            flash(_("Saved."), "success")
            return redirect(url_for(".follow_ups"))
    conflict = status == 409
    return render_template("testing/follow_up.html", found=found, form=form, conflict=conflict), status


@bp.post("/testing/follow-ups/<uuid:follow_up_id>/close")
@needs(Permission.PLAN_EDIT)
def follow_up_close(follow_up_id: UUID) -> ResponseReturnValue:
    """Close what was open, telling what was done."""
    form = CloseForm()
    try:
        following.close(follow_up_id, form.done.data or "", by=g.me.name, today=today_here())
    except NotThere:
        abort(404)
    except PlanError as error:
        form.done.errors = [str(error.text)]
        return _follow_ups_page(form, follow_up_id), 422
    except AlreadyClosed as error:
        return _follow_ups_page(form, overtaken=error.row), 409
    flash(_("Closed."), "success")
    return redirect(url_for(".follow_ups"))


def _result(result_id: UUID) -> Finished:
    return queries.finished(result_id) or abort(404)


def _result_page(found: Finished, *, evidence: Any = None, follow_up: Any = None) -> str:
    return render_template(
        "testing/result.html",
        result=found,
        evidence_form=evidence or EvidenceForm(formdata=None),
        form=follow_up or follow_up_form(people(), today_here() + SOON, formdata=None),
        item=handbook.item(found.item_id),
        outcomes=OUTCOME_LABELS,
        hours_text=hours_text,
        today=today_here(),
    )


def _follow_ups_page(
    form: CloseForm | None = None, about: UUID | None = None, overtaken: FollowUp | None = None
) -> str:
    return render_template(
        "testing/follow_ups.html",
        follow_ups=queries.follow_ups(),
        form=form or CloseForm(formdata=None),
        about=about,
        overtaken=overtaken,
        item_title=title_of,
        today=today_here(),
    )
