"""Tables of the calamity plan."""

from plans.models.answers import Answer, Assignment, IntervalSetting, PlanVersion, Waiver, WaiverState
from plans.models.backup import (
    BackupCopy,
    BackupCopySystem,
    CloudIn,
    CopyOf,
    CopySighting,
    Keeping,
    MadeEvery,
    Sighted,
)
from plans.models.calamity import Calamity, CalamityEntry, EntryKind, Lesson
from plans.models.changes import BusinessChange, ChangedItem, Happening
from plans.models.corrections import Correction
from plans.models.licences import LicenceKeeper
from plans.models.own import LineKind, OwnItem, OwnKind, StarterLine
from plans.models.payments import PaymentApproval
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
    SecondStep,
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
    "BackupCopySystem",
    "BusinessChange",
    "Calamity",
    "CalamityEntry",
    "ChangedItem",
    "CloudIn",
    "Contact",
    "CopyOf",
    "CopySighting",
    "Correction",
    "DataSet",
    "Department",
    "DepartmentDataSet",
    "DepartmentSystem",
    "EntryKind",
    "ExternalParty",
    "FollowUp",
    "Happening",
    "Impact",
    "InstructionReceipt",
    "InstructionVersion",
    "IntervalSetting",
    "Keeping",
    "Lesson",
    "LicenceKeeper",
    "LineKind",
    "LineUse",
    "MadeEvery",
    "Outcome",
    "OwnItem",
    "OwnKind",
    "PartyKind",
    "PaymentApproval",
    "PlanContent",
    "PlanProposal",
    "PlanVersion",
    "PlannedTest",
    "ProposalState",
    "RecoveryStep",
    "RecoveryStepNeed",
    "SampleOf",
    "SecondStep",
    "Sighted",
    "StarterLine",
    "System",
    "SystemNeed",
    "TestEvidence",
    "TestResult",
    "TestResultSystem",
    "Waiver",
    "WaiverState",
]
