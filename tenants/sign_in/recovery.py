"""Recovery codes: for the day on which somebody has neither their app nor their passkey. Each works once."""

import hashlib
import re
import secrets
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa

from core import db
from tenants.models import RecoveryCode

HOW_MANY = 10
# Without i, l, o, 0 and 1, which are hard to tell apart on paper.
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP = 4, 4


def renew(user_id: UUID, *, at: datetime) -> tuple[str, ...]:
    """Make new codes of about 79 bits each, void the old ones, and return them: they are never shown again."""
    drop(user_id)
    codes = tuple(_new_code() for _ in range(HOW_MANY))
    db.session().add_all(
        RecoveryCode(user_id=user_id, code_hash=_hash(user_id, code), made_at=at, used_at=None) for code in codes
    )
    db.session().flush()
    return codes


def drop(user_id: UUID) -> None:
    """Void every code of a person."""
    db.session().execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def spend(user_id: UUID, typed: str, *, at: datetime) -> bool:
    """Tell whether this is a code of the person that was never used, and use it.

    Of two racing requests with the same code one is told yes.
    """
    code = re.sub(r"[^a-z0-9]", "", typed.lower())
    if len(code) != GROUPS * GROUP:
        return False
    spent = db.session().execute(
        sa.update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.code_hash == _hash(user_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
    )
    return cast("sa.CursorResult[Any]", spent).rowcount == 1


def left(user_id: UUID) -> int:
    """Return how many codes of the person still work."""
    query = sa.select(sa.func.count(RecoveryCode.id)).where(
        RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    )
    return db.session().scalar(query) or 0


def _new_code() -> str:
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(GROUP)) for _ in range(GROUPS))


def _hash(user_id: UUID, code: str) -> str:
    # Random enough that a slow hash would protect nothing more; salted, so that equal codes do not show.
    return hashlib.sha256(f"{user_id}:{code.replace('-', '')}".encode()).hexdigest()
