"""From the secret in an address to the client and the deed it opens, or to the reason why it opens nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from continuity.acceptance import queries
from continuity.acceptance.declaring import Matter
from continuity.acceptance.queries import Standing
from continuity.acceptance.receipt import Parties
from continuity.acceptance.states import AcceptanceState
from continuity.models import (
    Client,
    Declaration,
    DeedInvitation,
    DeedState,
    DeedVersion,
    Registration,
    SchemeContact,
    SchemeNotice,
    SchemeParty,
    TriggerKind,
)
from continuity.queries import current_deed, tenant_name
from continuity.registrations.history import open_case, told_end, trigger_of
from continuity.registrations.queries import contacts
from continuity.registrations.states import AT_WORK
from core import db
from core.clock import day_of
from core.i18n import Language
from core.serving.request_ids import request_id
from tenants import links
from tenants.models import LinkPurpose, Tenant
from tenants.owned import Area
from tenants.scope import Actor, Scope, close_scope, open_scope

ROLE = "recipient"
_CONTINUITY = frozenset({Area.CONTINUITY})


class Dead(StrEnum):
    """Why a link opens nothing."""

    UNKNOWN = "unknown"
    REVOKED = "revoked"
    REPLACED = "replaced"
    TOO_OLD = "too_old"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Closed:
    """A link that opens nothing.

    language: of the person it was for, where that is known; to_call: at the foundation, where the link grew old or was
    replaced and the supplier, who sent it, can send no other; trigger: what then happened to the supplier, None where
    that is not known or it can.
    """

    why: Dead
    language: Language | None = None
    to_call: SchemeContact | None = None
    trigger: TriggerKind | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a link opens, inside a scope of the supplier and its scheme.

    said: what was declared, newest first; to_call: at the supplier and at the foundation, where that is recorded;
    trigger: what happened to the supplier, where the scheme was triggered; ends: the end that was announced and not
    taken back, None once the scheme was triggered; newer: another version is offered that the client did not accept;
    over: the scheme has ended, or the last day is over that was announced.
    """

    matter: Matter
    standing: Standing
    said: tuple[Declaration, ...]
    tenant: Tenant
    to_call: tuple[SchemeContact, ...] = ()
    trigger: TriggerKind | None = None
    ends: SchemeNotice | None = None
    newer: bool = False
    over: bool = False

    @property
    def state(self) -> AcceptanceState:
        """Return how far the client is."""
        return self.standing.state

    @property
    def offered(self) -> bool:
        """Tell whether this version can be accepted still."""
        return self.matter.deed.state is DeedState.OFFERED and not self.over

    def code_works(self, at: datetime) -> bool:
        """Tell whether a code is out that works."""
        until = self.matter.invitation.code_until
        return until is not None and until > at


def find(token: str, *, at: datetime, writes: bool = False) -> Found | Closed:
    """Return what the secret opens at `at`; the scope it opens stays open.

    writes: to declare something, or to ask for a code. A GET never writes.
    """
    secret = links.recall(LinkPurpose.DEED, token)
    if secret is None or secret.organisation_id is None:
        return Closed(Dead.UNKNOWN)
    about, tenant_id = secret.about, secret.organisation_id
    ended, expired = secret.ended_at is not None, secret.expires_at <= at
    close_scope()
    open_scope(Scope(frozenset({tenant_id}), _CONTINUITY, frozenset()))
    tenant = db.session().get_one(Tenant, tenant_id)
    row = db.session().get(DeedInvitation, (tenant_id, about))
    client = db.session().get(Client, (tenant_id, row.client_id)) if row else None
    if row is None or client is None or tenant.left_at is not None:
        return Closed(Dead.UNKNOWN)
    language = row.language
    why = Dead.REVOKED if row.revoked_at else Dead.REPLACED if ended else Dead.TOO_OLD if expired else None
    registration = db.session().get_one(Registration, (tenant_id, client.registration_id))
    if client.archived_at is not None or registration.archived_at is not None:
        why = why or Dead.AWAY
    if why is not None:
        if why in (Dead.REPLACED, Dead.TOO_OLD) and registration.state in AT_WORK:
            case = open_case(registration)
            return Closed(
                why, language, contacts(registration).get(SchemeParty.FOUNDATION), case.kind if case else None
            )
        return Closed(why, language)
    if writes:
        actor = Actor(None, client.name, ROLE, request_id())
        close_scope()
        open_scope(Scope(frozenset({tenant_id}), _CONTINUITY, _CONTINUITY | {Area.TRAIL}, actor))
    return _opened(tenant_id, about, day_of(at, tenant.zone))


def matter_of(row: DeedInvitation) -> Matter:
    """Return an invitation of the open scope with all that hangs on it."""
    tenant_id = row.tenant_id
    client = db.session().get_one(Client, (tenant_id, row.client_id))
    deed = db.session().get_one(DeedVersion, (tenant_id, row.deed_version_id))
    registration = db.session().get_one(Registration, (tenant_id, client.registration_id))
    names = client.name, tenant_name(tenant_id), tenant_name(registration.foundation_id), registration.service_name
    return Matter(row, client, deed, registration, Parties(*names))


def _opened(tenant_id: int, invitation_id: UUID, today: date) -> Found:
    row = db.session().get_one(DeedInvitation, (tenant_id, invitation_id))
    matter = matter_of(row)
    standing = queries.with_standing([matter.client], matter.deed)[0]
    query = sa.select(Declaration).where(
        Declaration.client_id == matter.client.id, Declaration.deed_version_id == matter.deed.id
    )
    said = db.session().scalars(query.order_by(Declaration.declared_at.desc(), Declaration.id.desc())).all()
    trigger = trigger_of(matter.registration) if matter.triggered else None
    ends = None if matter.triggered else told_end(matter.registration)
    tenant = db.session().get_one(Tenant, tenant_id)
    over = matter.over or matter.past(today)
    return Found(matter, standing, tuple(said), tenant, _to_call(matter), trigger, ends, _newer(matter), over)


def _newer(matter: Matter) -> bool:
    offered = current_deed(matter.registration)
    if offered is None or offered.id == matter.deed.id:
        return False
    accepted = queries.acceptance(matter.client, offered)
    return accepted is None or accepted.ended_on is not None


def _to_call(matter: Matter) -> tuple[SchemeContact, ...]:
    """Return whom a client may call: whom the foundation has to take over is no business of a client."""
    known = contacts(matter.registration)
    found = (known.get(party) for party in (SchemeParty.COMPANY, SchemeParty.FOUNDATION))
    return tuple(one for one in found if one is not None and (one.phone or one.email))
