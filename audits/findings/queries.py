"""What the audit's pages and reports show, read in the open scope."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache, partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from audits.findings.apart import Unfilled
from audits.findings.finding import BareGap, FoundGap, worst_first
from audits.findings.words import called
from audits.judging.severity import Severity
from audits.models import AuditState, Expiry, Finding
from audits.reach import WHOLE, about, open_areas, reaches, within
from continuity.models import Registration, SchemeType
from core import db
from plans.models import OwnItem, Waiver, WaiverState
from plans.own_items.ids import own_id
from tenants.owned import Area
from tenants.prepared import Prepared

PAGE = 100
# Of closed findings the newest count; nobody reads on from here, and a page must not slow down over the years.
CLOSED_SHOWN = 2000

TOLD = (
    Finding.rule_code,
    Finding.subject_kind,
    Finding.subject_id,
    Finding.subject_key,
    Finding.subject_label,
    Finding.severity,
    Finding.message,
    Finding.params,
    Finding.since,
    Finding.until,
    Finding.changes_on,
    Finding.closed_at,
)

# What `_make` does, without a call of Python for each.
_AS_FOUND = partial(tuple.__new__, FoundGap)
_JUDGED = Prepared(
    sa.select(
        AuditState.judged_on,
        AuditState.judged_at,
        AuditState.rule_set,
        AuditState.faults,
        AuditState.warnings,
        AuditState.notices,
    )
)


class State(StrEnum):
    """Whether a finding still counts."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which findings to show.

    section: the first word of a rule's code; q: words of what is shown; mine: on which whoever
    asks is to act; as_of: as they stood on a day that is over; unfilled: how what is not filled in yet is shown.
    """

    section: str = ""
    severity: Severity | None = None
    state: State = State.OPEN
    q: str = ""
    mine: bool = False
    as_of: date | None = None
    unfilled: Unfilled = Unfilled.APART


@dataclass(frozen=True, slots=True)
class Judged:
    """When the organisation was judged, by which rules, and how many findings are open."""

    judged_on: date
    judged_at: datetime
    rule_set: str
    faults: int
    warnings: int
    notices: int


def judged() -> Judged | None:
    """Return when the open scope's organisation was judged, or None when it never was.

    The counts are of the areas the scope reads: somebody who may see the scheme alone learns nothing of the plan.
    """
    rows = _JUDGED.rows()
    if not rows or open_areas() == WHOLE:
        return Judged(*rows[0]) if rows else None
    seen = Counter(gap.severity for gap in open_findings())
    judged_on, judged_at, rule_set = rows[0][:3]
    return Judged(judged_on, judged_at, rule_set, seen[Severity.FAULT], seen[Severity.WARNING], seen[Severity.NOTICE])


_EVER = Prepared(sa.select(AuditState.judged_on))


def was_judged() -> bool:
    """Tell whether the open scope's organisation was ever judged."""
    return bool(_EVER.rows())


def bare_findings() -> list[BareGap]:
    """Return the open findings of the open scope's organisation, unsorted, without what is confidential of them."""
    return [BareGap(*row) for row in _bare(open_areas()).rows()]


@cache
def _bare(opened: frozenset[Area]) -> Prepared:
    found = Finding
    told = (found.rule_code, found.severity, found.subject_id, found.subject_key, found.until, found.message)
    return Prepared(sa.select(*told).where(Finding.closed_at.is_(None), about(opened, Finding.rule_code)))


def open_findings_about(codes: Sequence[str]) -> list[FoundGap]:
    """Return the open findings about these items and duties, worst first."""
    return worst_first(_gaps(_open_about(open_areas()), codes=list(codes)))


@cache
def _open_about(opened: frozenset[Area]) -> Prepared:
    named = Finding.rule_code.in_(sa.bindparam("codes", expanding=True))
    return Prepared(sa.select(*TOLD).where(Finding.closed_at.is_(None), about(opened, Finding.rule_code), named))


def open_findings() -> list[FoundGap]:
    """Return the open findings of the open scope's organisation, worst first."""
    return worst_first(_gaps(_open(open_areas())))


def _gaps(select: Prepared, **values: Any) -> Iterator[FoundGap]:
    """Return what a select of TOLD finds: as columns, of which what is sealed is opened at once."""
    return map(_AS_FOUND, zip(*select.all_columns(**values), strict=True))


@cache
def _open(opened: frozenset[Area]) -> Prepared:
    return Prepared(sa.select(*TOLD).where(Finding.closed_at.is_(None), about(opened, Finding.rule_code)))


def open_findings_of(tenant_ids: list[int]) -> dict[int, list[FoundGap]]:
    """Return the open findings of each of the open scope's organisations `tenant_ids`, worst first."""
    query = sa.select(Finding.tenant_id, *TOLD).where(
        Finding.tenant_id.in_(tenant_ids), Finding.closed_at.is_(None), within(Finding.rule_code)
    )
    found: dict[int, list[FoundGap]] = {one: [] for one in tenant_ids}
    for one, *told in db.session().execute(query):
        found[one].append(FoundGap(*told))
    return {one: worst_first(gaps) for one, gaps in found.items()}


def findings(filters: Filters) -> list[FoundGap]:
    """Return the findings that pass `filters`: open ones worst first, closed ones newest first."""
    if filters.state is State.OPEN:
        return passing(open_findings(), filters)
    query = sa.select(*TOLD).where(Finding.closed_at.is_not(None), within(Finding.rule_code))
    if filters.section:
        query = query.where(Finding.rule_code.startswith(f"{filters.section}.", autoescape=True))
    if filters.severity is not None:
        query = query.where(Finding.severity == filters.severity)
    query = query.order_by(Finding.closed_at.desc(), Finding.id).limit(CLOSED_SHOWN)
    # What people search for is the sentence they read, which the database does not hold.
    return passing([FoundGap(*row) for row in db.session().execute(query)], filters)


def passing(found: Sequence[FoundGap], filters: Filters) -> list[FoundGap]:
    """Return those of the findings that pass `filters`, open or closed, in their order."""
    words = filters.q.casefold().split()
    return [
        gap
        for gap in found
        if gap.code.startswith(f"{filters.section}." if filters.section else "")
        and filters.severity in (None, gap.severity)
        and (not words or _mentions(gap, words))
    ]


def _mentions(gap: FoundGap, words: list[str]) -> bool:
    told = f"{gap.title} {gap.label} {gap.text}".casefold()
    return all(word in told for word in words)


@dataclass(frozen=True, slots=True)
class Lapsing:
    """Something that is valid up to and including `until`."""

    code: str
    subject_kind: str
    subject_id: UUID | None
    subject_key: str
    label: str
    until: date

    @property
    def about(self) -> str:
        """Return what it is about, where the title of the item does not tell that by itself."""
        return called(self.label, self.subject_kind)


def lapsing(*, up_to: date, since: date | None = None) -> list[Lapsing]:
    """Return what lapses up to and including `up_to`, soonest first. since: nothing that lapsed before this day."""
    return _soonest_first(_lapsing(open_areas()).rows(since=since or date.min, up_to=up_to))


def lapsing_first(count: int, *, up_to: date, since: date) -> list[Lapsing]:
    """Return the first `count` of what lapsing() returns; what they are called is opened of hardly any others."""
    return _soonest_first(_lapsing(open_areas(), count).rows(since=since, up_to=up_to))[:count]


def _soonest_first(rows: Iterable[Any]) -> list[Lapsing]:
    found = [Lapsing(*row) for row in rows]
    return sorted(found, key=lambda one: (one.until, one.code, one.label.casefold(), one.subject_key))


@cache
def _lapsing(opened: frozenset[Area], count: int = 0) -> Prepared:
    """Return the question what lapses; count: of the days on which the first so many lapse, 0 for all."""
    query = sa.select(
        Expiry.rule_code, Expiry.subject_kind, Expiry.subject_id, Expiry.subject_key, Expiry.subject_label, Expiry.until
    ).where(*_between(Expiry, opened))
    if count:
        other = aliased(Expiry)
        last = sa.select(other.until).where(*_between(other, opened)).order_by(other.until).offset(count - 1).limit(1)
        query = query.where(Expiry.until <= sa.func.coalesce(last.scalar_subquery(), _UP_TO))
    return Prepared(query)


_SINCE, _UP_TO = sa.bindparam("since", type_=sa.Date), sa.bindparam("up_to", type_=sa.Date)


def _between(model: Any, opened: frozenset[Area]) -> tuple[sa.ColumnElement[bool], ...]:
    return model.until.between(_SINCE, _UP_TO), about(opened, model.rule_code)


_WAIVED = Prepared(
    sa.select(Waiver.item_id, Waiver.until).where(
        Waiver.part == "",
        Waiver.state == WaiverState.APPROVED,
        Waiver.ended_at.is_(None),
        Waiver.starts_on <= sa.bindparam("today", type_=sa.Date),
        Waiver.until >= sa.bindparam("today", type_=sa.Date),
    )
)
_OWN_ITEMS = Prepared(sa.select(OwnItem.id, OwnItem.section).where(OwnItem.archived_at.is_(None)).order_by(OwnItem.id))
_REGISTERED = Prepared(
    sa.select(
        Registration.id, Registration.service_name, Registration.scheme_type, Registration.declared_bankrupt_on
    ).where(Registration.archived_at.is_(None))
)


def waived_items(today: date) -> Mapping[str, date]:
    """Return the items left out as a whole today, each with the last day of it; none where the plan is closed."""
    if not reaches(Area.PLAN):
        return {}
    return dict(_WAIVED.rows(today=today))


def own_item_ids() -> dict[UUID, str]:
    """Return the item ids of the own items that are asked, by row; none where the plan is closed."""
    if not reaches(Area.PLAN):
        return {}
    return {row_id: own_id(section, row_id) for row_id, section in _OWN_ITEMS.rows()}


@dataclass(frozen=True, slots=True)
class RegisteredService:
    """A service that is registered with a foundation. declared_bankrupt_on: its supplier; the period runs since."""

    id: UUID
    name: str
    scheme_type: SchemeType
    declared_bankrupt_on: date | None


def registered_services() -> list[RegisteredService]:
    """Return the registrations of the open scope's organisation, by name; none where the scheme is closed."""
    if not reaches(Area.CONTINUITY):
        return []
    found = [RegisteredService(*row) for row in _REGISTERED.rows()]
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))
