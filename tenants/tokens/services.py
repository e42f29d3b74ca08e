"""Changes to tokens: make one, take one back."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from tenants.errors import AccountError
from tenants.models import ApiKey, ApiToken
from tenants.scope import current_scope
from tenants.tokens.scopes import TokenScope

# Told apart at a glance, also by programs that look for secrets where none belong.
PREFIX = "wbg_"
SECRET_BYTES = 32
MOST_DAYS = 366
# More than anybody looks after; each is a way in.
MOST_TOKENS = 50


@dataclass(frozen=True, slots=True)
class TokenValues:
    """A token that somebody wants. days: how long it lives, 1 to MOST_DAYS."""

    name: str
    scopes: frozenset[TokenScope]
    days: int


def make(values: TokenValues, token_id: UUID, made_by: UUID, *, at: datetime) -> str:
    """Make a token and return its secret, which exists nowhere else.

    token_id: chosen when the form was opened. Raises AccountError when it was made already, without any scope, for a
    time out of bounds, and when there are too many.
    """
    if not values.scopes:
        raise AccountError(_l("Choose at least one."), "scopes")
    if not 1 <= values.days <= MOST_DAYS:
        raise AccountError(_l("A token lives for one day up to a year."), "days")
    if _called(token_id) is not None:
        raise AccountError(_l("This token was made already. Its secret is shown this once."), "name")
    if (db.session().scalar(sa.select(sa.func.count(ApiToken.id)).where(*in_use(at))) or 0) >= MOST_TOKENS:
        raise AccountError(_l("There are too many tokens. Withdraw one first."), "name")
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    token = ApiToken(
        name=values.name,
        scopes=sorted(scope.value for scope in values.scopes),
        made_by=made_by,
        made_at=at,
        expires_at=at + timedelta(days=values.days),
        revoked_at=None,
    )
    token.id = token_id
    db.session().add(token)
    db.session().add(
        ApiKey(
            token_hash=hash_of(secret),
            organisation_id=current_scope().only_tenant,
            token_id=token_id,
            spent_until=0,
            used_at=None,
        )
    )
    db.session().flush()
    return secret


def revoke(token_id: UUID, *, at: datetime) -> bool:
    """Take a token back: its next call finds the door closed. Tell False when there is no such token.

    One that ended before stays as it was.
    """
    token = _called(token_id)
    if token is None:
        return False
    _revoke(token, at)
    return True


def revoke_those_of(user_id: UUID, *, at: datetime) -> None:
    """Take back what somebody made who is no owner any more: they may still hold its secret."""
    for token in db.session().scalars(sa.select(ApiToken).where(ApiToken.made_by == user_id, *in_use(at))):
        _revoke(token, at)


def revoke_all(*, at: datetime) -> int:
    """Take back every token of the open scope's organisation; return how many opened something."""
    found = db.session().scalars(sa.select(ApiToken).where(*in_use(at))).all()
    for token in found:
        _revoke(token, at)
    return len(found)


def _revoke(token: ApiToken, at: datetime) -> None:
    if token.revoked_at is None:
        token.revoked_at = at
        # The secret opens nothing any more, and nobody has to look it up to know.
        db.session().execute(sa.delete(ApiKey).where(ApiKey.token_id == token.id))
        db.session().flush()


def in_use(at: datetime | sa.BindParameter[datetime]) -> tuple[sa.ColumnElement[bool], ...]:
    """Return what holds of a token that opens something; its end is also held against the clock of the database."""
    return ApiToken.revoked_at.is_(None), ApiToken.expires_at > at, ApiToken.expires_at > sa.func.now()


def hash_of(secret: str) -> str:
    """Return what the database keeps of a secret: useless to whoever reads it there."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _called(token_id: UUID) -> ApiToken | None:
    return db.session().scalar(sa.select(ApiToken).where(ApiToken.id == token_id))
