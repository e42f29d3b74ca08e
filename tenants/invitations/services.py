"""Changes to invitations: send, send again, withdraw, accept."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db, mail
from core.i18n import Language
from tenants import links, services, trail
from tenants.errors import AccountError
from tenants.mail import letters
from tenants.models import Engagement, Invitation, LinkPurpose, Membership, Role, Seat, Tenant, User
from tenants.relations import Standing, in_force
from tenants.turns import one_at_a_time

# So many may be open at once, and so often may one address be written to: nobody's mailbox is flooded from here.
OPEN_AT_MOST = 200
LETTERS_AN_HOUR = 3
LONGEST_ENGAGEMENT = timedelta(days=3 * 366)
PAGE = "invitations.accept"


@dataclass(frozen=True, slots=True)
class MemberValues:
    """Who shall be a member. email: in small letters."""

    email: str
    role: Role


@dataclass(frozen=True, slots=True)
class AuditorValues:
    """Who shall audit what, and when. email: in small letters; days in the organisation's zone, inclusive."""

    email: str
    reference: str
    plan: bool
    continuity: bool
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Host:
    """On whose behalf somebody invites: the organisation, and the person by id and name."""

    where: Standing
    user_id: UUID
    name: str


def invite_member(values: MemberValues, host: Host, *, at: datetime) -> Invitation:
    """Invite somebody to be a member and write to them.

    Raises AccountError when they are one already, were invited already, or too many invitations are open.
    """
    _check_room(values.email, Seat.MEMBER, at)
    if _is_member(values.email, at):
        raise AccountError(
            _l("This person belongs to the organisation already. You can change the role on the page People."), "email"
        )
    invitation = Invitation(
        email=values.email, seat=Seat.MEMBER, role=values.role, reference="", plan=False, continuity=False,
        invited_by=host.user_id, sent_at=at,
    )  # fmt: skip
    return _send_first(invitation, host, at)


def invite_auditor(values: AuditorValues, host: Host, *, at: datetime) -> Invitation:
    """Invite somebody to audit and write to them.

    Raises AccountError when the days do not fit, they were invited already, or too many invitations are open.
    """
    _check_room(values.email, Seat.AUDITOR, at)
    if values.ends_on < values.starts_on:
        raise AccountError(_l("The last day lies before the first."), "ends_on")
    if values.ends_on - values.starts_on > LONGEST_ENGAGEMENT:
        raise AccountError(_l("An assignment lasts three years at most."), "ends_on")
    if _after(values.ends_on, host.where.zone) <= at:
        raise AccountError(_l("The last day is past already."), "ends_on")
    if not (values.plan or values.continuity):
        raise AccountError(_l("Choose at least one part to read."), "plan")
    invitation = Invitation(
        email=values.email, seat=Seat.AUDITOR, role=None, reference=values.reference, plan=values.plan,
        continuity=values.continuity, starts_on=values.starts_on, ends_on=values.ends_on,
        invited_by=host.user_id, sent_at=at,
    )  # fmt: skip
    return _send_first(invitation, host, at)


def _send_first(invitation: Invitation, host: Host, at: datetime) -> Invitation:
    invitation.accepted_at = invitation.accepted_by = invitation.withdrawn_at = None
    db.session().add(invitation)
    db.session().flush()
    _write_to(invitation, host, at)
    return invitation


def resend(invitation: Invitation, host: Host, *, at: datetime) -> None:
    """Write once more, with a new link; the old one opens nothing any more.

    Raises AccountError when the invitation is no longer open, or the address was written to too often.
    """
    _take_turn(invitation)
    if not is_open(invitation):
        raise AccountError(_l("This invitation is no longer open."))
    # Whoever sends it means it, also when somebody else thought of it first.
    invitation.sent_at, invitation.invited_by = at, host.user_id
    _write_to(invitation, host, at)
    db.session().flush()


def withdraw(invitation: Invitation, *, at: datetime) -> bool:
    """Take an invitation back; its link opens nothing any more. One that is no longer open stays as it is.

    Return whether nobody gets in by it: False when it was accepted before.
    """
    _take_turn(invitation)
    if is_open(invitation):
        invitation.withdrawn_at = at
        links.end(LinkPurpose.INVITATION, invitation.id, at=at)
        db.session().flush()
    return invitation.accepted_at is None


def _take_turn(invitation: Invitation) -> None:
    """Wait for whoever accepts it at this moment, and see what became of it."""
    one_at_a_time([invitation.tenant_id])
    db.session().refresh(invitation)


def withdraw_those_of(user_id: UUID, *, at: datetime) -> None:
    """Take back what somebody invited and nobody accepted yet: who leaves lets nobody in afterwards."""
    for invitation in open_invitations():
        if invitation.invited_by == user_id:
            withdraw(invitation, at=at)


def is_open(invitation: Invitation) -> bool:
    """Tell whether nobody accepted or withdrew this invitation; its link may have grown too old all the same."""
    return invitation.accepted_at is None and invitation.withdrawn_at is None


def may_let_in(user_id: UUID, *, at: datetime) -> bool:
    """Tell whether what somebody invited still counts: an owner now, however they may have ceased to be one."""
    owner = (Membership.user_id == user_id, Membership.role == Role.OWNER, in_force(Membership, at))
    query = sa.select(Membership.id).join(User, User.id == Membership.user_id)
    return db.session().scalar(query.where(*owner, User.disabled_at.is_(None)).limit(1)) is not None


def open_invitations() -> list[Invitation]:
    """Return the open invitations of the organisation, newest first."""
    found = db.session().scalars(
        sa.select(Invitation)
        .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .order_by(Invitation.sent_at.desc())
    )
    return list(found)


def accept(invitation: Invitation, user: User, tenant: Tenant, *, at: datetime) -> None:
    """Let `user` in, as the invitation says. Its link must have been used up just before, in this transaction.

    Raises AccountError when the assignment of an auditor is over already.
    """
    if invitation.seat is Seat.MEMBER:
        assert invitation.role is not None
        if _membership(user.id) is None:
            services.add_member(invitation.tenant_id, user.id, invitation.role, at=at)
    else:
        _engage(invitation, user, tenant, at)
    invitation.accepted_at, invitation.accepted_by = at, user.id
    trail.record("invitation.accepted", "invitation", invitation.id, seat=invitation.seat.value)
    db.session().flush()


def _engage(invitation: Invitation, user: User, tenant: Tenant, at: datetime) -> None:
    assert invitation.starts_on is not None
    assert invitation.ends_on is not None
    ends_at = _after(invitation.ends_on, tenant.zone)
    if ends_at <= at:
        raise AccountError(_l("This assignment is over already. Ask the organisation for a new invitation."))
    db.session().add(
        Engagement(
            tenant_id=invitation.tenant_id,
            auditor_id=user.id,
            reference=invitation.reference,
            plan=invitation.plan,
            continuity=invitation.continuity,
            starts_at=_begin(invitation.starts_on, tenant.zone),
            ends_at=ends_at,
            given_by=invitation.invited_by,
            ended_by=None,
        )
    )


def _begin(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


def _after(day: date, zone: str) -> datetime:
    """Return the instant at which `day` is over."""
    return _begin(day + timedelta(days=1), zone)


def _write_to(invitation: Invitation, host: Host, at: datetime) -> None:
    if mail.queued_since(invitation.email, f"{invitation.seat}_invitation", at - timedelta(hours=1)) >= LETTERS_AN_HOUR:
        raise AccountError(_l("This person was written to several times just now. Wait an hour."), "email")
    where = host.where
    token = links.make(
        LinkPurpose.INVITATION, about=invitation.id, email=invitation.email, organisation_id=where.tenant_id, at=at
    )
    until = at + links.LIFE[LinkPurpose.INVITATION]
    known = services.user_by_email(invitation.email)
    language: Language = (known.language if known else None) or where.language
    address = links.address(PAGE, token)
    if invitation.role is not None:
        letters.member_invitation(
            invitation.email, language, organisation=where.name, inviter=host.name, role=invitation.role,
            link=address, until=until, by=where.tenant_id,
        )  # fmt: skip
        return
    assert invitation.starts_on is not None
    assert invitation.ends_on is not None
    letters.auditor_invitation(
        invitation.email, language, organisation=where.name, inviter=host.name, reference=invitation.reference,
        starts_on=invitation.starts_on, ends_on=invitation.ends_on, link=address, until=until, by=where.tenant_id,
    )  # fmt: skip


def _check_room(email: str, seat: Seat, at: datetime) -> None:
    waiting = open_invitations()
    if any(one.email == email and one.seat is seat for one in waiting):
        raise AccountError(_l("This person was invited already. You can send the invitation again."), "email")
    if len(waiting) >= OPEN_AT_MOST:
        raise AccountError(_l("Too many invitations are open. Withdraw some first."))


def _is_member(email: str, at: datetime) -> bool:
    user = services.user_by_email(email)
    return user is not None and _membership(user.id) is not None


def _membership(user_id: UUID) -> Membership | None:
    return db.session().scalar(sa.select(Membership).where(Membership.user_id == user_id, Membership.ends_at.is_(None)))
