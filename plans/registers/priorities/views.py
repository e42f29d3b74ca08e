"""The page of priorities."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from plans.errors import NotThere
from plans.processes.impact import STRETCHES
from plans.processes.proposing import proposed
from plans.registers.blueprint import bp
from plans.registers.forms import read_page
from plans.registers.priorities import queries, services
from plans.registers.priorities.forms import COLUMNS, Entry, read_entries
from tenants.door import needs
from tenants.owned import EditConflict
from tenants.permissions import Permission

IMPACT_COLUMNS = ",".join(("name", *(stretch.column for stretch in STRETCHES)))


@bp.get("/priorities")
@needs(Permission.PLAN_READ)
def priorities() -> ResponseReturnValue:
    """Show what comes back first."""
    return _page(())


@bp.post("/priorities")
@needs(Permission.PLAN_EDIT)
def save_priorities() -> ResponseReturnValue:
    """Save what comes back first."""
    try:
        entries = read_entries(request.form)
    except NotThere:
        abort(404)
    if any(entry.errors for entry in entries):
        return _page(entries), 422
    try:
        number = services.save_priorities(entries)
    except NotThere:
        abort(404)
    except EditConflict:
        return _page(entries, conflict=True), 409
    if number:
        flash(ngettext("Saved: %(num)s system.", "Saved: %(num)s systems.", number), "success")
    else:
        flash(_("Nothing was changed."), "success")
    page = read_page(request.args)
    return redirect(url_for(".priorities", page=page if page > 1 else None))


def _page(entries: tuple[Entry, ...], *, conflict: bool = False) -> str:
    """Show the page; with `entries` as they were typed, beside what is stored."""
    found = queries.ranking(read_page(request.args), only=[entry.system_id for entry in entries])
    sent = {entry.system_id: entry for entry in entries}
    return render_template(
        "registers/priorities.html",
        ranking=found,
        sent=sent,
        columns=COLUMNS,
        proposed=proposed(),
        impact_columns=IMPACT_COLUMNS,
        conflict=conflict,
        failed=bool(entries),
        page_href=lambda page: url_for(".priorities", page=page),
    )
