"""Count the ledger and kept days in the database: few queries, whatever the number of organisations, and few rows.

Days are counted there too: of an instant its seconds and what the zone is ahead of UTC, whole days of it. A zone
changes that twice a year, so that a few cases tell it for the time the pages look at; before that it does not matter.
"""

from collections import Counter
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from audits.asof import judged
from audits.asof.models import Evaluation
from audits.judging.severity import Severity
from audits.models import Expiry, Finding
from audits.reach import WHOLE, open_areas, sees, within
from audits.trends.counting import MONTHS, KeptDays, Lasted, Ledger, Moment, Moves, first_day
from core import db
from core.clock import add_months

DAY_SECONDS = 86_400
_EPOCH = date(1970, 1, 1)


def counted(today: date, zone: str) -> Ledger:
    """Return what the open scope's ledger and kept days count up to `today`, a day in `zone` (an IANA name).

    The scope is one organisation's: where only a part of it may be seen, kept days are opened one by one.
    """
    seen, lapses = within(Finding.rule_code), within(Expiry.rule_code)
    days = _Days(today, zone)
    closed = sa.and_(Finding.closed_at >= days.since, seen)
    kept, told = _kept(days)
    # Whoever is told by kept days is not told by the ledger too.
    others = sa.and_(seen, Finding.tenant_id.not_in(sorted(told))) if told else seen
    opened = _open(days, seen)
    ended, over = _ended(days, sa.and_(closed, others))
    moves = Moves(_open(days, others) if told else opened, ended, over)
    return Ledger(opened, moves, _lasted(closed), _lapses(today, lapses), kept)


def _kept(days: "_Days") -> tuple[KeptDays | None, frozenset[int]]:
    """Return what kept days tell, and of which organisations they do."""
    first = sa.select(Evaluation.tenant_id, sa.func.min(Evaluation.day)).group_by(Evaluation.tenant_id)
    found = {row[0]: row[1] for row in db.session().execute(first)}
    if not found:
        return None, frozenset()
    changes = _changes(days, found) if open_areas() == WHOLE else _opened_days(days)
    return KeptDays(min(found.values()), changes), frozenset(found)


COUNTS = ((Severity.FAULT, "faults"), (Severity.WARNING, "warnings"), (Severity.NOTICE, "notices"))


def _changes(days: "_Days", ids: Collection[int]) -> list[Moment]:
    """Return by how much weeks differ: a day counts from its week up to that of the next day that was kept."""
    row = Evaluation
    after = sa.func.lead(row.day).over(partition_by=row.tenant_id, order_by=row.day)
    week, until = days.week_of(row.day), days.week_of(after)
    numbers = [getattr(row, name).label(name) for _, name in COUNTS]
    every = sa.select(week.label("week"), until.label("until"), *numbers).where(row.tenant_id.in_(sorted(ids)))
    told = every.subquery()
    lasting = sa.or_(told.c.until.is_(None), told.c.until > told.c.week)
    sums = [sa.func.sum(told.c[name]) for _, name in COUNTS]
    found: Counter[tuple[Severity, int]] = Counter()
    for column, sign in ((told.c.week, 1), (told.c.until, -1)):
        query = sa.select(column, *sums).where(lasting, column.is_not(None)).group_by(column)
        for at, *counted in db.session().execute(query):
            for (severity, _), number in zip(COUNTS, counted, strict=True):
                found[severity, max(at, 0)] += sign * number
    return [Moment(severity, days.end(at), number) for (severity, at), number in found.items() if number]


def _opened_days(days: "_Days") -> list[Moment]:
    """Return the same of one organisation for a reader who may see a part of it: the last day of each week."""
    row = Evaluation
    week = days.week_of(row.day)
    last = sa.select(sa.func.max(row.day)).group_by(sa.case((week < 0, 0), else_=week))
    before: Counter[Severity] = Counter()
    found = []
    for row_ in db.session().scalars(sa.select(row).where(row.day.in_(last)).order_by(row.day)):
        now = Counter(gap.severity for code, gap in judged.unpack(row_.judged).gaps if sees(code))
        found += [Moment(one, max(row_.day, days.first), now[one] - before[one]) for one, _ in COUNTS]
        before = now
    return found


class _Days:
    """Turns instants into days of a zone, and those into weeks that end on today's day of the week."""

    def __init__(self, today: date, zone: str) -> None:
        self.first, self.zone = first_day(today), ZoneInfo(zone)
        self.since = datetime.combine(self.first + timedelta(days=1), time(), self.zone).astimezone(UTC)
        self.base = (self.first - _EPOCH).days - 6
        self.ahead = _ahead(self.since, datetime.combine(today + timedelta(days=2), time(), UTC), self.zone)

    def day(self, column: Any) -> sa.ColumnElement[int]:
        """Return the day of a column as a number, since 1970."""
        *later, (_, earliest) = reversed(self.ahead)
        ahead = sa.case(*((column >= at, seconds) for at, seconds in later), else_=earliest) if later else earliest
        return (_seconds(column) + ahead) // DAY_SECONDS

    def week(self, column: Any) -> sa.ColumnElement[int]:
        """Return the week of a column: 0 ends on the first day told, 1 seven days later; negative, or 0, is older."""
        return (self.day(column) - self.base) // 7

    def week_of(self, column: Any) -> sa.ColumnElement[int]:
        """Return the same of a column that holds a day."""
        return (_seconds(column) // DAY_SECONDS - self.base) // 7

    def end(self, week: int) -> date:
        """Return the last day of a week."""
        return self.first + timedelta(weeks=max(week, 0))


def _ahead(start: datetime, end: datetime, zone: ZoneInfo) -> list[tuple[datetime, int]]:
    """Return the instants from which on `zone` is how many seconds ahead of UTC; the first tells all before it too."""
    found = [(start, _offset(start, zone))]
    at = start
    while at < end:
        after = at + timedelta(days=1)
        if _offset(after, zone) != found[-1][1]:
            hours = (at + timedelta(hours=hour) for hour in range(25))
            changed = next(hour for hour in hours if _offset(hour, zone) == _offset(after, zone))
            found.append((changed, _offset(after, zone)))
        at = after
    return found


def _offset(at: datetime, zone: ZoneInfo) -> int:
    offset = at.astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _seconds(column: Any) -> sa.ColumnElement[int]:
    return sa.cast(sa.extract("epoch", column), sa.BigInteger)


def _open(days: _Days, seen: sa.ColumnElement[bool]) -> list[Moment]:
    day = days.day(Finding.opened_at).label("day")
    query = sa.select(Finding.severity, day, sa.func.count()).where(Finding.closed_at.is_(None), seen)
    rows = db.session().execute(query.group_by(Finding.severity, day))
    return [Moment(severity, _EPOCH + timedelta(days=number), count) for severity, number, count in rows]


def _ended(days: _Days, closed: sa.ColumnElement[bool]) -> tuple[list[Moment], list[Moment]]:
    opened, ended = days.week(Finding.opened_at).label("opened"), days.week(Finding.closed_at).label("ended")
    query = sa.select(Finding.severity, opened, ended, sa.func.count()).where(closed)
    starts, ends = Counter[tuple[Severity, int]](), Counter[tuple[Severity, int]]()
    for severity, start, end, count in db.session().execute(query.group_by(Finding.severity, opened, ended)):
        starts[severity, start] += count
        ends[severity, end] += count
    return (
        [Moment(severity, days.end(week), count) for (severity, week), count in starts.items()],
        [Moment(severity, days.end(week), count) for (severity, week), count in ends.items()],
    )


def _lasted(closed: sa.ColumnElement[bool]) -> list[Lasted]:
    days = ((_seconds(Finding.closed_at) - _seconds(Finding.opened_at)) // DAY_SECONDS).label("days")
    query = sa.select(Finding.severity, days, sa.func.count()).where(closed).group_by(Finding.severity, days)
    return [Lasted(*row) for row in db.session().execute(query)]


def _lapses(today: date, seen: sa.ColumnElement[bool]) -> dict[date, int]:
    last = add_months(today.replace(day=1), MONTHS)
    query = sa.select(Expiry.until, sa.func.count()).where(Expiry.until >= today, Expiry.until < last, seen)
    return {row[0]: row[1] for row in db.session().execute(query.group_by(Expiry.until))}
