"""Findings and what lapses, as programs read them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from audits.api.paging import Part, part_of
from audits.findings.acting import Owners, owners_of
from audits.findings.finding import FoundGap
from audits.findings.queries import TOLD
from audits.findings.texts import rule_title
from audits.judging.severity import Severity
from audits.models import Expiry, Finding
from audits.reach import within
from core import db

FINDINGS, EXPIRIES = "findings", "expiries"
# Of which each finding is told, before what queries.TOLD tells.
KEPT = (Finding.id, Finding.opened_at, Finding.refreshed_at)


class FindingState(StrEnum):
    """Which findings to answer."""

    OPEN = "open"
    CLOSED = "closed"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class FindingWish:
    """Which findings to answer. section: the first word of a code; changed_since: opened, changed or closed then."""

    part: Part
    state: FindingState = FindingState.OPEN
    severity: Severity | None = None
    section: str = ""
    changed_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExpiryWish:
    """What lapses. up_to, since: last valid days, inclusive; None for any."""

    part: Part
    up_to: date | None = None
    since: date | None = None


def list_findings(wish: FindingWish) -> dict[str, Any]:
    """Answer findings of the open scope, the oldest first."""
    query = sa.select(*KEPT, *TOLD).where(within(Finding.rule_code), *_passing(wish)).order_by(Finding.id)
    if after := wish.part.after(FINDINGS):
        query = query.where(Finding.id > UUID(after[0]))
    rows = [
        (row[: len(KEPT)], FoundGap(*row[len(KEPT) :]))
        for row in db.session().execute(query.limit(wish.part.limit + 1))
    ]
    owners = owners_of([gap for _kept, gap in rows if gap.closed_at is None])
    title = cache(rule_title)
    found = [_told(title(gap.code), gap, owners, *kept) for kept, gap in rows]
    return part_of(FINDINGS, found, wish.part, lambda one: (str(one["id"]),))


def _passing(wish: FindingWish) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wish.state is not FindingState.ALL:
        still = Finding.closed_at.is_(None)
        found.append(still if wish.state is FindingState.OPEN else sa.not_(still))
    if wish.severity is not None:
        found.append(Finding.severity == wish.severity)
    if wish.section:
        found.append(Finding.rule_code.startswith(f"{wish.section}.", autoescape=True))
    if wish.changed_since is not None:
        changed = (Finding.refreshed_at >= wish.changed_since, Finding.closed_at >= wish.changed_since)
        found.append(sa.or_(*changed))
    return found


def _told(
    title: str, gap: FoundGap, owners: Owners, finding_id: UUID, opened_at: datetime, refreshed_at: datetime
) -> dict[str, Any]:
    acting = owners.of(gap) if gap.closed_at is None else None
    return {
        "id": finding_id,
        "code": gap.code,
        "title": title,
        "text": gap.text,
        "severity": gap.severity,
        "subject": {"kind": gap.subject_kind, "id": gap.subject_id, "label": gap.label},
        "since": gap.since,
        "until": gap.until,
        "acting": {"side": acting.side, "name": acting.name} if acting else None,
        "opened_at": opened_at,
        "changed_at": gap.closed_at or refreshed_at,
        "closed_at": gap.closed_at,
    }


def list_expiries(wish: ExpiryWish) -> dict[str, Any]:
    """Answer what lapses in the open scope, the soonest first."""
    query = sa.select(Expiry).where(within(Expiry.rule_code)).order_by(Expiry.until, Expiry.id)
    if wish.up_to is not None:
        query = query.where(Expiry.until <= wish.up_to)
    if wish.since is not None:
        query = query.where(Expiry.until >= wish.since)
    if after := wish.part.after(EXPIRIES):
        day, last = date.fromisoformat(after[0]), UUID(after[1])
        query = query.where(sa.or_(Expiry.until > day, sa.and_(Expiry.until == day, Expiry.id > last)))
    found = db.session().scalars(query.limit(wish.part.limit + 1)).all()
    lines: list[dict[str, Any]] = [
        {
            "id": row.id,
            "code": row.rule_code,
            "title": rule_title(row.rule_code),
            "subject": {"kind": row.subject_kind, "id": row.subject_id, "label": row.subject_label},
            "until": row.until,
        }
        for row in found
    ]
    return part_of(EXPIRIES, lines, wish.part, lambda one: (one["until"].isoformat(), str(one["id"])))
