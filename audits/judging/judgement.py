"""The words of a judgement: rules, gaps and what holds until when. Pure values, no database, no clock."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from audits.judging.severity import Severity
from continuity.facts import ContinuityFacts
from core.i18n import N_
from plans.facts import PlanFacts

# From this many days before something lapses it is worth a notice. The last valid day itself still is one.
NOTICE_DAYS = 30
# What a rule is said to read that reads the scheme.
SCHEME_FACTS = "continuity"
STILL_TO_COME = N_("The day that was filled in, %(day)s, has yet to come.")
Param = str | int | date | Decimal


class Subject(NamedTuple):
    """What a judgement is about: the organisation's plan as a whole (kind 'plan', no id), or one object.

    kind: the table's name; part: tells several judgements on one object apart; label: what people call it.
    """

    kind: str = "plan"
    id: UUID | None = None
    label: str = ""
    part: str = ""

    @property
    def key(self) -> str:
        """Return a text that names this subject within its rule."""
        return f"{self.kind}:{self.id.hex if self.id else ''}:{self.part}"


WHOLE_PLAN = Subject()


class Gap(NamedTuple):
    """Something is missing, wrong or about to lapse.

    message: a gettext msgid with %(name)s places, filled from params; since: the first day it was so, where the
    facts tell; until: the last valid day of what lapses, inclusive; changes_on: the first later day on which this
    judgement could differ without anybody touching the data, None when only a change can do that.
    """

    subject: Subject
    severity: Severity
    message: str
    params: Mapping[str, Param] = MappingProxyType({})
    since: date | None = None
    until: date | None = None
    changes_on: date | None = None


class Holds(NamedTuple):
    """Something is in order up to and including `until`; the notice opens on `changes_on`."""

    subject: Subject
    until: date
    changes_on: date


Judgement = Gap | Holds


@dataclass(frozen=True, slots=True)
class TenantFacts:
    """All facts of one organisation."""

    tenant_id: int
    plan: PlanFacts
    continuity: ContinuityFacts


Check = Callable[[TenantFacts, date], Iterator[Judgement]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. code: the handbook item or scheme duty it judges; clauses: {standard: clause ids}.

    reads: the fields of PlanFacts that its check reads, SCHEME_FACTS for those of the scheme; None: any of them.
    """

    code: str
    check: Check
    clauses: Mapping[str, str] = field(default_factory=dict)
    reads: frozenset[str] | None = None


def lapse(
    subject: Subject,
    until: date,
    today: date,
    *,
    soon: str,
    lapsed: str,
    params: Mapping[str, Param] | None = None,
    worst: Severity = Severity.FAULT,
    notice_days: int = NOTICE_DAYS,
) -> Judgement:
    """Judge something that is valid up to and including `until`.

    More than `notice_days` left: it holds. From `notice_days` left up to the last valid day: a notice with message
    `soon`. From the day after: a gap of severity `worst` with message `lapsed`. Both messages may use %(until)s.
    """
    opens = shifted(until, -notice_days)
    if today < opens:
        return Holds(subject, until, opens)
    told = {"until": until, **(params or {})}
    if today <= until:
        return Gap(subject, Severity.NOTICE, soon, told, opens, until, shifted(until, 1))
    return Gap(subject, worst, lapsed, told, shifted(until, 1), until)


def missing(
    message: str, subject: Subject = WHOLE_PLAN, *, severity: Severity = Severity.FAULT, **params: Param
) -> Gap:
    """Return the gap of something that was never filled in; only a change can mend it."""
    return Gap(subject, severity, message, params)


def aged(
    subject: Subject,
    done_on: date | None,
    valid_days: int,
    today: date,
    *,
    absent: str,
    soon: str,
    lapsed: str,
    params: Mapping[str, Param] | None = None,
    worst: Severity = Severity.FAULT,
) -> Judgement:
    """Judge something that counts from the day it was done up to and including `valid_days` days later.

    Never done: a fault with message `absent`. A day that has yet to come is not a deed done: a fault until that day.
    Otherwise as lapse(), with notice in the last third when that is shorter than NOTICE_DAYS: a login that must be
    handed over every 30 days would never be in order else.
    """
    if done_on is None:
        return Gap(subject, Severity.FAULT, absent, params or {})
    if done_on > today:
        return Gap(subject, Severity.FAULT, STILL_TO_COME, {"day": done_on, **(params or {})}, changes_on=done_on)
    return lapse(
        subject,
        shifted(done_on, valid_days),
        today,
        soon=soon,
        lapsed=lapsed,
        params=params,
        worst=worst,
        notice_days=min(NOTICE_DAYS, valid_days // 3),
    )


def sooner(judgements: Iterable[Judgement], on: date | None, subject: Subject = WHOLE_PLAN) -> Iterator[Judgement]:
    """Let every judgement stand no longer than until `on`, the day something entered ahead of its time will count.

    With nothing to report, `subject` holds up to and including the day before. on: None changes nothing.
    """
    if on is None:
        yield from judgements
        return
    silent = True
    for judgement in judgements:
        silent = False
        late = judgement.changes_on is None or judgement.changes_on > on
        yield judgement._replace(changes_on=on) if late else judgement
    if silent:
        yield Holds(subject, on - timedelta(days=1), on)


def earliest(days: Iterable[date | None], after: date) -> date | None:
    """Return the first of `days` that lies after `after`, or None."""
    first: date | None = None
    for day in days:
        if day is not None and day > after and (first is None or day < first):
            first = day
    return first


# The same few days are shifted by the same few intervals for every row of every organisation.
@lru_cache(maxsize=8192)
def shifted(day: date, by: int) -> date:
    """Return the day `by` days later, kept within what a date can hold: people type 31-12-9999."""
    return date.fromordinal(max(1, min(day.toordinal() + by, date.max.toordinal())))
