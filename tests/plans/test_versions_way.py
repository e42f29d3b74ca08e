"""Whether a fingerprint of an earlier release is believed: only where that release told plans as this one does."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.compiled import digest_of
from plans.versions import content
from plans.versions.content import way_of_telling
from plans.versions.rooms import Table

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.once


@pytest.fixture
def afresh() -> Iterator[Callable[[], str]]:
    """Ask for the way anew: it is told once in a process."""
    asked = way_of_telling.__wrapped__
    yield asked
    way_of_telling.cache_clear()


def same(_value: Any, *_more: Any) -> Any:
    """Stand in for what told a plan in another way."""
    return _value


@pytest.mark.parametrize(
    "name", ["_rows", "_names", "_all_plain", "plain", "_telling", "_whole", "_led", "canonical", "text_of"]
)
def test_code_that_tells_otherwise_is_another_way(
    afresh: Callable[[], str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before = afresh()
    assert before == way_of_telling() == afresh()
    monkeypatch.setattr(content, name, same)
    assert afresh() != before


def test_so_is_another_way_to_know_a_row_by(afresh: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    before = afresh()
    monkeypatch.setattr(Table, "key_of", same)
    assert afresh() != before


def test_every_process_tells_the_same_way() -> None:
    """Whatever order a process puts sets and dictionaries of texts in."""
    told = "import tables; from plans.versions.content import way_of_telling; print(way_of_telling())"
    found = {
        subprocess.run(
            [sys.executable, "-c", told], cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True, text=True, check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip
    assert found == {way_of_telling()}


def compiled(source: str) -> Callable[..., Any]:
    names: dict[str, Any] = {"__name__": "plans.versions.made"}
    exec(source, names)  # noqa: S102 - of this file
    made: Callable[..., Any] = names["tell"]
    return made


PLAIN = "def tell(row):\n    return {k for k in row if k in {'a', 'b', 'c'}}"


@pytest.mark.parametrize(
    ("source", "alike"),
    [
        ("def tell(row):\n\n    # said why\n    return {k for k in row\n        if k in {'a', 'b', 'c'}}", True),
        ("def tell(row):\n    return {k for k in row if k in {'a', 'b', 'd'}}", False),
        ("def tell(row):\n    return {k for k in row if k not in {'a', 'b', 'c'}}", False),
        ("def tell(row, more=1):\n    return {k for k in row if k in {'a', 'b', 'c'}}", False),
    ],
    ids=["layout", "a value deep inside", "a test the other way around", "a default"],
)
def test_what_runs_counts_and_what_is_said_about_it_does_not(source: str, *, alike: bool) -> None:
    assert (digest_of(compiled(source), within="plans.") == digest_of(compiled(PLAIN), within="plans.")) is alike


def test_texts_about_a_function_do_not_count_and_the_functions_it_calls_do() -> None:
    about = 'def tell(row):\n    """{0}"""\n    return help_out(row)\ndef help_out(row):\n    return row{1}'
    one, reworded, other = (
        digest_of(compiled(about.format(*given)), within="plans.")
        for given in (("Tell.", ""), ("Tell a row.", ""), ("Tell.", " or None"))
    )
    assert one == reworded
    assert one != other
