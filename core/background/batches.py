"""Work on many organisations, in batches handed to whoever runs them (core/background/runners.py).

A batch may be run more than once, and must bear it: what it did the second time is what it had done the first.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

# Organisations in one batch: enough to make queries count little, few enough to keep what is read in memory.
BATCH = 200


@dataclass(frozen=True, slots=True)
class BatchWork:
    """Something that is done to organisations, batch by batch. do: called with their ids, outside any transaction."""

    name: str
    do: Callable[[Sequence[int]], None]


@contextmanager
def uncollected() -> Iterator[None]:
    """Let no garbage be looked for meanwhile: what a batch reads is alive to its end, and goes by being counted.

    It was looked through again and again, for an eighth of what judging costs. What is left over by then is bounded by
    the batch. Whoever found the collector at work lets it go on, so that threads may do this at once.
    """
    works = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if works:
            gc.enable()
