"""What the audit does without being asked."""

from collections.abc import Callable, Iterable, Sequence

from audits.sweeping import sweep, waiting
from audits.sweeping.sweep import SweepResult
from core import clock
from core.background import runners
from core.background.batches import BATCH, BatchWork
from core.background.jobs import EVERY_MINUTE, NIGHTLY, Job


def judge(tenant_ids: Sequence[int]) -> None:
    """Judge these organisations, due or not. Those that cannot be judged are logged and keep their marks."""
    sweep.run(tenant_ids)


JUDGE = BatchWork("judge", judge)
BATCH_WORK = (JUDGE,)


class ChangedSweep:
    """Judge what changed and was not judged at once, such as after a crash in between.

    An organisation that cannot be judged waits until it changes again, or for the night: its mark stays, and trying
    every minute would only fill the log.
    """

    def __init__(self, judge: Callable[[Iterable[int]], SweepResult] = sweep.run) -> None:
        self.judge = judge
        self.failed: dict[int, int] = {}

    def __call__(self) -> None:
        """Judge once."""
        marks = waiting.marks()
        chosen = [tenant_id for tenant_id, seq in marks.items() if self.failed.get(tenant_id) != seq]
        runner = runners.runner_here()
        if runner.elsewhere and len(chosen) > BATCH:
            # What is being worked on is not handed over once more: it keeps its marks until it is done.
            if not runner.left(JUDGE):
                runners.hand(JUDGE, chosen)
        elif chosen:
            failed = self.judge(chosen).failed
            self.failed = {one: seq for one, seq in self.failed.items() if one not in chosen}
            self.failed |= {one: marks[one] for one in failed}


def nightly() -> None:
    """See to it that every organisation that is due is judged."""
    runners.hand(JUDGE, waiting.due(at=clock.now()))


JOBS = (
    Job("sweep", NIGHTLY, nightly),
    Job("sweep-changed", EVERY_MINUTE, ChangedSweep(), catch_up=False),
)
