"""By which signs the plan is put to work and is over, and who is told what."""

from uuid import UUID

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.vault import Sealed
from tenants.owned import Archivable, Area, TenantOwned, Versioned, owned_fk


class ActivationSign(TenantOwned, Archivable, Versioned, Base):
    """A sign by which those who decide know that the plan holds now, or that it is over, in order of position."""

    __tablename__ = "activation_sign"
    __area__ = Area.PLAN

    position: Mapped[int]
    ends: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Sealed("activation_sign.text", 500))


class Audience(TenantOwned, Archivable, Versioned, Base):
    """People of whom the handbook does not think, who informs them and how.

    report_within_hours: how soon they must hear of an incident, where that was agreed, as with clients.
    """

    __tablename__ = "audience"
    __area__ = Area.PLAN
    __table_args__ = (
        owned_fk("contact_id", "contact"),
        owned_fk("deputy_id", "contact"),
        CheckConstraint("report_within_hours IS NULL OR report_within_hours BETWEEN 1 AND 8760", name="report_within"),
    )

    name: Mapped[str] = mapped_column(String(200))
    contact_id: Mapped[UUID | None]
    deputy_id: Mapped[UUID | None]
    how: Mapped[str] = mapped_column(Sealed("audience.how", 500), default="")
    report_within_hours: Mapped[int | None]
