"""What the audit does without being asked."""

from collections.abc import Callable, Iterable

from audits import sweep, waiting
from audits.sweep import SweepResult
from core.jobs import EVERY_MINUTE, NIGHTLY, Job


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
        if chosen:
            failed = self.judge(chosen).failed
            self.failed = {one: seq for one, seq in self.failed.items() if one not in chosen}
            self.failed |= {one: marks[one] for one in failed}


def nightly() -> None:
    """Judge every organisation that is due."""
    sweep.run()


JOBS = (
    Job("sweep", NIGHTLY, nightly),
    Job("sweep-changed", EVERY_MINUTE, ChangedSweep(), catch_up=False),
)
