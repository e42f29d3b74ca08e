"""Pages that tell what lapses before the period of continuity ends, if it happened today or on a day to plan for."""

from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from audits.lapsing import queries
from audits.lapsing.queries import PAGE, Ahead
from continuity.lapsing import KIND_LABELS, WHY_LABELS, LapseKind
from tenants.door import needs, standing, today_here
from tenants.grants.reach import clients_of
from tenants.permissions import Permission

bp = Blueprint("lapsing", __name__, url_prefix="/o/<slug>")
FARTHEST = timedelta(days=730)


@bp.get("/continuity/<uuid:registration_id>/lapses")
@needs(Permission.CONTINUITY_READ)
def registration(registration_id: UUID) -> ResponseReturnValue:
    """Show what of one registration lapses before the period ends."""
    found = queries.of_registration(standing().tenant_id, registration_id, _day()) or abort(404)
    facts, ahead = found
    return _page(ahead, registration=facts)


@bp.get("/portfolio/lapses")
@needs(Permission.PORTFOLIO_READ)
def portfolio() -> ResponseReturnValue:
    """Show what lapses of everything a reseller looks after."""
    return _page(queries.of_portfolio(standing().tenant_id, clients_of(standing()), _day()), registration=None)


def _page(ahead: Ahead, *, registration: object) -> str:
    asked = request.args.get("kind", "")
    kind = LapseKind(asked) if asked in tuple(LapseKind) else None
    found = ahead.of_kind(kind)
    last = max(1, -(-len(found) // PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), last)
    return render_template(
        "lapsing/index.html",
        registration=registration,
        ahead=ahead,
        kind=kind,
        found=found[(page - 1) * PAGE : page * PAGE],
        total=len(found),
        page=page,
        last=last,
        today=today_here(),
        farthest=today_here() + FARTHEST,
        kinds=KIND_LABELS,
        whys=WHY_LABELS,
        address=lambda number: _address(ahead.running.first_on, kind, number),
        of_kind=lambda one: _address(ahead.running.first_on, one, 1),
    )


def _day() -> date:
    """Return the day of the address, from today to FARTHEST ahead; today when it is none."""
    today: date = today_here()
    try:
        asked = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return today
    return min(max(asked, today), today + FARTHEST)


def _address(day: date, kind: LapseKind | None, page: int) -> str:
    asked = {
        "day": day.isoformat() if day != today_here() else "",
        "kind": kind or "",
        "page": page if page > 1 else "",
    }
    told = urlencode({name: str(value) for name, value in asked.items() if value})
    return f"?{told}"
