"""What restores proved: of each system, on which day and how long it took."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from plans.facts import ResultFact
from plans.models import Outcome

MINUTES = 60


@dataclass(frozen=True, slots=True)
class Proof:
    """The newest restore that brought a system back. minutes: None when nobody measured it."""

    done_on: date
    minutes: int | None

    def slower_than(self, rto_hours: int | None) -> bool:
        """Tell whether it took longer than the system may be away."""
        return self.minutes is not None and rto_hours is not None and self.minutes > rto_hours * MINUTES


def proofs(results: Iterable[ResultFact], today: date) -> dict[UUID, Proof]:
    """Return by system the newest restore that was passed. results: those of the restore test; until `today`."""
    found: dict[UUID, Proof] = {}
    for result in sorted(results, key=lambda one: (one.done_on, one.id)):
        if result.outcome is Outcome.PASSED and result.done_on <= today:
            found |= dict.fromkeys(result.system_ids, Proof(result.done_on, result.minutes))
    return found


def hours_text(minutes: int | None) -> str:
    """Write minutes as hours and minutes: 2:35."""
    return "" if minutes is None else f"{minutes // MINUTES}:{minutes % MINUTES:02}"
