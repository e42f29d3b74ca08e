"""The page a foundation starts from."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from continuity.officers.reach import own_and_registrants
from continuity.pages import existing
from continuity.registrants import queries as registrants
from continuity.registrants import room as queries
from continuity.registrants.forms import RemindForm
from continuity.registrants.reach import registrants_of
from continuity.registrants.reminding import Reminded, Sender, remind, reminded_on
from continuity.registrants.room import PAGE, SHOWN, WITHIN
from continuity.registrants.views import bp
from continuity.registrations.words import KIND_LABELS
from continuity.requests.states import STATE_LABELS
from continuity.scheme import AGREEMENT_LABELS
from tenants.door import needs, standing, today_here
from tenants.permissions import Permission
from tenants.sessions import person

# Days within which agreements end.
CHOICES = (30, 60, 90, 180)


@bp.get("/room")
@needs(Permission.REGISTRANT_READ, over=own_and_registrants)
def room() -> ResponseReturnValue:
    """Show everything that waits for the foundation or is not yet safe."""
    within = request.args.get("within", WITHIN, type=int)
    within = within if within in CHOICES else WITHIN
    found = queries.look(standing().tenant_id, existing(person()).user_id, today_here(), within)
    last = max(1, -(-len(found.overdue) // PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), last)
    return render_template(
        "foundation/room.html",
        room=found,
        shown=SHOWN,
        overdue=found.overdue[(page - 1) * PAGE : page * PAGE],
        page=page,
        last=last,
        within=within,
        choices=CHOICES,
        reminded=reminded_on(standing().tenant_id, [one.tenant_id for one in found.overdue]),
        today=today_here(),
        address=lambda number: f"?page={number}&within={within}",
        agreement_kinds=AGREEMENT_LABELS,
        trigger_kinds=KIND_LABELS,
        request_states=STATE_LABELS,
    )


@bp.post("/room/reminders")
@needs(Permission.REGISTRANT_CONFIRM, over=registrants_of)
def room_remind() -> ResponseReturnValue:
    """Remind the chosen suppliers of everything that is late, by one mail to each."""
    here, today = standing(), today_here()
    late = [one for one in registrants.registrants(here.tenant_id, today) if one.left_at is None]
    rows = {one.tenant_id: one for one in queries.overdue(late)}
    form = RemindForm()
    form.suppliers.choices = [(one, one) for one in rows]
    if not form.validate_on_submit():
        flash(_("Tick at least one supplier that is late."), "danger")
        return redirect(url_for(".room"))
    sender = Sender(here.tenant_id, here.name, existing(person()).name)
    _tell(remind([rows[one] for one in form.suppliers.data], sender, today=today))
    return redirect(url_for(".room"))


def _tell(done: Reminded) -> None:
    if done.sent:
        flash(ngettext("%(num)s supplier was reminded.", "%(num)s suppliers were reminded.", len(done.sent)), "success")
    if done.already:
        flash(_("Not again today: %(names)s.", names=", ".join(done.already)), "warning")
    if done.unreachable:
        flash(_("No address is known of the contact at: %(names)s.", names=", ".join(done.unreachable)), "warning")
