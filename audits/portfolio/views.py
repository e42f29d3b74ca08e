"""The cockpit's page."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from audits.findings.texts import rule_title
from audits.portfolio.asked import SHOWN
from audits.portfolio.cockpit import Filters, Order, look
from audits.portfolio.legs import Leg, LegState
from audits.portfolio.page import LOOKS, lines, words
from plans.registers.cells import phone_text
from tenants.door import needs, standing, today_here
from tenants.grants.reach import clients_of
from tenants.permissions import Permission

bp = Blueprint("portfolio", __name__, url_prefix="/o/<slug>/portfolio")
# "Lapses within" so many days.
DAYS = (7, 30, 90)
Word = TypeVar("Word", Leg, LegState, Order)
ORDER_LABELS = {
    Order.WORST: _l("Worst first"),
    Order.LAPSES: _l("Lapses first"),
    Order.NAME: _l("Name"),
}
ORDER_TOLD: dict[Order, Callable[[int], str]] = {
    Order.WORST: lambda number: ngettext(
        "%(num)s client, the worst on top", "%(num)s clients, the worst on top", number
    ),
    Order.LAPSES: lambda number: ngettext(
        "%(num)s client, what lapses first on top", "%(num)s clients, what lapses first on top", number
    ),
    Order.NAME: lambda number: ngettext("%(num)s client, by name", "%(num)s clients, by name", number),
}


@bp.get("/")
@needs(Permission.PORTFOLIO_READ)
def index() -> ResponseReturnValue:
    """Show all clients, worst first; what to show stands in the address."""
    filters, order_by = _filters(), _one_of(Order, "sort") or Order.WORST
    grants, today = clients_of(standing()), today_here()
    legs, states = words()
    cockpit = look(grants, filters, today, request.args.get("page", 1, type=int), order_by)
    return render_template(
        "portfolio/index.html",
        cockpit=cockpit,
        asked=cockpit.asked[:SHOWN],
        asked_more=max(len(cockpit.asked) - SHOWN, 0),
        today=today,
        filters=filters,
        order_by=order_by,
        orders=ORDER_LABELS,
        told=ORDER_TOLD[order_by](cockpit.total),
        narrowed=filters != Filters() or order_by is not Order.WORST,
        legs=legs,
        states=states,
        looks=LOOKS,
        lines=lines(cockpit, standing()),
        days=DAYS,
        rule_title=rule_title,
        phone_text=phone_text,
        address=partial(_address, filters, order_by),
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


def _address(filters: Filters, order_by: Order, page: int) -> str:
    """Return the address of another page of the same list."""
    asked: dict[str, object] = {"q": filters.q, "leg": filters.leg, "state": filters.state, "days": filters.days}
    asked["sort"] = order_by if order_by is not Order.WORST else None
    told = {name: str(value) for name, value in asked.items() if value not in (None, "")}
    return f"{url_for('portfolio.index')}?{urlencode({**told, 'page': page})}"
