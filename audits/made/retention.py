"""Throw away the files of reports that were made long ago, and files that nothing refers to.

The list of made reports stays, with the fingerprint of what was made. A file is one for all that refer to the same
bytes, so it goes only when nothing does any more; one that a process left behind when it died goes as well. What
somebody put another file in the place of stays: what was signed before may still be asked for, and the trail tells
under which digest it lies.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
import structlog
from flask import current_app

from audits.made.models import MadeReport, MadeState
from core import clock, db
from core.background.jobs import NIGHTLY, Job
from core.db import Base
from core.files import files
from tenants import trail
from tenants.models import Engagement, Tenant, TrailEntry
from tenants.owned import Area, TenantOwned
from tenants.scope import SERVICE, Scope, reading, scoped
from tenants.trail.writing import CHANGED

# A file that was put is referred to when its transaction ends, and one that is let go of is handed out until the
# answers under way have left: both take far less than this.
SETTLED = timedelta(days=1)
TENANTS_AT_ONCE, DIGESTS_AT_ONCE, ROWS_AT_ONCE = 500, 500, 1000
DIGEST_LENGTH = 64
AUDIT = frozenset({Area.AUDIT})

log = structlog.get_logger("retention")


def thin_out() -> None:
    """Throw away what nobody needs any more. Must be called outside a transaction and a scope.

    An organisation that fails is logged and tried the next night; the others go on.
    """
    at = clock.now()
    until = at - timedelta(days=current_app.config["SETTINGS"].report_days)
    with scoped(reading(frozenset()), writes=False):
        ids = list(db.session().scalars(sa.select(Tenant.id).order_by(Tenant.id)))
    old = {
        one
        for start in range(0, len(ids), TENANTS_AT_ONCE)
        for one in _with_old(ids[start : start + TENANTS_AT_ONCE], until, at)
    }
    # Those with old reports have a drawer, and others may have files that a process left behind.
    for tenant_id in sorted(old.union(files().drawers()).intersection(ids)):
        try:
            if tenant_id in old:
                let_go(tenant_id, until, at)
            remove_unneeded(tenant_id, at - SETTLED)
        except Exception as error:  # whatever it is, it must not stop the others
            log.error("old files could not be removed", tenant_id=tenant_id, exc_info=error)


def _with_old(batch: Sequence[int], until: datetime, at: datetime) -> list[int]:
    """Return the organisations with old files, and no auditor who works for them or will."""
    with scoped(reading(frozenset(batch), AUDIT | {Area.PEOPLE}), writes=False):
        asked = set(db.session().scalars(sa.select(Engagement.tenant_id).where(Engagement.ends_at > at).distinct()))
        old = db.session().scalars(sa.select(MadeReport.tenant_id).where(*_old(until)).distinct())
        return sorted(set(old) - asked)


def _old(until: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return MadeReport.state == MadeState.READY, MadeReport.file_gone_at.is_(None), MadeReport.made_at < until


def let_go(tenant_id: int, until: datetime, at: datetime) -> int:
    """Note that the files of reports made before `until` are no longer kept; return how many. The trail tells of each.

    From then on they are not handed out; the bytes go a night later, when nothing else refers to them.
    """
    with scoped(Scope(frozenset({tenant_id}), AUDIT, AUDIT | {Area.TRAIL}, SERVICE)):
        rows = db.session().scalars(sa.select(MadeReport).where(*_old(until)).order_by(MadeReport.made_at)).all()
        for row in rows:
            row.file_gone_at = at
            trail.record("report.file_removed", "report", row.id, name=row.name, sha256=row.file_sha256)
        db.session().flush()
    return len(rows)


def remove_unneeded(tenant_id: int, before: datetime) -> int:
    """Remove the files of an organisation that nothing refers to since before that moment; return how many."""
    store = files()
    store.remove_halves(tenant_id, before)
    old = store.put_before(tenant_id, before)
    if not old:
        return 0
    with scoped(reading(frozenset({tenant_id})), writes=False):
        needed = _referred_to(old, before)
        if not needed.issuperset(old):
            needed.update(_named_before())
    return sum(store.remove(tenant_id, one, unless_put_since=before) for one in old if one not in needed)


@cache
def referring() -> tuple[tuple[type[TenantOwned], str], ...]:
    """Return every column of owned rows that can hold the digest of a file, whatever it is for.

    By its shape rather than from a list: a column that somebody forgets to put in a list would lose its files.
    """
    return tuple(
        (mapper.class_, one.key)
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, TenantOwned)
        for one in mapper.column_attrs
        if isinstance(one.columns[0].type, sa.String) and one.columns[0].type.length == DIGEST_LENGTH
    )


def _referred_to(digests: Sequence[str], before: datetime) -> set[str]:
    # Whoever asked for a report before that may be reading its file still.
    handed_out = sa.or_(MadeReport.file_gone_at.is_(None), MadeReport.file_gone_at >= before)
    found: set[str] = set()
    for model, name in referring():
        column: Any = getattr(model, name)
        for start in range(0, len(digests), DIGESTS_AT_ONCE):
            query = sa.select(column).where(column.in_(digests[start : start + DIGESTS_AT_ONCE]))
            if model is MadeReport:
                query = query.where(handed_out)
            found.update(db.session().scalars(query))
    return found


def _named_before() -> Iterator[str]:
    """Yield every digest that a row of the open scope was changed from or to; of made reports that is no reason."""
    columns: dict[str, set[str]] = defaultdict(set)
    for model, name in referring():
        if model is not MadeReport:
            columns[str(sa.inspect(model).local_table.name)].add(name)
    query = sa.select(TrailEntry.subject, TrailEntry.changes)
    changed = query.where(TrailEntry.action == CHANGED, TrailEntry.subject.in_(sorted(columns)))
    for subject, changes in db.session().execute(changed.execution_options(yield_per=ROWS_AT_ONCE)):
        for name in columns[subject] & changes.keys():
            yield from (one for one in changes[name] if isinstance(one, str))


JOBS = (Job("made-files-thin-out", NIGHTLY, thin_out),)
