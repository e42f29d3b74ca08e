"""Tables of the calamity plan."""

from plans.models.answers import Answer, Assignment, BusinessChange, IntervalSetting, PlanVersion, Waiver
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
from plans.models.upkeep import (
    InstructionReceipt,
    InstructionVersion,
    Outcome,
    RecoveryStep,
    TestResult,
    TestResultSystem,
)

__all__ = [
    "Answer",
    "Asset",
    "AssetKind",
    "Assignment",
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
    "System",
    "TestResult",
    "TestResultSystem",
    "Waiver",
]
