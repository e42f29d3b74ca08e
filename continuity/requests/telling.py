"""Mail about requests: to the client at each step, and to the foundation's officers when something was asked.

Whoever asks may not see who the officers are. So asking plans that letter, in its own transaction, and a job writes it
where the foundation's people may be read.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from continuity.models import AskedBy, Client, ClientRequest, Registration, RequestState, SchemeContact, SchemeParty
from continuity.period import period
from continuity.queries import tenant_name
from continuity.requests import linking
from continuity.requests.linking import Fresh
from continuity.requests.queries import tasks_of
from continuity.requests.states import ASKED_LABELS
from core import clock, db
from core.background import work
from core.background.jobs import EVERY_MINUTE, Job
from core.background.work import Claim
from core.i18n import Language
from core.mail.outbox import ADDRESS
from tenants import links
from tenants.mail import letters
from tenants.models import Membership, Role, Tenant, User
from tenants.owned import Area
from tenants.relations import in_force
from tenants.scope import SERVICE, Scope, scoped

ASKED, GRANTED, REFUSED = "request_asked", "request_granted", "request_refused"
FEE, SERVED, OVER = "request_fee", "request_served", "request_over"
OFFICERS_LETTER, KIND, PAGE = "request_officers", "requests-asked", "foundation.client_request"
BACK_LETTER, BACK_KIND = "request_taken_back", "requests-taken-back"
# Which letter tells the officers of which work, and in which state: who moved on meanwhile is not told of any more.
TOLD = {KIND: (OFFICERS_LETTER, RequestState.ASKED), BACK_KIND: (BACK_LETTER, RequestState.WITHDRAWN)}
READS = frozenset({Area.CONTINUITY, Area.PEOPLE})
# A mail is no row of anybody; a scope that writes nothing at all would refuse it.
WRITES = frozenset({Area.CONTINUITY})


def address_of(row: ClientRequest, client: Client) -> str:
    """Return where mail about a request goes, "" when nobody gave an address that works."""
    found = row.email or client.email
    return found if ADDRESS.fullmatch(found) else ""


def language_of(client: Client) -> Language:
    """Return in which language a client is written to."""
    return client.language or db.session().get_one(Tenant, client.tenant_id).language


def tell(row: ClientRequest, owner: Registration, client: Client, letter: str, *, at: datetime) -> None:
    """Write the client one of these letters, in its language; without an address nobody is written to.

    at: now. The letter carries a link of its own to the client's page, where that may be.
    """
    to = address_of(row, client)
    if not to:
        return
    running = period(owner.declared_bankrupt_on, owner.duration_months)
    fresh = linking.link_for(row, to, running, at=at)
    words = {
        **words_of(row, owner, client),
        "tasks": tasks_of(row) if letter == SERVED else (),
        **linked(fresh),
    }
    mail = letters.write(letter, to, language_of(client), words, organisation_id=owner.tenant_id)
    if fresh is not None:
        fresh.invitation.mail_id = mail.id


def linked(fresh: Fresh | None) -> dict[str, Any]:
    """Return what a letter says of the link it carries, "" and None where it carries none."""
    return {"link": fresh.address if fresh else "", "until": fresh.until if fresh else None}


def words_of(row: ClientRequest, owner: Registration, client: Client) -> dict[str, Any]:
    """Return what every letter to a client names."""
    running = period(owner.declared_bankrupt_on, owner.duration_months)
    return {
        "name": row.asked_by,
        "client": client.name,
        "service": owner.service_name,
        "supplier": tenant_name(owner.tenant_id),
        "foundation": tenant_name(owner.foundation_id),
        "contact": contact_text(owner),
        "reason": row.reason,
        "amount": row.fee_amount,
        "due_on": row.fee_due_on,
        "last_on": running.last_on if running else None,
        "alarm": row.state is RequestState.FALSE_ALARM,
        "served": row.served_on is not None,
        "signs_in": row.asked_how is AskedBy.ORGANISATION,
    }


def contact_of(owner: Registration) -> SchemeContact | None:
    """Return whom to call at the foundation, None where nobody is recorded."""
    query = sa.select(SchemeContact).where(
        SchemeContact.tenant_id == owner.tenant_id,
        SchemeContact.registration_id == owner.id,
        SchemeContact.party == SchemeParty.FOUNDATION,
    )
    return db.session().scalar(query)


def contact_text(owner: Registration) -> str:
    """Return whom to call at the foundation, in one line; "" where nobody is recorded."""
    contact = contact_of(owner)
    return ", ".join(one for one in (contact.name, contact.phone, contact.email) if one) if contact else ""


def plan_asked(row: ClientRequest, owner: Registration, *, at: datetime) -> None:
    """Have the foundation's officers told of a request; nobody is when the transaction is dropped."""
    _plan(KIND, row, owner, at)


def plan_taken_back(row: ClientRequest, owner: Registration, *, at: datetime) -> None:
    """Have the foundation's officers told that the client itself took a request back."""
    _plan(BACK_KIND, row, owner, at)


def _plan(kind: str, row: ClientRequest, owner: Registration, at: datetime) -> None:
    work.plan(kind, [f"{row.tenant_id}:{owner.foundation_id}:{row.id}"], clock.day_of(at), at=at)


def tell_officers() -> None:
    """Write the letters that are due. Outside any transaction; may run in several processes at once."""
    for kind in TOLD:
        work.work_off(kind, partial(_tell, kind))


def _tell(kind: str, claims: Sequence[Claim]) -> None:
    (claim,) = claims
    supplier, foundation, request_id = claim.about.split(":")
    with scoped(Scope(frozenset({int(supplier), int(foundation)}), READS, WRITES, SERVICE)):
        _write(kind, int(foundation), (int(supplier), UUID(request_id)), at=clock.now())
        work.finish(claims, at=clock.now())


def _write(kind: str, foundation_id: int, key: tuple[int, UUID], *, at: datetime) -> None:
    letter, state = TOLD[kind]
    row = db.session().get(ClientRequest, key)
    # Taken back, or taken up, before anybody was told.
    if row is None or row.state is not state:
        return
    owner = db.session().get_one(Registration, (row.tenant_id, row.registration_id))
    client = db.session().get_one(Client, (row.tenant_id, row.client_id))
    foundation = db.session().get_one(Tenant, foundation_id)
    where = {"slug": foundation.slug, "registration_id": owner.id, "client_request_id": row.id}
    words: dict[str, Any] = {
        "client": client.name,
        "service": owner.service_name,
        "supplier": tenant_name(owner.tenant_id),
        "asked_by": row.asked_by,
        "taken_back_by": row.decided_by,
        "reason": row.reason,
        "how": ASKED_LABELS[row.asked_how],  # said in the language of each letter
        "link": links.address(PAGE, where=where),
    }
    for name, address, language in officers(foundation_id, at):
        told = {**words, "name": name}
        letters.write(letter, address, language or foundation.language, told, organisation_id=foundation_id)


def officers(foundation_id: int, at: datetime) -> Sequence[Any]:
    """Return name, address and language of the foundation's people who may decide."""
    query = (
        sa.select(User.name, User.email, User.language)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.tenant_id == foundation_id,
            Membership.role.in_((Role.OWNER, Role.EDITOR)),
            in_force(Membership, at),
            User.disabled_at.is_(None),
        )
        .order_by(User.email)
    )
    return db.session().execute(query).all()


JOBS = (Job("requests-tell", EVERY_MINUTE, tell_officers, catch_up=False),)
