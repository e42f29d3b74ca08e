"""People who sign in, and where."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import words
from core.db import Base
from core.i18n import Language
from core.ids import new_id


class User(Base):
    """A person who can sign in. Belongs to no organisation by itself."""

    __tablename__ = "user"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    language: Mapped[Language | None] = mapped_column(words(Language))
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    # Set when the person had the account erased: name and address are marks, and it never opens again.
    erased_at: Mapped[datetime | None]
    # When a mail to this address came back, and the number of the reason; until they say that mail arrives again.
    bounced_at: Mapped[datetime | None]
    bounce_status: Mapped[str] = mapped_column(sa.String(12), default="")


class LoginSession(Base):
    """One browser in which somebody signed in. Only the hash of its token is kept."""

    __tablename__ = "login_session"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # When the person last proved who they are in this session; a step-up renews it.
    proved_at: Mapped[datetime]
    # Whether more than a password was shown: a passkey, or a code beside the password.
    strong: Mapped[bool]
    address: Mapped[str] = mapped_column(sa.String(64))
    agent: Mapped[str] = mapped_column(sa.String(200))
