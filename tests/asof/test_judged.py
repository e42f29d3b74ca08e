"""What was found on a day, as it is kept: what is odd about it is told in one way."""

import json
import zlib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from audits.asof import judged
from audits.judging.engine import Judgements
from audits.judging.judgement import Gap, Subject
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
