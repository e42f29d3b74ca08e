"""Who runs batches: this process, or workers on any machine. Why: docs/decisions/batches-and-workers.md."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Protocol

from flask import current_app

from core.background.batches import BATCH, BatchWork
from core.settings import BatchesBy, Settings


class BatchRunner(Protocol):
    """Whoever runs batches. elsewhere: whether other processes do."""

    elsewhere: bool

    def hand(self, work: BatchWork, batches: Sequence[Sequence[int]]) -> None:
        """See to it that `work` is done to each of `batches`; return when it is done, or is safe with others."""

    def left(self, work: BatchWork) -> int:
        """Return how many batches of `work` others wait for or work on."""


class OwnProcess:
    """Runs each batch itself, at once, one after the other."""

    elsewhere = False

    def hand(self, work: BatchWork, batches: Sequence[Sequence[int]]) -> None:
        """Do `work` to each of `batches`."""
        for batch in batches:
            work.do(batch)

    def left(self, _work: BatchWork) -> int:
        """Return 0: nobody else has any."""
        return 0


def runner_here() -> BatchRunner:
    """Return who runs batches for the running application, as its settings choose."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.runner is BatchesBy.OWN:
        return OwnProcess()
    from core.background.workers import Workers  # most processes never hand anything over

    return Workers(settings.database_url)


def hand(work: BatchWork, tenant_ids: Iterable[int]) -> None:
    """Have `work` done to all of `tenant_ids`."""
    rest = iter(tenant_ids)
    batches = list(iter(lambda: list(islice(rest, BATCH)), []))
    if batches:
        runner_here().hand(work, batches)
