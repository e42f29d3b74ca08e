"""An organisation here that is a client of somebody's scheme: both sides say so, and it then sees its own cover.

Never by a name, a number or a link alone, which may have been forwarded: the owner opens the link that was mailed to
the client, and confirms with a code that goes to the same address. The claim is a row of the organisation, its answer a
column of the supplier's client; what either side ends shows nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from continuity.acceptance.by_link import Found
from continuity.acceptance.codes import spend_code
from continuity.acceptance.declaring import WrongCode
from continuity.acceptance.states import ACCEPTED
from continuity.cover import Cover, cover_of
from continuity.errors import Refused
from continuity.loading import load
from continuity.models import Client, CoverClaim, DeedInvitation, Registration
from continuity.registrations.holding import refuse_once_begun
from continuity.requests.summary import Summary, summaries
from core import db
from plans.turns import take_turn
from tenants import trail
from tenants.grants.reach import at_suppliers
from tenants.models import Tenant
from tenants.owned import Area
from tenants.prepared import Prepared
from tenants.scope import Actor, Scope, close_scope, current_scope, open_scope

_BOTH = frozenset({Area.CONTINUITY, Area.TRAIL})


@dataclass(frozen=True, slots=True)
class Offer:
    """What a link lets an organisation claim, as plain values: they outlive the supplier's scope.

    code_until: until when the code works that was mailed last, None where none is out.
    """

    invitation_id: UUID
    supplier_id: int
    supplier: str
    client_id: UUID
    client: str
    kvk: str
    service: str
    organisation_id: int | None
    code_until: datetime | None


def offer_of(found: Found) -> Offer | None:
    """Return what the link offers, None before the client accepted."""
    if found.state not in ACCEPTED:
        return None
    row, client, parties = found.matter.invitation, found.matter.client, found.matter.parties
    return Offer(
        row.id, found.tenant.id, parties.supplier, client.id, client.name, client.kvk, parties.service,
        client.organisation_id, row.code_until,
    )  # fmt: skip


def claim(offer: Offer, code: str, *, by: str, at: datetime) -> None:
    """Tie the open scope's organisation to the client of `offer`, on both sides; twice does it once.

    code: that was mailed to the address of the invitation; whoever is tied already needs none.
    Raises Refused when it is not right, the client is tied to another organisation, the organisation is the supplier
    itself, or both have a KvK number and they differ. Source: rules 3.2 P1, P6.
    """
    own = current_scope()
    mine = db.session().get_one(Tenant, own.only_tenant)
    kvk, name = mine.kvk or "", mine.name
    if offer.supplier_id == own.only_tenant:
        raise Refused(_l("A supplier is not its own client."))
    if offer.kvk and kvk and offer.kvk != kvk:
        raise Refused(_l("The KvK number of this organisation is not the one your supplier has of you."))
    there = sa.select(CoverClaim).where(
        CoverClaim.supplier_id == offer.supplier_id,
        CoverClaim.client_id == offer.client_id,
        CoverClaim.ended_at.is_(None),
    )
    if db.session().scalar(there) is None:
        row = CoverClaim(
            supplier_id=offer.supplier_id, client_id=offer.client_id, service=offer.service, claimed_by=by,
            claimed_at=at, ended_at=None,
        )  # fmt: skip
        db.session().add(row)
        trail.record("cover.claimed", "cover_claim", row.id, name=offer.service)
    db.session().flush()
    _at_supplier(own, offer.supplier_id, name)
    take_turn()
    client = db.session().scalar(sa.select(Client).where(Client.id == offer.client_id, Client.archived_at.is_(None)))
    if client is None or client.organisation_id not in (None, own.only_tenant):
        raise Refused(_l("This client is tied to another organisation already. Ask your supplier."))
    if client.organisation_id is None:
        _spend(offer, code, at)
        client.organisation_id, client.claimed_at = own.only_tenant, at
        trail.record("cover.claimed", "client", client.id, name=name)
    db.session().flush()
    _back(own)


def _spend(offer: Offer, code: str, at: datetime) -> None:
    row = db.session().get_one(DeedInvitation, (offer.supplier_id, offer.invitation_id))
    if row.revoked_at is not None or not spend_code(row, code, at=at):
        raise WrongCode(_l("This code is not right, or too old. Use the code from the newest mail."), "code")


def end_claim(row: CoverClaim, *, at: datetime) -> None:
    """End a claim from the organisation's side, and untie the client at its supplier. One that ended stays so."""
    own = current_scope()
    supplier_id, client_id = row.supplier_id, row.client_id
    name = db.session().get_one(Tenant, own.only_tenant).name
    if row.ended_at is None:
        row.ended_at = at
        trail.record("cover.claim_ended", "cover_claim", row.id, name=row.service)
    db.session().flush()
    _at_supplier(own, supplier_id, name)
    mine = sa.select(Client).where(Client.id == client_id, Client.organisation_id == own.only_tenant)
    client = db.session().scalar(mine)
    if client is not None:
        untie(client)
    _back(own)


def untie(client: Client) -> None:
    """End, from the supplier's side, that an organisation sees the cover of this client."""
    if client.organisation_id is not None:
        client.organisation_id, client.claimed_at = None, None
        trail.record("cover.claim_ended", "client", client.id, name=client.name)
        db.session().flush()


def untie_as_supplier(owner: Registration, client: Client) -> None:
    """Untie a client as its supplier. Raises Refused once the period began: it asks for continuity from there."""
    refuse_once_begun(owner)
    untie(client)


def _at_supplier(own: Scope, supplier_id: int, name: str) -> None:
    """Go on in the supplier's rows of the scheme, as the organisation that claims."""
    actor = Actor(own.actor.user_id, own.actor.name, "client", own.actor.request_id, name)
    close_scope()
    open_scope(Scope(frozenset({supplier_id}), frozenset({Area.CONTINUITY}), _BOTH, actor))


def _back(own: Scope) -> None:
    close_scope()
    open_scope(own)


@dataclass(frozen=True, slots=True)
class OwnCover:
    """The organisation's cover under one scheme.

    supplier_kvk: "" where the supplier told none; cover: None when it no longer says that this is its client;
    at_work: it was declared bankrupt, so that continuity can be asked for; request: how far that is, None where it
    was not asked for.
    """

    claim_id: UUID
    supplier: str
    supplier_kvk: str
    service: str
    cover: Cover | None
    at_work: bool = False
    request: Summary | None = None


_CLAIMS = Prepared(
    sa.select(CoverClaim.id, CoverClaim.supplier_id, CoverClaim.client_id, CoverClaim.service).where(
        CoverClaim.ended_at.is_(None)
    )
)


def own_covers(today: date) -> tuple[OwnCover, ...]:
    """Return how the open scope's organisation is covered by its suppliers' schemes, by supplier and service.

    Empties the session when there is any claim. Nothing when the scope does not reach the scheme. Of a supplier it
    reads what judging this one client takes, and tells nothing but its own legs.
    """
    own = current_scope()
    if Area.CONTINUITY not in own.reads or len(own.tenant_ids) != 1:
        return ()
    claims = _CLAIMS.rows()
    if not claims:
        return ()
    suppliers = frozenset(supplier_id for _id, supplier_id, _client, _service in claims)
    named = db.session().execute(sa.select(Tenant.id, Tenant.name, Tenant.kvk).where(Tenant.id.in_(suppliers)))
    names = {row.id: (row.name, row.kvk or "") for row in named}
    with at_suppliers(suppliers):
        found = _covers(own.only_tenant, sorted(suppliers), [one[2] for one in claims], today)
    told = [OwnCover(one[0], *names[one[1]], one[3], *found.get(one[2], (None, False, None))) for one in claims]
    return tuple(sorted(told, key=lambda one: (one.supplier.casefold(), one.service.casefold(), one.claim_id)))


def _covers(
    tenant_id: int, suppliers: Sequence[int], clients: Sequence[UUID], today: date
) -> dict[UUID, tuple[Cover, bool, Summary | None]]:
    """Return the cover of those of `clients` that their supplier ties to `tenant_id`, by client.

    With it whether the scheme is at work, and how far the client's request for continuity is then.
    """
    query = (
        sa.select(Client.id)
        .join(
            Registration,
            sa.and_(Registration.tenant_id == Client.tenant_id, Registration.id == Client.registration_id),
        )
        .where(
            Client.id.in_(clients),
            Client.organisation_id == tenant_id,
            Client.archived_at.is_(None),
            Registration.archived_at.is_(None),
        )
    )
    tied = set(db.session().scalars(query))
    if not tied:
        return {}
    found = [
        (registration, client)
        for facts in load(suppliers).values()
        for registration in facts.registrations
        for client in registration.clients
        if client.id in tied
    ]
    at_work = {client.id for registration, client in found if registration.declared_bankrupt_on is not None}
    asked = summaries(at_work) if at_work else {}
    return {
        client.id: (cover_of(registration, client, today), client.id in at_work, asked.get(client.id))
        for registration, client in found
    }
