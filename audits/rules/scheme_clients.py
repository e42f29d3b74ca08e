"""Duties of the scheme: the beneficiary deed, the clients that accept it, and what they pay."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from audits.judging.judgement import Check, Gap, Judgement, TenantFacts, earliest, missing, sooner
from audits.judging.severity import Severity
from audits.rules.registrations import about, under
from continuity.accepting import acceptance_of, current_deed, days_of
from continuity.facts import ClientFact, DeedFact, RegistrationFact
from continuity.models import DeclarationKind
from core.i18n import N_

UNPUBLISHED = N_("No text of the beneficiary deed has been published yet.")
# What a client said instead of accepting, or was told.
SAID = {
    DeclarationKind.REJECT: N_("%(name)s rejected version %(number)s of the beneficiary deed."),
    DeclarationKind.WITHDRAW: N_("%(name)s withdrew its acceptance of version %(number)s of the beneficiary deed."),
    DeclarationKind.LATE: N_(
        "%(name)s accepted version %(number)s after the bankruptcy; the foundation has not decided yet."
    ),
    DeclarationKind.REFUSE: N_("The foundation did not admit %(name)s, which accepted version %(number)s too late."),
}


def beneficiary_deed(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want a published version of the deed with its conditions; tell of a newer text that is not published.

    Source: scheme.beneficiary-deed.
    """
    for registration in under(facts, "scheme.beneficiary-deed"):
        yield from sooner(_deed(registration, today), _next_deed_on(registration, today), about(registration))


def _deed(registration: RegistrationFact, today: date) -> Iterator[Judgement]:
    deed = current_deed(registration, today)
    if deed is None:
        yield missing(UNPUBLISHED, about(registration))
        return
    if not deed.has_conditions:
        yield missing(
            N_("Version %(number)s of the beneficiary deed has no conditions."),
            about(registration, "conditions", "deed_version", deed.id),
            number=deed.number,
        )
    if not deed.has_english:
        yield missing(
            N_("Version %(number)s of the beneficiary deed is not there in English; a new version asks for both."),
            about(registration, "english", "deed_version", deed.id),
            severity=Severity.NOTICE,
            number=deed.number,
        )
    newer = [each for each in registration.deeds if each.number > deed.number and each.published_on is None]
    if newer:
        draft = max(newer, key=lambda each: each.number)
        yield missing(
            N_("The text was changed: version %(number)s of the beneficiary deed has not been published yet."),
            about(registration, "draft", "deed_version", draft.id),
            severity=Severity.NOTICE,
            number=draft.number,
        )


def _next_deed_on(registration: RegistrationFact, today: date) -> date | None:
    return earliest((deed.published_on for deed in registration.deeds), today)


def acceptances(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want every client invited, its acceptance of the newest published deed, and the conditions met.

    Source: scheme.acceptances.
    """
    for registration in under(facts, "scheme.acceptances"):
        yield from sooner(_acceptances(registration, today), _next_deed_on(registration, today), about(registration))


def _acceptances(registration: RegistrationFact, today: date) -> Iterator[Judgement]:
    deed = current_deed(registration, today)
    if deed is None:
        yield missing(UNPUBLISHED, about(registration))
    if not registration.clients:
        message = N_("No client of the service %(name)s has been recorded yet.")
        yield missing(message, about(registration, "clients"), name=registration.service_name)
    for client in registration.clients:
        if deed:
            yield from sooner(
                _client(registration, client, deed, today),
                earliest(days_of(client, deed), today),
                about(registration, "", "client", client.id, client.name),
            )


def _client(registration: RegistrationFact, client: ClientFact, deed: DeedFact, today: date) -> Iterator[Gap]:
    """Yield at most one gap: the first step that the client has not taken."""
    subject = about(registration, "", "client", client.id, client.name)
    acceptance = acceptance_of(client, deed, today)
    if client.invited_on is None or client.invited_on > today:
        yield missing(N_("%(name)s has not been invited yet."), subject, name=client.name)
    elif acceptance is None and client.declared.get(deed.id) in SAID:
        yield missing(SAID[client.declared[deed.id]], subject, name=client.name, number=deed.number)
    elif acceptance is None:
        older = any(deed_id != deed.id for deed_id in client.acceptances)
        yield missing(
            N_("%(name)s accepted an older text; version %(number)s asks for a new acceptance.")
            if older
            else N_("%(name)s has not accepted version %(number)s of the beneficiary deed."),
            subject,
            name=client.name,
            number=deed.number,
        )
    elif not acceptance.accepted_by.strip():
        yield missing(N_("It is not recorded who accepted the deed for %(name)s."), subject, name=client.name)
    elif deed.has_conditions and (acceptance.conditions_met_on is None or acceptance.conditions_met_on > today):
        yield missing(N_("%(name)s does not meet the conditions of the deed yet."), subject, name=client.name)


def funding(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want the monthly cost and every monthly fee recorded; show a shortfall of the clients that accepted.

    Source: scheme.funding; rules 3.5 M3.
    """
    for registration in under(facts, "scheme.funding"):
        deed = current_deed(registration, today)
        days = [day for client in registration.clients if deed for day in days_of(client, deed)]
        turns = earliest([*days, _next_deed_on(registration, today)], today)
        yield from sooner(_funding(registration, deed, today), turns, about(registration))


def _funding(registration: RegistrationFact, deed: DeedFact | None, today: date) -> Iterator[Gap]:
    cost = registration.monthly_cost
    if cost is None:
        yield missing(
            N_("The monthly cost of the upstream supplier or partner has not been recorded."),
            about(registration, "cost"),
        )
    if not registration.clients:
        yield missing(N_("No client fee has been recorded yet."), about(registration, "clients"))
    for client in registration.clients:
        if client.monthly_fee is None:
            message = N_("The monthly fee of %(name)s has not been recorded.")
            yield missing(message, about(registration, "", "client", client.id, client.name), name=client.name)
    accepting = [client for client in registration.clients if deed and acceptance_of(client, deed, today)]
    fees = sum((client.monthly_fee or Decimal(0) for client in accepting), Decimal(0))
    if cost is not None and registration.clients and fees < cost:
        yield missing(
            N_("Clients that accepted pay %(fees)s a month, the cost is %(cost)s: %(short)s is not covered."),
            about(registration, "shortfall"),
            severity=Severity.WARNING,
            fees=fees,
            cost=cost,
            short=cost - fees,
        )


CHECKS: dict[str, Check] = {
    "scheme.beneficiary-deed": beneficiary_deed,
    "scheme.acceptances": acceptances,
    "scheme.funding": funding,
}
