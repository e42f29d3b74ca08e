"""Everything held about an account. Each part is a tuple of lines with fixed names; nothing secret is among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from core.mail.addresses import mark_of
from core.mail.outbox import OutboxMail
from tenants.lock import Bypass, bypass
from tenants.models import (
    AccountEvent,
    Engagement,
    HalfSignIn,
    LinkedIdentity,
    LoginSession,
    MailedLink,
    ManagementGrant,
    Membership,
    Operator,
    Passkey,
    RecoveryCode,
    ReminderChoice,
    Tenant,
    TotpFactor,
    User,
)
from tenants.scope import as_person
from tenants.trail.accounts import DENIED

# What is held about a person and not told, and why; everything else with a person in it is a part below.
UNTOLD: Mapping[str, str] = {
    "user.password_hash": "tells nothing about the person and helps whoever wants to guess",
    "login_session.token_hash": "opens the session",
    "half_sign_in.token_hash": "opens the second step",
    "totp_factor.secret": "opens the account",
    "totp_factor.last_step": "a number of the clock",
    "recovery_code.code_hash": "opens the account",
    "reminder_choice.calendar_hash": "opens the calendar",
    "passkey.credential_id": "bytes of the device",
    "passkey.public_key": "bytes of the device",
    "passkey.sign_count": "a counter of the device",
    "account_event.salt": "bytes of the chain",
    "account_event.digest": "bytes of the chain",
    "account_event.link": "bytes of the chain",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of thing held about the person. name: of the table; lines: each a mapping of column to value."""

    name: str
    lines: tuple[Mapping[str, Any], ...]


def held(user_id: UUID, email: str) -> list[Part]:
    """Return everything held about the account, part by part."""
    as_person(user_id)
    by_person = (
        (User, User.id),
        (Operator, Operator.user_id),
        (LoginSession, LoginSession.user_id),
        (HalfSignIn, HalfSignIn.user_id),
        (TotpFactor, TotpFactor.user_id),
        (RecoveryCode, RecoveryCode.user_id),
        (Passkey, Passkey.user_id),
        (LinkedIdentity, LinkedIdentity.user_id),
        (ReminderChoice, ReminderChoice.user_id),
        (AccountEvent, AccountEvent.user_id),
        (Membership, Membership.user_id),
        (Engagement, Engagement.auditor_id),
    )
    parts = [_part(model, column == user_id) for model, column in by_person]
    mailed = sa.select(MailedLink.purpose, MailedLink.email, MailedLink.made_at, MailedLink.expires_at)
    letters = sa.select(OutboxMail.kind, OutboxMail.recipient, OutboxMail.queued_at, OutboxMail.state)
    return [
        *parts,
        Part("mailed_link", _lines(mailed.where(MailedLink.email_mark == mark_of(email)))),
        Part("outbox_mail", _lines(letters.where(OutboxMail.recipient_mark == mark_of(email)))),
    ]


def _part(model: Any, condition: sa.ColumnElement[bool]) -> Part:
    table = str(model.__tablename__)
    keys = [one.key for one in sa.inspect(model).column_attrs if f"{table}.{one.key}" not in UNTOLD]
    columns: list[Any] = [getattr(model, key) for key in keys]
    if "tenant_id" in keys:
        columns.append(Tenant.name.label("organisation"))
        query = sa.select(*columns).join(Tenant, Tenant.id == model.tenant_id).where(condition)
    else:
        query = sa.select(*columns).where(condition)
    return Part(table, _lines(query))


def _lines(query: sa.Select[*tuple[Any, ...]]) -> tuple[Mapping[str, Any], ...]:
    # The person's own relations, of whatever organisation: the only rows the condition lets through.
    rows = db.session().execute(query, execution_options=bypass(Bypass.DOOR))
    return tuple(dict(row._mapping) for row in rows)


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a person left traces. belonging: where they are or were a member or auditor; refused: at whose door."""

    belonging: frozenset[int]
    clients: frozenset[int]
    refused: frozenset[int]

    @property
    def all(self) -> frozenset[int]:
        """Return every organisation whose trail may name the person."""
        return self.belonging | self.clients | self.refused


def reach(user_id: UUID) -> Reach:
    """Return where a person left traces."""
    as_person(user_id)
    members = _ids(sa.select(Membership.tenant_id).where(Membership.user_id == user_id))
    audited = _ids(sa.select(Engagement.tenant_id).where(Engagement.auditor_id == user_id))
    clients = _ids(sa.select(ManagementGrant.tenant_id).where(ManagementGrant.manager_id.in_(members)))
    events = sa.select(AccountEvent.changes).where(AccountEvent.user_id == user_id, AccountEvent.action == DENIED)
    slugs = {str(changes.get("where", "")) for changes in db.session().scalars(events)}
    refused = _ids(sa.select(Tenant.id).where(Tenant.slug.in_(slugs)))
    return Reach(members | audited, clients, refused)


def _ids(query: sa.Select[int]) -> frozenset[int]:
    return frozenset(db.session().scalars(query.distinct(), execution_options=bypass(Bypass.DOOR)))


def last_owner_of(user_id: UUID, tenant_ids: frozenset[int]) -> Sequence[str]:
    """Return the names of those organisations of which the person is the only owner, inside a scope over them."""
    owners = sa.select(Membership.tenant_id, Membership.user_id).where(
        Membership.tenant_id.in_(tenant_ids), Membership.role == "owner", Membership.ends_at.is_(None)
    )
    found: dict[int, set[UUID]] = {}
    for tenant_id, owner in db.session().execute(owners):
        found.setdefault(tenant_id, set()).add(owner)
    alone = [tenant_id for tenant_id, people in found.items() if people == {user_id}]
    names = sa.select(Tenant.name).where(Tenant.id.in_(alone), Tenant.left_at.is_(None))
    return sorted(db.session().scalars(names), key=str.casefold)
