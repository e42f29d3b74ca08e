"""Ask many people at once whether what is held about them is right, and decide about what they correct."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from plans import handbook
from plans.blueprint import bp
from plans.confirming import asking, services
from plans.confirming.asking import TOPIC_OF
from plans.confirming.queries import Whom, held, loose_licences, open_corrections
from plans.errors import NotThere
from plans.intervals import Interval, days
from plans.pages import page_number
from plans.paging import cut
from plans.upkeep.queries import tightened
from tenants.door import needs, standing, today_here
from tenants.models import PlanLink
from tenants.owned import EditConflict
from tenants.permissions import Permission
from tenants.personal_links.queries import newest_about
from tenants.personal_links.services import Sender

SHOWN = 50
PARENT = "upkeep.contacts"


@bp.get("/upkeep/confirmations/<any(contact, party):whom>")
@needs(Permission.PLAN_READ)
def confirmations(whom: str) -> ResponseReturnValue:
    """Show who can be asked, longest unconfirmed first, and what was corrected."""
    asked, own = Whom(whom), {one.name: one.days for one in tightened()}
    return render_template(
        "confirming/index.html",
        whom=asked.value,
        parent=handbook.item(PARENT),
        people=cut(held(asked), page_number(), SHOWN),
        valid_days={one: days(own, one) for one in Interval},
        links=newest_about(PlanLink, TOPIC_OF[asked]),
        corrections=open_corrections(),
        loose=sum(one.keeper is None for one in loose_licences()) if asked is Whom.PARTY else 0,
        today=today_here(),
        page_href=lambda number: url_for("plans.confirmations", whom=asked.value, page=number),
    )


@bp.post("/upkeep/confirmations/<any(contact, party):whom>")
@needs(Permission.PLAN_EDIT)
def ask_confirmations(whom: str) -> ResponseReturnValue:
    """Mail those who were ticked."""
    asked, where = Whom(whom), standing()
    ids = _ticked()
    sender = Sender(where.tenant_id, where.name, g.me.name)
    try:
        done = asking.ask(asked, ids, sender, where.language, at=clock.now())
    except NotThere:
        abort(404)
    if not ids:
        flash(_("Tick at least one person."), "warning")
    if done.sent:
        flash(ngettext("%(num)s mail is on its way.", "%(num)s mails are on their way.", done.sent), "success")
    if done.lately:
        flash(_("Asked less than two weeks ago: %(names)s.", names=", ".join(done.lately)), "warning")
    if done.refused:
        flash(_("Look at the e-mail address of: %(names)s.", names=", ".join(done.refused)), "warning")
    return redirect(url_for("plans.confirmations", whom=asked.value))


@bp.post("/upkeep/corrections/<uuid:correction_id>/<any(accept, decline):verdict>")
@needs(Permission.PLAN_EDIT)
def decide_correction(correction_id: UUID, verdict: str) -> ResponseReturnValue:
    """Take a correction over into the register, or not."""
    accept = verdict == "accept"
    try:
        version = request.form.get("version", type=int)
        decided = services.decide(correction_id, accept=accept, by=g.me.name, at=clock.now(), version=version)
    except EditConflict:
        flash(_("Somebody changed this record meanwhile. Look at the difference again."), "warning")
        return redirect(url_for("plans.confirmations", whom=Whom.CONTACT.value))
    except NotThere:
        abort(404)
    if not decided:
        flash(_("Somebody decided about this already."), "warning")
    else:
        flash(_("The change was taken over.") if accept else _("Nothing was changed."), "success")
    return redirect(url_for("plans.confirmations", whom=Whom.CONTACT.value))


def _ticked() -> list[UUID]:
    found: list[UUID] = []
    for sent in request.form.getlist("people"):
        try:
            found.append(UUID(sent))
        except ValueError:
            abort(404)
    return found
