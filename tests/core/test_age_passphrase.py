"""Files that a passphrase opens: what we make, others open, and the work is always the same."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyrage
import pytest

from core.age import head_of
from core.age_passphrase import PIECE, WORK, lock_with
from tests.paper.opening import open_patiently

WORDS = "één ☂ paraplu  🚲 fiets"


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(0, id="nothing"),
        pytest.param(1, id="one byte"),
        pytest.param(PIECE, id="one piece, whole"),
        pytest.param(PIECE + 1, id="a byte more"),
        pytest.param(3 * PIECE, id="pieces, whole"),
    ],
)
def test_what_is_locked_opens_with_the_library_of_others(size: int) -> None:
    data = bytes(number % 251 for number in range(size))
    locked = lock_with(WORDS, data)
    assert open_patiently(locked, WORDS) == data
    assert head_of(locked).kinds == ("scrypt",)


def test_the_work_of_each_try_is_the_same_on_every_machine() -> None:
    assert lock_with(WORDS, b"").split(b"\n")[1].endswith(b" %d" % WORK)


def test_two_files_have_nothing_in_common_and_another_passphrase_opens_none() -> None:
    first, second = lock_with(WORDS, b"the same"), lock_with(WORDS, b"the same")
    salts, keys = zip(*(one.split(b"\n")[1:3] for one in (first, second)), strict=True)
    assert len({*salts, *keys}) == 4
    assert first[-24:] != second[-24:]
    with pytest.raises(pyrage.DecryptError):
        open_patiently(first, WORDS.replace("  ", " "))


def test_a_process_works_on_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    at_work, most = 0, 0
    real = hashlib.scrypt

    def watched(*arguments: Any, **named: Any) -> bytes:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        try:
            return real(*arguments, **named)
        finally:
            at_work -= 1

    monkeypatch.setattr(hashlib, "scrypt", watched)
    with ThreadPoolExecutor(3) as several:
        assert len({*several.map(lambda _nth: lock_with(WORDS, b""), range(3))}) == 3
    assert most == 1
