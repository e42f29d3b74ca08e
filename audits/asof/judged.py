"""What was found on a day, packed to be kept: every gap and everything that held, as the rules said it then."""

import base64
import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from audits.findings.texts import to_json
from audits.judging.engine import Judgements
from audits.judging.judgement import WHOLE_PLAN, Gap, Holds, Param, Subject
from audits.judging.severity import Severity
from core.ids import id_of

Key = tuple[str, str]
# Where the row of a gap tells since when, and, last, whether the rule itself knew.
SINCE, BY_RULE = 8, 11
_SEVERITIES = {severity.value: severity for severity in Severity}
_SAID = {severity: value for value, severity in _SEVERITIES.items()}


def pack(judgements: Judgements, since: Mapping[Key, date]) -> tuple[str, bytes]:
    """Return digest and content. since: from when each gap was found, by code and subject, where it does not tell."""
    told = json.dumps(
        {
            "gaps": [
                [code, *_subject(gap.subject), _SAID[gap.severity], gap.message, to_json(gap.params),
                 _iso(gap.since or since.get((code, gap.subject.key))), _iso(gap.until), _iso(gap.changes_on),
                 gap.since is not None]
                for code, gap in judgements.gaps
            ],
            "holds": [
                [code, *_subject(held.subject), _iso(held.until), _iso(held.changes_on)]
                for code, held in judgements.holds
            ],
            "next_on": _iso(judgements.next_on),
        },
        ensure_ascii=False, separators=(",", ":"),
    ).encode()  # fmt: skip
    return _digest(told), zlib.compress(told)


def digest_of(content: bytes) -> str:
    """Return what tells whether two contents say the same."""
    return _digest(zlib.decompress(content))


def _digest(told: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(told).digest()[:24]).decode()


def unpack(content: bytes) -> Judgements:
    """Return what was found. Raises ValueError when the content is nothing that pack made."""
    with _of_pack():
        told = json.loads(zlib.decompress(content))
        return _judgements(told, [(row[0], _gap(row, row[SINCE])) for row in told["gaps"]])


def as_judged(content: bytes) -> Judgements | None:
    """Return what was found as the rules found it: without the days that the ledger knew and they did not.

    None where that is not told, as of days that were kept before it was. Raises ValueError as unpack() does.
    """
    with _of_pack():
        told = json.loads(zlib.decompress(content))
        if any(len(row) <= BY_RULE for row in told["gaps"]):
            return None
        return _judgements(told, [(row[0], _gap(row, row[SINCE] if row[BY_RULE] else None)) for row in told["gaps"]])


@contextmanager
def _of_pack() -> Iterator[None]:
    """Let whatever is odd about a content, such as a severity that is none, be a ValueError."""
    try:
        yield
    except (LookupError, TypeError, AttributeError, ValueError, InvalidOperation, zlib.error) as odd:
        raise ValueError("this is nothing that was kept of a day") from odd


def _judgements(told: Mapping[str, Any], gaps: Sequence[tuple[str, Gap]]) -> Judgements:
    return Judgements(
        gaps=tuple(gaps),
        holds=tuple(
            [
                (code, Holds(_about(kind, row_id, label, part), _day(until), _day(changes_on)))
                for code, kind, row_id, label, part, until, changes_on in told["holds"]
            ]
        ),
        next_on=_day(told["next_on"]) if told["next_on"] else None,
    )


def _subject(subject: Subject) -> tuple[str, str | None, str, str]:
    return _PLAN if subject is WHOLE_PLAN else _written(subject)


def _written(subject: Subject) -> tuple[str, str | None, str, str]:
    return subject.kind, subject.id.hex if subject.id else None, subject.label, subject.part


_PLAN = _written(WHOLE_PLAN)


def _about(kind: str, row_id: str | None, label: str, part: str) -> Subject:
    if row_id is None and not part and not label and kind == WHOLE_PLAN.kind:
        return WHOLE_PLAN
    return Subject(kind, id_of(row_id), label, part)


def _gap(row: Sequence[Any], since: str | None) -> Gap:
    _code, kind, row_id, label, part, severity, message, params, _since, until, changes_on = row[:BY_RULE]
    return Gap(
        _about(kind, row_id, label, part),
        _SEVERITIES[severity],
        message,
        {name: value if type(value) is str else _param(value) for name, value in params.items()} if params else params,
        _day(since) if since else None,
        _day(until) if until else None,
        _day(changes_on) if changes_on else None,
    )


def _param(value: Any) -> Param:
    match value:
        case {"day": day}:
            return _day(day)
        case {"amount": amount}:
            return Decimal(amount)
        case str() | int():
            return value
    raise ValueError(f"{value!r} is no value of a finding")


# The same few days stand in the judgements of every organisation.
@lru_cache(maxsize=8192)
def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


_day = lru_cache(maxsize=8192)(date.fromisoformat)
