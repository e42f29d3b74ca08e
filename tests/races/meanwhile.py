"""Let somebody else come in between, at the one place where it could do harm."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest

# How long the other gets where it is not made to wait. A machine that is too slow for it sees less, and fails nothing.
MOMENT = 1.0


@contextmanager
def meanwhile(
    patch: pytest.MonkeyPatch, place: object, name: str, act: Callable[[], Any], *, after: bool = False
) -> Iterator[Callable[[], Any]]:
    """Let another thread begin `act` when `place.name` is called first, before it does its work or `after` it.

    It gets a moment to end before the call goes on, for what it wants may be held by whoever calls. At the end it is
    waited for; what is yielded then returns what `act` returned, or raises what it raised.
    """
    before, begun = getattr(place, name), list[Future[Any]]()

    def come_by() -> None:
        if not begun:
            begun.append(pool.submit(act))
            wait(begun, timeout=MOMENT)

    def called(*given: Any, **named: Any) -> Any:
        if not after:
            come_by()
        found = before(*given, **named)
        if after:
            come_by()
        return found

    with ThreadPoolExecutor(1) as pool, patch.context() as patched:
        patched.setattr(place, name, called)
        yield lambda: begun[0].result()
    assert begun, f"nobody called {name}"
    begun[0].exception()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Let all begin together; return what each returned, in the order given."""
    start = Barrier(len(acts))

    def begin(act: Callable[[], Any]) -> Any:
        start.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(begin, acts))
