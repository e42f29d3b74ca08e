"""What was found on a day, packed to be kept: every gap and everything that held, as the rules said it then."""

import base64
import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
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
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
# What stands between the lines. No judgement holds a line's end: JSON writes it as two characters.
_BEGIN, _NEXT, _HOLDS, _END = '{"gaps":[\n', ",\n", '\n],"holds":[\n', '\n],"next_on":'
# Half the time of the usual level, and a twentieth more to keep.
_LEVEL = 4


def pack(judgements: Judgements, since: Mapping[Key, date], before: Judgements | None = None) -> tuple[str, bytes]:
    """Return digest and content: JSON with a judgement on each line.

    since: from when each gap was found, by code and subject, where it does not tell; before: what as_judged() told of
    the day before. What of it was found again, the same object, is written as it stands there.
    """
    lines = lines_of(before) if before else {}
    gaps = [lines.get(id(gap)) or _gap_line(code, gap, since) for code, gap in judgements.gaps]
    holds = [lines.get(id(held)) or _holds_line(code, held) for code, held in judgements.holds]
    end = _ENCODER.encode(_iso(judgements.next_on)) + "}"
    told = (_BEGIN + _NEXT.join(gaps) + _HOLDS + _NEXT.join(holds) + _END + end).encode()
    return _digest(told), zlib.compress(told, _LEVEL)


def _gap_line(code: str, gap: Gap, since: Mapping[Key, date]) -> str:
    found = gap.since or since.get((code, gap.subject.key))
    return _ENCODER.encode(
        (code, *_subject(gap.subject), _SAID[gap.severity], gap.message, to_json(gap.params),
         _iso(found), _iso(gap.until), _iso(gap.changes_on), gap.since is not None)
    )  # fmt: skip


def _holds_line(code: str, held: Holds) -> str:
    return _ENCODER.encode((code, *_subject(held.subject), _iso(held.until), _iso(held.changes_on)))


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
        text = zlib.decompress(content).decode()
        told = json.loads(text)
        if any(len(row) <= BY_RULE for row in told["gaps"]):
            return None
        gaps = [(row[0], _gap(row, row[SINCE] if row[BY_RULE] else None)) for row in told["gaps"]]
        return replace(_judgements(told, gaps), kept=text)


def lines_of(found: Judgements) -> dict[int, str]:
    """Return how each of these judgements stands in the day it was taken up from, by its id(); none without lines."""
    gaps, _, rest = found.kept.removeprefix(_BEGIN).partition(_HOLDS)
    holds, _, _ = rest.partition(_END)
    lines = [line for some in (gaps, holds) if some for line in some.split(_NEXT)]
    every = [id(one) for _, one in (*found.gaps, *found.holds)]
    return dict(zip(every, lines, strict=True)) if len(lines) == len(every) else {}


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
