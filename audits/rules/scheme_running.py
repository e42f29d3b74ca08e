"""Duties of the scheme: who talks to whom, and the three months after a bankruptcy with those who asked for them."""

from collections.abc import Iterator
from datetime import date

from audits.judging.judgement import Check, Judgement, TenantFacts, aged, lapse, missing
from audits.rules.registrations import about, under
from audits.rules.scheme_requests import requested
from continuity.facts import RegistrationFact
from continuity.models import SchemeParty
from core.clock import add_months
from core.i18n import N_
from plans import intervals
from plans.intervals import Interval

PARTIES = {
    SchemeParty.COMPANY: N_("No contact at your company is recorded with phone and e-mail."),
    SchemeParty.FOUNDATION: N_("No contact at the foundation is recorded with phone and e-mail."),
    SchemeParty.PARTNER: N_("No contact at the partner is recorded with phone and e-mail."),
}


def communication(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want one contact at each of the three, with phone and e-mail, confirmed within the contact interval.

    Source: scheme.communication.
    """
    valid_days = intervals.days(facts.plan.intervals, Interval.CONTACT)
    for registration in under(facts, "scheme.communication"):
        for party in SchemeParty:
            yield _talks(registration, party, valid_days, today)


def _talks(registration: RegistrationFact, party: SchemeParty, valid_days: int, today: date) -> Judgement:
    contact = registration.contacts.get(party)
    if contact is None or not all(text.strip() for text in (contact.name, contact.phone, contact.email)):
        return missing(PARTIES[party], about(registration, party))
    return aged(
        about(registration, party, "scheme_contact", contact.id, contact.name),
        contact.confirmed_on,
        valid_days,
        today,
        absent=N_("The contact data of %(name)s have never been confirmed."),
        soon=N_("The contact data of %(name)s are confirmed until %(until)s."),
        lapsed=N_("The contact data of %(name)s were confirmed until %(until)s."),
        params={"name": contact.name},
    )


def period(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Tell how long the continuity lasts, once the supplier was declared bankrupt; before that nothing is judged.

    The last day is the same day number so many calendar months later, clamped to the month's end, inclusive. Clients
    that ask are answered, delivered to, and gone by then.

    Source: scheme.period; rules 3.7 T7.
    """
    valid_days = intervals.days(facts.plan.intervals, Interval.REQUEST)
    for registration in under(facts, "scheme.period"):
        if registration.declared_bankrupt_on:
            yield lapse(
                about(registration),
                add_months(registration.declared_bankrupt_on, registration.duration_months),
                today,
                soon=N_("The continuity of %(name)s ends on %(until)s."),
                lapsed=N_("The continuity of %(name)s ended on %(until)s."),
                params={"name": registration.service_name},
            )
        yield from requested(registration, valid_days, today)


CHECKS: dict[str, Check] = {"scheme.communication": communication, "scheme.period": period}
