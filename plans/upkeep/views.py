"""Report changes, tighten intervals."""

from typing import Any
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from plans import handbook
from plans.blueprint import bp
from plans.errors import NotThere, PlanError
from plans.inputs import chosen
from plans.items.queries import people
from plans.items.shown import Shown
from plans.models import Happening
from plans.pages import Sent, item_named, item_page, item_url
from plans.turns import seen
from plans.upkeep import services
from plans.upkeep.forms import change_form, chosen_days, intervals_form, replace_form
from plans.upkeep.looking import touched
from plans.upkeep.queries import Change, StoredInterval, change, interval_rows, tightened
from plans.upkeep.standing import stands_in
from plans.upkeep.touched import CHANGE_LABELS
from tenants.door import needs, today_here
from tenants.owned import EditConflict
from tenants.permissions import Permission

CHANGES = "upkeep.business-change"


@bp.post("/upkeep/business-change/changes")
@needs(Permission.PLAN_EDIT)
def report_change() -> ResponseReturnValue:
    """Report a change in the business."""
    found, form = handbook.item(CHANGES), change_form(today_here(), people().values())
    if not form.validate_on_submit():
        return item_page(found, Sent(form))
    try:
        row = services.report_change(
            form.what.data,
            form.reported_on.data,
            by=g.me.name,
            today=today_here(),
            row_id=form.new_row.row_id,
            kind=form.happened,
            contact_id=chosen(form.contact),
        )
    except PlanError as error:
        form[error.field].errors = [error.text]
        return item_page(found, Sent(form))
    flash(_("The change was reported. Bring the plan up to date and publish a version."), "success")
    if row.kind is not Happening.OTHER:
        return redirect(url_for("plans.business_change", reported_id=row.id))
    return redirect(item_url(found))


@bp.get("/upkeep/business-change/changes/<uuid:reported_id>")
@needs(Permission.PLAN_READ)
def business_change(reported_id: UUID) -> ResponseReturnValue:
    """Show a change and the items it touches."""
    return _change_page(_change(reported_id))


@bp.post("/upkeep/business-change/changes/<uuid:reported_id>/replace")
@needs(Permission.PLAN_EDIT)
def replace_person(reported_id: UUID) -> ResponseReturnValue:
    """Put somebody else wherever the person stands who left."""
    found = _change(reported_id)
    if found.contact_id is None:
        abort(404)
    form = replace_form(people().values(), found.contact_id)
    if not form.validate_on_submit() or not form.replacement.data:
        form.replacement.errors = [*form.replacement.errors, _("Choose one from the list.")][:1]
        return _change_page(found, form), 422
    try:
        places = services.replace_person(reported_id, UUID(form.replacement.data))
    except PlanError as error:
        form[error.field].errors = [error.text]
        return _change_page(found, form), 422
    flash(ngettext("Changed in %(num)s place.", "Changed in %(num)s places.", places), "success")
    return redirect(url_for("plans.business_change", reported_id=reported_id))


@bp.post("/<section>/<name>/looked-at")
@needs(Permission.PLAN_EDIT)
def look_at(section: str, name: str) -> ResponseReturnValue:
    """Note that an item was looked at after a change, and is still right."""
    found = item_named(section, name)
    try:
        services.look_at(found.id, by=g.me.name, today=today_here())
    except NotThere:
        abort(404)
    flash(_("Noted: this is still right."), "success")
    return redirect(item_url(found))


def _change(reported_id: UUID) -> Change:
    found = change(reported_id)
    if found is None:
        abort(404)
    return found


def _change_page(found: Change, form: Any = None) -> str:
    known = people()
    gone = known.get(found.contact_id) if found.contact_id else None
    looked = {one.item_id: one for one in touched(found.id)}
    return render_template(
        "upkeep/change.html",
        change=found,
        label=CHANGE_LABELS[found.kind],
        parent=handbook.item(CHANGES),
        gone=gone,
        stands=[handbook.item(item_id) for item_id in stands_in(gone.id)] if gone else [],
        touched=[(item, looked[item.id]) for item in handbook.items() if item.id in looked],
        form=form or (replace_form(known.values(), gone.id, formdata=None) if gone else None),
    )


@bp.get("/intervals")
@needs(Permission.PLAN_READ)
def intervals() -> ResponseReturnValue:
    """Show how old facts may get."""
    stored = tightened()
    return _intervals_page(stored, intervals_form(stored, formdata=None))


@bp.post("/intervals")
@needs(Permission.PLAN_EDIT)
def tighten() -> ResponseReturnValue:
    """Save how old facts may get."""
    stored = tightened()
    form = intervals_form(stored)
    if not form.validate_on_submit():
        return _intervals_page(stored, form), 422
    try:
        who = services.Setter(g.me.name, today_here(), form.why.data or "")
        services.tighten(chosen_days(form), who=who, seen=form.seen.data)
    except PlanError as error:
        form[error.field].errors = [error.text]
        return _intervals_page(stored, form), 422
    except EditConflict:
        form.seen.data = seen(stored)
        return _intervals_page(stored, form, conflict=True), 409
    flash(_("Saved."), "success")
    return redirect(url_for("plans.intervals"))


def _intervals_page(stored: list[StoredInterval], form: Any, *, conflict: bool = False) -> str:
    rows = interval_rows(stored)
    shown = [Shown(str(row.label), ngettext("%(num)s day", "%(num)s days", row.days)) for row in rows]
    return render_template("plans/intervals.html", rows=rows, form=form, stored=shown, conflict=conflict)
