"""Work on many organisations, in batches handed to whoever runs them (core/background/runners.py).

A batch may be run more than once, and must bear it: what it did the second time is what it had done the first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

# Organisations in one batch: enough to make queries count little, few enough to keep what is read in memory.
BATCH = 200


@dataclass(frozen=True, slots=True)
class BatchWork:
    """Something that is done to organisations, batch by batch. do: called with their ids, outside any transaction."""

    name: str
    do: Callable[[Sequence[int]], None]
