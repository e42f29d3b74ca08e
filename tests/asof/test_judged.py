"""What was found on a day, as it is kept: what is odd about it is told in one way."""

import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from audits.asof import judged
from audits.judging.engine import Judgements
from audits.judging.judgement import Gap, Holds, Subject
from audits.judging.severity import Severity

FOUND = Judgements(
    gaps=(("backup.offsite", Gap(Subject("contact", None, "Eva"), Severity.FAULT, "Said of %(day)s.",
                                 {"day": date(2026, 5, 4)}, until=date(2026, 6, 7))),),
    holds=(),
    next_on=None,
)  # fmt: skip
ODD: tuple[Any, ...] = ({}, [], {"gaps": 3})
READ = (judged.unpack, judged.as_judged)


def _kept(change: Callable[[list[Any]], None]) -> bytes:
    """Return a kept day in whose only gap something is changed."""
    told = json.loads(zlib.decompress(judged.pack(FOUND, {})[1]))
    change(told["gaps"][0])
    return zlib.compress(json.dumps(told).encode())


@pytest.mark.parametrize("read", READ)
def test_what_was_kept_comes_back(read: Callable[[bytes], Judgements | None]) -> None:
    assert read(_kept(lambda row: None)) == FOUND


SEVERAL = Judgements(
    gaps=tuple(
        (code, Gap(Subject("contact", None, label), Severity.NOTICE, message, since=since))
        for code, label, message, since in (
            ("backup.offsite", 'Eva\n],"holds":[\n', "Said.", None),
            ("runbook.team", "Bob,\n", "Said again.", date(2026, 5, 4)),
        )
    ),
    holds=(("upkeep.contacts", Holds(Subject(), date(2026, 6, 7), date(2026, 5, 8))),),
    next_on=date(2026, 5, 8),
)
KNOWN = {("backup.offsite", SEVERAL.gaps[0][1].subject.key): date(2026, 1, 2)}
KEPT = judged.pack(SEVERAL, KNOWN)


@pytest.mark.parametrize("found", [SEVERAL, Judgements(SEVERAL.gaps, (), None), Judgements((), SEVERAL.holds, None)])
def test_what_is_found_again_is_written_as_it_stands_there(found: Judgements) -> None:
    kept = judged.pack(found, KNOWN)
    before = judged.as_judged(kept[1])
    assert before == found
    assert len(judged.lines_of(before)) == len(found.gaps) + len(found.holds)
    # Nobody tells since when any more: that stands in the line.
    assert judged.pack(before, {}, before) == kept


def test_what_stands_there_is_not_written_out_again() -> None:
    before = judged.as_judged(KEPT[1])
    assert before is not None
    other = replace(before, kept='{"gaps":[\n[1],\n[1]\n],"holds":[\n[1]\n],"next_on":null}')
    told = json.loads(zlib.decompress(judged.pack(before, {}, other)[1]))
    assert (told["gaps"], told["holds"]) == ([[1], [1]], [[1]])


def test_what_is_found_anew_is_written_anew() -> None:
    before = judged.as_judged(KEPT[1])
    assert before is not None
    some = Judgements((before.gaps[0], SEVERAL.gaps[1]), (), None)
    assert judged.pack(some, {}, before) == judged.pack(some, KNOWN)
    assert judged.pack(some, {}) != judged.pack(some, KNOWN)


def test_a_day_that_was_kept_without_lines_is_written_anew() -> None:
    flat = zlib.compress(json.dumps(json.loads(zlib.decompress(KEPT[1]))).encode())
    before = judged.as_judged(flat)
    assert before == SEVERAL
    assert not judged.lines_of(before)
    assert judged.pack(before, KNOWN, before) == KEPT


@pytest.mark.parametrize("read", READ)
@pytest.mark.parametrize(
    ("place", "value"), [(5, "dreadful"), (7, {"cost": {"amount": "much"}}), (7, {"day": 1.5}), (9, 7)]
)
def test_an_odd_finding_is_no_finding(read: Callable[[bytes], Judgements | None], place: int, value: object) -> None:
    content = _kept(lambda row: row.__setitem__(place, value))
    with pytest.raises(ValueError, match="kept of a day"):
        read(content)


@pytest.mark.parametrize("read", READ)
@pytest.mark.parametrize(
    "content",
    [b"", b"no day", *(zlib.compress(json.dumps(one).encode()) for one in ODD)],
)
def test_what_was_never_kept_is_refused(read: Callable[[bytes], Judgements | None], content: bytes) -> None:
    with pytest.raises(ValueError, match="kept of a day"):
        read(content)
