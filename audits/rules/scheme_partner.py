"""Duties of the scheme: the counterparty, chosen and willing."""

from collections.abc import Iterator
from datetime import date

from audits.judging.judgement import Check, Judgement, Subject, TenantFacts, aged, missing
from audits.judging.severity import Severity
from audits.rules.registrations import about, ahead, under
from continuity.facts import CounterpartyFact, RegistrationFact
from continuity.models import SchemeType
from core.i18n import N_
from plans import intervals
from plans.intervals import Interval

NO_COUNTERPARTY = {
    SchemeType.HOSTING: N_("The upstream supplier has not been recorded yet."),
    SchemeType.SERVER_MANAGEMENT: N_("The partner that can take over the servers has not been recorded yet."),
    SchemeType.STANDARD_SOFTWARE: N_("The partner that can deliver the licences has not been recorded yet."),
}


def partner_chosen(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want a partner with a contact and a phone number, chosen or looked at again within its interval.

    Source: scheme.partner-chosen; falls due yearly.
    """
    valid_days = intervals.days(facts.plan.intervals, Interval.COUNTERPARTY)
    for registration in under(facts, "scheme.partner-chosen"):
        partner = registration.counterparty
        if partner is None:
            yield missing(NO_COUNTERPARTY[registration.scheme_type], about(registration, "counterparty"))
            continue
        if not partner.contact_name.strip():
            yield missing(
                N_("No contact is known at %(name)s."), _at(registration, partner, "contact"), name=partner.name
            )
        if not partner.phone.strip():
            yield missing(
                N_("No phone number is known of %(name)s."), _at(registration, partner, "phone"), name=partner.name
            )
        unchosen = N_("It is not recorded when %(name)s was chosen.")
        if partner.chosen_on is None:
            subject = _at(registration, partner, "chosen")
            yield missing(unchosen, subject, severity=Severity.WARNING, name=partner.name)
            continue
        yield aged(
            _at(registration, partner, "chosen"),
            partner.chosen_on,
            valid_days,
            today,
            absent=unchosen,
            soon=N_("Look again whether %(name)s is still the right one: the choice counts until %(until)s."),
            lapsed=N_("Look again whether %(name)s is still the right one: the choice counted until %(until)s."),
            params={"name": partner.name},
        )


def partner_informed(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want it dated that the counterparty knows the scheme, and that it is willing, by whom, within its interval.

    Source: scheme.partner-informed; falls due yearly.
    """
    valid_days = intervals.days(facts.plan.intervals, Interval.COUNTERPARTY)
    for registration in under(facts, "scheme.partner-informed"):
        partner = registration.counterparty
        if partner is None:
            yield missing(NO_COUNTERPARTY[registration.scheme_type], about(registration, "counterparty"))
            continue
        if partner.knows_on is None:
            message = N_("It is not recorded when %(name)s came to know the scheme.")
            yield missing(message, _at(registration, partner, "knows"), name=partner.name)
        elif partner.knows_on > today:
            yield ahead(_at(registration, partner, "knows"), partner.knows_on)
        if not partner.willing_by.strip():
            message = N_("It is not recorded who said that %(name)s is willing.")
            yield missing(message, _at(registration, partner, "willing_by"), name=partner.name)
        if partner.willing_on is None and partner.refused_on is not None:
            message = N_("%(name)s said on %(day)s that it is not willing: find another company.")
            yield missing(message, _at(registration, partner, "refused"), name=partner.name, day=partner.refused_on)
            continue
        yield aged(
            _at(registration, partner, "willing"),
            partner.willing_on,
            valid_days,
            today,
            absent=N_("%(name)s has not said yet that it is willing."),
            soon=N_("Ask %(name)s again whether it is willing: its statement counts until %(until)s."),
            lapsed=N_("Ask %(name)s again whether it is willing: its statement counted until %(until)s."),
            params={"name": partner.name},
        )


def _at(registration: RegistrationFact, partner: CounterpartyFact, part: str) -> Subject:
    return about(registration, part, "counterparty", partner.id, partner.name)


CHECKS: dict[str, Check] = {
    "scheme.partner-chosen": partner_chosen,
    "scheme.partner-informed": partner_informed,
}
