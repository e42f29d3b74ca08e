"""Frozen copies of a plan's rows: all that a rule may know. plans/loading.py fills them."""

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
from plans.facts.plan import NO_PLAN, NotLoaded, PlanFacts
from plans.facts.proving import CopyFact, FollowUpFact, LessonFact, PlannedFact, ResultFact
from plans.facts.registers import AssetFact, ContactFact, DataSetFact, DepartmentFact, NeedFact, PartyFact, SystemFact
from plans.facts.runbook import AudienceFact, InstructionFact, ReceiptFact, SignFact, StepFact, VersionFact

__all__ = [
    "NO_PLAN",
    "AnswerFact",
    "ApprovalFact",
    "AssetFact",
    "AssignmentFact",
    "AudienceFact",
    "ChangeFact",
    "ContactFact",
    "CopyFact",
    "DataSetFact",
    "DepartmentFact",
    "FollowUpFact",
    "InstructionFact",
    "LessonFact",
    "LookFact",
    "NeedFact",
    "NotLoaded",
    "OwnItemFact",
    "PartyFact",
    "PlanFacts",
    "PlannedFact",
    "ProposalFact",
    "ReceiptFact",
    "ResultFact",
    "SignFact",
    "StepFact",
    "SystemFact",
    "VersionFact",
    "WaiverFact",
]
