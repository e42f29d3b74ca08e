"""Second factors: what a person has, who needs one, and adding and removing them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from tenants import relations, trail
from tenants.errors import AccountError
from tenants.models import LoginSession, Passkey, TotpFactor, User
from tenants.scope import as_person
from tenants.sign_in import passkeys, recovery, totp


@dataclass(frozen=True, slots=True)
class Factors:
    """What somebody can show beside a password. codes_left: recovery codes that still work."""

    app: bool
    passkeys: int
    codes_left: int

    @property
    def any(self) -> bool:
        """Tell whether signing in asks for a second factor: recovery codes alone are none."""
        return self.app or self.passkeys > 0


def factors_of(user_id: UUID) -> Factors:
    """Return what a person has."""
    app = db.session().get(TotpFactor, user_id) is not None
    keys = db.session().scalar(sa.select(sa.func.count(Passkey.id)).where(Passkey.user_id == user_id))
    return Factors(app, keys or 0, recovery.left(user_id))


def needs_second_factor(user_id: UUID) -> bool:
    """Tell whether a relation of the person that holds now asks for a second factor.

    Source: resellers, auditors, officers of the foundation and operators reach what belongs to others.
    """
    as_person(user_id)
    return relations.is_operator(user_id) or any(one.demands_strong for one in relations.standings_of(user_id))


def add_app(user: User, secret: str, typed: str, *, at: datetime) -> tuple[str, ...]:
    """Keep the authenticator app that shows `typed` now; return new recovery codes when this is the first factor.

    Raises AccountError when the code is wrong, or the person has an app already.
    """
    had = _held(user)
    if had.app:
        raise AccountError(_l("You have an authenticator app already. Remove it first."), "code")
    step = totp.step_of(secret, typed, at=at)
    if step is None:
        raise AccountError(_l("This is not the code that the app shows now."), "code")
    db.session().add(TotpFactor(user_id=user.id, secret=secret, last_step=step, added_at=at))
    db.session().flush()
    return _added(user, had, "app", at)


def add_passkey(user: User, credential: str, name: str, *, at: datetime) -> tuple[str, ...]:
    """Keep a passkey; return new recovery codes when this is the first factor. Raises AccountError."""
    had = _held(user)
    passkeys.add(user.id, credential, name, at=at)
    return _added(user, had, "passkey", at)


def remove_app(user: User, *, at: datetime) -> None:
    """Remove the authenticator app, if there is one. Raises AccountError when it is the last and needed."""
    had = _held(user)
    if had.app:
        _refuse_last(user, had)
        db.session().execute(sa.delete(TotpFactor).where(TotpFactor.user_id == user.id))
        _removed(user, had, "app")


def remove_passkey(user: User, passkey_id: UUID, *, at: datetime) -> bool:
    """Remove a passkey; tell whether the person had it. Raises AccountError when it is the last factor and needed."""
    had = _held(user)
    passkey = db.session().get(Passkey, passkey_id)
    if passkey is None or passkey.user_id != user.id:
        return False
    _refuse_last(user, had)
    db.session().delete(passkey)
    db.session().flush()
    _removed(user, had, "passkey")
    return True


def renew_codes(user: User, *, at: datetime) -> tuple[str, ...]:
    """Make new recovery codes and void the old ones. Raises AccountError for somebody without a second factor."""
    if not _held(user).any:
        raise AccountError(_l("Recovery codes belong to a second step. Set one up first."))
    trail.account_event(user.id, "recovery_codes.renewed")
    return recovery.renew(user.id, at=at)


def reset(user: User) -> None:
    """Take every factor away from somebody who lost them all; they set up new ones at the next sign-in."""
    for model in (TotpFactor, Passkey):
        db.session().execute(sa.delete(model).where(model.user_id == user.id))
    recovery.drop(user.id)
    trail.account_event(user.id, "factor.reset")


def _held(user: User) -> Factors:
    # Two requests that each remove one of the last two would otherwise both see the other's.
    db.session().execute(sa.select(User.id).where(User.id == user.id).with_for_update())
    return factors_of(user.id)


def _refuse_last(user: User, had: Factors) -> None:
    if had.app + had.passkeys == 1 and needs_second_factor(user.id):
        raise AccountError(_l("Your work here needs a second step. Add another one before you remove this one."))


def _added(user: User, had: Factors, kind: str, at: datetime) -> tuple[str, ...]:
    trail.account_event(user.id, "factor.added", factor=kind)
    return () if had.any else recovery.renew(user.id, at=at)


def _removed(user: User, had: Factors, kind: str) -> None:
    trail.account_event(user.id, "factor.removed", factor=kind)
    if had.app + had.passkeys == 1:
        recovery.drop(user.id)
        db.session().execute(sa.update(LoginSession).where(LoginSession.user_id == user.id).values(strong=False))
