"""What the page of connections shows of tokens."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from core import db
from tenants.models import ApiKey, ApiToken, User
from tenants.scope import current_scope
from tenants.tokens.scopes import BY_SCOPE, TokenPolicy, TokenScope


@dataclass(frozen=True, slots=True)
class ListedToken:
    """A token. may: what it may do; used_at: None when it never was."""

    id: UUID
    name: str
    may: tuple[TokenPolicy, ...]
    made_by: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None

    def works(self, at: datetime) -> bool:
        """Tell whether it opens something now."""
        return self.revoked_at is None and self.expires_at > at


def tokens() -> list[ListedToken]:
    """Return the tokens of the open scope's organisation, the newest first."""
    used = sa.select(ApiKey.token_id, ApiKey.used_at).where(ApiKey.organisation_id == current_scope().only_tenant)
    used_at: dict[UUID, datetime | None] = {row.token_id: row.used_at for row in db.session().execute(used)}
    rows = db.session().execute(
        sa.select(
            ApiToken.id,
            ApiToken.name,
            ApiToken.scopes,
            User.name.label("made_by"),
            ApiToken.made_at,
            ApiToken.expires_at,
            ApiToken.revoked_at,
        )
        .join(User, User.id == ApiToken.made_by)
        .order_by(ApiToken.made_at.desc(), ApiToken.id)
    )
    return [
        ListedToken(
            row.id,
            row.name,
            tuple(BY_SCOPE[scope] for scope in TokenScope if scope.value in row.scopes),
            row.made_by,
            row.made_at,
            row.expires_at,
            row.revoked_at,
            used_at.get(row.id),
        )
        for row in rows
    ]
