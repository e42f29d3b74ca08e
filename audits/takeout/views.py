"""The page to take everything out."""

import tempfile

from flask import Blueprint, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from audits.takeout.archive import IN_MEMORY
from audits.takeout.services import record, take_out
from audits.workbooks.material import Made
from core import clock, db
from core.i18n import Language, language, written_in
from tenants.door import needs, today_here
from tenants.permissions import Permission
from tenants.scope import current_scope

bp = Blueprint("takeout", __name__, url_prefix="/o/<slug>/takeout")


@bp.get("/")
@needs(Permission.DATA_EXPORT)
def show() -> ResponseReturnValue:
    """Tell what is in the zip."""
    return render_template("takeout/show.html", chosen=language().value)


@bp.post("/")
@needs(Permission.DATA_EXPORT)
def download() -> ResponseReturnValue:
    """Make the zip and send it; who took it is written in the trail."""
    chosen = request.form.get("language", "")
    if chosen not in tuple(Language):
        abort(404)
    target = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- the answer closes it
    with db.while_others_write(), written_in(Language(chosen)):
        found = take_out(target, Made(clock.now(), current_scope().actor.name), today=today_here())
    record(found)
    target.seek(0)
    answer = send_file(target, "application/zip", as_attachment=True, download_name=found.file_name)
    answer.call_on_close(target.close)
    return answer
