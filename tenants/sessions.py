"""Sign-in sessions as rows: what a copied cookie is worth ends when the row ends."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from flask import Flask, current_app, g, request
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from core import clock, db
from core.columns import UtcDateTime
from core.i18n import Language
from tenants.lock import Bypass, bypass
from tenants.models import HalfSignIn, LoginSession, User
from tenants.prepared import Unscoped
from tenants.turns import take_from

# Every answer would otherwise wait for a write, just to remember that somebody looked.
SEEN_EVERY = timedelta(minutes=1)
# How long it is kept from which address and with which browser somebody signed in, counted from when they were last
# seen there. That they signed in stays, in the events of accounts.
TRACES_KEPT = timedelta(days=180)

login_manager = LoginManager()


@dataclass(frozen=True, slots=True, eq=False)
class SignedIn(UserMixin):  # type: ignore[misc]
    """The person at the other end of this request, as of this request."""

    token: str
    session_id: UUID
    user_id: UUID
    name: str
    email: str
    language: Language | None
    bounced_at: datetime | None
    seen_at: datetime
    proved_at: datetime
    strong: bool

    def get_id(self) -> str:
        """Return what the cookie holds: the session's token, never the person's id."""
        return self.token


def init_sessions(app: Flask, idle_minutes: int, absolute_minutes: int) -> None:
    """Let Flask-Login ask this module who is signed in."""
    app.config.update(
        SESSION_IDLE=timedelta(minutes=idle_minutes), SESSION_ABSOLUTE=timedelta(minutes=absolute_minutes)
    )
    login_manager.init_app(app)
    login_manager.user_loader(recognise)
    # The row decides; Flask-Login's own fingerprint of address and browser would sign out every train traveller.
    login_manager.session_protection = None


def token_hash(token: str) -> str:
    """Return what the database keeps of a token: useless to whoever reads it there."""
    return hashlib.sha256(token.encode()).hexdigest()


# The question who holds a session.
_RECOGNISING = Unscoped(
    sa.select(
        LoginSession.id,
        User.id,
        User.name,
        User.email,
        User.language,
        User.bounced_at,
        LoginSession.seen_at,
        LoginSession.proved_at,
        LoginSession.strong,
    )
    .join(User, User.id == LoginSession.user_id)
    .where(
        LoginSession.token_hash == sa.bindparam("token_hash"),
        LoginSession.ended_at.is_(None),
        User.disabled_at.is_(None),
        LoginSession.seen_at > sa.bindparam("seen", type_=UtcDateTime()),
        LoginSession.created_at > sa.bindparam("created", type_=UtcDateTime()),
    )
)


def recognise(token: str) -> SignedIn | None:
    """Return the person whose live session has this token, or None."""
    if not db.session().in_transaction():
        db.begin(writes=False)
    at, limits = clock.now(), current_app.config
    found = _RECOGNISING.rows(
        token_hash=token_hash(token), seen=at - limits["SESSION_IDLE"], created=at - limits["SESSION_ABSOLUTE"]
    )
    return SignedIn(token, *found[0]) if found else None


_STILL = Unscoped(
    sa.select(LoginSession.id)
    .join(User, User.id == LoginSession.user_id)
    .where(
        LoginSession.id == sa.bindparam("session_id", type_=sa.Uuid()),
        LoginSession.ended_at.is_(None),
        User.disabled_at.is_(None),
    )
)


def still_signed_in(signed_in: SignedIn) -> bool:
    """Tell whether the session of this request has not ended since, nor the account been disabled."""
    return bool(_STILL.rows(session_id=signed_in.session_id))


def person() -> SignedIn | None:
    """Return who is signed in, or None."""
    found = current_user
    return found._get_current_object() if found.is_authenticated else None


def start(user: User, *, at: datetime, strong: bool = False) -> None:
    """Sign `user` in with a new session; whatever the cookie held before is dropped, and its session ended.

    strong: whether more than a password was shown.
    """
    token = secrets.token_urlsafe(32)
    before = person()
    if before is not None:
        end_session(before.user_id, before.session_id, at=at)
    db.session().add(
        row := LoginSession(
            token_hash=token_hash(token),
            user_id=user.id,
            created_at=at,
            seen_at=at,
            proved_at=at,
            strong=strong,
            address=request.remote_addr or "",
            agent=request.user_agent.string[:200],
        )
    )
    db.session().flush()
    cookie.clear()
    g.pop("_login_user", None)
    login_user(SignedIn(token, row.id, user.id, user.name, user.email, user.language, user.bounced_at, at, at, strong))


def prove(signed_in: SignedIn, *, at: datetime, strong: bool) -> SignedIn:
    """Note that the person proved who they are once more; the session goes on under a new token.

    strong: whether this was, or completes, more than a password. A copy of the old cookie is worth nothing; the
    session ends no later than it would have.
    """
    token = secrets.token_urlsafe(32)
    row = db.session().get_one(LoginSession, signed_in.session_id)
    row.token_hash, row.proved_at, row.seen_at = token_hash(token), at, at
    row.strong = row.strong or strong
    db.session().flush()
    proved = replace(signed_in, token=token, proved_at=at, seen_at=at, strong=row.strong)
    g.pop("_login_user", None)
    login_user(proved)
    g.me = proved
    return proved


def end(signed_in: SignedIn, *, at: datetime) -> None:
    """Sign out: end the row, so that a copy of the cookie is worth nothing."""
    end_session(signed_in.user_id, signed_in.session_id, at=at)
    logout_user()
    cookie.clear()


def end_session(user_id: UUID, session_id: UUID, *, at: datetime) -> bool:
    """End one session of a person; tell whether there was such a session that had not ended."""
    take_from(user_id, db.session())
    return _end_where(LoginSession.user_id == user_id, LoginSession.id == session_id, at=at) == 1


def end_others(user_id: UUID, keep: UUID | None = None, *, at: datetime) -> int:
    """End every session of a person but `keep`, and each sign-in that waits for its second factor; return how many."""
    db.session().execute(
        sa.update(HalfSignIn).where(HalfSignIn.user_id == user_id, HalfSignIn.ended_at.is_(None)).values(ended_at=at)
    )
    take_from(user_id, db.session())
    return _end_where(LoginSession.user_id == user_id, LoginSession.id != keep if keep else sa.true(), at=at)


def _end_where(*chosen: sa.ColumnElement[bool], at: datetime) -> int:
    done = db.session().execute(
        sa.update(LoginSession).where(LoginSession.ended_at.is_(None), *chosen).values(ended_at=at)
    )
    return cast("sa.CursorResult[Any]", done).rowcount


def open_sessions(user_id: UUID, *, at: datetime) -> list[LoginSession]:
    """Return where a person is signed in now, the one used last first."""
    found = db.session().scalars(
        sa.select(LoginSession).where(
            LoginSession.user_id == user_id,
            LoginSession.ended_at.is_(None),
            LoginSession.seen_at > at - current_app.config["SESSION_IDLE"],
            LoginSession.created_at > at - current_app.config["SESSION_ABSOLUTE"],
        )
    )
    return sorted(found, key=lambda row: row.seen_at, reverse=True)


def note_seen(signed_in: SignedIn, *, at: datetime) -> None:
    """Remember that the person is still there, at most once a minute, in a transaction of its own.

    While somebody else writes it waits for the next page: nobody's answer is to wait for a sweep.
    """
    if at - signed_in.seen_at < SEEN_EVERY:
        return
    try:
        db.begin(writes=True, waits=False)
    except db.Busy:
        return
    db.session().execute(
        sa.update(LoginSession)
        .where(LoginSession.id == signed_in.session_id, LoginSession.seen_at < at)
        .values(seen_at=at),
        execution_options=bypass(Bypass.CLAIM),
    )
    db.commit()


def forget_traces(*, at: datetime) -> int:
    """Empty the address and the browser of sessions nobody was seen in for TRACES_KEPT; return of how many."""
    done = db.session().execute(
        sa.update(LoginSession)
        .where(LoginSession.seen_at < at - TRACES_KEPT, sa.or_(LoginSession.address != "", LoginSession.agent != ""))
        .values(address="", agent="")
    )
    return cast("sa.CursorResult[Any]", done).rowcount
