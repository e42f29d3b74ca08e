"""Let somebody else come in between, at the one place where it could do harm."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest

# How long the other gets where it is not made to wait. A machine that is too slow for it sees less, and fails nothing.
MOMENT = 1.0


class Other:
    """Whoever comes in between. first: whether they were done before the call they came in between went on."""

    def __init__(self, act: Callable[[], Any]) -> None:
        self._act, self.first = act, False
        self._begun: Future[Any] | None = None

    def come_by(self, pool: ThreadPoolExecutor) -> None:
        """Begin, the first time this is called, and take a moment to end."""
        if self._begun is None:
            self._begun = pool.submit(self._act)
            self.first = bool(wait([self._begun], timeout=MOMENT).done)

    def __call__(self) -> Any:
        """Return what `act` returned, or raise what it raised. Fails when nobody came by."""
        assert self._begun, "nobody called what this waits for"
        return self._begun.result()


@contextmanager
def meanwhile(
    patch: pytest.MonkeyPatch, place: object, name: str, act: Callable[[], Any], *, after: bool = False
) -> Iterator[Other]:
    """Let another thread begin `act` when `place.name` is called first, before it does its work or `after` it.

    It gets a moment to end before the call goes on, for what it wants may be held by whoever calls. At the end it is
    waited for.
    """
    before, other = getattr(place, name), Other(act)

    def called(*given: Any, **named: Any) -> Any:
        if not after:
            other.come_by(pool)
        found = before(*given, **named)
        if after:
            other.come_by(pool)
        return found

    with ThreadPoolExecutor(1) as pool, patch.context() as patched:
        patched.setattr(place, name, called)
        yield other
    other()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Let all begin together; return what each returned, in the order given."""
    start = Barrier(len(acts))

    def begin(act: Callable[[], Any]) -> Any:
        start.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(begin, acts))
