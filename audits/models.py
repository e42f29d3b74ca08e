"""The ledger of findings, what lapses when, and when each organisation must be judged again."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from audits.judging.severity import Severity
from core.columns import words
from core.db import Base
from core.vault import Sealed, SealedJson
from tenants.owned import Area, TenantOwned, owned_fk


class Finding(TenantOwned, Base):
    """A gap that was found: opened, refreshed when what is told of it changes, closed when it is gone.

    params: as audits/findings/texts.py stores them; refreshed_at: when anything told here last changed. That it is
    still so after a judgement that changed nothing is told by the organisation's audit_state, not by touching every
    finding.
    """

    __tablename__ = "finding"
    __area__ = Area.AUDIT
    __trailed__ = False
    __table_args__ = (
        sa.Index(
            "uq_finding_open",
            "tenant_id",
            "rule_code",
            "subject_key",
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
    )

    rule_code: Mapped[str] = mapped_column(sa.String(60))
    subject_kind: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[UUID | None]
    subject_key: Mapped[str] = mapped_column(sa.String(120))
    subject_label: Mapped[str] = mapped_column(Sealed("finding.subject_label", 200))
    severity: Mapped[Severity] = mapped_column(words(Severity))
    message: Mapped[str] = mapped_column(sa.String(300))
    params: Mapped[dict[str, Any]] = mapped_column(SealedJson("finding.params"))
    since: Mapped[date]
    until: Mapped[date | None]
    changes_on: Mapped[date | None]
    opened_at: Mapped[datetime]
    refreshed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Expiry(TenantOwned, Base):
    """Something that is valid up to and including `until`, as the newest judgement saw it."""

    __tablename__ = "expiry"
    __area__ = Area.AUDIT
    __trailed__ = False
    __erasable__ = True
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "rule_code", "subject_key"),
        sa.Index("ix_expiry_until", "tenant_id", "until"),
    )

    rule_code: Mapped[str] = mapped_column(sa.String(60))
    subject_kind: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[UUID | None]
    subject_key: Mapped[str] = mapped_column(sa.String(120))
    subject_label: Mapped[str] = mapped_column(Sealed("expiry.subject_label", 200))
    until: Mapped[date]


class AuditState(TenantOwned, Base):
    """When an organisation was judged, by which rule set, and the first day it must be judged again untouched.

    times: how often its judgement was kept. A judgement begun before a newer one was kept is told by it, and dropped.
    faults, warnings, notices: open findings of all; scheme_...: of them those of the scheme; registered: whether it
    has a scheme of its own; placed_by: what clients of a reseller are sorted by, as one text; legs: each leg by itself;
    all as audits/portfolio/kept.py puts it. The last three are null until it is judged again, where that was done
    before there was such a thing. told: digest of what was found (audits/judging/verdicts.py), "" when it must be
    compared; plan_said: fingerprint of what the plan said, as audits/sweeping/states.py keeps it, ""
    when it must be made; from_rows: digest of all rows it was made from (audits/sweeping/unchanged.py), "" when nobody
    needed it. A page reads this row of hundreds of organisations: what is large stands in audit_carried.
    """

    __tablename__ = "audit_state"
    __area__ = Area.AUDIT
    __trailed__ = False
    # The sweep looks up who is due by either of the two, however many organisations there are.
    __table_args__ = (
        sa.UniqueConstraint("tenant_id"),
        sa.Index("ix_audit_state_next_on", "next_on"),
        sa.Index("ix_audit_state_rule_set", "rule_set"),
    )

    judged_on: Mapped[date]
    judged_at: Mapped[datetime]
    rule_set: Mapped[str] = mapped_column(sa.String(40))
    times: Mapped[int]
    next_on: Mapped[date | None]
    faults: Mapped[int]
    warnings: Mapped[int]
    notices: Mapped[int]
    scheme_faults: Mapped[int] = mapped_column(server_default="0")
    scheme_warnings: Mapped[int] = mapped_column(server_default="0")
    scheme_notices: Mapped[int] = mapped_column(server_default="0")
    registered: Mapped[bool | None]
    placed_by: Mapped[str | None] = mapped_column(sa.Text)
    legs: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    told: Mapped[str] = mapped_column(sa.String(40), server_default="")
    plan_said: Mapped[str] = mapped_column(sa.String(64), server_default="")
    from_rows: Mapped[str] = mapped_column(sa.String(40), server_default="")


class AuditCarried(TenantOwned, Base):
    """What one judgement of an organisation carries over to the next, beside its audit_state, whose id it has.

    past: what trends of a reseller tell, as audits/trends/past.py puts it; entered: at which items anything was
    entered, by the facts that tell it (plans/facts/entered.py). Either is null, or the row is not there, until it is
    judged again, where that was done before there was such a thing.
    """

    __tablename__ = "audit_carried"
    __area__ = Area.AUDIT
    __trailed__ = False
    __table_args__ = (owned_fk("id", "audit_state"),)

    past: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    entered: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
