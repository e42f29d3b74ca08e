"""Write to clients that accepted the deed: their supplier is bankrupt, and here they can ask for continuity.

The supplier mails no new links any more, so the foundation does: once to everybody when the scheme is triggered, and
again to whom an officer chooses.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from continuity.models import (
    Acceptance,
    Client,
    ClientRequest,
    DeedInvitation,
    DeedVersion,
    Registration,
)
from continuity.period import Period, period
from continuity.queries import tenant_name
from continuity.registrations.history import trigger_of
from continuity.requests import linking
from continuity.requests.deciding import proposed_fee
from continuity.requests.queries import SET_BACK, may_ask
from continuity.requests.states import LIVE
from continuity.requests.steps import in_turn
from continuity.requests.telling import contact_text
from core import db
from core.clock import day_of
from core.ids import new_id
from core.mail.outbox import ADDRESS
from tenants import trail
from tenants.mail import letters
from tenants.models import Tenant

LETTER = "request_open"
# Whoever was written to less than so long ago is not written to again by a press.
REST = timedelta(hours=12)


class Fate(StrEnum):
    """What became of writing to one client."""

    SENT = "sent"
    JUST_SENT = "just_sent"
    NO_ADDRESS = "no_address"


FATE_LABELS = {
    Fate.SENT: _l("Written to"),
    Fate.JUST_SENT: _l("Was written to a short while ago."),
    Fate.NO_ADDRESS: _l("There is no e-mail address that works."),
}


@dataclass(frozen=True, slots=True)
class Silent:
    """A client that accepted and did not ask. sent_at: when it was last mailed a link, None for never."""

    client: Client
    sent_at: datetime | None

    @property
    def reachable(self) -> bool:
        """Tell whether there is an address to write to."""
        return bool(ADDRESS.fullmatch(self.client.email))


def silent(owner: Registration) -> list[Silent]:
    """Return the clients of `owner` that accepted the deed and have no request that runs, by name."""
    rests, known = _rests_on(owner), _invitations(owner)
    found = []
    for client in _did_not_ask(owner):
        row = known.get((client.id, rests[client.id]))
        found.append(Silent(client, row.sent_at if row and row.revoked_at is None else None))
    return found


def write_to(
    owner: Registration, client_ids: Collection[UUID] | None, *, by: str, at: datetime, rest: timedelta = REST
) -> Counter[Fate]:
    """Mail these clients of `owner` that accepted and did not ask a link of their own; None for all of them.

    A link they had opens nothing any more. by: who presses; rest: who was written to since so long ago is left alone.
    The letters wait in the transaction of whoever calls. Nobody is written to outside the period.
    Source: rules 3.7 T8, T9.
    """
    # It may have turned out a false alarm since the page was read.
    in_turn(owner)
    fates: Counter[Fate] = Counter()
    running = period(owner.declared_bankrupt_on, owner.duration_months)
    if running is None or day_of(at) > running.last_on:
        return fates
    rests, known = _rests_on(owner), _invitations(owner)
    chosen: list[tuple[Client, DeedInvitation | None]] = []
    for client in _did_not_ask(owner):
        if client_ids is None or client.id in client_ids:
            row = known.get((client.id, rests[client.id]))
            fate = _fate(client, row, at - rest)
            fates[fate] += 1
            if fate is Fate.SENT:
                chosen.append((client, row))
    if chosen:
        _write(owner, chosen, rests, running, by=by, at=at)
        trail.record("request.opened", "registration", owner.id, quantity=len(chosen))
    db.session().flush()
    return fates


def _did_not_ask(owner: Registration) -> Iterable[Client]:
    asked = sa.select(ClientRequest.client_id).where(
        ClientRequest.tenant_id == owner.tenant_id,
        ClientRequest.registration_id == owner.id,
        ClientRequest.state.in_(LIVE),
    )
    there = set(db.session().scalars(asked))
    return [client for client in may_ask(owner) if client.id not in there]


def _rests_on(owner: Registration) -> dict[UUID, UUID]:
    """Return, by client, the newest version of the deed that it accepted, as `held_acceptance` does."""
    query = (
        sa.select(Acceptance.client_id, Acceptance.deed_version_id)
        .join(
            DeedVersion,
            sa.and_(DeedVersion.tenant_id == Acceptance.tenant_id, DeedVersion.id == Acceptance.deed_version_id),
        )
        .where(
            Acceptance.tenant_id == owner.tenant_id,
            DeedVersion.registration_id == owner.id,
            Acceptance.ended_on.is_(None),
        )
        .order_by(SET_BACK.desc(), DeedVersion.number)
    )
    return {row.client_id: row.deed_version_id for row in db.session().execute(query)}


def _invitations(owner: Registration) -> dict[tuple[UUID, UUID], DeedInvitation]:
    query = (
        sa.select(DeedInvitation)
        .join(
            DeedVersion,
            sa.and_(
                DeedVersion.tenant_id == DeedInvitation.tenant_id, DeedVersion.id == DeedInvitation.deed_version_id
            ),
        )
        .where(DeedInvitation.tenant_id == owner.tenant_id, DeedVersion.registration_id == owner.id)
    )
    return {(row.client_id, row.deed_version_id): row for row in db.session().scalars(query)}


def _words(owner: Registration, running: Period) -> dict[str, Any]:
    return {
        "trigger": trigger_of(owner),
        "service": owner.service_name,
        "supplier": tenant_name(owner.tenant_id),
        "foundation": tenant_name(owner.foundation_id),
        "contact": contact_text(owner),
        "first_on": running.first_on,
        "last_on": running.last_on,
        "months": owner.duration_months,
    }


def _fate(client: Client, row: DeedInvitation | None, since: datetime) -> Fate:
    """Tell what becomes of writing to a client. since: who was mailed a link after it is left alone."""
    if not ADDRESS.fullmatch(client.email):
        return Fate.NO_ADDRESS
    if row is not None and row.revoked_at is None and row.email == client.email and row.sent_at > since:
        return Fate.JUST_SENT
    return Fate.SENT


def _write(
    owner: Registration,
    chosen: Sequence[tuple[Client, DeedInvitation | None]],
    rests: Mapping[UUID, UUID],
    running: Period,
    *,
    by: str,
    at: datetime,
) -> None:
    """Write the letters, each with its link. There may be thousands: all of them are written down together."""
    told, months = _words(owner, running), owner.duration_months
    spoken = db.session().get_one(Tenant, owner.tenant_id).language
    # Who accepted on paper has no invitation yet, on which a link hangs.
    ids = {client.id: row.id if row else new_id() for client, row in chosen}
    addresses, until = linking.mint(owner.tenant_id, list(ids.values()), running, at=at)
    for client, row in chosen:
        words = {
            **told,
            "client": client.name,
            "fee": proposed_fee(client.monthly_fee, months),
            "until": until,
            "link": addresses[ids[client.id]],
        }
        language = client.language or spoken
        mail = letters.write(LETTER, client.email, language, words, organisation_id=owner.tenant_id, among_many=True)
        if row is None:
            row = DeedInvitation(
                id=ids[client.id], tenant_id=client.tenant_id, client_id=client.id,
                deed_version_id=rests[client.id], reminders=0, viewed_at=None,
            )  # fmt: skip
            db.session().add(row)
        row.email, row.language, row.sent_by, row.sent_at = client.email, language, by, at
        row.mail_id, row.code_hash, row.code_until, row.revoked_at = mail.id, "", None, None
    db.session().flush()
