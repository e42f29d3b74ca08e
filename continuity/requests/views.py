"""Pages of a foundation: the requests for continuity, and one of them with all that is to be done about it."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from continuity.fields import EditForm
from continuity.models import ClientRequest, RequestRole
from continuity.pages import existing
from continuity.period import period
from continuity.registrants import queries as registrants
from continuity.registrants.queries import Registrant
from continuity.registrants.reach import registrant_of, registrants_of
from continuity.registrants.views import bp
from continuity.registrations.history import trigger_of
from continuity.registrations.states import AT_WORK
from continuity.registrations.words import KIND_LABELS
from continuity.requests import asking, deciding, listing, queries
from continuity.requests.forms import RecordForm, decision_on
from continuity.requests.states import (
    ASKED_LABELS,
    CAME_IN_LABELS,
    LIVE,
    ROLE_LABELS,
    STATE_LABELS,
    UNDECIDED,
    Act,
    may,
)
from continuity.requests.steps import client_of
from continuity.requests.telling import address_of
from continuity.saving import submit
from core import clock
from core.i18n import language
from tenants.door import needs, standing, today_here
from tenants.permissions import Permission
from tenants.sessions import person

PAGE = 50


def found_here(registration_id: UUID) -> Registrant:
    """Return the registrant of the address, or 404."""
    return existing(registrants.registrant(standing().tenant_id, registration_id, today_here()))


def request_here(found: Registrant, client_request_id: UUID) -> ClientRequest:
    """Return the request of the address, or 404."""
    return existing(queries.request_of(found.registration, client_request_id))


def officer() -> str:
    """Return the name of who acts."""
    return existing(person()).name


def shown(registration_id: UUID, client_request_id: UUID) -> ResponseReturnValue:
    """Go back to the page of a request."""
    where = {"registration_id": registration_id, "client_request_id": client_request_id}
    return redirect(url_for("foundation.client_request", **where))  # type: ignore[arg-type]


@bp.get("/requests")
@needs(Permission.REGISTRANT_READ, over=registrants_of)
def client_requests() -> ResponseReturnValue:
    """List the requests for continuity: what waits for the foundation first, the longest waiting on top."""
    every = request.args.get("show") == "all"
    wanted = max(request.args.get("page", 1, type=int), 1)
    found = listing.listed(standing().tenant_id, every=every, page=wanted, size=PAGE)
    return render_template(
        "foundation/requests.html",
        found=found,
        every=every,
        states=STATE_LABELS,
        undecided=UNDECIDED,
        now=clock.now(),
        address=lambda number: f"?page={number}" + ("&show=all" if every else ""),
    )


@bp.get("/<uuid:registration_id>/requests/<uuid:client_request_id>")
@needs(Permission.REGISTRANT_READ, over=registrant_of)
def client_request(registration_id: UUID, client_request_id: UUID) -> ResponseReturnValue:
    """Show one request: who asked what, the conditions, the steps, the fee, and what the client does before the end."""
    found = found_here(registration_id)
    row, registration = request_here(found, client_request_id), found.registration
    client, steps = client_of(row), queries.steps_of(row)
    return render_template(
        "foundation/request.html",
        registrant=found,
        registration=registration,
        row=row,
        client=client,
        address=address_of(row, client),
        conditions=queries.conditions(row, language()),
        steps=steps,
        payment=queries.payment_among(row, steps),
        live=row.state in LIVE,
        tasks=queries.tasks_of(row),
        period=period(registration.declared_bankrupt_on, registration.duration_months),
        trigger=KIND_LABELS[trigger_of(registration)],
        states=STATE_LABELS,
        roles=ROLE_LABELS,
        asked_how=ASKED_LABELS,
        came_in=CAME_IN_LABELS,
        undecided=row.state in UNDECIDED,
        open_acts=frozenset(act.value for act in Act if may(row.state, act, RequestRole.FOUNDATION)),
        today=today_here(),
    )


@bp.route("/<uuid:registration_id>/requests/new", methods=["GET", "POST"])
@needs(Permission.SCHEME_DECIDE, over=registrant_of)
def request_record(registration_id: UUID) -> ResponseReturnValue:
    """Write down a request that came by phone or letter."""
    found = found_here(registration_id)
    clients = queries.may_ask(found.registration)
    form = RecordForm()
    form.offer(clients)
    by_id = {one.id: one for one in clients}
    made: list[ClientRequest] = []
    outcome = submit(
        form,
        lambda: made.append(
            asking.ask(
                found.registration,
                by_id[form.client_id()],
                form.values(officer()),
                at=clock.now(),
                today=today_here(),
            )
        ),
    )
    if outcome.saved:
        flash(_("Written down. This is the request."), "success")
        return shown(registration_id, made[0].id)
    page = render_template(
        "foundation/request_record.html",
        registrant=found,
        form=form,
        outcome=outcome,
        at_work=found.registration.state in AT_WORK and bool(clients),
    )
    return page, outcome.code


@bp.post("/<uuid:registration_id>/requests/<uuid:client_request_id>/check")
@needs(Permission.SCHEME_DECIDE, over=registrant_of)
def request_check(registration_id: UUID, client_request_id: UUID) -> ResponseReturnValue:
    """Say that one looks at a request."""
    row = request_here(found_here(registration_id), client_request_id)
    form = EditForm()
    outcome = submit(form, lambda: deciding.check(row, officer=officer(), seen=form.version.data or 0))
    if not outcome.saved:
        flash(_("Somebody else was first. This is how far the request is now."), "warning")
    return shown(registration_id, client_request_id)


@bp.route("/<uuid:registration_id>/requests/<uuid:client_request_id>/decision", methods=["GET", "POST"])
@needs(Permission.SCHEME_DECIDE, over=registrant_of)
def request_decide(registration_id: UUID, client_request_id: UUID) -> ResponseReturnValue:
    """Grant or refuse a request after looking at each condition of the deed."""
    found = found_here(registration_id)
    row = request_here(found, client_request_id)
    conditions = queries.conditions(row, language())
    form = decision_on(conditions)(data={"version": row.version})
    seen, at = form.version, clock.now()

    def decide() -> None:
        if form.verdict.data == "grant":
            whys = form.whys(conditions)
            deciding.grant(row, whys, officer=officer(), note=form.reason.data, seen=seen.data or 0, at=at)
        else:
            deciding.refuse(row, form.reason.data, officer=officer(), seen=seen.data or 0, at=at)

    outcome = submit(form, decide, row)
    if outcome.saved:
        flash(_("Written down, and told to the client by mail."), "success")
        return shown(registration_id, client_request_id)
    page = render_template(
        "foundation/request_decide.html",
        registrant=found,
        row=row,
        client=client_of(row),
        conditions=conditions,
        form=form,
        outcome=outcome,
        open=may(row.state, Act.GRANT, RequestRole.FOUNDATION),
        states=STATE_LABELS,
    )
    return page, outcome.code
