"""Ask clients to accept the deed that is offered: one link for each, mailed again as a reminder, and revoked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l

from continuity.acceptance import queries
from continuity.acceptance.states import (
    ACCEPTED,
    WAITING,
    AcceptanceState,
    AcceptanceStep,
    Said,
    state_of,
    take,
)
from continuity.deed.states import Who
from continuity.errors import Refused
from continuity.models import Client, DeedInvitation, DeedState, DeedVersion, Registration
from continuity.registrations.holding import refuse_once_begun
from core import db, mail
from core.i18n import Language
from core.mail.outbox import ADDRESS
from plans.turns import take_turn
from tenants import links, trail
from tenants.mail import letters
from tenants.models import LinkPurpose
from tenants.personal_links.services import Sender

PAGE = "deed_answer.show"
LETTER = "deed_invitation"
# Whoever was written to less than so long ago is not written to again by a press for many.
REST = timedelta(days=1)
LETTERS_AN_HOUR = 5
MOST_AT_ONCE = 500


class Fate(StrEnum):
    """What became of asking one client."""

    SENT = "sent"
    REMINDED = "reminded"
    NO_ADDRESS = "no_address"
    WRONG_ADDRESS = "wrong_address"
    JUST_ASKED = "just_asked"
    ANSWERED = "answered"


FATE_LABELS = {
    Fate.SENT: _l("Invited"),
    Fate.REMINDED: _l("Reminded"),
    Fate.NO_ADDRESS: _l("There is no e-mail address."),
    Fate.WRONG_ADDRESS: _l("This is not an e-mail address."),
    Fate.JUST_ASKED: _l("Was written to a short while ago."),
    Fate.ANSWERED: _l("Has answered already."),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What one press of the button did, by fate; left: so many more come at the next press."""

    fates: Counter[Fate]
    left: int


@dataclass(frozen=True, slots=True)
class Host:
    """On whose behalf clients are asked, and for which service.

    language: of the organisation, for clients whose own is not known.
    """

    sender: Sender
    language: Language
    service: str


def invite(
    owner: Registration, deed: DeedVersion, client_ids: Sequence[UUID], host: Host, *, at: datetime, today: date
) -> Asked:
    """Mail those clients of `owner` a link of their own to the deed; whoever has one is reminded, and keeps one.

    Sending twice sends nothing twice. Raises Refused when the deed is not offered.
    Source: scheme.acceptances; rules 3.4 B1, B5.
    """
    take_turn()
    if deed.state is not DeedState.OFFERED or deed.registration_id != owner.id:
        raise Refused(_l("This version of the deed is not offered."))
    wanted = set(client_ids)
    standing = queries.standing_of(owner, deed, wanted)
    fates: Counter[Fate] = Counter()
    chosen = standing[:MOST_AT_ONCE]
    for one in chosen:
        said = one.said
        try:
            take(
                AcceptanceStep.INVITE,
                state_of(one.invitation, one.acceptance, said),
                Who.SUPPLIER,
                triggered=owner.declared_bankrupt_on is not None,
            )
        except Refused:
            fates[Fate.ANSWERED] += 1
            continue
        fates[_ask(one.client, deed, one.invitation, said, host, at=at, today=today)] += 1
    written = fates[Fate.SENT] + fates[Fate.REMINDED]
    if written:
        trail.record("deed.invited", "deed_version", deed.id, number=deed.number, quantity=written)
    db.session().flush()
    return Asked(fates, len(standing) - len(chosen))


def send_page(owner: Registration, deed: DeedVersion, client: Client, host: Host, *, at: datetime, today: date) -> Fate:
    """Mail a client that accepted its page again: for its receipt, or to show that it is an organisation here.

    Raises Refused when it has not accepted this version, and once the period began: the foundation mails links then,
    and a newer one of the supplier would end them.
    """
    refuse_once_begun(owner)
    (one,) = queries.standing_of(owner, deed, {client.id})
    if one.state not in ACCEPTED:
        raise Refused(_l("This client has not accepted this version."))
    return _ask(one.client, deed, one.invitation, one.said, host, at=at, today=today, accepted=True)


def _ask(
    client: Client,
    deed: DeedVersion,
    row: DeedInvitation | None,
    said: Said | None,
    host: Host,
    *,
    at: datetime,
    today: date,
    accepted: bool = False,
) -> Fate:
    if not client.email:
        return Fate.NO_ADDRESS
    if not ADDRESS.fullmatch(client.email):
        return Fate.WRONG_ADDRESS
    if row is not None and row.revoked_at is None and row.email == client.email and row.sent_at > at - REST:
        return Fate.JUST_ASKED
    if mail.queued_since(client.email, LETTER, at - timedelta(hours=1)) >= LETTERS_AN_HOUR:
        return Fate.JUST_ASKED
    again = row is not None and row.revoked_at is None and row.email == client.email
    language = client.language or host.language
    if row is None:
        row = DeedInvitation(
            client_id=client.id, deed_version_id=deed.id, email=client.email, language=language,
            sent_by=host.sender.name, sent_at=at, reminders=0, mail_id=None, viewed_at=None, code_hash="",
            code_until=None, revoked_at=None,
        )  # fmt: skip
        db.session().add(row)
    else:
        if said is not None and said.at >= row.sent_at and not accepted:
            # Asked anew after a no: it counts as looked at only when somebody looks once more.
            row.viewed_at = None
        row.email, row.language, row.sent_by, row.sent_at = client.email, language, host.sender.name, at
        row.reminders, row.revoked_at = (row.reminders + 1 if again else row.reminders), None
        row.code_hash, row.code_until = "", None
    _write(row, client, host, again=again, accepted=accepted, at=at)
    client.invited_on = client.invited_on or today
    return Fate.REMINDED if again else Fate.SENT


def _write(row: DeedInvitation, client: Client, host: Host, *, again: bool, accepted: bool, at: datetime) -> None:
    until = at + links.LIFE[LinkPurpose.DEED]
    db.session().flush()
    token = links.make(LinkPurpose.DEED, about=row.id, email="", organisation_id=host.sender.tenant_id, at=at)
    words = {
        "client": client.name,
        "supplier": host.sender.organisation,
        "sender": host.sender.name,
        "service": host.service,
        "again": again,
        "accepted": accepted,
        "until": until,
        "link": links.address(PAGE, token),
    }
    row.mail_id = letters.write(
        LETTER, row.email, row.language, words, organisation_id=host.sender.tenant_id, until=until
    ).id
    db.session().flush()


def waiting_ids(owner: Registration, deed: DeedVersion) -> tuple[UUID, ...]:
    """Return the clients that were never asked or have not answered, by name: whom "ask everybody" asks."""
    found = []
    for one in queries.standing_of(owner, deed, None):
        state = state_of(one.invitation, one.acceptance, one.said)
        if state in WAITING or state is AcceptanceState.NOT_INVITED:
            found.append(one.client.id)
    return tuple(found)


def revoke_as_supplier(owner: Registration, row: DeedInvitation, *, at: datetime) -> None:
    """Take an invitation back as the supplier. Raises Refused once the period began: the link is the client's page."""
    refuse_once_begun(owner)
    revoke_invitation(row, at=at)


def revoke_invitation(row: DeedInvitation, *, at: datetime) -> None:
    """Take an invitation back: its link and its code open nothing any more. One that was stays as it is."""
    take_turn()
    if row.revoked_at is None:
        row.revoked_at, row.code_hash, row.code_until = at, "", None
        links.end(LinkPurpose.DEED, row.id, at=at)
        db.session().flush()
