"""Pages of registrations: overview, registering, one registration, and what hangs on it directly."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from continuity import queries as shared
from continuity.models import Agreement, AgreementKind, FeeEvery, SchemeParty
from continuity.pages import bp, existing
from continuity.period import period
from continuity.registrations import queries, services
from continuity.registrations.ended import stays_until
from continuity.registrations.forms import ContactForm, CounterpartyForm, MoneyForm, RegistrationForm
from continuity.registrations.history import trigger_of
from continuity.registrations.legs import stand
from continuity.registrations.states import STATE_LABELS
from continuity.registrations.wizard import next_step
from continuity.registrations.words import KIND_LABELS
from continuity.saving import submit
from continuity.scheme import (
    AGREEMENT_LABELS,
    COUNTERPARTY_LABELS,
    FEE_LABELS,
    PARTY_LABELS,
    RHYTHMS,
    SCOPE_WARNINGS,
    TYPE_LABELS,
    by_id,
)
from core import clock
from plans.status import source
from tenants.door import needs, standing, today_here
from tenants.models import SchemeLink, Topic
from tenants.permissions import Permission
from tenants.personal_links.queries import newest_about

# A card tells the state of up to thirteen legs; more cards on one page would make it slow to read and to send.
PAGE_SIZE = 8


@bp.get("/")
@needs(Permission.CONTINUITY_READ)
def overview() -> ResponseReturnValue:
    """Show every registered service and how its legs stand."""
    found = queries.registrations()
    last = max(1, -(-len(found) // PAGE_SIZE))
    page = min(max(request.args.get("page", 1, int), 1), last)
    states = source().duty_states() if found else {}
    shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return render_template(
        "continuity/overview.html",
        cards=[(row, foundation, stand(row, states)) for row, foundation in shown],
        archived=queries.put_away(),
        page=page,
        last=last,
        types=TYPE_LABELS,
        rhythms=RHYTHMS,
    )


@bp.get("/<uuid:registration_id>")
@needs(Permission.CONTINUITY_READ)
def registration(registration_id: UUID) -> ResponseReturnValue:
    """Show one registration: its duties as a task list, and the facts that hang on it directly."""
    found = existing(shared.registration(registration_id))
    counterparty = queries.counterparty(found)
    return render_template(
        "continuity/registration.html",
        registration=found,
        stand=stand(found, source().duty_states()),
        rhythms=RHYTHMS,
        stays_until=stays_until(found, today_here()),
        foundation=shared.tenant_name(found.foundation_id),
        counterparty=counterparty,
        contacts=queries.contacts(found),
        cover=shared.cover_of(found, shared.current_deed(found)),
        period=period(found.declared_bankrupt_on, found.duration_months),
        trigger=KIND_LABELS[trigger_of(found)],
        today=today_here(),
        type_label=TYPE_LABELS[found.scheme_type],
        scheme_states=STATE_LABELS,
        warning=SCOPE_WARNINGS[found.scheme_type],
        counterparty_label=COUNTERPARTY_LABELS[found.scheme_type],
        parties=PARTY_LABELS,
        unfinished=next_step(found, counterparty),
        talks=found.scheme_type in by_id()["scheme.communication"].applies_to,
    )


@bp.route("/<uuid:registration_id>/edit", methods=["GET", "POST"])
@needs(Permission.CONTINUITY_EDIT)
def registration_edit(registration_id: UUID) -> ResponseReturnValue:
    """Change what was told of the service, its scope and its foundation."""
    found = existing(shared.registration(registration_id))
    form = RegistrationForm(obj=found)
    form.offer(shared.foundations(standing().tenant_id))
    outcome = submit(
        form,
        lambda: services.change_registration(found, form.values(), seen=form.version.data or 0, today=today_here()),
        found,
    )
    if outcome.saved:
        flash(_("Saved."), "success")
        return redirect(url_for(".registration", registration_id=registration_id))
    page = render_template(
        "continuity/registration_edit.html",
        registration=found,
        form=form,
        outcome=outcome,
        warning=SCOPE_WARNINGS[found.scheme_type],
    )
    return page, outcome.code


@bp.route("/<uuid:registration_id>/counterparty", methods=["GET", "POST"])
@needs(Permission.CONTINUITY_EDIT)
def counterparty_edit(registration_id: UUID) -> ResponseReturnValue:
    """Fill in who delivers when the supplier no longer can."""
    found = existing(shared.registration(registration_id))
    row = queries.counterparty(found)
    form = CounterpartyForm(obj=row)
    outcome = submit(
        form, lambda: services.save_counterparty(found, row, form.values(), seen=form.version.data or 0), row
    )
    if outcome.saved:
        flash(_("Saved."), "success")
        return redirect(url_for(".registration", registration_id=registration_id))
    page = render_template(
        "continuity/counterparty_edit.html",
        registration=found,
        form=form,
        outcome=outcome,
        label=COUNTERPARTY_LABELS[found.scheme_type],
        counterparty=row,
        asked=newest_about(SchemeLink, Topic.WILLING).get(row.id) if row else None,
        now=clock.now(),
    )
    return page, outcome.code


@bp.route("/<uuid:registration_id>/contacts/<any(company, foundation, partner):name>", methods=["GET", "POST"])
@needs(Permission.CONTINUITY_EDIT)
def contact_edit(registration_id: UUID, name: str) -> ResponseReturnValue:
    """Fill in whom to call at one of the three."""
    found, party = existing(shared.registration(registration_id)), SchemeParty(name)
    row = queries.contacts(found).get(party)
    form = ContactForm(obj=row)
    outcome = submit(
        form, lambda: services.save_contact(found, party, row, form.values(), seen=form.version.data or 0), row
    )
    if outcome.saved:
        flash(_("Saved."), "success")
        return redirect(url_for(".registration", registration_id=registration_id))
    page = render_template(
        "continuity/contact_edit.html", registration=found, form=form, outcome=outcome, label=PARTY_LABELS[party]
    )
    return page, outcome.code


@bp.route("/<uuid:registration_id>/money", methods=["GET", "POST"])
@needs(Permission.CONTINUITY_EDIT)
def money(registration_id: UUID) -> ResponseReturnValue:
    """Compare what the delivery costs with what the clients will pay."""
    found = existing(shared.registration(registration_id))
    form = MoneyForm(obj=found)
    outcome = submit(
        form,
        lambda: services.change_money(
            found, form.monthly_cost.data, form.duration_months.data or 0, seen=form.version.data or 0
        ),
        found,
    )
    if outcome.saved:
        flash(_("Saved."), "success")
        return redirect(url_for(".money", registration_id=registration_id))
    agreed = [row for row in shared.parts(Agreement, found) if row.kind is not AgreementKind.PROCESSOR]
    prices = [row.fee for row in agreed if row.kind is AgreementKind.SUPPLY and row.fee_every is FeeEvery.MONTH]
    page = render_template(
        "continuity/money.html",
        registration=found,
        form=form,
        outcome=outcome,
        cover=shared.cover_of(found, shared.current_deed(found)),
        agreed=agreed,
        kinds=AGREEMENT_LABELS,
        every=FEE_LABELS,
        price_differs=found.monthly_cost is not None and bool(prices) and found.monthly_cost not in prices,
    )
    return page, outcome.code
