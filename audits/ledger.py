"""The ledger: compare what was judged with what is kept; open, refresh and close findings, replace expiries.

Judging twice changes no finding and no expiry: a row is only touched when something told by it differs. What does
change at each judgement is the organisation's audit_state, because it says when it was judged.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from audits.engine import Judgements
from audits.judging import Gap, Subject
from audits.models import AuditState, Expiry, Finding
from audits.severity import Severity
from audits.texts import to_json
from core import db
from core.ids import new_id
from core.vault import Owned
from tenants.lock import Bypass, bypass
from tenants.models import Tenant

LABEL_LENGTH = 200
# Nulls are written out, or rows with and without an end day would each need a statement of their own.
PAST_LOCK = {**bypass(Bypass.LEDGER), "render_nulls": True}
Row = dict[str, Any]
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgements of one organisation. times: its audit_state's count when its facts were read, 0 without one."""

    tenant_id: int
    today: date
    judgements: Judgements
    times: int


@dataclass(slots=True)
class Changes:
    """Rows to write for a batch of organisations.

    kept: the organisations whose verdict was not overtaken; since: from when each gap of theirs is known.
    """

    kept: list[int]
    since: dict[int, dict[Key, date]]
    opened: list[Row]
    refreshed: list[Row]
    closed: list[Row]
    lapsing_new: list[Row]
    lapsing_moved: list[Row]
    lapsing_gone: list[Row]


def keep(verdicts: Sequence[Verdict], rule_set: str, *, at: datetime) -> Changes:
    """Bring the ledger of the open scope's organisations in line with `verdicts`, in few statements however many.

    A verdict is dropped when a newer judgement of its organisation was kept after its facts were read.
    at: aware UTC, when it is written. The scope must read and write the audit area of every organisation named.
    """
    _one_at_a_time([verdict.tenant_id for verdict in verdicts])
    states = states_of([verdict.tenant_id for verdict in verdicts])
    current = [one for one in verdicts if _times(states, one.tenant_id) == one.times]
    ids = [one.tenant_id for one in current]
    findings, expiries = _open_findings(ids), _expiries(ids)
    changes = Changes(ids, {one: {} for one in ids}, [], [], [], [], [], [])
    for one in current:
        _compare_findings(one, findings[one.tenant_id], changes, at)
        _compare_expiries(one, expiries[one.tenant_id], changes)
    _write(changes)
    _write_states(current, states, rule_set, at)
    return changes


def _one_at_a_time(tenant_ids: Sequence[int]) -> None:
    """Let two who judged the same organisation write one after the other; foreign keys to it stay free to be made.

    On SQLite the writing transaction does that by itself.
    """
    query = sa.select(Tenant.id).where(Tenant.id.in_(tenant_ids)).order_by(Tenant.id)
    db.session().execute(query.with_for_update(key_share=True)).all()


def states_of(tenant_ids: Sequence[int]) -> dict[int, Row]:
    """Return id and times of each organisation's audit_state."""
    query = sa.select(AuditState.tenant_id, AuditState.id, AuditState.times)
    rows = db.session().execute(query.where(AuditState.tenant_id.in_(tenant_ids)))
    return {row.tenant_id: {"id": row.id, "times": row.times} for row in rows}


def _times(states: Mapping[int, Row], tenant_id: int) -> int:
    return int(states[tenant_id]["times"]) if tenant_id in states else 0


FINDING_TOLD = ("subject_label", "severity", "message", "params", "since", "until", "changes_on")
EXPIRY_TOLD = ("subject_label", "until")
SEALED = ("subject_label", "params")


def _open_findings(tenant_ids: Sequence[int]) -> dict[int, dict[Key, Row]]:
    columns = [getattr(Finding, name) for name in ("tenant_id", "id", "rule_code", "subject_key", *FINDING_TOLD)]
    return _by_key(sa.select(*columns).where(Finding.tenant_id.in_(tenant_ids), Finding.closed_at.is_(None)))


def _expiries(tenant_ids: Sequence[int]) -> dict[int, dict[Key, Row]]:
    columns = [getattr(Expiry, name) for name in ("tenant_id", "id", "rule_code", "subject_key", *EXPIRY_TOLD)]
    return _by_key(sa.select(*columns).where(Expiry.tenant_id.in_(tenant_ids)))


def _by_key(query: sa.Select[Any]) -> dict[int, dict[Key, Row]]:
    found: dict[int, dict[Key, Row]] = defaultdict(dict)
    for row in db.session().execute(query).mappings():
        found[row["tenant_id"]][row["rule_code"], row["subject_key"]] = dict(row)
    return found


def _compare_findings(one: Verdict, kept: Mapping[Key, Row], changes: Changes, at: datetime) -> None:
    seen = set()
    for code, gap in one.judgements.gaps:
        key = (code, gap.subject.key)
        seen.add(key)
        before = kept.get(key)
        since = gap.since or (before["since"] if before else one.today)
        changes.since[one.tenant_id][key] = since
        told = _told(gap, since)
        if before is None:
            changes.opened.append(_new(one.tenant_id, code, gap.subject) | told | _stamps(at))
        elif any(before[name] != told[name] for name in FINDING_TOLD):
            changes.refreshed.append({"tenant_id": one.tenant_id, "id": before["id"], "refreshed_at": at, **told})
    for key in kept.keys() - seen:
        changes.closed.append({"tenant_id": one.tenant_id, "id": kept[key]["id"], "closed_at": at})


def _told(gap: Gap, since: date) -> Row:
    return {
        "subject_label": gap.subject.label[:LABEL_LENGTH],
        "severity": gap.severity,
        "message": gap.message,
        "params": to_json(gap.params),
        "since": since,
        "until": gap.until,
        "changes_on": gap.changes_on,
    }


def _stamps(at: datetime) -> Row:
    return {"opened_at": at, "refreshed_at": at, "closed_at": None}


def _new(tenant_id: int, code: str, subject: Subject) -> Row:
    return {
        "tenant_id": tenant_id,
        "id": new_id(),
        "rule_code": code,
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "subject_key": subject.key,
    }


def _compare_expiries(one: Verdict, kept: Mapping[Key, Row], changes: Changes) -> None:
    """Compare what lapses: all that holds, and what is about to lapse or has."""
    seen = set()
    for code, subject, until in _lapsing(one.judgements):
        key = (code, subject.key)
        seen.add(key)
        told = {"subject_label": subject.label[:LABEL_LENGTH], "until": until}
        before = kept.get(key)
        if before is None:
            changes.lapsing_new.append(_new(one.tenant_id, code, subject) | told)
        elif any(before[name] != told[name] for name in EXPIRY_TOLD):
            changes.lapsing_moved.append({"tenant_id": one.tenant_id, "id": before["id"], **told})
    for key in kept.keys() - seen:
        changes.lapsing_gone.append({"tenant": one.tenant_id, "row": kept[key]["id"]})


def _lapsing(judgements: Judgements) -> Iterable[tuple[str, Subject, date]]:
    for code, held in judgements.holds:
        yield code, held.subject, held.until
    for code, gap in judgements.gaps:
        if gap.until is not None:
            yield code, gap.subject, gap.until


# On the table, not the class: only so one statement takes many rows of parameters.
_DELETE_EXPIRY = sa.delete(Expiry.__table__).where(  # type: ignore[arg-type]
    Expiry.tenant_id == sa.bindparam("tenant"), Expiry.id == sa.bindparam("row")
)


def _write(changes: Changes) -> None:
    # Closed before opened: one subject can have one open finding only.
    for statement, rows in (
        (sa.update(Finding), changes.closed),
        (sa.update(Finding), changes.refreshed),
        (sa.insert(Finding), changes.opened),
        (_DELETE_EXPIRY, changes.lapsing_gone),
        (sa.update(Expiry), changes.lapsing_moved),
        (sa.insert(Expiry), changes.lapsing_new),
    ):
        if rows:
            db.session().execute(statement, [_sealed(row) for row in rows], execution_options=PAST_LOCK)


def _sealed(row: Row) -> Row:
    """Say whose the confidential values are: one statement writes rows of many organisations."""
    return row | {name: Owned(row["tenant_id"], row[name]) for name in SEALED if name in row}


def _write_states(current: Sequence[Verdict], states: Mapping[int, Row], rule_set: str, at: datetime) -> None:
    new, known = [], []
    for one in current:
        counted = Counter(gap.severity for _, gap in one.judgements.gaps)
        row = {
            "tenant_id": one.tenant_id,
            "judged_on": one.today,
            "judged_at": at,
            "rule_set": rule_set,
            "times": one.times + 1,
            "next_on": one.judgements.next_on,
            "faults": counted[Severity.FAULT],
            "warnings": counted[Severity.WARNING],
            "notices": counted[Severity.NOTICE],
        }
        if one.tenant_id in states:
            known.append(row | {"id": states[one.tenant_id]["id"]})
        else:
            new.append(row | {"id": new_id()})
    if known:
        db.session().execute(sa.update(AuditState), known, execution_options=PAST_LOCK)
    if new:
        db.session().execute(sa.insert(AuditState), new, execution_options=PAST_LOCK)
