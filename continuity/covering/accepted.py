"""The legs that a client brings: the current deed accepted, and its conditions met."""

from datetime import date, timedelta

from continuity.accepting import acceptance_of, current_deed, days_of
from continuity.covering.leg import Leg, LegKind, Told, broken, next_day, standing
from continuity.facts import AcceptanceFact, ClientFact, DeedFact, RegistrationFact
from core.i18n import N_


def deed_leg(registration: RegistrationFact, client: ClientFact, today: date) -> Leg:
    """Judge whether the client accepted the newest published deed, declared by somebody.

    Source: rules 3.4 B1, B3; 3.8.
    """
    kind, deed = LegKind.DEED, current_deed(registration, today)
    coming = next_deed_on(registration, today)
    if deed is None:
        says = Told(N_("No version of the deed is published."))
        return broken(kind, says, Told(N_("Publish the deed.")), today, [coming])
    number, later = {"number": deed.number}, [*days_of(client, deed), coming]
    found = acceptance_of(client, deed, today)
    if found is not None and found.accepted_by.strip():
        return standing(
            kind,
            Told(N_("Version %(number)s is accepted."), number),
            today,
            on=found.accepted_on,
            until=_until(found, coming),
            renew=Told(N_("Ask for a new acceptance.")),
            later=later,
        )
    if found is not None:
        says = Told(N_("Nobody is recorded who accepted version %(number)s."), number)
        return broken(kind, says, Told(N_("Record who accepted it.")), today, later)
    if any(deed_id != deed.id for deed_id in client.acceptances):
        # Art. 6:253 (2) BW: what was accepted stays a right; "covered" asks for the newest text all the same.
        says = Told(N_("Accepted an older version, which stays valid; version %(number)s is not accepted yet."), number)
        return broken(kind, says, Told(N_("Ask the client to accept the newer version too.")), today, later)
    if client.invited_on is None or client.invited_on > today:
        return broken(kind, Told(N_("Not invited yet.")), Told(N_("Invite the client.")), today, later)
    says = Told(N_("Version %(number)s has not been accepted."), number)
    return broken(kind, says, Told(N_("Remind the client of the invitation.")), today, later)


def conditions_leg(registration: RegistrationFact, client: ClientFact, today: date) -> Leg:
    """Judge whether the client meets the conditions of the deed it accepted.

    Source: rules 3.4 B6; 3.8.
    """
    kind, deed = LegKind.CONDITIONS, current_deed(registration, today)
    coming = next_deed_on(registration, today)
    found = acceptance_of(client, deed, today) if deed else None
    if deed is None or found is None:
        later = [*(days_of(client, deed) if deed else ()), coming]
        says = Told(N_("The conditions count once the current deed is accepted."))
        return broken(kind, says, Told(N_("Have the deed accepted first.")), today, later)
    met_on, later = conditions_met_on(deed, found), [*days_of(client, deed), coming]
    if met_on is None or met_on > today:
        says = Told(N_("Not all conditions are met."))
        return broken(kind, says, Told(N_("Check the conditions with the client.")), today, later)
    says = Told(N_("All conditions are met.")) if deed.has_conditions else Told(N_("The deed names no conditions."))
    renew = Told(N_("Check the conditions again."))
    return standing(kind, says, today, on=met_on, until=_until(found, coming), renew=renew, later=later)


def conditions_met_on(deed: DeedFact, acceptance: AcceptanceFact) -> date | None:
    """Return the day on which the last condition of the accepted deed was met, None while one is open.

    The only place that reads conditions: a deed without any is met on the day of the acceptance.
    """
    return acceptance.conditions_met_on if deed.has_conditions else acceptance.accepted_on


def next_deed_on(registration: RegistrationFact, today: date) -> date | None:
    """Return the next day on which a version of the deed comes out."""
    return next_day((deed.published_on for deed in registration.deeds), today)


def _until(acceptance: AcceptanceFact, next_deed: date | None) -> date | None:
    """Return the last day on which an acceptance counts: it ends, or a newer text asks for another one."""
    ends = [day for day in (acceptance.ended_on, next_deed) if day is not None]
    return min(ends) - timedelta(days=1) if ends else None
