"""Noting what reached a threshold, in the open scope: read what lapses, compare with the ladder, add rows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from audits.judging.judgement import shifted
from audits.models import Expiry, Finding
from audits.reminders import asked
from audits.reminders.ladder import AHEAD, Item, Rung, Version, due
from audits.reminders.models import Reminder
from core import db


def note(days: Mapping[int, date]) -> int:
    """Note what is to be told of each organisation on its day, in five queries however many; return how much.

    days: the day of each organisation, in its zone. The scope reads and writes the audit area of all of them.
    """
    requests, items, noted = asked.items(), _items(days), _noted(list(days))
    rows = []
    for tenant_id, today in days.items():
        for one in due([*items[tenant_id], *requests.get(tenant_id, ())], noted[tenant_id], today):
            rows += [_row(tenant_id, one.version, rung, today, passed=True) for rung in one.passed]
            rows.append(_row(tenant_id, one.version, one.rung, today, passed=False))
    db.session().add_all(rows)
    db.session().flush()
    return sum(not row.passed for row in rows)


def _row(tenant_id: int, version: Version, rung: Rung, today: date, *, passed: bool) -> Reminder:
    return Reminder(
        tenant_id=tenant_id,
        rule_code=version.code,
        subject_key=version.key,
        until=version.until,
        rung=rung,
        passed=passed,
        noted_on=today,
    )


def _items(days: Mapping[int, date]) -> dict[int, list[Item]]:
    """Return what lapses soon or has lapsed, of each organisation."""
    ids, last = list(days), shifted(max(days.values()), AHEAD)
    open_now = sa.select(Finding.tenant_id, Finding.rule_code, Finding.subject_key).where(
        Finding.tenant_id.in_(ids), Finding.closed_at.is_(None), Finding.until.is_not(None)
    )
    noticed = {tuple(row) for row in db.session().execute(open_now)}
    query = sa.select(Expiry.tenant_id, Expiry.rule_code, Expiry.subject_key, Expiry.until)
    found: dict[int, list[Item]] = defaultdict(list)
    for tenant_id, code, key, until in db.session().execute(
        query.where(Expiry.tenant_id.in_(ids), Expiry.until <= last).order_by(Expiry.until, Expiry.rule_code, Expiry.id)
    ):
        found[tenant_id].append(Item(Version(code, key, until), (tenant_id, code, key) in noticed))
    return found


def _noted(tenant_ids: Sequence[int]) -> dict[int, set[tuple[Version, Rung]]]:
    """Return the rungs that were noted of what lapses now, of each organisation."""
    query = (
        sa.select(Reminder.tenant_id, Reminder.rule_code, Reminder.subject_key, Reminder.until, Reminder.rung)
        .outerjoin(Expiry, still_so())
        .where(Reminder.tenant_id.in_(tenant_ids), asked.standing(Reminder.rule_code))
    )
    found: dict[int, set[tuple[Version, Rung]]] = defaultdict(set)
    for tenant_id, code, key, until, rung in db.session().execute(query):
        found[tenant_id].add((Version(code, key, until), rung))
    return found


def still_so() -> sa.ColumnElement[bool]:
    """Join a reminder with what lapses now: none where it was renewed, or is gone."""
    return sa.and_(
        Expiry.tenant_id == Reminder.tenant_id,
        Expiry.rule_code == Reminder.rule_code,
        Expiry.subject_key == Reminder.subject_key,
        Expiry.until == Reminder.until,
    )
