"""Read what the past of organisations is told from when they are judged: two queries, a third after an upgrade."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from audits.judging.verdicts import Verdict, lapsing
from audits.models import AuditCarried, AuditState, Finding
from audits.portfolio.kept import COUNTED
from audits.trends.past import Before, Found, day_of, kind_of, numbers_of, renewed
from tenants.prepared import Prepared

Row = Mapping[str, Any]
Key = tuple[str, str]
_BEFORE = Prepared(
    sa.select(AuditState.tenant_id, AuditCarried.past, *(getattr(AuditState, name) for name in COUNTED))
    .select_from(AuditState)
    .outerjoin(AuditCarried)
)
_CLOSED = Prepared(
    sa.select(Finding.tenant_id, Finding.rule_code, Finding.severity, Finding.opened_at, Finding.closed_at).where(
        Finding.closed_at.is_not(None)
    )
)


def renew(
    verdicts: Sequence[Verdict], findings: Mapping[int, Mapping[Key, Row]], at: datetime
) -> dict[int, dict[str, Any]]:
    """Return what is kept of the past of these organisations, now that something else was found of them.

    findings: what was open before, by organisation, rule and subject. at: aware UTC, when the judgement is written.
    Must be called before the judgement is. The scope reads the audit area of every organisation.
    """
    ids = [one.tenant_id for one in verdicts]
    kept = {tenant_id: (past, counted) for tenant_id, past, *counted in _BEFORE.rows(ids)} if ids else {}
    unknown = [tenant_id for tenant_id, (past, _) in kept.items() if past is None]
    closed: dict[int, list[Found]] = {one: [] for one in ids}
    for tenant_id, code, severity, opened_at, closed_at in _CLOSED.rows(unknown) if unknown else ():
        closed[tenant_id].append(Found(kind_of(code, severity), day_of(opened_at), day_of(closed_at)))
    pasts = {}
    for one in verdicts:
        past, counted = kept.get(one.tenant_id, (None, ()))
        before = None if past is None else Before(numbers_of(counted), past)
        found = [*_found(one, findings.get(one.tenant_id, {}), at), *closed[one.tenant_id]]
        ends = ((code, until) for code, _, until in lapsing(one.judgements))
        pasts[one.tenant_id] = renewed(found, ends, before, one.today)
    return pasts


def _found(one: Verdict, open_before: Mapping[Key, Row], at: datetime) -> Iterator[Found]:
    """Yield what is open now, and what this judgement closes."""
    for key, (code, gap) in zip(one.keys, one.judgements.gaps, strict=True):
        opened_at = open_before[key]["opened_at"] if key in open_before else at
        yield Found(kind_of(code, gap.severity), day_of(opened_at))
    for key in open_before.keys() - set(one.keys):
        row = open_before[key]
        yield Found(kind_of(key[0], row["severity"]), day_of(row["opened_at"]), day_of(at))
