"""What reminders there are, read in the open scope."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from audits.findings.words import called
from audits.models import Expiry
from audits.reach import SCHEME
from audits.reminders import asked
from audits.reminders.choosing import Hold, Noted
from audits.reminders.ladder import Rung, Version
from audits.reminders.models import Reminder, ReminderHold, ReminderRecipient, ReminderTold
from audits.reminders.noting import still_so
from core import db, mail
from tenants.models import Capacity, GrantLevel, ManagementGrant, Membership, ReminderChoice, Role, Tenant, User
from tenants.owned import Area
from tenants.relations import Standing, in_force

# A reminder that nobody was told of for so long is not told any more: whoever joins is not flooded.
FRESH = timedelta(days=14)
# Who answers for an organisation: its owners and editors, and staff of the reseller that keeps it.
ANSWERING = frozenset({Capacity.OWNER, Capacity.EDITOR, Capacity.MANAGER_EDIT})
# And who may, when the organisation chose so.
ASKED = ANSWERING | {Capacity.READER}
SHOWN = 100


def may_answer(places: Sequence[Standing]) -> dict[int, Standing]:
    """Return the organisations that a person may answer for, of those where they stand, by id."""
    return {one.tenant_id: one for one in places if one.capacity in ASKED}


def answering(user_id: UUID, places: Mapping[int, Standing]) -> tuple[dict[int, Standing], frozenset[int]]:
    """Return the organisations of `places` that a person answers for, and those of them that chose otherwise.

    An owner stays answerable: what lapsed long ago reaches them in any case.
    """
    query = sa.select(ReminderRecipient.tenant_id, ReminderRecipient.gets).where(ReminderRecipient.user_id == user_id)
    chosen = {row.tenant_id: row.gets for row in db.session().execute(query)}
    found = {
        one.tenant_id: one
        for one in places.values()
        if one.capacity is Capacity.OWNER or chosen.get(one.tenant_id, one.capacity in ANSWERING)
    }
    return found, frozenset(tenant_id for tenant_id in found if not chosen.get(tenant_id, True))


@dataclass(frozen=True, slots=True)
class Recipient:
    """A member of the open scope's organisation. gets: whether they are reminded; always: of what lapsed long ago.

    refused_at: when the mail server refused their address last, or mail came back from it; None when it did not.
    """

    user_id: UUID
    name: str
    role: Role
    gets: bool
    refused_at: datetime | None

    @property
    def always(self) -> bool:
        """Tell whether some reminders reach them whatever is chosen."""
        return self.role is Role.OWNER


def recipients(at: datetime) -> list[Recipient]:
    """Return the members of the open scope's organisation, by name."""
    query = (
        sa.select(User.id, User.name, User.email, User.bounced_at, Membership.role, ReminderRecipient.gets)
        .join(Membership, Membership.user_id == User.id)
        .outerjoin(
            ReminderRecipient,
            sa.and_(
                ReminderRecipient.tenant_id == Membership.tenant_id, ReminderRecipient.user_id == Membership.user_id
            ),
        )
        .where(in_force(Membership, at))
    )
    rows = db.session().execute(query).all()
    refused = mail.refused(row.email for row in rows)
    found = [
        Recipient(
            row.id,
            row.name,
            row.role,
            row.role is not Role.READER if row.gets is None else row.gets,
            row.bounced_at or refused.get(row.email),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), one.user_id))


def keepers(at: datetime) -> list[str]:
    """Return the names of the resellers whose staff is reminded too, because they may change things here."""
    query = (
        sa.select(Tenant.name)
        .join(ManagementGrant, ManagementGrant.manager_id == Tenant.id)
        .where(ManagementGrant.level == GrantLevel.EDIT, in_force(ManagementGrant, at), Tenant.left_at.is_(None))
    )
    return sorted(db.session().scalars(query), key=str.casefold)


def opens(place: Standing, code: str) -> bool:
    """Tell whether the relation opens the part of an organisation that a rule is about.

    That there is a request is told with each request: `asked.open_to`.
    """
    return code == asked.REQUEST or (Area.CONTINUITY if code.startswith(SCHEME) else Area.PLAN) in place.areas


def noted_for(user_id: UUID, places: Mapping[int, Standing], today: date) -> list[Noted]:
    """Return the fresh reminders of what still lapses then, as far as the person's relations open them.

    It may empty the session.
    """
    query = (
        sa.select(
            Reminder.tenant_id,
            Reminder.id,
            Reminder.rule_code,
            Reminder.subject_key,
            Reminder.until,
            Reminder.rung,
            ReminderTold.told_at,
        )
        .outerjoin(Expiry, still_so())
        .outerjoin(
            ReminderTold,
            sa.and_(
                ReminderTold.tenant_id == Reminder.tenant_id,
                ReminderTold.reminder_id == Reminder.id,
                ReminderTold.user_id == user_id,
            ),
        )
        .where(
            asked.standing(Reminder.rule_code),
            Reminder.passed.is_(False),
            sa.or_(Reminder.noted_on > today - FRESH, ReminderTold.id.is_not(None)),
        )
    )
    found = [
        Noted(tenant_id, reminder_id, Version(code, key, until), rung, told_at)
        for tenant_id, reminder_id, code, key, until, rung, told_at in db.session().execute(query)
        if tenant_id in places and opens(places[tenant_id], code)
    ]
    if all(one.version.code != asked.REQUEST for one in found):
        return found
    requests = asked.open_to(places)
    return [one for one in found if one.version.code != asked.REQUEST or (one.tenant_id, one.version) in requests]


def holds() -> list[Hold]:
    """Return the answers to reminders of what still lapses then."""
    query = sa.select(
        ReminderHold.tenant_id, ReminderHold.rule_code, ReminderHold.subject_key, ReminderHold.until,
        ReminderHold.kind, ReminderHold.holds_until, ReminderHold.user_id, ReminderHold.made_at,
    ).outerjoin(
        Expiry,
        sa.and_(
            Expiry.tenant_id == ReminderHold.tenant_id,
            Expiry.rule_code == ReminderHold.rule_code,
            Expiry.subject_key == ReminderHold.subject_key,
            Expiry.until == ReminderHold.until,
        ),
    ).where(asked.standing(ReminderHold.rule_code))  # fmt: skip
    return [
        Hold(tenant_id, Version(code, key, until), kind, holds_until, user_id, made_at)
        for tenant_id, code, key, until, kind, holds_until, user_id, made_at in db.session().execute(query)
    ]


def last_told_at(user_id: UUID) -> datetime | None:
    """Return when the person was last reminded of anything in the open scope."""
    return db.session().scalar(sa.select(sa.func.max(ReminderTold.told_at)).where(ReminderTold.user_id == user_id))


def choice_of(user_id: UUID) -> ReminderChoice | None:
    """Return what a person chose about reminders, None when nothing yet."""
    return db.session().get(ReminderChoice, user_id)


@dataclass(frozen=True, slots=True)
class Told:
    """A reminder that somebody was told of. person: whom; request_id: of what an auditor asked, None for what lapses.

    label: the contact, copy or other thing that it is about, where that lapses still.
    """

    tenant_id: int
    code: str
    key: str
    until: date
    rung: Rung
    person: str
    told_at: datetime
    label: str = ""

    @property
    def request_id(self) -> UUID | None:
        """Return the request of an auditor that it is about."""
        return asked.request_of(Version(self.code, self.key, self.until))


TOLD = (
    Reminder.tenant_id, Reminder.rule_code, Reminder.subject_key, Reminder.until, Reminder.rung, User.name,
    ReminderTold.told_at,
)  # fmt: skip


def told_to(user_id: UUID) -> list[Told]:
    """Return what a person was told of in the open scope, newest first, at most SHOWN; nothing is named."""
    rows = db.session().execute(_tellings(*TOLD).where(ReminderTold.user_id == user_id))
    return [Told(*row) for row in rows]


def told_here() -> list[Told]:
    """Return who was told of what in the organisation of the open scope, newest first, at most SHOWN."""
    its_expiry = sa.and_(
        Expiry.tenant_id == Reminder.tenant_id,
        Expiry.rule_code == Reminder.rule_code,
        Expiry.subject_key == Reminder.subject_key,
    )
    query = _tellings(*TOLD, Expiry.subject_label, Expiry.subject_kind).outerjoin(Expiry, its_expiry)
    rows: Any = db.session().execute(query)
    return [replace(Told(*row), label=called(label or "", kind or "plan")) for *row, label, kind in rows]


def _tellings(*columns: Any) -> Any:
    its_telling = sa.and_(ReminderTold.tenant_id == Reminder.tenant_id, ReminderTold.reminder_id == Reminder.id)
    return (
        sa.select(*columns)
        .select_from(Reminder)
        .join(ReminderTold, its_telling)
        .join(User, User.id == ReminderTold.user_id)
        .order_by(ReminderTold.told_at.desc(), Reminder.until, Reminder.id)
        .limit(SHOWN)
    )
