"""Sheets of the beneficiary deed: its versions, and how far each client is with the one that is offered."""

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

from flask_babel import gettext as _

from audits.workbooks.material import Material
from continuity.acceptance.words import ADDRESSEE_LABELS, AUTHORITY_LABELS, DECLARATION_LABELS
from continuity.accepting import acceptance_of, current_deed
from continuity.facts import ClientFact, DeedFact, RegistrationFact
from continuity.models import RequestState
from continuity.period import period
from continuity.requests.states import STATE_LABELS
from core.sheets.cells import Kind, Tone, Toned
from core.sheets.writing import Column, Sheet, Value


def sheets(material: Material) -> Iterator[Sheet]:
    """Yield the versions of the deed, and a row for each client of each service."""
    found = material.facts.continuity.registrations
    # The oldest first: what stands there in the end is the newest of a client.
    asked = {one.request.client_id: one.request.state for one in material.asked}
    yield Sheet(_("Beneficiary deeds"), _deed_columns(), (_deed(one, deed) for one in found for deed in one.deeds))
    yield Sheet(
        _("Acceptances"),
        _client_columns(),
        (_client(one, client, material.as_of, asked) for one in found for client in one.clients),
    )


def _deed_columns() -> tuple[Column, ...]:
    return (
        Column(_("Service"), Kind.TEXT, 34),
        Column(_("Version"), Kind.WHOLE, 9),
        Column(_("Offered on"), Kind.DAY, 13),
        Column(_("Closed on"), Kind.DAY, 13),
        Column(_("In English too"), Kind.YES_NO, 12),
        Column("SHA-256", Kind.TEXT, 66),
    )


def _deed(one: RegistrationFact, deed: DeedFact) -> tuple[Value, ...]:
    return (
        one.service_name,
        deed.number,
        deed.published_on,
        deed.closed_on,
        deed.has_english,
        deed.sha256 or None,
    )


def _client_columns() -> tuple[Column, ...]:
    return (
        Column(_("Service"), Kind.TEXT, 34),
        Column(_("Client"), Kind.TEXT, 34),
        Column(_("Version"), Kind.WHOLE, 9),
        Column(_("State"), Kind.TEXT, 30),
        Column(_("Invited on"), Kind.DAY, 13),
        Column(_("Accepted on"), Kind.DAY, 13),
        Column(_("Who declared it"), Kind.TEXT, 26),
        Column(_("In which function"), Kind.TEXT, 22),
        Column(_("How this person may bind the client"), Kind.TEXT, 34),
        Column(_("To whom it was declared"), Kind.TEXT, 20),
        Column(_("Admitted by the foundation"), Kind.TEXT, 24),
        Column(_("All conditions met on"), Kind.DAY, 14),
        Column(_("Fee a month"), Kind.MONEY, 13),
        Column(_("Request for continuity"), Kind.TEXT, 28),
    )


def _client(
    one: RegistrationFact, client: ClientFact, today: date, asked: Mapping[UUID, RequestState]
) -> tuple[Value, ...]:
    deed = current_deed(one, today)
    found = acceptance_of(client, deed, today) if deed else None
    return (
        one.service_name,
        client.name,
        deed.number if deed else None,
        _state(client, deed, today),
        client.invited_on,
        found.accepted_on if found else None,
        found.accepted_by if found else None,
        (found.accepted_as or None) if found else None,
        str(AUTHORITY_LABELS[found.authority]) if found and found.authority else None,
        str(ADDRESSEE_LABELS[found.addressee]) if found and found.addressee else None,
        (found.admitted_by or None) if found else None,
        found.conditions_met_on if found else None,
        client.monthly_fee,
        _asked(one, client, today, asked.get(client.id)),
    )


def _asked(one: RegistrationFact, client: ClientFact, today: date, state: RequestState | None) -> Value:
    """Tell how far the newest request is, and who could ask and never did: an acceptance of an older deed holds too."""
    if state is not None:
        return str(STATE_LABELS[state])
    running = period(one.declared_bankrupt_on, one.duration_months)
    if running is None or not running.covers(today):
        return None
    held = any(
        each.accepted_on <= today and not (each.ended_on and each.ended_on <= today)
        for each in client.acceptances.values()
    )
    return Toned(_("Never asked"), Tone.BAD) if held else None


def _state(client: ClientFact, deed: DeedFact | None, today: date) -> Toned:
    if deed is None:
        return Toned(_("No version of the deed is offered"), Tone.BAD)
    found = acceptance_of(client, deed, today)
    if found is not None and found.conditions_met_on is not None and found.conditions_met_on <= today:
        return Toned(_("Accepted, conditions met"), Tone.GOOD)
    if found is not None:
        return Toned(_("Accepted, conditions open"), Tone.WARN)
    if deed.id in client.declared:
        return Toned(str(DECLARATION_LABELS[client.declared[deed.id]]), Tone.BAD)
    return Toned(_("Invited") if client.invited_on else _("Not invited yet"), Tone.BAD)
