"""Pages of made reports: the list, how far one is, and its file."""

from uuid import UUID

from flask import Blueprint, abort, g, render_template
from flask.typing import ResponseReturnValue

from audits.made import queries, rights
from audits.made.models import MadeState
from audits.made.naming import title_of
from audits.made.queries import Told
from core import clock
from core.serving.downloads import kept_file
from core.sheets.writing import MEDIA_TYPE
from tenants import trail
from tenants.door import needs, standing
from tenants.engagements import Engaged, Phase, engagements_of
from tenants.models import Capacity
from tenants.permissions import Permission

bp = Blueprint("made", __name__, url_prefix="/o/<slug>/reports/made")
# Colour and icon of each state; the word stands beside them.
MARKS = {
    MadeState.WAITING: ("quiet", "clock"),
    MadeState.MAKING: ("soon", "clock"),
    MadeState.READY: ("good", "circle-check"),
    MadeState.FAILED: ("todo", "alert-triangle"),
    MadeState.REFUSED: ("quiet", "lock"),
}


@bp.get("/")
@needs(Permission.AUDIT_READ)
def index() -> ResponseReturnValue:
    """List what was made and may be had by whoever looks, newest first."""
    told, over = queries.schedules_of(g.me.user_id), _over()
    rows = [row for row in queries.newest() if rights.sees(row, standing(), g.me.user_id, told, over)]
    return render_template("made/index.html", rows=rows, marks=MARKS, title_of=title_of)


@bp.get("/<uuid:report_id>")
@needs(Permission.AUDIT_READ)
def show(report_id: UUID) -> ResponseReturnValue:
    """Show how far a report is, or where to download it."""
    return _page(_seen(report_id))


@bp.get("/<uuid:report_id>/file")
@needs(Permission.REPORT_EXPORT)
def download(report_id: UUID) -> ResponseReturnValue:
    """Send the file to who may have it now; who took it is written in the trail."""
    row = _seen(report_id)
    if row.state is not MadeState.READY:
        abort(404)
    if row.file_gone_at is not None:
        return _page(row), 410
    media_type = MEDIA_TYPE if row.file_name.endswith(".xlsx") else "application/zip"
    answer = kept_file(standing().tenant_id, row.file_sha256, media_type, row.file_name)
    told = {"name": row.name, "as_of": row.as_of, "language": row.language.value, "sha256": row.file_sha256}
    trail.record_after("report.exported", "report", row.id, **told)
    return answer


def _page(row: Told) -> str:
    return render_template("made/show.html", row=row, marks=MARKS, title=title_of(row.name))


def _seen(report_id: UUID) -> Told:
    row = queries.one(report_id) or abort(404)
    if not rights.sees(row, standing(), g.me.user_id, queries.schedules_of(g.me.user_id), _over()):
        abort(404)
    return row


def _over() -> list[Engaged]:
    """Return the assignments here of an auditor that ended."""
    if standing().capacity is not Capacity.AUDITOR:
        return []
    at = clock.now()
    mine = engagements_of(g.me.user_id)
    return [one for one in mine if one.tenant_id == standing().tenant_id and one.phase(at) is Phase.ENDED]
