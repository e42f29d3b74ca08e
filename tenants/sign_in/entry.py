"""The way in: each proof counted, checked, and turned into a session; the trail told of both ends.

These functions begin a transaction of their own after the counting one; the door commits it. An expensive hash is
computed while none is open, or every other writer of a SQLite database would wait for it.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import assert_never

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from tenants import sessions, trail
from tenants.errors import AccountError
from tenants.models import User
from tenants.sessions import SignedIn
from tenants.sign_in import half, limits, passkeys, recovery, totp
from tenants.sign_in.factors import factors_of
from tenants.sign_in.passwords import matches


class How(StrEnum):
    """What somebody showed."""

    PASSWORD = "password"  # noqa: S105 -- a word, not a password
    CODE = "code"
    PASSKEY = "passkey"


class Refused(AccountError):
    """What was shown is not right; the text says no more than that."""


def begin(email: str, password: str, *, address: str, at: datetime) -> bool:
    """Sign somebody in by password, or as far as the second factor; tell whether they are in.

    address: where the request comes from. Raises Refused for a wrong password, an unknown account and a disabled
    one, all alike, and TooManyTries.
    """
    user = _by_password(email, password, address=address, at=at, action="sign_in")
    if factors_of(user.id).any:
        half.begin(user, at=at)
        return False
    _let_in(user, How.PASSWORD, _limits(user.email, address), [at], at=at, strong=False)
    return True


def complete(how: How, shown: str, *, address: str, at: datetime) -> bool:
    """Finish the sign-in that this browser began; tell False when there is none any more.

    how: CODE (of the app, or for recovery) or PASSKEY. Raises Refused, PasskeyError and TooManyTries.
    """
    begun = half.waiting(at=at)
    if begun is None:
        return False
    email, counted = begun[1].email, _limits(begun[1].email, address)
    limits.take(counted, at=at)
    begun = half.waiting(at=at)
    if begun is None:
        return False
    row, user = begun
    began_at = row.created_at
    user = _locked(email) or user
    _check_second(user, how, shown, at=at, action="sign_in")
    if not half.finish(row, at=at):
        return False
    _let_in(user, how, counted, [began_at, at], at=at, strong=True)
    return True


def by_passkey(credential: str, *, address: str, at: datetime) -> None:
    """Sign in whoever holds the passkey: it is two factors by itself. Raises PasskeyError and TooManyTries."""
    counted = [limits.of_address(address)]
    limits.take(counted, at=at)
    try:
        user_id = passkeys.show(credential, user_id=None, at=at)
        user = db.session().scalar(sa.select(User).where(User.id == user_id).with_for_update())
        if user is None or user.disabled_at is not None:
            raise passkeys.PasskeyError
    except passkeys.PasskeyError:
        trail.account_event(None, "sign_in.failed", how=How.PASSKEY.value)
        raise
    _let_in(user, How.PASSKEY, counted, [at], at=at, strong=True)


def prove(me: SignedIn, how: How, shown: str, *, address: str, at: datetime) -> None:
    """Take a proof from somebody who is signed in: the session goes on, fresh, under a new token.

    Who has a second factor and did not show it in this session shows it now: a password alone is not enough.
    Raises Refused, PasskeyError and TooManyTries.
    """
    if how is How.PASSWORD:
        if not may_use_password(me):
            raise Refused(_l("Show your second step: a password alone is not enough here."), "code")
        user = _by_password(me.email, shown, address=address, at=at, action="step_up")
    else:
        limits.take(_limits(me.email, address), at=at)
        found = _locked(me.email)
        if found is None or found.id != me.user_id:
            raise Refused(_l("This is not right. Try once more."), "code")
        user = found
        _check_second(user, how, shown, at=at, action="step_up")
    limits.give_back(_limits(user.email, address), [at])
    sessions.prove(me, at=at, strong=how is not How.PASSWORD)
    trail.account_event(user.id, "step_up", how=how.value)


def may_use_password(me: SignedIn) -> bool:
    """Tell whether a password is proof enough in this session."""
    return me.strong or not factors_of(me.user_id).any


def right_password(me: SignedIn, password: str, *, address: str, at: datetime) -> User:
    """Return the person whose password this is. Raises Refused and TooManyTries."""
    user = _by_password(me.email, password, address=address, at=at, action="password")
    limits.give_back(_limits(user.email, address), [at])
    return user


def _by_password(email: str, password: str, *, address: str, at: datetime, action: str) -> User:
    limits.take(_limits(email, address), at=at)
    db.begin(writes=False)
    found = (
        db.session().execute(sa.select(User.id, User.password_hash).where(User.email == _plain(email))).one_or_none()
    )
    db.rollback()
    user_id, kept = found or (None, None)
    if matches(password, kept):
        db.begin(writes=True)
        # Locked until the end: a change of the password comes before this sign-in, or ends its session too.
        user = _locked(email)
        if user is not None and user.disabled_at is None and user.password_hash == kept:
            return user
    trail.account_event(user_id, f"{action}.failed", how=How.PASSWORD.value)
    raise Refused(_l("This e-mail address and password do not belong together."), "password")


def _check_second(user: User, how: How, shown: str, *, at: datetime, action: str) -> None:
    try:
        match how:
            case How.CODE:
                if not (totp.spend(user.id, shown, at=at) or recovery.spend(user.id, shown, at=at)):
                    raise Refused(_l("This code is not right, or was used before. Wait for the next one."), "code")
            case How.PASSKEY:
                passkeys.show(shown, user_id=user.id, at=at)
            case How.PASSWORD:
                raise Refused(_l("This is not right. Try once more."), "code")
            case _:
                assert_never(how)
    except AccountError:
        trail.account_event(user.id, f"{action}.failed", how=how.value)
        raise


def _let_in(
    user: User, how: How, counted: Sequence[limits.Limit], tried_at: Sequence[datetime], *, at: datetime, strong: bool
) -> None:
    limits.give_back(counted, tried_at)
    sessions.start(user, at=at, strong=strong)
    trail.account_event(user.id, "sign_in", how=how.value)


def _limits(email: str, address: str) -> list[limits.Limit]:
    return [limits.of_account(email), limits.of_address(address)]


def _locked(email: str) -> User | None:
    return db.session().scalar(sa.select(User).where(User.email == _plain(email)).with_for_update())


def _plain(email: str) -> str:
    # No database text holds a NUL, so an address with one is simply nobody's.
    return email.strip().lower().replace("\x00", "")
