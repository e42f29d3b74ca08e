"""Tables of the calamity plan."""

from plans.models.answers import Answer, Assignment, BusinessChange, IntervalSetting, PlanVersion, Waiver
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
    LineUse,
    PartyKind,
    System,
)
from plans.models.runbook import ActivationSign, Audience
from plans.models.upkeep import (
    InstructionReceipt,
    InstructionVersion,
    Outcome,
    RecoveryStep,
    RecoveryStepNeed,
    TestResult,
    TestResultSystem,
)

__all__ = [
    "ActivationSign",
    "Answer",
    "Asset",
    "AssetKind",
    "Assignment",
    "Audience",
    "BusinessChange",
    "Contact",
    "DataSet",
    "Department",
    "DepartmentDataSet",
    "DepartmentSystem",
    "ExternalParty",
    "InstructionReceipt",
    "InstructionVersion",
    "IntervalSetting",
    "LineUse",
    "Outcome",
    "PartyKind",
    "PlanVersion",
    "RecoveryStep",
    "RecoveryStepNeed",
    "System",
    "SystemNeed",
    "TestResult",
    "TestResultSystem",
    "Waiver",
]
