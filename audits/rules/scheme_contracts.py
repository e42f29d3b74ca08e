"""Duties of the scheme: its type, and the two agreements of the foundation."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from audits.judging.judgement import Check, Gap, Judgement, Subject, TenantFacts, earliest, lapse, missing, sooner
from audits.judging.severity import Severity
from audits.rules.registrations import about, ahead, under
from continuity.facts import AgreementFact, RegistrationFact
from continuity.models import AgreementKind, SchemeState, SchemeType
from core.i18n import N_


def scheme_type(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want the limited scope understood, and the services it leaves out listed, since the portfolio last changed.

    Source: scheme.type.
    """
    for registration in under(facts, "scheme.type"):
        yield from sooner(
            _scope(registration, today), earliest([registration.portfolio_changed_on], today), about(registration)
        )


def _scope(registration: RegistrationFact, today: date) -> Iterator[Judgement]:
    understood_on, changed_on = registration.scope_understood_on, registration.portfolio_changed_on
    if understood_on is None:
        yield missing(
            N_("Nobody has ticked yet that only the service %(name)s is covered."),
            about(registration, "scope"),
            name=registration.service_name,
        )
    elif understood_on > today:
        yield ahead(about(registration, "scope"), understood_on)
    elif changed_on and understood_on < changed_on <= today:
        yield missing(
            N_("Your services changed on %(day)s: look again at what the scheme covers and what it does not."),
            about(registration, "scope"),
            day=changed_on,
        )
    if not registration.uncovered_services.strip():
        yield missing(
            N_("The services that the scheme does not cover have not been listed yet."),
            about(registration, "uncovered"),
        )


@dataclass(frozen=True, slots=True)
class Term:
    """Something an agreement must hold besides two signatures, and what to say without it."""

    part: str
    met: Callable[[AgreementFact], bool]
    message: str


FEE = Term("fee", lambda found: found.fee is not None, N_("The fee of the framework agreement has not been recorded."))
STORED = Term("file", lambda found: bool(found.file_sha256), N_("The framework agreement itself has not been stored."))
PRICE = Term("fee", lambda found: found.fee is not None, N_("The price has not been recorded."))
SHORT = N_("The agreement promises continuity for fewer months than the scheme.")
DELIVERS = {
    SchemeType.HOSTING: N_(
        "It is not recorded that the supplier does not stop the service and delivers it to the foundation for "
        "three months."
    ),
    SchemeType.SERVER_MANAGEMENT: N_("It is not recorded that the partner manages the servers for three months."),
    SchemeType.STANDARD_SOFTWARE: N_("It is not recorded that the partner delivers the licences for three months."),
}


def _lasting(months: int) -> Term:
    """Return the term that an agreement promises continuity for as long as the scheme."""
    return Term("duration", lambda found: found.duration_months >= months, SHORT)


def framework_agreement(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want a framework agreement signed by both, with its fee and the document, that has not ended.

    Source: scheme.framework-agreement.
    """
    for registration in under(facts, "scheme.framework-agreement"):
        yield from _best_agreement(
            registration,
            AgreementKind.FRAMEWORK,
            N_("There is no framework agreement with the foundation yet."),
            (FEE, STORED, _lasting(registration.duration_months)),
            today,
        )
        yield from _in_force(registration)
        if not any(one.kind is AgreementKind.PROCESSOR for one in registration.agreements):
            yield missing(
                N_("There is no processor agreement with the foundation yet, for the personal data it would handle."),
                about(registration, AgreementKind.PROCESSOR),
                severity=Severity.NOTICE,
            )


def _in_force(registration: RegistrationFact) -> Iterator[Gap]:
    """Tell that a scheme is suspended, or that all is there and the foundation has not said that it is in force."""
    if registration.state is SchemeState.SUSPENDED:
        message = N_("The foundation suspended the scheme of %(name)s: its clients are not covered.")
        yield missing(message, about(registration, "state"), name=registration.service_name)
    elif registration.state is SchemeState.OFFERED:
        message = N_("The foundation has not said yet that the scheme of %(name)s is in force.")
        yield missing(message, about(registration, "state"), severity=Severity.WARNING, name=registration.service_name)


def supply_agreement(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want an agreement of the foundation with the upstream supplier or partner, with its promise and price.

    Source: scheme.supply-agreement.
    """
    for registration in under(facts, "scheme.supply-agreement"):
        promise = Term("delivers", lambda found: found.delivers_on, DELIVERS[registration.scheme_type])
        yield from _best_agreement(
            registration,
            AgreementKind.SUPPLY,
            N_("There is no agreement between the foundation and the upstream supplier or partner yet."),
            (
                promise,
                PRICE,
                _lasting(registration.duration_months),
            ),
            today,
        )


def _best_agreement(
    registration: RegistrationFact, kind: AgreementKind, none: str, terms: tuple[Term, ...], today: date
) -> Iterator[Judgement]:
    """Judge the agreement that is in the best order: a draft of the next one must not hide one that still holds."""
    found = [agreement for agreement in registration.agreements if agreement.kind is kind]
    judged = [list(_agreement(registration, agreement, terms, today)) for agreement in found]
    if not judged:
        yield missing(none, about(registration, kind))
        return
    best = min(judged, key=_badness)
    if not best:
        return  # nothing that another agreement may become can be better
    turns = earliest((each.changes_on for judgements in judged for each in judgements), today)
    yield from sooner(best, turns, about(registration, kind))


def _badness(judgements: Iterable[Judgement]) -> tuple[int, int, int]:
    """Return what sorts the best agreement first: the worst severity, how many gaps, and the furthest end."""
    gaps = [each for each in judgements if isinstance(each, Gap)]
    ends = [each.until.toordinal() for each in judgements if each.until]
    return max((gap.severity.rank + 1 for gap in gaps), default=0), len(gaps), -min(ends, default=date.max.toordinal())


def _agreement(
    registration: RegistrationFact, agreement: AgreementFact, terms: tuple[Term, ...], today: date
) -> Iterator[Judgement]:
    yield from _signed(registration, agreement, today)
    for term in terms:
        if not term.met(agreement):
            yield missing(term.message, _on(registration, agreement, term.part))
    if agreement.starts_on and agreement.starts_on > today:
        yield Gap(
            _on(registration, agreement, "starts_on"),
            Severity.WARNING,
            N_("The agreement with %(party)s starts on %(day)s."),
            {"party": agreement.party, "day": agreement.starts_on},
            changes_on=agreement.starts_on,
        )
    yield from _ending(registration, agreement, today)


def _signed(registration: RegistrationFact, agreement: AgreementFact, today: date) -> Iterator[Judgement]:
    days = [day for day in (agreement.first_signed_on, agreement.second_signed_on) if day]
    subject = _on(registration, agreement, "signed")
    if not days:
        yield missing(N_("The agreement with %(party)s has not been signed yet."), subject, party=agreement.party)
    elif len(days) == 1:
        yield missing(
            N_("The agreement with %(party)s has been signed by one side only."), subject, party=agreement.party
        )
    elif max(days) > today:
        yield ahead(subject, max(days))


def _ending(registration: RegistrationFact, agreement: AgreementFact, today: date) -> Iterator[Judgement]:
    """Judge the end of an agreement, and its notice date: with an end date, a notice date gone by settles itself."""
    if agreement.ends_on:
        yield lapse(
            _on(registration, agreement, "ends_on"),
            agreement.ends_on,
            today,
            soon=N_("The agreement with %(party)s ends on %(until)s."),
            lapsed=N_("The agreement with %(party)s ended on %(until)s."),
            params={"party": agreement.party},
        )
    if agreement.notice_on and not (agreement.ends_on and agreement.notice_on < today):
        yield lapse(
            _on(registration, agreement, "notice_on"),
            agreement.notice_on,
            today,
            soon=N_("Decide whether to go on with %(party)s: notice can be given until %(until)s."),
            lapsed=N_("Notice to %(party)s could be given until %(until)s. Record the next notice date or the end."),
            params={"party": agreement.party},
            worst=Severity.WARNING,
        )


def _on(registration: RegistrationFact, agreement: AgreementFact, part: str) -> Subject:
    return about(registration, part, "agreement", agreement.id, agreement.party)


CHECKS: dict[str, Check] = {
    "scheme.type": scheme_type,
    "scheme.framework-agreement": framework_agreement,
    "scheme.supply-agreement": supply_agreement,
}
