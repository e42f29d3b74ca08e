"""Pages to make and download workbooks."""

import tempfile
from contextlib import ExitStack
from datetime import date

from flask import Blueprint, abort, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audits.asof.days import NotKept, expect_kept, kept_days
from audits.made.jobs import maker
from audits.made.naming import MORE, more_for
from audits.made.ordering import TooManyWaiting, is_large, order
from audits.made.rights import PORTFOLIO, TRAIL, Shows, shows
from audits.workbooks import Report, file_name, open_reports, write
from audits.workbooks.material import Made, gathered
from audits.workbooks.offering import offered
from core import clock, db
from core.clock import FIRST_DAY, LAST_DAY
from core.i18n import Language, language, written_in
from core.sheets.writing import MEDIA_TYPE
from tenants import trail
from tenants.door import needs, standing, today_here
from tenants.permissions import Permission
from tenants.scope import current_scope

bp = Blueprint("reports", __name__, url_prefix="/o/<slug>/reports")
# The trail is its own memory.
OF_ANY_DAY = frozenset({TRAIL})
# Small workbooks never touch the disk.
IN_MEMORY = 5_000_000


@bp.get("/")
@needs(Permission.AUDIT_READ)
def index() -> ResponseReturnValue:
    """List the workbooks there are, as of today or of the day in the address."""
    try:
        as_of = date.fromisoformat(request.args.get("as_of", ""))
    except ValueError:
        as_of = today_here()
    return _index(as_of.isoformat(), language().value)


@bp.post("/")
@needs(Permission.REPORT_EXPORT)
def download() -> ResponseReturnValue:
    """Make a workbook and send it; who took what is written in the trail. A large one is made in the background."""
    name, typed, chosen = (request.form.get(one, "") for one in ("name", "as_of", "language"))
    report = next((one for one in open_reports() if one.name == name), None)
    found = shows(name, standing()) if report or name in {one.name for one in MORE} else None
    if found is None or chosen not in tuple(Language):
        abort(404)
    try:
        as_of = date.fromisoformat(typed)
    except ValueError:
        return _index(typed, chosen, _("Fill in a day, for example 2026-12-31.")), 422
    if not FIRST_DAY <= as_of <= LAST_DAY:
        return _index(typed, chosen, _("The year must lie between 1950 and 2199.")), 422
    if name == PORTFOLIO:
        as_of = today_here()  # it tells of the newest judgements
    try:
        if name not in OF_ANY_DAY:
            expect_kept(as_of, today_here())
    except NotKept as error:
        return _index(as_of.isoformat(), chosen, str(error.text)), 422
    if report is None or is_large():
        return _in_background(name, as_of, Language(chosen), found)
    return _at_once(report, as_of, chosen)


def _in_background(name: str, as_of: date, chosen: Language, found: Shows) -> ResponseReturnValue:
    try:
        row = order(name, as_of, chosen, found, at=clock.now())
    except TooManyWaiting as error:
        return _index(as_of.isoformat(), chosen, str(error.message)), 422
    answer = make_response(redirect(url_for("made.show", report_id=row.id), 303))
    starter = maker()
    if starter is not None:
        answer.call_on_close(starter.start)  # once this is committed
    return answer


def _at_once(report: Report, as_of: date, chosen: str) -> ResponseReturnValue:
    with ExitStack() as closing, written_in(Language(chosen)):
        target = closing.enter_context(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))
        with gathered(standing().tenant_id, as_of) as material:
            digest = write(report, material, Made(clock.now(), current_scope().actor.name), target)
            name = file_name(report, material)
        trail.record("report.exported", "report", None, name=report.name, as_of=as_of, language=chosen, sha256=digest)
        db.session().flush()
        closing.pop_all()  # from here on the answer closes it
    target.seek(0)
    answer = send_file(target, MEDIA_TYPE, as_attachment=True, download_name=name)
    answer.call_on_close(target.close)
    return answer


def _index(as_of: str, chosen: str, error: str = "") -> str:
    return render_template(
        "reports/index.html",
        offered=offered(),
        more=more_for(standing()),
        as_of=as_of,
        today=today_here(),
        kept=kept_days(),
        chosen=chosen,
        error=error,
    )
