"""Everything a rule may know of one plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from plans.facts.answers import (
    AnswerFact,
    ApprovalFact,
    AssignmentFact,
    ChangeFact,
    LookFact,
    OwnItemFact,
    ProposalFact,
    WaiverFact,
)
from plans.facts.proving import CopyFact, FollowUpFact, LessonFact, PlannedFact, ResultFact
from plans.facts.registers import AssetFact, ContactFact, DataSetFact, DepartmentFact, NeedFact, PartyFact, SystemFact
from plans.facts.runbook import AudienceFact, InstructionFact, ReceiptFact, SignFact, StepFact, VersionFact
from plans.models import AssetKind


class NotLoaded:
    """Stands where facts were not asked for. Whoever uses it all the same is told: nothing there is not "none"."""

    def __init__(self, field: str) -> None:
        """Keep what was not loaded."""
        self._field = field

    def _refuse(self, *_told: object) -> Any:
        raise LookupError(f"{self._field} was not loaded")

    __bool__ = __len__ = __iter__ = __contains__ = __getitem__ = __getattr__ = __eq__ = __hash__ = _refuse


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """Everything a rule may know of one organisation's plan."""

    answers: Mapping[str, AnswerFact]
    assignments: Mapping[tuple[str, str], AssignmentFact]
    waivers: tuple[WaiverFact, ...]
    contacts: Mapping[UUID, ContactFact]
    parties: tuple[PartyFact, ...]
    departments: tuple[DepartmentFact, ...]
    systems: tuple[SystemFact, ...]
    data_sets: tuple[DataSetFact, ...]
    department_systems: frozenset[tuple[UUID, UUID]]
    department_data_sets: frozenset[tuple[UUID, UUID]]
    assets: Mapping[AssetKind, tuple[AssetFact, ...]]
    results: Mapping[str, tuple[ResultFact, ...]]
    steps: tuple[StepFact, ...]
    versions: tuple[VersionFact, ...]
    changes: tuple[ChangeFact, ...]
    instructions: tuple[InstructionFact, ...]
    receipts: tuple[ReceiptFact, ...]
    intervals: Mapping[str, int]
    needs: frozenset[NeedFact] = frozenset()
    copies: tuple[CopyFact, ...] = ()
    planned: tuple[PlannedFact, ...] = ()
    follow_ups: tuple[FollowUpFact, ...] = ()
    lessons: tuple[LessonFact, ...] = ()
    # Fingerprint of what the plan says now; "" where no version was approved, with which it could be compared.
    digest: str = ""
    proposals: tuple[ProposalFact, ...] = ()
    own_items: tuple[OwnItemFact, ...] = ()
    approvals: tuple[ApprovalFact, ...] = ()
    looks: tuple[LookFact, ...] = ()
    signs: tuple[SignFact, ...] = ()
    audiences: tuple[AudienceFact, ...] = ()
    # Items at which anything was entered, by the name of the facts that tell it; of those it does not name they tell.
    entered: Mapping[str, Sequence[str]] = field(default_factory=dict)


# What is known of a plan that is closed to the reader.
NO_PLAN = PlanFacts(
    answers={},
    assignments={},
    waivers=(),
    contacts={},
    parties=(),
    departments=(),
    systems=(),
    data_sets=(),
    department_systems=frozenset(),
    department_data_sets=frozenset(),
    assets={},
    results={},
    steps=(),
    versions=(),
    changes=(),
    instructions=(),
    receipts=(),
    intervals={},
)
