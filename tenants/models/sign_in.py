"""What people prove themselves with, and how often somebody tried."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.vault import PlatformSealed


class TotpFactor(Base):
    """The authenticator app of a person. last_step: the newest step of 30 seconds whose code was accepted."""

    __tablename__ = "totp_factor"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(PlatformSealed("totp_factor.secret"))
    last_step: Mapped[int] = mapped_column(sa.BigInteger)
    added_at: Mapped[datetime]


class RecoveryCode(Base):
    """One code that stands in for the second factor, once. Only its hash is kept."""

    __tablename__ = "recovery_code"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), index=True)
    code_hash: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A key that a device keeps for a person: the public half, and how often the device says it was used."""

    __tablename__ = "passkey"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    credential_id: Mapped[bytes] = mapped_column(sa.LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary)
    sign_count: Mapped[int] = mapped_column(sa.BigInteger)
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SpentChallenge(Base):
    """A challenge that a passkey answered: nobody may answer it again."""

    __tablename__ = "spent_challenge"

    challenge_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    spent_at: Mapped[datetime]


class HalfSignIn(Base):
    """A password was right and the second factor is still to come. Opens nothing but the page that asks for it."""

    __tablename__ = "half_sign_in"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class RecentTries(Base):
    """When somebody tried to sign in to an account, or from an address: the tries that still count, oldest first.

    key: the keyed hash of an e-mail address, existing or not, or a network address; tries: instants in ISO 8601.
    """

    __tablename__ = "recent_tries"

    key: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    tries: Mapped[list[Any]]
    last_at: Mapped[datetime] = mapped_column(index=True)
