"""What the operator changes: whether an account may be used, and that all is judged again.

Who did it stands among the events of the accounts.
"""

from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _l

from core import db
from tenants import trail
from tenants.errors import AccountError
from tenants.lock import mark_everybody
from tenants.models import User
from tenants.sign_in import services


def disable(user: User, *, by: UUID, at: datetime) -> None:
    """Let a person in no more and end their sessions. Raises AccountError for the operator's own account."""
    if user.id == by:
        raise AccountError(_l("You cannot disable your own account."))
    services.disable(user, at=at)
    trail.account_event(by, "operator.disabled_account", account=user.id)


def enable(user: User, *, by: UUID) -> None:
    """Let a person in again."""
    services.enable(user)
    trail.account_event(by, "operator.enabled_account", account=user.id)


def judge_everybody(*, by: UUID) -> int:
    """Have every organisation judged again, due or not: within minutes whoever judges begins. Return how many."""
    marked = mark_everybody(db.session())
    trail.account_event(by, "operator.judged_everybody")
    return marked
