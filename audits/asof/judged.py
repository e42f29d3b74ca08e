"""What was found on a day, packed to be kept: every gap and everything that held, as the rules said it then."""

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from audits.findings.texts import to_json
from audits.judging.engine import Judgements
from audits.judging.judgement import Gap, Holds, Param, Subject
from audits.judging.severity import Severity

Key = tuple[str, str]


def pack(judgements: Judgements, since: Mapping[Key, date]) -> tuple[str, bytes]:
    """Return digest and content. since: from when each gap was found, by code and subject, where it does not tell."""
    told = json.dumps(
        {
            "gaps": [
                [code, *_subject(gap.subject), gap.severity.value, gap.message, to_json(gap.params),
                 _iso(gap.since or since.get((code, gap.subject.key))), _iso(gap.until), _iso(gap.changes_on)]
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
    told = json.loads(zlib.decompress(content))
    return Judgements(
        gaps=tuple((row[0], _gap(*row[1:])) for row in told["gaps"]),
        holds=tuple((row[0], Holds(_about(*row[1:5]), _must(row[5]), _must(row[6]))) for row in told["holds"]),
        next_on=_day(told["next_on"]),
    )


def _subject(subject: Subject) -> tuple[str, str | None, str, str]:
    return subject.kind, subject.id.hex if subject.id else None, subject.label, subject.part


def _about(kind: str, row_id: str | None, label: str, part: str) -> Subject:
    return Subject(kind, UUID(row_id) if row_id else None, label, part)


def _gap(*told: Any) -> Gap:
    severity, message, params, since, until, changes_on = told[4:]
    return Gap(
        _about(*told[:4]),
        Severity(severity),
        message,
        {name: _param(value) for name, value in params.items()},
        _day(since),
        _day(until),
        _day(changes_on),
    )


def _param(value: Any) -> Param:
    match value:
        case {"day": day}:
            return date.fromisoformat(day)
        case {"amount": amount}:
            return Decimal(amount)
        case str() | int():
            return value
    raise ValueError(f"{value!r} is no value of a finding")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None


def _must(told: str) -> date:
    return date.fromisoformat(told)
