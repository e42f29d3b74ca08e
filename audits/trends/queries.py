"""Count the ledger in the database: five queries, whatever the number of organisations, and few rows come back."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from audits.models import Expiry, Finding
from audits.reach import within
from audits.trends.counting import MONTHS, SLOT_SECONDS, Lasted, Ledger, Moment
from core import db
from core.clock import add_months

DAY_SECONDS = 86_400


def counted(
    today: date,
    since: datetime,
    findings: sa.ColumnElement[bool] | None = None,
    expiries: sa.ColumnElement[bool] | None = None,
) -> Ledger:
    """Return what the open scope's ledger counts up to `today`.

    since: closed findings count from this instant on, aware UTC; findings, expiries: which rows the reader may see,
    where the scope alone does not say so.
    """
    seen = within(Finding.rule_code) if findings is None else findings
    lapses = within(Expiry.rule_code) if expiries is None else expiries
    still_open = sa.and_(Finding.closed_at.is_(None), seen)
    closed = sa.and_(Finding.closed_at >= since, seen)
    return Ledger(
        open=_moments(Finding.opened_at, still_open),
        ended=_moments(Finding.opened_at, closed),
        closed=_moments(Finding.closed_at, closed),
        lasted=_lasted(closed),
        lapses=_lapses(today, lapses),
    )


def _seconds(column: Any) -> sa.ColumnElement[int]:
    return sa.cast(sa.extract("epoch", column), sa.BigInteger)


def _moments(column: Any, where: sa.ColumnElement[bool]) -> list[Moment]:
    slot = (_seconds(column) // SLOT_SECONDS).label("slot")
    query = sa.select(Finding.severity, slot, sa.func.count()).where(where).group_by(Finding.severity, slot)
    return [Moment(*row) for row in db.session().execute(query)]


def _lasted(where: sa.ColumnElement[bool]) -> list[Lasted]:
    days = ((_seconds(Finding.closed_at) - _seconds(Finding.opened_at)) // DAY_SECONDS).label("days")
    query = sa.select(Finding.severity, days, sa.func.count()).where(where).group_by(Finding.severity, days)
    return [Lasted(*row) for row in db.session().execute(query)]


def _lapses(today: date, where: sa.ColumnElement[bool]) -> dict[date, int]:
    last = add_months(today.replace(day=1), MONTHS)
    query = (
        sa.select(Expiry.until, sa.func.count())
        .where(Expiry.until >= today, Expiry.until < last, where)
        .group_by(Expiry.until)
    )
    return {row[0]: row[1] for row in db.session().execute(query)}
