"""People whom mail does not reach: noted when a mail of ours comes back, until they say that it works again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core import db
from core.mail import bounces
from tenants.models import User

# By the beginning of the status (RFC 3463).
REASONS = (
    ("5.1.", _l("The mail server there does not know this address.")),
    ("5.2.2", _l("The mailbox is full.")),
    ("4.2.2", _l("The mailbox is full.")),
    ("5.7.", _l("The mail server there refuses our mail. Ask whoever keeps your mail to let it in.")),
    ("4.", _l("The mail server there did not take it in time.")),
)


def take(raw: bytes, arrived_for: Sequence[str], *, at: datetime) -> str:
    """Note what a report says, in the transaction that is open; return its status, "" where it was noted before.

    raw, arrived_for: as `bounces.read` takes them. Raises NotTaken.
    """
    report = bounces.read(raw, arrived_for)
    recipient = bounces.record(report, at=at)
    if recipient is None:
        return ""
    # Who changed their address since has none that came back.
    told = sa.update(User).where(User.email == recipient)
    db.session().execute(told.values(bounced_at=at, bounce_status=report.status))
    return report.status


def works_again(user_id: UUID) -> None:
    """Forget that mail to a person came back: they say that it arrives, or have another address."""
    told = sa.update(User).where(User.id == user_id)
    db.session().execute(told.values(bounced_at=None, bounce_status=""))


def reason_of(user_id: UUID) -> str:
    """Say why mail to a person came back, as far as the mail server told."""
    status = db.session().scalar(sa.select(User.bounce_status).where(User.id == user_id)) or ""
    for beginning, text in REASONS:
        if status.startswith(beginning):
            return str(text)
    return str(_("The mail server gave as reason: %(status)s.", status=status))
