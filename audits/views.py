"""Pages of the audit: where an organisation stands, what was found, what lapses, by which rules."""

from dataclasses import replace
from datetime import date
from functools import partial
from itertools import groupby
from urllib.parse import urlencode

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audits import home as overview
from audits import services
from audits.asof.standing import first_kept
from audits.findings import queries
from audits.findings.apart import Unfilled
from audits.findings.links import code_link, item_link, link
from audits.findings.listing import Asker, listed
from audits.findings.page import grouped
from audits.findings.queries import PAGE, Filters, State
from audits.findings.texts import month_text, rule_title, section_titles
from audits.findings.words import SEVERITY_LABELS
from audits.judging.severity import Severity
from audits.reach import seen_titles
from audits.room.queries import waiting_here
from audits.rules.clauses import Standard
from audits.rules.editions import EDITIONS
from audits.standards.coverage_page import VIEW_LABELS, coverage_filters, covered_here
from audits.standards.rules_here import rules_here
from audits.standards.rules_page import told_rules
from audits.sweeping.waiting import RULE_SET
from continuity.cover import COVER_LABELS
from continuity.covering.leg import LEG_LABELS, LEG_STATE_LABELS
from continuity.registrants.reach import fell_away
from continuity.requests.states import STATE_LABELS as REQUEST_LABELS
from continuity.scheme import TYPE_LABELS
from core.clock import add_months
from plans.guide.walking import step_url
from plans.items.left_out import proposals_waiting
from plans.status import STATUS_LABELS
from tenants.door import needs, standing, today_here
from tenants.models import Capacity
from tenants.permissions import Permission

bp = Blueprint("audits", __name__, url_prefix="/o/<slug>")
MONTHS_AHEAD = 12
# So many rule sets are told of on the page of all rules; that of a section, which is shorter, tells of every one.
NEWEST = 6
# What an address may ask of the list of findings, by how it is written there.
_SEVERITIES = {one.value: one for one in Severity}
_STATES = {one.value: one for one in State}
_UNFILLED = {one.value: one for one in Unfilled}


@bp.context_processor
def _texts() -> dict[str, object]:
    return {
        "rule_title": rule_title,
        "mend_link": link,
        "item_link": item_link,
        "section_titles": seen_titles(section_titles()),
        "scheme_types": TYPE_LABELS,
    }


@bp.get("/")
@needs(Permission.AUDIT_READ)
def home() -> ResponseReturnValue:
    """Tell how ready the organisation is, and what to do first."""
    # First, because it empties the session.
    here = standing()
    asked = waiting_here() if here.may(Permission.REQUEST_READ) else 0
    return render_template(
        "audits/home.html",
        home=overview.look(today_here(), here.kind),
        asked=asked,
        fell_away=fell_away(here.tenant_id) if here.may(Permission.REGISTRANT_READ) else (),
        today=today_here(),
        proposed=proposals_waiting() if standing().may(Permission.WAIVER_APPROVE) else 0,
        legs=LEG_LABELS,
        leg_states=LEG_STATE_LABELS,
        cover_states=COVER_LABELS,
        request_states=REQUEST_LABELS,
    )


@bp.get("/findings")
@needs(Permission.AUDIT_READ)
def findings() -> ResponseReturnValue:
    """List findings, worst first; what to show stands in the address."""
    filters = _filters()
    asker = Asker(g.me.email, leads=standing().capacity is Capacity.OWNER)
    told = listed(filters, request.args.get("page", 1, type=int), asker)
    return render_template(
        "audits/findings.html",
        filters=filters,
        kept=told.kept,
        first_kept=first_kept() if filters.as_of and not told.kept else None,
        today=today_here(),
        groups=grouped(told.found, told.owners, closed=told.closed),
        closed=told.closed,
        total=told.total,
        page=told.page,
        last=told.last,
        address=partial(_address, "audits.findings", filters),
        left=told.left,
        left_address=lambda section: _address("audits.findings", _only_of(filters, section), 1),
        step_url=step_url,
        kept_unfilled=filters.unfilled is not _usual(filters),
        among=lambda: _address("audits.findings", replace(filters, unfilled=Unfilled.AMONG), 1),
        narrowed=filters != Filters(unfilled=_usual(Filters())),
        judged=queries.judged(),
    )


@bp.get("/expiries")
@needs(Permission.AUDIT_READ)
def expiries() -> ResponseReturnValue:
    """List what has lapsed and what lapses in the coming months."""
    today = today_here()
    found = queries.lapsing(up_to=add_months(today, MONTHS_AHEAD))
    page, last = _page(len(found))
    months = groupby(
        found[(page - 1) * PAGE : page * PAGE],
        key=lambda one: "" if one.until < today else month_text(one.until),
    )
    return render_template(
        "audits/expiries.html",
        months=[(month, list(members)) for month, members in months],
        today=today,
        page=page,
        last=last,
        address=partial(_address, "audits.expiries", Filters()),
        judged=queries.judged(),
    )


@bp.get("/rules")
@needs(Permission.AUDIT_READ)
def rules() -> ResponseReturnValue:
    """Show every rule: what it judges, where it comes from, what complete means."""
    asked = request.args.get("section", "")
    section = asked if asked in section_titles() else ""
    return render_template(
        "audits/rules.html",
        groups=told_rules(section),
        section=section,
        rule_set=RULE_SET,
        editions=EDITIONS if section else EDITIONS[:NEWEST],
        severities=SEVERITY_LABELS,
    )


@bp.get("/rules/here")
@needs(Permission.AUDIT_READ)
def rules_set() -> ResponseReturnValue:
    """Show which measures this organisation tightened, and what it left out, why and until when."""
    return render_template("audits/rules_here.html", told=rules_here(today_here()))


@bp.get("/coverage")
@needs(Permission.AUDIT_READ)
def coverage() -> ResponseReturnValue:
    """Show what answers the clauses of a standard, or which clauses an item answers; the address says which."""
    chosen = coverage_filters(request.args)
    return render_template(
        "audits/coverage.html",
        chosen=chosen,
        told=covered_here(chosen, today_here()),
        standards=list(Standard),
        views=VIEW_LABELS,
        states=STATUS_LABELS,
        code_link=code_link,
    )


@bp.post("/audit")
@needs(Permission.AUDIT_RUN)
def run() -> ResponseReturnValue:
    """Judge again now: the door does so after every change, and being asked counts as one."""
    services.ask_again(standing().tenant_id)
    flash(_("Judged again, with everything as it is now."), "success")
    return redirect(url_for("audits.home"))


def _filters() -> Filters:
    """Read the filters of the address; what is not a filter does not filter."""
    asked = request.args.to_dict()  # its own get() raises and catches for each that is not there
    severity, state, section = asked.get("severity", ""), asked.get("state", ""), asked.get("section", "")
    filters = Filters(
        section=section if section in section_titles() else "",
        severity=_SEVERITIES.get(severity),
        state=_STATES.get(state, State.OPEN),
        q=asked.get("q", "").strip()[:200],
        mine=asked.get("mine", "") == "yes",
        as_of=_past_day(asked.get("as_of", "")),
    )
    unfilled = _UNFILLED.get(asked.get("unfilled", "")) or _usual(filters)
    return filters if unfilled is filters.unfilled else replace(filters, unfilled=unfilled)


def _usual(filters: Filters) -> Unfilled:
    """Return how what is not filled in yet is shown when the address does not say so.

    To an auditor as any other finding; and one by one to whoever asks for a section, for words or for what is theirs.
    """
    asked = filters.section or filters.q or filters.mine
    return Unfilled.AMONG if asked or standing().capacity is Capacity.AUDITOR else Unfilled.APART


def _only_of(filters: Filters, section: str) -> Filters:
    return replace(filters, section=section, unfilled=Unfilled.ONLY)


def _past_day(typed: str) -> date | None:
    """Return the day that was asked for when it is over; what is no such day asks for nothing."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if day < today_here() else None


def _address(endpoint: str, filters: Filters, page: int) -> str:
    """Return the address of another page of the same list."""
    asked = {"section": filters.section, "severity": filters.severity, "q": filters.q, "state": filters.state}
    if filters.mine:
        asked["mine"] = "yes"
    if filters.as_of:
        asked["as_of"] = filters.as_of.isoformat()
    if filters.unfilled is not _usual(filters):
        asked["unfilled"] = filters.unfilled
    told = {name: str(value) for name, value in asked.items() if value and value != State.OPEN}
    return f"{url_for(endpoint)}?{urlencode({**told, 'page': page})}"


def _page(count: int) -> tuple[int, int]:
    """Return the page of the address, kept between the first and the last, and the last."""
    last = max(1, -(-count // PAGE))
    return min(max(1, request.args.get("page", 1, type=int)), last), last
