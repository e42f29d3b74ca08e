"""Clients of a registered service, the beneficiary deed, and who accepted which version of it."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column, object_session

from core.columns import words
from core.db import Base
from core.i18n import Language
from core.vault import Sealed, SealedJson
from tenants.owned import Archivable, Area, TenantOwned, Versioned, owned_fk


class DeedState(StrEnum):
    """How far a version of the deed is. Source: rules 3.8, clause version."""

    DRAFT = "draft"
    OFFERED = "offered"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    ENDED = "ended"


class Authority(StrEnum):
    """How the person who declares may bind the client. Source: rules 3.4 B7."""

    REGISTER = "register"
    JOINTLY = "jointly"
    MANDATE = "mandate"
    OTHER = "other"


class Addressee(StrEnum):
    """To which of the two other parties a declaration is made. Source: art. 6:253 BW (3); rules 3.4 B3."""

    SUPPLIER = "supplier"
    FOUNDATION = "foundation"


class PublishedDeedChanged(Exception):
    """The code tried to change a deed that clients may have accepted. Always a mistake of ours."""


class DeedVersion(TenantOwned, Versioned, Base):
    """A version of the beneficiary deed; once offered its words never change.

    text, conditions: in Dutch; text_en, conditions_en: the same in English, condition by condition; sha256: of all
    of it; irrevocable_free: it cannot be revoked and costs the client nothing, so that it counts as accepted once the
    client knows it and does not reject it without delay; closed_on, closed_as: when and how the offer ended.
    """

    __tablename__ = "deed_version"
    __area__ = Area.CONTINUITY
    __table_args__ = (
        owned_fk("registration_id", "registration"),
        sa.UniqueConstraint("tenant_id", "registration_id", "number"),
    )

    registration_id: Mapped[UUID]
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Sealed("deed_version.text"))
    text_en: Mapped[str] = mapped_column(Sealed("deed_version.text_en"), default="")
    conditions: Mapped[list[Any]] = mapped_column(SealedJson("deed_version.conditions"))
    conditions_en: Mapped[list[Any]] = mapped_column(SealedJson("deed_version.conditions_en"), default=list)
    irrevocable_free: Mapped[bool] = mapped_column(default=False)
    published_on: Mapped[date | None]
    sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    closed_on: Mapped[date | None]
    closed_as: Mapped[DeedState | None] = mapped_column(words(DeedState))
    closed_why: Mapped[str] = mapped_column(Sealed("deed_version.closed_why", 2000), default="")

    @property
    def state(self) -> DeedState:
        """Return how far this version is: its days tell."""
        if self.published_on is None:
            return DeedState.DRAFT
        return self.closed_as or DeedState.OFFERED

    def text_in(self, language: Language) -> str:
        """Return the text in `language`; versions from before the English one was asked have only Dutch."""
        return self.text_en if language is Language.ENGLISH and self.text_en else self.text

    def conditions_in(self, language: Language) -> list[str]:
        """Return the conditions in `language`, as text_in does."""
        return list(self.conditions_en if language is Language.ENGLISH and self.conditions_en else self.conditions)


# What may still be told of a version that was offered.
TOLD_LATER = frozenset({"closed_on", "closed_as", "closed_why", "version"})


@event.listens_for(DeedVersion, "before_update")
def _keep_published(_mapper: object, _connection: object, row: DeedVersion) -> None:
    session = object_session(row)
    if session is None or not session.is_modified(row):
        return
    found = sa.inspect(row).attrs
    published = found.published_on.history
    changed = {one.key for one in found if one.history.has_changes()}
    if changed - TOLD_LATER and any(day is not None for day in (*published.unchanged, *published.deleted)):
        raise PublishedDeedChanged(f"deed version {row.id} was published")


class Client(TenantOwned, Archivable, Versioned, Base):
    """A client of the registered service. monthly_fee: what it will pay the foundation, euro a month.

    language: in which it is written to, None for that of the supplier; organisation_id: the organisation here that
    claimed, by the link that was mailed, to be this client.
    """

    __tablename__ = "client"
    __area__ = Area.CONTINUITY
    __table_args__ = (owned_fk("registration_id", "registration"),)

    registration_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(sa.String(200))
    kvk: Mapped[str] = mapped_column(sa.String(8), default="")
    email: Mapped[str] = mapped_column(Sealed("client.email", 254), default="")
    monthly_fee: Mapped[Decimal | None]
    invited_on: Mapped[date | None]
    language: Mapped[Language | None] = mapped_column(words(Language))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tenant.id"))
    claimed_at: Mapped[datetime | None]


class Acceptance(TenantOwned, Versioned, Base):
    """A client accepted a version of the deed: who declared it, in which function, when.

    authority, addressee: None where it was recorded by hand without them; admitted_by: the officer of the foundation
    who let a client in that accepted after the trigger, "" for everybody else.
    """

    __tablename__ = "acceptance"
    __area__ = Area.CONTINUITY
    __table_args__ = (
        owned_fk("client_id", "client"),
        owned_fk("deed_version_id", "deed_version"),
        sa.UniqueConstraint("tenant_id", "client_id", "deed_version_id"),
    )

    client_id: Mapped[UUID]
    deed_version_id: Mapped[UUID]
    accepted_on: Mapped[date]
    accepted_by: Mapped[str] = mapped_column(sa.String(200))
    accepted_as: Mapped[str] = mapped_column(sa.String(200), default="")
    authority: Mapped[Authority | None] = mapped_column(words(Authority))
    addressee: Mapped[Addressee | None] = mapped_column(words(Addressee))
    admitted_by: Mapped[str] = mapped_column(sa.String(200), default="")
    conditions_met_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    ended_why: Mapped[str] = mapped_column(Sealed("acceptance.ended_why", 2000), default="")


class ConditionCheck(TenantOwned, Versioned, Base):
    """One condition of the deed, looked at for one acceptance. position: from 0; met_on: None while it is open."""

    __tablename__ = "condition_check"
    __area__ = Area.CONTINUITY
    __table_args__ = (
        owned_fk("acceptance_id", "acceptance"),
        sa.UniqueConstraint("tenant_id", "acceptance_id", "position"),
    )

    acceptance_id: Mapped[UUID]
    position: Mapped[int]
    met_on: Mapped[date | None]
    checked_by: Mapped[str] = mapped_column(sa.String(200))
