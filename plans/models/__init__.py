"""Tables of the calamity plan."""

from plans.models.answers import Answer, Assignment, BusinessChange, IntervalSetting, PlanVersion, Waiver
from plans.models.backup import BackupCopy, CopyOf, CopySighting, Keeping, Sighted
from plans.models.calamity import Calamity, CalamityEntry, EntryKind, Lesson
from plans.models.own import LineKind, OwnItem, OwnKind, StarterLine
from plans.models.processes import SystemNeed
from plans.models.registers import (
    Asset,
    AssetKind,
    Contact,
    DataSet,
    Department,
    DepartmentDataSet,
    DepartmentSystem,
    ExternalParty,
    Impact,
    LineUse,
    PartyKind,
    System,
)
from plans.models.runbook import ActivationSign, Audience
from plans.models.testing import FollowUp, PlannedTest, SampleOf, TestEvidence
from plans.models.upkeep import (
    InstructionReceipt,
    InstructionVersion,
    Outcome,
    RecoveryStep,
    RecoveryStepNeed,
    TestResult,
    TestResultSystem,
)
from plans.models.versions import PlanContent, PlanProposal, ProposalState

__all__ = [
    "ActivationSign",
    "Answer",
    "Asset",
    "AssetKind",
    "Assignment",
    "Audience",
    "BackupCopy",
    "BusinessChange",
    "Calamity",
    "CalamityEntry",
    "Contact",
    "CopyOf",
    "CopySighting",
    "DataSet",
    "Department",
    "DepartmentDataSet",
    "DepartmentSystem",
    "EntryKind",
    "ExternalParty",
    "FollowUp",
    "Impact",
    "InstructionReceipt",
    "InstructionVersion",
    "IntervalSetting",
    "Keeping",
    "Lesson",
    "LineKind",
    "LineUse",
    "Outcome",
    "OwnItem",
    "OwnKind",
    "PartyKind",
    "PlanContent",
    "PlanProposal",
    "PlanVersion",
    "PlannedTest",
    "ProposalState",
    "RecoveryStep",
    "RecoveryStepNeed",
    "SampleOf",
    "Sighted",
    "StarterLine",
    "System",
    "SystemNeed",
    "TestEvidence",
    "TestResult",
    "TestResultSystem",
    "Waiver",
]
