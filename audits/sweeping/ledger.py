"""The ledger: compare what was judged with what is kept; open, refresh and close findings, replace expiries.

Judging twice changes no finding and no expiry: a row is only touched when something told by it differs. What does
change at each judgement is the organisation's audit_state, because it says when it was judged.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from audits.findings.texts import to_json
from audits.judging.engine import Judgements
from audits.judging.judgement import Gap, Subject
from audits.judging.verdicts import Verdict, lapsing
from audits.models import Expiry, Finding
from audits.sweeping import states
from audits.sweeping.states import NEVER
from audits.trends.keeping import renew
from audits.writing import add_rows, change_rows, remove_rows
from core.ids import new_id
from core.vault import Owned
from tenants.prepared import Prepared

LABEL_LENGTH = 200
Row = dict[str, Any]
Key = tuple[str, str]


@dataclass(slots=True)
class Changes:
    """Rows to write for a batch of organisations.

    kept: the organisations whose verdict was not overtaken; since: of those of which something else was found than
    before, from when each gap is known.
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
    at: aware UTC, when it is written. The scope must read and write the audit area of every organisation named, and
    whoever calls has the turn of each (tenants/turns.py).
    """
    before = states.of([verdict.tenant_id for verdict in verdicts])
    current = [one for one in verdicts if before.get(one.tenant_id, NEVER).times == one.times]
    # What was told before stands in the ledger as it was told: there is nothing to compare.
    moved = [one for one in current if before.get(one.tenant_id, NEVER).told != one.told]
    ids = [one.tenant_id for one in moved]
    findings, expiries = _open_findings(moved), _expiries(moved)
    pasts = renew(moved, findings, at)
    changes = Changes([one.tenant_id for one in current], {one: {} for one in ids}, [], [], [], [], [], [])
    for one in moved:
        _compare_findings(one, findings[one.tenant_id], changes, at)
        _compare_expiries(one, expiries[one.tenant_id], changes)
    _write(changes)
    states.write(current, before, pasts, rule_set, at=at)
    return changes


def known_since(tenant_ids: Sequence[int]) -> dict[int, dict[Key, date]]:
    """Return from when each open finding of the open scope's organisations is known."""
    found: dict[int, dict[Key, date]] = {one: {} for one in tenant_ids}
    for tenant_id, code, subject, since in _SINCE.rows(tenant_ids) if tenant_ids else ():
        found[tenant_id][code, subject] = since
    return found


FINDING_TOLD = ("subject_label", "severity", "message", "params", "since", "until", "changes_on")
EXPIRY_TOLD = ("subject_label", "until")
SEALED = ("subject_label", "params")


_SINCE = Prepared(
    sa.select(Finding.tenant_id, Finding.rule_code, Finding.subject_key, Finding.since).where(
        Finding.closed_at.is_(None)
    )
)
_FINDINGS = Prepared(
    sa.select(
        Finding.tenant_id,
        Finding.rule_code,
        Finding.subject_key,
        Finding.id,
        Finding.opened_at,
        *(getattr(Finding, name) for name in FINDING_TOLD),
    ).where(Finding.closed_at.is_(None))
)
_KNOWN = ("id", "opened_at", "since", "severity")
_OPEN = Prepared(
    sa.select(
        Finding.tenant_id, Finding.rule_code, Finding.subject_key, *(getattr(Finding, name) for name in _KNOWN)
    ).where(Finding.closed_at.is_(None))
)
_EXPIRIES = Prepared(
    sa.select(
        Expiry.tenant_id,
        Expiry.rule_code,
        Expiry.subject_key,
        Expiry.id,
        *(getattr(Expiry, name) for name in EXPIRY_TOLD),
    )
)
_EXPIRY_IDS = Prepared(sa.select(Expiry.tenant_id, Expiry.rule_code, Expiry.subject_key, Expiry.id))


def _open_findings(verdicts: Sequence[Verdict]) -> dict[int, dict[Key, Row]]:
    """Return what stands open. What was told of it is only opened where nobody knows it from what was found before."""
    known, unknown = _known_and_not(verdicts)
    return _by_key(_FINDINGS, ("id", "opened_at", *FINDING_TOLD), unknown) | _by_key(_OPEN, _KNOWN, known)


def _expiries(verdicts: Sequence[Verdict]) -> dict[int, dict[Key, Row]]:
    """Return what lapses as it is kept: of whom it is known no more than what is to be changed needs."""
    known, unknown = _known_and_not([one for one in verdicts if _lapses(one.anew) != _lapses(one.gone)])
    return _by_key(_EXPIRIES, ("id", *EXPIRY_TOLD), unknown) | _by_key(_EXPIRY_IDS, ("id",), known)


def _known_and_not(verdicts: Sequence[Verdict]) -> tuple[list[int], list[int]]:
    known = [one.tenant_id for one in verdicts if one.before is not None]
    return known, [one.tenant_id for one in verdicts if one.before is None]


def _by_key(select: Prepared, names: Sequence[str], tenant_ids: Sequence[int]) -> dict[int, dict[Key, Row]]:
    found: dict[int, dict[Key, Row]] = defaultdict(dict)
    if tenant_ids:
        whose, codes, subjects, *columns = select.all_columns(tenant_ids)
        rows = (dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True))
        for tenant_id, code, subject, row in zip(whose, codes, subjects, rows, strict=True):
            found[tenant_id][code, subject] = row
    return found


def _compare_findings(one: Verdict, kept: Mapping[Key, Row], changes: Changes, at: datetime) -> None:
    anew = {id(gap) for _, gap in one.anew.gaps}
    gone = {(code, gap.subject.key): gap for code, gap in one.gone.gaps}
    for key, (code, gap) in zip(one.keys, one.judgements.gaps, strict=True):
        before = kept.get(key)
        since = gap.since or (before["since"] if before else one.today)
        changes.since[one.tenant_id][key] = since
        if before is None:
            changes.opened.append(_new(one.tenant_id, code, gap.subject) | _told(gap, since) | _stamps(at))
        elif id(gap) in anew:
            told = _told(gap, since)
            was = _told(gone[key], before["since"]) if key in gone else before
            if any(was.get(name) != told[name] for name in FINDING_TOLD):
                changes.refreshed.append({"tenant_id": one.tenant_id, "id": before["id"], "refreshed_at": at, **told})
    for key in kept.keys() - changes.since[one.tenant_id].keys():
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
    now = _lapses(one.anew)
    before = {key: _lasts(*told) for key, told in _lapses(one.gone).items()} if one.before else kept
    for key, (subject, until) in now.items():
        was, told = before.get(key), _lasts(subject, until)
        if was is None:
            changes.lapsing_new.append(_new(one.tenant_id, key[0], subject) | told)
        elif any(was[name] != told[name] for name in EXPIRY_TOLD):
            changes.lapsing_moved.append({"tenant_id": one.tenant_id, "id": kept[key]["id"], **told})
    for key in before.keys() - now.keys():
        changes.lapsing_gone.append({"tenant_id": one.tenant_id, "id": kept[key]["id"]})


def _lapses(judgements: Judgements) -> dict[Key, tuple[Subject, date]]:
    """Return what lapses: all that holds, and what is about to lapse or has."""
    return {(code, subject.key): (subject, until) for code, subject, until in lapsing(judgements)}


def _lasts(subject: Subject, until: date) -> Row:
    return {"subject_label": subject.label[:LABEL_LENGTH], "until": until}


def _write(changes: Changes) -> None:
    # Closed before opened: one subject can have one open finding only.
    change_rows(Finding, changes.closed)
    change_rows(Finding, list(map(_sealed, changes.refreshed)))
    add_rows(Finding, list(map(_sealed, changes.opened)))
    remove_rows(Expiry, changes.lapsing_gone)
    change_rows(Expiry, list(map(_sealed, changes.lapsing_moved)))
    add_rows(Expiry, list(map(_sealed, changes.lapsing_new)))


def _sealed(row: Row) -> Row:
    """Say whose the confidential values are: one statement writes rows of many organisations."""
    return row | {name: Owned(row["tenant_id"], row[name]) for name in SEALED if name in row}
