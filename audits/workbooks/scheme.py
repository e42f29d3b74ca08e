"""The workbook of the continuity scheme: registrations, how each duty stands, agreements, money, deeds, requests."""

from collections.abc import Iterator

from flask_babel import gettext as _

from audits.findings.queries import RegisteredService
from audits.status import duty_states
from audits.workbooks import acceptances, requests
from audits.workbooks.material import Material
from audits.workbooks.plan import TONES
from continuity.accepting import acceptance_of, current_deed
from continuity.facts import AgreementFact, RegistrationFact
from continuity.funding import Cover, cover
from continuity.period import period
from continuity.registrations.states import STATE_LABELS
from continuity.scheme import (
    AGREEMENT_LABELS,
    COUNTERPARTY_LABELS,
    FEE_LABELS,
    NOTICE_LABELS,
    RHYTHMS,
    TYPE_LABELS,
    of_type,
)
from core.sheets.cells import Kind, Tone, Toned
from core.sheets.writing import Column, Sheet, Value
from plans.status import STATUS_LABELS


def sheets(material: Material) -> Iterator[Sheet]:
    """Yield registrations, duties, agreements, money, deeds, acceptances, and what clients asked for."""
    found = material.facts.continuity.registrations
    yield _registrations(found)
    yield _duties(material, found)
    yield _agreements(found)
    yield _money(material, found)
    yield from acceptances.sheets(material)
    yield from requests.sheets(material)


def _registrations(found: tuple[RegistrationFact, ...]) -> Sheet:
    columns = (
        Column(_("Service"), Kind.TEXT, 34),
        Column(_("Type"), Kind.TEXT, 20),
        Column(_("State"), Kind.TEXT, 26),
        Column(_("Scope understood on"), Kind.DAY, 14),
        Column(_("Not covered"), Kind.TEXT, 40),
        Column(_("Counterparty"), Kind.TEXT, 30),
        Column(_("Kind of counterparty"), Kind.TEXT, 20),
        Column(_("Knows the scheme since"), Kind.DAY, 14),
        Column(_("Who there knows it"), Kind.TEXT, 26),
        Column(_("Declared to be willing on"), Kind.DAY, 14),
        Column(_("Who declared it"), Kind.TEXT, 26),
        Column(_("Signed with the foundation on"), Kind.DAY, 14),
        Column(_("Who signed for them"), Kind.TEXT, 26),
        Column(_("Months of continuity"), Kind.WHOLE, 12),
        Column(_("Period from"), Kind.DAY, 14),
        Column(_("Period until"), Kind.DAY, 14),
    )
    return Sheet(_("Registrations"), columns, (_registration(one) for one in found))


def _registration(one: RegistrationFact) -> tuple[Value, ...]:
    partner, running = one.counterparty, period(one.declared_bankrupt_on, one.duration_months)
    return (
        one.service_name,
        str(TYPE_LABELS[one.scheme_type]),
        str(STATE_LABELS[one.state]),
        one.scope_understood_on,
        one.uncovered_services or None,
        partner.name if partner else None,
        str(COUNTERPARTY_LABELS[one.scheme_type]),
        partner.knows_on if partner else None,
        (partner.knows_by or None) if partner else None,
        partner.willing_on if partner else None,
        (partner.willing_by or None) if partner else None,
        partner.signed_on if partner else None,
        (partner.signed_by or None) if partner else None,
        one.duration_months,
        running.first_on if running else None,
        running.last_on if running else None,
    )


def _duties(material: Material, found: tuple[RegistrationFact, ...]) -> Sheet:
    """Return the sheet with a row for each duty of each service, also those of which nothing is found."""
    columns = (
        Column(_("Service"), Kind.TEXT, 34),
        Column(_("Duty"), Kind.TEXT, 50),
        Column(_("State"), Kind.TEXT, 18),
        Column(_("What is found"), Kind.TEXT, 60),
        Column(_("When again"), Kind.TEXT, 40),
        Column(_("Code"), Kind.TEXT, 28),
    )
    return Sheet(_("Duties"), columns, _duty_rows(material, found))


def _duty_rows(material: Material, found: tuple[RegistrationFact, ...]) -> Iterator[tuple[Value, ...]]:
    services = [RegisteredService(one.id, one.service_name, one.scheme_type, one.declared_bankrupt_on) for one in found]
    states = duty_states(material.gaps, services)
    for service in services:
        for duty in of_type(service.scheme_type):
            state = states[service.id, duty.id]
            yield (
                service.name,
                duty.title,
                Toned(str(STATUS_LABELS[state.status]), TONES[state.status]),
                "\n".join(remark.text for remark in state.remarks) or None,
                str(RHYTHMS[duty.id]),
                duty.id,
            )


def _agreements(found: tuple[RegistrationFact, ...]) -> Sheet:
    columns = (
        Column(_("Service"), Kind.TEXT, 34),
        Column(_("Agreement"), Kind.TEXT, 34),
        Column(_("With whom"), Kind.TEXT, 30),
        Column(_("Signed by the first party on"), Kind.DAY, 14),
        Column(_("Who signed for the first party"), Kind.TEXT, 26),
        Column(_("Name of the first party"), Kind.TEXT, 30),
        Column(_("KvK number of the first party"), Kind.TEXT, 14),
        Column(_("First party so called on"), Kind.DAY, 14),
        Column(_("Signed by the second party on"), Kind.DAY, 14),
        Column(_("Who signed for the second party"), Kind.TEXT, 26),
        Column(_("Name of the second party"), Kind.TEXT, 30),
        Column(_("KvK number of the second party"), Kind.TEXT, 14),
        Column(_("Second party so called on"), Kind.DAY, 14),
        Column(_("First day"), Kind.DAY, 14),
        Column(_("Last day"), Kind.DAY, 14),
        Column(_("Period of notice"), Kind.TEXT, 16),
        Column(_("Last day to give notice"), Kind.DAY, 14),
        Column(_("Fee or price"), Kind.MONEY, 14),
        Column(_("Paid"), Kind.TEXT, 14),
        Column(_("Months of continuity"), Kind.WHOLE, 12),
        Column(_("Holds the promise to deliver"), Kind.YES_NO, 14),
        Column(_("Renewed by another one"), Kind.YES_NO, 14),
        Column(_("SHA-256 of the file"), Kind.TEXT, 66),
    )
    rows = (_agreement(one, each) for one in found for each in one.agreements)
    return Sheet(_("Agreements"), columns, rows)


def _agreement(one: RegistrationFact, each: AgreementFact) -> tuple[Value, ...]:
    notice = f"{each.notice_length} {NOTICE_LABELS[each.notice_unit]}" if each.notice_length is not None else None
    return (
        one.service_name,
        str(AGREEMENT_LABELS[each.kind]),
        each.party,
        each.first_signed_on,
        each.first_signed_by or None,
        each.first_name or None,
        each.first_kvk or None,
        each.first_named_on,
        each.second_signed_on,
        each.second_signed_by or None,
        each.second_name or None,
        each.second_kvk or None,
        each.second_named_on,
        each.starts_on,
        each.ends_on,
        notice,
        each.notice_on,
        each.fee,
        str(FEE_LABELS[each.fee_every]) if each.fee is not None else None,
        each.duration_months,
        each.delivers_on,
        any(other.follows_id == each.id for other in one.agreements),
        each.file_sha256 or None,
    )


def _money(material: Material, found: tuple[RegistrationFact, ...]) -> Sheet:
    columns = (
        Column(_("Service"), Kind.TEXT, 34),
        Column(_("Months of continuity"), Kind.WHOLE, 12),
        Column(_("Cost a month"), Kind.MONEY, 14),
        Column(_("Fees a month"), Kind.MONEY, 14),
        Column(_("Cost over the period"), Kind.MONEY, 16),
        Column(_("Fees over the period"), Kind.MONEY, 16),
        Column(_("Fees for each euro of cost"), Kind.DECIMAL, 14),
        Column(_("Short a month"), Kind.MONEY, 14),
        Column(_("State"), Kind.TEXT, 18),
        Column(_("Clients that accepted"), Kind.WHOLE, 12),
        Column(_("Of them without a fee"), Kind.WHOLE, 12),
        Column(_("What is not known"), Kind.TEXT, 60),
    )
    return Sheet(_("Money"), columns, (_line(one, _cover(material, one)) for one in found))


def _cover(material: Material, one: RegistrationFact) -> Cover:
    deed = current_deed(one, material.as_of)
    accepting = [client for client in one.clients if deed and acceptance_of(client, deed, material.as_of)]
    return cover(one.monthly_cost, [client.monthly_fee for client in accepting], one.duration_months)


def _line(one: RegistrationFact, money: Cover) -> tuple[Value, ...]:
    unknown = []
    if money.cost is None:
        unknown.append(_("Without the cost nobody can say whether the fees cover it."))
    if money.without_fee:
        unknown.append(_("A fee that is not filled in counts as nothing, so the real ratio may be better."))
    state = Toned(_("Covered"), Tone.GOOD) if money.enough else Toned(_("Not covered"), Tone.BAD)
    return (
        one.service_name,
        money.months,
        money.cost,
        money.fees,
        money.period_cost,
        money.period_fees,
        money.ratio,
        money.shortfall if money.cost is not None else None,
        state if money.cost is not None else Toned(_("Not known"), Tone.SOON),
        money.accepting,
        money.without_fee,
        " ".join(unknown) or None,
    )
