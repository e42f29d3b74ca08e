"""How often Python looks for rings of objects: seldom, and sooner in a process that only answers pages."""

import gc
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask

from core.serving import garbage, master

# More than the threshold of pages, fewer than that of all other processes.
SOME = 2 * garbage.YOUNG_OF_PAGES


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """The collector at work, before and after, and as often afterwards as before."""
    before = gc.get_threshold()
    gc.enable()
    yield
    gc.set_threshold(*before)


def looks() -> int:
    """Return how often Python looks for rings while so many objects are made that stay."""
    seen: list[str] = []

    def note(phase: str, _told: dict[str, int]) -> None:
        seen.append(phase)

    gc.collect()
    gc.callbacks.append(note)
    try:
        kept = [[one] for one in range(SOME)]
    finally:
        gc.callbacks.remove(note)
    assert len(kept) == SOME
    return seen.count("start")


def test_a_service_looks_seldom(app: Flask) -> None:
    assert app.name
    assert looks() == 0
    assert gc.get_threshold() == (garbage.YOUNG, garbage.MIDDLE, garbage.OLD)


def test_by_itself_python_would_look_often() -> None:
    gc.set_threshold(700, 10, 10)
    assert looks() > 5


def test_who_answers_pages_looks_sooner() -> None:
    garbage.collect_seldom()
    gc.disable()
    master.begin(SimpleNamespace(), SimpleNamespace(runs_jobs=False))
    assert looks() > 0
