"""Pages of the trail."""

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from audits.trail import workbook
from audits.trail.queries import Filters, Sort, page_of
from audits.trail.sentences import told
from audits.trail.words import KIND_LABELS
from audits.workbooks.material import Made
from core import clock, db
from core.clock import FIRST_DAY, LAST_DAY
from core.file_names import kept_name
from core.sheets.writing import MEDIA_TYPE
from tenants import trail
from tenants.door import needs, standing, today_here
from tenants.models import Tenant
from tenants.permissions import Permission
from tenants.scope import current_scope

bp = Blueprint("trail", __name__, url_prefix="/o/<slug>/trail")
IN_MEMORY = 5_000_000
LONGEST = 200
# A page of lines shows how a long text begins; the workbook holds it in full.
MOST_TEXT = 300
SORT_LABELS: Mapping[Sort, Any] = {
    Sort.CHANGE: _l("Changes"),
    Sort.STEP: _l("Publications and other steps"),
    Sort.EXPORT: _l("Downloads"),
    Sort.PEOPLE: _l("People and access"),
    Sort.ACCESS: _l("Signing in and refusals"),
}


@bp.get("/")
@needs(Permission.TRAIL_READ)
def index() -> ResponseReturnValue:
    """Show what happened, newest first."""
    filters = _filters(request.args)
    entries, more = page_of(filters, request.args.get("before", type=_number))
    address: dict[str, Any] = {name: value for name, value in request.args.items() if value and name in ADDRESS}
    return render_template(
        "trail/index.html",
        lines=[(entry, told(entry)) for entry in entries],
        most_text=MOST_TEXT,
        filters=filters,
        address=address,
        older=url_for("trail.index", **address, before=entries[-1].seq) if more else None,
        newest="before" in request.args,
        sorts=SORT_LABELS,
        kinds=sorted(((kind, str(label)) for kind, label in KIND_LABELS.items()), key=lambda pair: pair[1].casefold()),
    )


@bp.post("/")
@needs(Permission.TRAIL_EXPORT)
def download() -> ResponseReturnValue:
    """Send the lines as a workbook; who took them is the next line of the trail."""
    filters, tenant = _filters(request.form), db.session().get_one(Tenant, standing().tenant_id)
    with ExitStack() as closing:
        target = closing.enter_context(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))
        digest, lines = workbook.write(tenant, filters, Made(clock.now(), current_scope().actor.name), target)
        trail.record("trail.exported", "report", None, lines=lines, sha256=digest)
        db.session().flush()
        closing.pop_all()  # from here on the answer closes it
    name = kept_name(_("Trail"), tenant.slug, today_here(), ".xlsx")
    target.seek(0)
    answer = send_file(target, MEDIA_TYPE, as_attachment=True, download_name=name)
    answer.call_on_close(target.close)
    return answer


ADDRESS = frozenset({"who", "sort", "subject", "since", "until"})


def _filters(given: Mapping[str, str]) -> Filters:
    """Read the filters; what is no filter is as if it were not there."""
    sort, subject = given.get("sort", ""), given.get("subject", "")
    return Filters(
        who=given.get("who", "").strip()[:LONGEST],
        sort=Sort(sort) if sort in tuple(Sort) else None,
        subject=subject if subject in KIND_LABELS else "",
        since=_day(given.get("since", "")),
        until=_day(given.get("until", "")),
        zone=standing().zone,
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return min(max(found, FIRST_DAY), LAST_DAY)  # where a day begins and ends can be told of these


def _number(text: str) -> int:
    number = int(text)
    if not 0 < number < 2**31:
        raise ValueError("no number of a line")
    return number
