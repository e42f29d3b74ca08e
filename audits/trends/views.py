"""Pages of trends: of one organisation, and of all clients of a reseller together."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from audits.findings.texts import month_text
from audits.findings.words import SEVERITY_LABELS
from audits.trends.clients import added_up, clients_kept
from audits.trends.counting import AGE_LABELS, ORDER, Ledger, trends
from audits.trends.drawing import HEIGHT, LEFT, RIGHT, WIDTH
from audits.trends.page import days_text, shown, shown_clients
from audits.trends.queries import counted
from core.i18n import reader_zone
from tenants.door import needs, standing, today_here
from tenants.grants.reach import at_clients, clients_of
from tenants.owned import Area
from tenants.permissions import Permission

bp = Blueprint("trends", __name__, url_prefix="/o/<slug>")


@bp.get("/trends")
@needs(Permission.AUDIT_READ)
def index() -> ResponseReturnValue:
    """Show how findings of this organisation came and went, and what lapses when."""
    return _page(counted(today_here(), reader_zone()))


@bp.get("/portfolio/trends")
@needs(Permission.PORTFOLIO_READ)
def portfolio() -> ResponseReturnValue:
    """Show the same of all clients together, each as far as it opened itself, from what was kept of each."""
    grants, today = clients_of(standing()), today_here()
    with at_clients(frozenset(one.client_id for one in grants), frozenset({Area.AUDIT})):
        kept = clients_kept(grants)
    return render_template(
        "trends/portfolio.html",
        told=shown_clients(added_up(kept, today)),
        clients=len(grants),
        **_words(),
    )


def _page(ledger: Ledger) -> str:
    return render_template("trends/index.html", told=shown(trends(ledger, today_here())), **_words())


def _words() -> dict[str, object]:
    return {
        "order": ORDER,
        "legend": [(one.value, SEVERITY_LABELS[one]) for one in ORDER],
        "severities": SEVERITY_LABELS,
        "ages": AGE_LABELS,
        "days_text": days_text,
        "month_text": month_text,
        "size": (WIDTH, HEIGHT, LEFT, RIGHT),
    }
