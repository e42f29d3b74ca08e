"""Pages of an auditor: their assignments, the room of one, and what they ask for there."""

from collections import Counter
from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audits.asof.standing import first_kept, kept_on
from audits.findings import queries as audit_queries
from audits.findings.links import link, part_link
from audits.findings.texts import is_duty, rule_title
from audits.made.naming import more_for
from audits.room import queries, services
from audits.room.course import Move, moves
from audits.room.forms import MoveForm, ask_form, move_form
from audits.room.handing import hand_out
from audits.room.queries import Asked
from audits.room.services import Mover
from audits.room.words import MOVE_LABELS, PHASE_LABELS, STATE_LABELS
from audits.workbooks.offering import offered
from core import clock
from core.i18n import language
from plans.errors import NotThere, PlanError
from tenants.door import needs, signed_in, standing, today_here
from tenants.engagements import Engaged, Phase, engagements_of, running_here
from tenants.owned import Area, EditConflict
from tenants.permissions import Permission

engagements = Blueprint("engagements", __name__, url_prefix="/engagements")
bp = Blueprint("room", __name__, url_prefix="/o/<slug>/room")
# A request is proposed to be answered within so long.
SOON = timedelta(days=14)
WORST_SHOWN = 10
# What stands in the address of a decision.
DECISIONS = {"accept": Move.ACCEPT, "send-back": Move.SEND_BACK, "withdraw": Move.WITHDRAW}


@engagements.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """List somebody's assignments: running, to come and ended."""
    at, found = clock.now(), engagements_of(g.me.user_id)
    phases = {phase: [one for one in found if one.phase(at) is phase] for phase in Phase}
    return render_template("room/engagements.html", phases=phases, labels=PHASE_LABELS)


@bp.get("/")
@needs(Permission.ROOM_READ)
def here() -> ResponseReturnValue:
    """Lead to the room of the assignment that runs here."""
    found = running_here(g.me.user_id, standing().tenant_id)
    return redirect(url_for(".show", engagement_id=found[0].id)) if found else abort(404)


@bp.get("/<uuid:engagement_id>")
@needs(Permission.ROOM_READ)
def show(engagement_id: UUID) -> ResponseReturnValue:
    """Show the room as of a day: what the assignment opens, what was found, what was asked for."""
    engagement, today = _own(engagement_id), today_here()
    day = _day(today)
    kept = kept_on(day) if day < today else None
    gaps = audit_queries.open_findings() if day == today else kept.gaps if kept else []
    requests = queries.requests_of(engagement.id)
    found = [gap for gap in gaps if _area(gap.code) in engagement.areas]
    return render_template(
        "room/show.html",
        engagement=engagement,
        day=day,
        today=today,
        known=day == today or kept is not None,
        first_kept=first_kept(),
        found=found[:WORST_SHOWN],
        counts=Counter(gap.severity for gap in found),
        offered=offered(),
        more=more_for(standing()),
        chosen=language().value,
        requests=requests,
        late=sum(one.late(today) for one in requests),
        states=STATE_LABELS,
        rule_title=rule_title,
        mend_link=link,
    )


@bp.route("/<uuid:engagement_id>/ask", methods=["GET", "POST"])
@needs(Permission.ROOM_ASK)
def ask(engagement_id: UUID) -> ResponseReturnValue:
    """Ask for evidence."""
    engagement, today = _own(engagement_id), today_here()
    form = ask_form(min(today + SOON, engagement.last_on))
    if form.validate_on_submit():
        try:
            row = services.ask(
                engagement.id, form.values(), by=_me(), today=today, last_on=engagement.last_on,
                row_id=form.new_row.row_id,
            )  # fmt: skip
        except PlanError as error:
            form[error.field].errors = [str(error.text)]
        else:
            flash(_("The request is on its way to the organisation."), "success")
            return redirect(url_for(".asked", engagement_id=engagement.id, request_id=row.id))
    status = 422 if form.is_submitted() else 200
    return render_template("room/ask.html", form=form, engagement=engagement), status


@bp.get("/<uuid:engagement_id>/requests/<uuid:request_id>")
@needs(Permission.ROOM_READ)
def asked(engagement_id: UUID, request_id: UUID) -> ResponseReturnValue:
    """Show a request with everything that happened to it."""
    engagement = _own(engagement_id)
    return _asked_page(engagement, _request(engagement, request_id))


@bp.post("/<uuid:engagement_id>/requests/<uuid:request_id>/<decision>")
@needs(Permission.ROOM_ASK)
def decide(engagement_id: UUID, request_id: UUID, decision: str) -> ResponseReturnValue:
    """Accept an answer, send it back, or withdraw the request."""
    engagement = _own(engagement_id)
    found = _request(engagement, request_id)
    move, form = DECISIONS.get(decision) or abort(404), move_form(found)
    if not form.validate_on_submit():
        return _asked_page(engagement, found, form), 422
    try:
        services.decide(found.id, move, form.values(), by=_me(), seen=form.version, step_id=form.new_row.row_id)
    except PlanError as error:
        form.note.errors = [str(error.text)]
        return _asked_page(engagement, found, form), 422
    except EditConflict:
        return _asked_page(engagement, _request(engagement, request_id), form, conflict=True), 409
    except NotThere:
        abort(404)
    flash(_("Saved."), "success")
    return redirect(url_for(".asked", engagement_id=engagement.id, request_id=found.id))


@bp.get("/<uuid:engagement_id>/requests/<uuid:request_id>/files/<uuid:file_id>")
@needs(Permission.ROOM_READ)
def file(engagement_id: UUID, request_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """Hand out a file of an answer."""
    found = _request(_own(engagement_id), request_id)
    return hand_out(queries.file_named(found.id, file_id) or abort(404))


def _own(engagement_id: UUID) -> Engaged:
    """Return an assignment of the person that runs here now; 404 for anybody else's, and after its end."""
    running = running_here(g.me.user_id, standing().tenant_id)
    return next((one for one in running if one.id == engagement_id), None) or abort(404)


def _request(engagement: Engaged, request_id: UUID) -> Asked:
    return queries.request_named(request_id, engagement_id=engagement.id) or abort(404)


def _me() -> Mover:
    return Mover(g.me.user_id, standing().capacity, clock.now())


def _day(today: date) -> date:
    """Return the day of the address, kept in the past or today; what is no day does not count."""
    try:
        return min(date.fromisoformat(request.args.get("as_of", "")), today)
    except ValueError:
        return today


def _area(code: str) -> Area:
    return Area.CONTINUITY if is_duty(code) else Area.PLAN


def _asked_page(engagement: Engaged, found: Asked, form: MoveForm | None = None, *, conflict: bool = False) -> str:
    if form is not None and conflict:
        form.seen.data = str(found.version)
    return render_template(
        "room/asked.html",
        engagement=engagement,
        asked=found,
        history=queries.history(found.id),
        form=form or move_form(found, formdata=None),
        moves=moves(found.state, standing().capacity),
        decisions={move: word for word, move in DECISIONS.items()},
        states=STATE_LABELS,
        move_labels=MOVE_LABELS,
        item_title=rule_title(found.item_id) if found.item_id else "",
        item_href=part_link(found.item_id),
        today=today_here(),
        conflict=conflict,
    )
