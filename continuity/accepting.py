"""Which version of the deed counts on a day, and which acceptance of it. Pure functions over facts."""

from datetime import date

from continuity.facts import AcceptanceFact, ClientFact, DeedFact, RegistrationFact


def current_deed(registration: RegistrationFact, today: date) -> DeedFact | None:
    """Return the newest version of the deed that is offered today: one that was revoked or ended is not."""
    published = [
        deed
        for deed in registration.deeds
        if deed.published_on and deed.published_on <= today and not (deed.closed_on and deed.closed_on <= today)
    ]
    return max(published, key=lambda deed: deed.number, default=None)


def acceptance_of(client: ClientFact, deed: DeedFact, today: date) -> AcceptanceFact | None:
    """Return the acceptance of a version of the deed that counts today."""
    found = client.acceptances.get(deed.id)
    if found is None or found.accepted_on > today or (found.ended_on and found.ended_on <= today):
        return None
    return found


def days_of(client: ClientFact, deed: DeedFact) -> tuple[date | None, ...]:
    """Return the days on which the standing of a client may change by itself, when they still have to come."""
    acceptance = client.acceptances.get(deed.id)
    if acceptance is None:
        return (client.invited_on,)
    return client.invited_on, acceptance.accepted_on, acceptance.conditions_met_on, acceptance.ended_on
