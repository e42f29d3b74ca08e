"""The cockpit's page."""

from functools import partial
from typing import TypeVar
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from audits.portfolio.cockpit import Filters, look
from audits.portfolio.legs import LEG_LABELS, STATE_LABELS, Leg, LegState
from audits.texts import rule_title
from tenants.door import needs, standing, today_here
from tenants.grants.forms import LEVEL_LABELS
from tenants.grants.reach import clients_of, effective
from tenants.permissions import Permission

bp = Blueprint("portfolio", __name__, url_prefix="/o/<slug>/portfolio")
# "Lapses within" so many days.
DAYS = (7, 30, 90)
# Colour and icon of each state; the word stands beside them.
MARKS = {
    LegState.TO_DO: ("todo", "circle-dashed"),
    LegState.ATTENTION: ("warn", "alert-triangle"),
    LegState.DUE_SOON: ("soon", "clock"),
    LegState.COMPLETE: ("good", "circle-check"),
    LegState.NOT_JUDGED: ("quiet", "help-circle"),
    LegState.NO_SCHEME: ("quiet", "circle-minus"),
    LegState.CLOSED: ("quiet", "lock"),
}
Word = TypeVar("Word", Leg, LegState)


@bp.get("/")
@needs(Permission.PORTFOLIO_READ)
def index() -> ResponseReturnValue:
    """Show all clients, worst first; what to show stands in the address."""
    filters = _filters()
    cockpit = look(clients_of(standing()), filters, today_here(), request.args.get("page", 1, type=int))
    return render_template(
        "portfolio/index.html",
        cockpit=cockpit,
        filters=filters,
        narrowed=filters != Filters(),
        legs=LEG_LABELS,
        # Written out once: each is on the page some hundred times.
        states={state: str(label) for state, label in STATE_LABELS.items()},
        marks=MARKS,
        days=DAYS,
        levels=LEVEL_LABELS,
        effective=partial(effective, standing()),
        rule_title=rule_title,
        address=partial(_address, filters),
        of_state=lambda state: url_for("portfolio.index", state=state.value),
    )


def _filters() -> Filters:
    """Read the filters of the address; what is not a filter does not filter."""
    days = request.args.get("days", type=int)
    return Filters(
        q=request.args.get("q", "").strip()[:200],
        leg=_one_of(Leg, "leg"),
        state=_one_of(LegState, "state"),
        days=days if days is not None and 0 <= days <= 3660 else None,
    )


def _one_of(kind: type[Word], name: str) -> Word | None:
    said = request.args.get(name, "")
    return kind(said) if said in tuple(kind) else None


def _address(filters: Filters, page: int) -> str:
    """Return the address of another page of the same list."""
    asked = {"q": filters.q, "leg": filters.leg, "state": filters.state, "days": filters.days}
    told = {name: str(value) for name, value in asked.items() if value not in (None, "")}
    return f"{url_for('portfolio.index')}?{urlencode({**told, 'page': page})}"
