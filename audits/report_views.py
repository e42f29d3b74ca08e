"""Pages to make and download workbooks."""

import tempfile
from contextlib import ExitStack
from datetime import date

from flask import Blueprint, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audits.workbooks import file_name, open_reports, write
from audits.workbooks.material import Made, gather
from core import clock, db
from core.i18n import Language, language, written_in
from core.sheets.writing import MEDIA_TYPE
from tenants import trail
from tenants.door import needs, standing, today_here
from tenants.permissions import Permission
from tenants.scope import current_scope

bp = Blueprint("reports", __name__, url_prefix="/o/<slug>/reports")
# Small workbooks never touch the disk.
IN_MEMORY = 5_000_000


@bp.get("/")
@needs(Permission.AUDIT_READ)
def index() -> ResponseReturnValue:
    """List the workbooks there are."""
    return _index(today_here().isoformat(), language().value)


@bp.post("/")
@needs(Permission.REPORT_EXPORT)
def download() -> ResponseReturnValue:
    """Make a workbook and send it; who took what is written in the trail."""
    report = next((one for one in open_reports() if one.name == request.form.get("name")), None) or abort(404)
    typed, chosen = request.form.get("as_of", ""), request.form.get("language", "")
    if chosen not in tuple(Language):
        abort(404)
    try:
        as_of = date.fromisoformat(typed)
    except ValueError:
        return _index(typed, chosen, _("Fill in a day, for example 2026-12-31.")), 422
    with ExitStack() as closing, written_in(Language(chosen)):
        material = gather(standing().tenant_id, as_of)
        target = closing.enter_context(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))
        digest = write(report, material, Made(clock.now(), current_scope().actor.name), target)
        trail.record("report.exported", "report", None, name=report.name, as_of=as_of, language=chosen, sha256=digest)
        db.session().flush()
        closing.pop_all()  # from here on the answer closes it
    target.seek(0)
    answer = send_file(target, MEDIA_TYPE, as_attachment=True, download_name=file_name(report, material))
    answer.call_on_close(target.close)
    return answer


def _index(as_of: str, chosen: str, error: str = "") -> str:
    return render_template("reports/index.html", reports=open_reports(), as_of=as_of, chosen=chosen, error=error)
