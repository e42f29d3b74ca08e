"""Erase an account: what names the person goes, what others must be able to prove stays under a mark."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from core.mail import addresses
from core.mail.outbox import MailState, OutboxMail
from tenants import links, parting, sessions
from tenants.errors import AccountError
from tenants.invitations.services import withdraw_those_of
from tenants.leaving.ties import Hold, ties
from tenants.models import (
    Engagement,
    Invitation,
    LinkedIdentity,
    LoginSession,
    MailedLink,
    Membership,
    ReminderChoice,
    Tenant,
    User,
)
from tenants.owned import Area
from tenants.person_data.queries import Reach, last_owner_of, reach
from tenants.scope import Actor, Scope, close_scope, open_scope, reading
from tenants.sign_in import factors
from tenants.sign_in.services import remove_operator
from tenants.tokens import services as tokens
from tenants.trail.erasing import erase_actor, erase_events

LOOKING = frozenset({Area.PEOPLE, Area.CONTINUITY})
ENDING = frozenset({Area.PEOPLE, Area.TRAIL})
SELF = "self"
UNUSABLE = "!"  # what no hash looks like, so that no password fits


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why an account cannot be erased yet. alone: organisations of which the person is the only owner."""

    alone: Sequence[str]
    holds: Sequence[Hold]

    @property
    def any(self) -> bool:
        """Tell whether there is a reason."""
        return bool(self.alone or self.holds)


class ErasureRefused(AccountError):
    """The account cannot be erased yet; `reasons` says why."""

    def __init__(self, reasons: Reasons) -> None:
        super().__init__(_l("This account cannot be erased yet."))
        self.reasons = reasons


def mark_of(user_id: UUID) -> str:
    """Return what stands in the place of an erased person's name: the same everywhere, and of nobody else."""
    return f"(erased / gewist {user_id.hex[-12:]})"


def address_of(user_id: UUID) -> str:
    """Return what stands in the place of the e-mail address: mail to it leaves nowhere (RFC 2606)."""
    return f"{user_id.hex}@erased.invalid"


def reasons_against(user_id: UUID, today: date) -> Reasons:
    """Return why this account cannot be erased on `today`. No scope may be open; none is afterwards.

    A release in an organisation where the person acted holds them: the trail is evidence of it.
    """
    where = reach(user_id)
    return _reasons(user_id, where, today)


def _reasons(user_id: UUID, where: Reach, today: date) -> Reasons:
    open_scope(reading(where.belonging | where.clients, LOOKING))
    try:
        return Reasons(last_owner_of(user_id, where.belonging), ties().holds(today))
    finally:
        close_scope()


def erase(user: User, *, request_id: str, at: datetime, today: date) -> None:
    """Erase an account at the person's own wish, in the transaction that is open.

    Ends sessions, memberships, assignments, factors and links. Name and address become marks here, in the events of
    accounts and in the trails of the organisations where the person acted. Raises ErasureRefused.
    Source: GDPR article 17.
    """
    db.session().execute(sa.select(User.id).where(User.id == user.id).with_for_update())
    where = reach(user.id)
    # Two owners who are each other's last colleague take turns.
    db.session().execute(
        sa.select(Tenant.id).where(Tenant.id.in_(where.belonging)).order_by(Tenant.id).with_for_update(key_share=True)
    )
    reasons = _reasons(user.id, where, today)
    if reasons.any:
        raise ErasureRefused(reasons)
    user_id, address, mark = user.id, user.email, mark_of(user.id)
    user = db.session().get_one(User, user_id)
    user.name, user.email, user.password_hash = mark, address_of(user_id), UNUSABLE
    user.language, user.disabled_at, user.erased_at = None, at, at
    user.bounced_at, user.bounce_status = None, ""
    db.session().flush()
    _end_account(user, address, at)
    actor = Actor(user_id, mark, SELF, request_id)
    for tenant_id in sorted(where.all):
        parting.part(tenant_id, [user_id], actor, at=at)
        open_scope(Scope(frozenset({tenant_id}), ENDING, ENDING, actor))
        withdraw_those_of(user_id, at=at)
        tokens.revoke_those_of(user_id, at=at)
        relations, invitations = _end_relations(user_id, at), _empty_invitations(user_id)
        erase_actor(user_id, mark, relations=relations, invitations=invitations)
        close_scope()
    erase_events(user_id, mark)


def _end_account(user: User, address: str, at: datetime) -> None:
    session = db.session()
    factors.reset(user)
    remove_operator(user, at=at)
    sessions.end_others(user.id, at=at)
    session.execute(sa.update(LoginSession).where(LoginSession.user_id == user.id).values(address="", agent=""))
    session.execute(sa.delete(LinkedIdentity).where(LinkedIdentity.user_id == user.id))
    session.execute(sa.delete(ReminderChoice).where(ReminderChoice.user_id == user.id))
    links.end_all(user.id, at=at)
    before, after = addresses.mark_of(address), addresses.mark_of(user.email)
    mailed = sa.update(MailedLink).where(MailedLink.email_mark == before)
    ended = sa.func.coalesce(MailedLink.ended_at, at)
    session.execute(mailed.values(email=user.email, email_mark=after, ended_at=ended))
    letters = sa.update(OutboxMail).where(OutboxMail.recipient_mark == before)
    waiting = OutboxMail.state.in_((MailState.WAITING, MailState.FAILED))
    session.execute(letters.where(waiting).values(state=MailState.GIVEN_UP, done_at=at))
    session.execute(letters.values(recipient=user.email, recipient_mark=after, subject=None, text=None))
    session.flush()


def _end_relations(user_id: UUID, at: datetime) -> list[UUID]:
    """End what opens the organisation of the open scope to the person; return all their relations, ended before too."""
    session = db.session()
    memberships = session.scalars(sa.select(Membership).where(Membership.user_id == user_id)).all()
    for membership in memberships:
        if membership.ends_at is None:
            membership.ends_at = max(at, membership.starts_at)
    engagements = session.scalars(sa.select(Engagement).where(Engagement.auditor_id == user_id)).all()
    for engagement in engagements:
        if engagement.ends_at > at:
            engagement.ends_at, engagement.ended_by = max(at, engagement.starts_at), user_id
    session.flush()
    return [*(row.id for row in memberships), *(row.id for row in engagements)]


def _empty_invitations(user_id: UUID) -> list[UUID]:
    """Take the address out of the invitations that the person accepted; return them."""
    accepted = db.session().scalars(sa.select(Invitation).where(Invitation.accepted_by == user_id)).all()
    for invitation in accepted:
        invitation.email = address_of(user_id)
    db.session().flush()
    return [invitation.id for invitation in accepted]
