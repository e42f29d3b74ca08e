"""Links by which somebody without an account answers one question of an organisation."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from core.columns import words
from core.db import Base
from core.i18n import Language
from core.vault import Sealed
from tenants.models.links import LinkPurpose
from tenants.owned import Area, TenantOwned


class Topic(StrEnum):
    """What somebody is asked: the table that `subject_id` names, and one purpose only."""

    TASK = "task"
    COPY = "copy"
    INSTRUCTION = "instruction"
    CONTACT = "contact"
    PARTY = "party"
    PAYMENTS = "payments"
    WILLING = "willing"


class PersonalLink(TenantOwned):
    """What a link to one person is about. Its secret stands in `MailedLink`, as a hash, whose `about` is this row.

    subject_id: the row it opens; label: what that row is called, for the list of links; fingerprint: a digest of what
    was asked, so that a question that changed since is not answered by an old link; name, email, language: of the
    person; sent_by: who asked.
    """

    # Each table of such rows has secrets of its own purpose.
    __purpose__: ClassVar[LinkPurpose]

    topic: Mapped[Topic] = mapped_column(words(Topic))
    subject_id: Mapped[UUID]
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    name: Mapped[str] = mapped_column(sa.String(200))
    language: Mapped[Language] = mapped_column(words(Language))
    sent_by: Mapped[str] = mapped_column(sa.String(200))
    sent_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    @declared_attr
    def email(cls) -> Mapped[str]:  # noqa: N805 -- declared_attr passes the class
        """Hold the address it was sent to."""
        return mapped_column(Sealed(f"{cls._table()}.email", 254))

    @declared_attr
    def label(cls) -> Mapped[str]:  # noqa: N805 -- as above
        """Hold what the subject was called."""
        return mapped_column(Sealed(f"{cls._table()}.label", 200))

    @classmethod
    def _table(cls) -> str:
        return str(cls.__tablename__)  # type: ignore[attr-defined]  # of the class that is mapped

    @property
    def is_open(self) -> bool:
        """Tell whether nobody answered or revoked it; it may have grown too old all the same."""
        return self.answered_at is None and self.revoked_at is None


class PlanLink(PersonalLink, Base):
    """A question about the calamity plan to one person without an account."""

    __tablename__ = "plan_link"
    __area__ = Area.PLAN
    __purpose__ = LinkPurpose.PLAN
    __table_args__: Any = (sa.Index("ix_plan_link_subject_id", "tenant_id", "subject_id"),)


class SchemeLink(PersonalLink, Base):
    """A question about the continuity scheme to one person without an account."""

    __tablename__ = "scheme_link"
    __area__ = Area.CONTINUITY
    __purpose__ = LinkPurpose.SCHEME
    __table_args__: Any = (sa.Index("ix_scheme_link_subject_id", "tenant_id", "subject_id"),)
