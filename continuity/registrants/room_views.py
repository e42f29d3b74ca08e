"""The page a foundation starts from."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from continuity.officers.reach import own_and_registrants
from continuity.pages import existing
from continuity.registrants import room as queries
from continuity.registrants.room import PAGE, SHOWN, WITHIN
from continuity.registrants.state_forms import KIND_LABELS
from continuity.registrants.views import bp
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
        address=lambda number: f"?page={number}&within={within}",
        agreement_kinds=AGREEMENT_LABELS,
        trigger_kinds=KIND_LABELS,
    )
