"""Half a sign-in: the password was right, the second factor is still to come.

A row and a token in the cookie, as a session has, but nothing looks at them except the page that asks for the rest.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from flask import session as cookie

from core import db
from tenants.models import HalfSignIn, User
from tenants.sessions import token_hash

TOKEN = "half"  # noqa: S105 -- the name of the place in the cookie
GOOD_FOR = timedelta(minutes=10)
KEPT = timedelta(days=1)


def begin(user: User, *, at: datetime) -> None:
    """Remember that `user` gave the right password in this browser; whatever the cookie held before is dropped."""
    token = secrets.token_urlsafe(32)
    db.session().add(HalfSignIn(token_hash=token_hash(token), user_id=user.id, created_at=at, ended_at=None))
    db.session().flush()
    cookie.clear()
    cookie[TOKEN] = token


def waiting(*, at: datetime) -> tuple[HalfSignIn, User] | None:
    """Return the sign-in that this browser began and whose it is, or None when there is none or it took too long."""
    token = cookie.get(TOKEN)
    if not isinstance(token, str):
        return None
    row = db.session().execute(
        sa.select(HalfSignIn, User)
        .join(User, User.id == HalfSignIn.user_id)
        .where(
            HalfSignIn.token_hash == token_hash(token),
            HalfSignIn.ended_at.is_(None),
            HalfSignIn.created_at > at - GOOD_FOR,
            User.disabled_at.is_(None),
        )
    )
    found = row.one_or_none()
    return (found[0], found[1]) if found else None


def finish(half: HalfSignIn, *, at: datetime) -> bool:
    """End the row; of two racing requests one is told yes."""
    ended = db.session().execute(
        sa.update(HalfSignIn).where(HalfSignIn.id == half.id, HalfSignIn.ended_at.is_(None)).values(ended_at=at)
    )
    return cast("sa.CursorResult[Any]", ended).rowcount == 1


def clean(*, at: datetime) -> None:
    """Forget what is long over."""
    db.session().execute(sa.delete(HalfSignIn).where(HalfSignIn.created_at < at - KEPT))
