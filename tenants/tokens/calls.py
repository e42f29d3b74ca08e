"""One call of a program: whose token it shows, and whether it may call now.

Each call costs a fixed stretch of time, and a token has so much of it ahead: that is one number in the database, moved
by one conditional statement, so that calls at once in several processes are counted as well as calls in a row.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from core import db
from core.columns import UtcDateTime
from core.i18n import Language
from tenants.models import ApiKey, ApiToken, Membership, Role, Tenant, TenantKind, User
from tenants.owned import Area
from tenants.prepared import Prepared, Unscoped
from tenants.relations import in_force
from tenants.scope import close_scope, connection_of, open_scope, reading
from tenants.tokens.scopes import TokenScope
from tenants.tokens.services import PREFIX, hash_of, in_use

# Calls in a minute over time, and at once.
PER_MINUTE, AT_ONCE = 120, 60
# Milliseconds that one call costs.
STEP = 60_000 // PER_MINUTE
LONGEST = 200
PEOPLE = frozenset({Area.PEOPLE})
# Put together once: a call asks little, and would spend most of its time on putting its questions together.
_KEY = Unscoped(
    sa.select(ApiKey.token_id, Tenant.id, Tenant.slug, Tenant.kind, Tenant.language, Tenant.zone)
    .join(Tenant, Tenant.id == ApiKey.organisation_id)
    .where(ApiKey.token_hash == sa.bindparam("token_hash"), Tenant.left_at.is_(None))
)
_AT = sa.bindparam("at", type_=UtcDateTime())
_TOKEN = Prepared(
    sa.select(ApiToken.name, ApiToken.scopes)
    .join(User, User.id == ApiToken.made_by)
    .join(Membership, Membership.user_id == ApiToken.made_by)
    .where(
        ApiToken.id == sa.bindparam("token_id", type_=sa.Uuid()),
        User.disabled_at.is_(None),
        Membership.role == Role.OWNER,
        in_force(Membership, _AT),
        *in_use(_AT),
    )
)
_NOW = sa.bindparam("now", type_=sa.BigInteger)
_PAYING = (
    sa.update(ApiKey)
    .where(ApiKey.token_hash == sa.bindparam("whose"), ApiKey.spent_until <= sa.bindparam("ahead", type_=sa.BigInteger))
    .values(spent_until=sa.case((ApiKey.spent_until > _NOW, ApiKey.spent_until), else_=_NOW) + STEP, used_at=_AT)
)


class UnknownToken(Exception):
    """The token opens nothing: unknown, taken back, too old, or of an organisation that left."""


class TooManyCalls(Exception):
    """The token called too often. seconds: until one more call is allowed."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Caller:
    """A program at the other end of this request, as of this request."""

    token_id: UUID
    name: str
    scopes: frozenset[TokenScope]
    tenant_id: int
    slug: str
    kind: TenantKind
    language: Language
    zone: str


def count_call(secret: str, *, at: datetime) -> Caller:
    """Return who calls, and count the call, in a transaction of its own; none may be open.

    Raises UnknownToken and TooManyCalls; neither counts.
    """
    if not secret.startswith(PREFIX) or len(secret) > LONGEST:
        raise UnknownToken
    db.rollback()
    # Whoever makes tokens up keeps nobody from writing.
    db.begin(writes=False)
    token_hash = hash_of(secret)
    known = _KEY.rows(token_hash=token_hash)
    db.rollback()
    if not known:
        raise UnknownToken
    ((token_id, *where),) = known
    db.begin(writes=True)
    try:
        name, scopes = _token(token_id, where[0], at)
        _pay(token_hash, at)
        db.commit()
    finally:
        db.rollback()
        close_scope()
    return Caller(token_id, name, frozenset(TokenScope(one) for one in scopes), *where)


def check_again(found: Caller, *, at: datetime) -> None:
    """Make sure that the token still opens what it opened, in the transaction under way; the scope becomes another.

    Raises UnknownToken when it does not.
    """
    close_scope()
    tenant = db.session().get(Tenant, found.tenant_id)
    if tenant is None or tenant.left_at is not None:
        raise UnknownToken
    _token(found.token_id, found.tenant_id, at)


def _token(token_id: UUID, tenant_id: int, at: datetime) -> tuple[str, list[str]]:
    """Return name and scopes of a token that opens something. Raises UnknownToken.

    Whoever made it must be an owner now, however they may have ceased to be one.
    """
    open_scope(reading(frozenset({tenant_id}), PEOPLE))
    found = _TOKEN.rows(token_id=token_id, at=at)
    if not found:
        raise UnknownToken
    name, scopes = found[0]
    return name, scopes


def _pay(token_hash: str, at: datetime) -> None:
    """Count one call. Raises TooManyCalls, and UnknownToken for a token that was taken back a moment ago."""
    now = int(at.timestamp() * 1000)
    ahead = now + (AT_ONCE - 1) * STEP
    paid = connection_of(db.session()).execute(_PAYING, {"whose": token_hash, "now": now, "ahead": ahead, "at": at})
    if paid.rowcount != 1:
        spent = db.session().scalar(sa.select(ApiKey.spent_until).where(ApiKey.token_hash == token_hash))
        if spent is None:
            raise UnknownToken
        raise TooManyCalls(max(1, -(-(spent - ahead) // 1000)))
