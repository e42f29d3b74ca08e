"""Changes to an account: its password, whether it may be used."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from core import db
from core.i18n import Language
from tenants import links, relations, sessions, trail
from tenants.mail import letters
from tenants.models import Operator, ReminderChoice, User
from tenants.sign_in import factors
from tenants.sign_in.passwords import hash_password
from tenants.sign_in.strength import check_choice


def set_password(user: User, password: str, *, keep: UUID | None = None, by: str = "", at: datetime) -> None:
    """Give a person a new password, end their sessions, mailed links and the address of their calendar, and tell them.

    keep: the one session that goes on; by: what made it possible, "reset" or "". Raises WeakPassword when it would be
    guessed. Second factors stay as they are.
    """
    check_choice(password, (user.name, user.email))
    user.password_hash = hash_password(password)
    db.session().flush()
    sessions.end_others(user.id, keep, at=at)
    links.end_all(user.id, at=at)
    # Somebody who knew the password may have made it.
    calendar = sa.update(ReminderChoice).where(ReminderChoice.user_id == user.id)
    db.session().execute(calendar.values(calendar_hash=None, calendar_made_at=None))
    letters.password_changed(user.email, user.language or Language.DUTCH, name=user.name)
    trail.account_event(user.id, "password.changed", **({"by": by} if by else {}))


def disable(user: User, *, at: datetime) -> None:
    """Let a person in no more, from their next request on."""
    user.disabled_at = user.disabled_at or at
    db.session().flush()
    sessions.end_others(user.id, at=at)
    trail.account_event(user.id, "account.disabled")


def enable(user: User) -> None:
    """Let a person in again."""
    user.disabled_at = None
    db.session().flush()
    trail.account_event(user.id, "account.enabled")


def reset_factors(user: User, *, at: datetime) -> None:
    """Take every second factor away from somebody who lost them, and end their sessions.

    Whoever asks has been recognised in another way first: from now on the password alone opens the account.
    """
    factors.reset(user)
    sessions.end_others(user.id, at=at)


def add_operator(user: User, *, at: datetime) -> None:
    """Let a person operate the installation from now on. Doing it again changes nothing."""
    if not relations.is_operator(user.id):
        db.session().add(Operator(user_id=user.id, starts_at=at, ends_at=None))
        db.session().flush()
        trail.account_event(user.id, "operator.added")


def remove_operator(user: User, *, at: datetime) -> None:
    """Let a person operate the installation no more."""
    query = sa.select(Operator).where(Operator.user_id == user.id, Operator.ends_at.is_(None))
    for row in db.session().scalars(query):
        row.ends_at = at
        trail.account_event(user.id, "operator.removed")
    db.session().flush()
