"""Pages of the plan as a whole, and the list of the modules whose pages hang on the same blueprint."""

from uuid import UUID

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from plans import handbook
from plans.archiving import Kept, Row
from plans.archiving import put_away as archive
from plans.archiving import put_back as restore
from plans.audiences import views as audience_views
from plans.backup import views as backup_views
from plans.blueprint import bp
from plans.confirming import licence_views
from plans.confirming import views as confirming_views
from plans.errors import NotThere
from plans.guide import views as guide_views
from plans.handbook import SECTION_TITLES, Section, of_section
from plans.items import leaving_out_views
from plans.items import views as item_views
from plans.items.shown import shortened
from plans.items.summaries import summaries
from plans.models import TestResult
from plans.own_items import views as own_views
from plans.own_items.queries import asked, own_items
from plans.own_items.telling import own_summaries
from plans.pages import item_url, section_named
from plans.payments import views as payment_views
from plans.runbook import views as runbook_views
from plans.runbook.views import RECOVERY
from plans.self_check import views as self_check_views
from plans.signs import views as sign_views
from plans.staff import views as staff_views
from plans.starters import views as starter_views
from plans.status import NOT_JUDGED, progress, source
from plans.testing import following_views, programme_views
from plans.testing import views as testing_views
from plans.upkeep import views as upkeep_views
from plans.upkeep.views import CHANGES
from plans.versions import views as version_views
from plans.versions.queries import newest_version
from tenants.door import needs, today_here
from tenants.permissions import Permission

__all__ = ["VIEWS", "bp"]

VIEWS = (
    guide_views,
    item_views,
    leaving_out_views,
    backup_views,
    self_check_views,
    runbook_views,
    sign_views,
    audience_views,
    staff_views,
    starter_views,
    payment_views,
    confirming_views,
    licence_views,
    testing_views,
    programme_views,
    following_views,
    upkeep_views,
    version_views,
    own_views,
)


@bp.get("/")
@needs(Permission.PLAN_READ)
def overview() -> ResponseReturnValue:
    """Show how far each section of the plan is."""
    sections = progress(source().item_states())
    done, total = sum(one.done for one in sections), sum(one.total for one in sections)
    return render_template(
        "plans/overview.html", sections=sections, titles=SECTION_TITLES, done=done, total=total, newest=newest_version()
    )


@bp.get("/<section>")
@needs(Permission.PLAN_READ)
def section(section: str) -> ResponseReturnValue:
    """Show the items of one section."""
    found, states = section_named(section), source().item_states()
    own = own_items(found)
    told = summaries(found, today_here()) | own_summaries(own)
    sections = list(Section)
    place = sections.index(found)
    return render_template(
        "plans/section.html",
        section=found,
        titles=SECTION_TITLES,
        items=(*of_section(found), *asked(own)),
        states=states,
        summaries={item_id: shortened(line) for item_id, line in told.items()},
        not_judged=NOT_JUDGED,
        progress=progress(states)[place],
        before=sections[place - 1] if place else None,
        after=sections[place + 1] if place + 1 < len(sections) else None,
    )


@bp.post("/<any(result, change, step):kind>/<uuid:row_id>/put-away")
@needs(Permission.PLAN_EDIT)
def put_away(kind: str, row_id: UUID) -> ResponseReturnValue:
    """Put a row of one of the plan's lists away."""
    try:
        row = archive(Kept(kind), row_id, at=clock.now())
    except NotThere:
        abort(404)
    flash(_("Put away. It stays at the bottom of the page, where you can put it back."), "success")
    return redirect(_page_of(Kept(kind), row))


@bp.post("/<any(result, change, step):kind>/<uuid:row_id>/put-back")
@needs(Permission.PLAN_EDIT)
def put_back(kind: str, row_id: UUID) -> ResponseReturnValue:
    """Take a row back that was put away."""
    try:
        row = restore(Kept(kind), row_id)
    except NotThere:
        abort(404)
    flash(_("Put back."), "success")
    return redirect(_page_of(Kept(kind), row))


def _page_of(kind: Kept, row: Row) -> str:
    if isinstance(row, TestResult):
        return item_url(handbook.item(row.item_id))
    return item_url(handbook.item(CHANGES if kind is Kept.CHANGE else RECOVERY))
