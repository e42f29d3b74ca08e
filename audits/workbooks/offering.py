"""Which workbooks a page offers: those that something is kept for. The others it names, and whoever asks gets them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import sqlalchemy as sa

from audits.reach import reaches
from audits.workbooks import Report, open_reports
from continuity.models import Client, HandoverItem, Registration, SchemeContact
from core import db
from plans.models import (
    ActivationSign,
    Answer,
    Asset,
    Assignment,
    Audience,
    BackupCopy,
    BusinessChange,
    Calamity,
    Contact,
    Correction,
    DataSet,
    Department,
    ExternalParty,
    FollowUp,
    InstructionVersion,
    PlannedTest,
    RecoveryStep,
    System,
    TestResult,
    Waiver,
)
from tenants.models import PlanLink
from tenants.owned import TenantOwned

# By report, the tables of which one must hold anything; a report that is not here says something of everybody.
FILLED_BY: Mapping[str, tuple[type[TenantOwned], ...]] = MappingProxyType(
    {
        "plan": (Answer, Asset, Assignment, BackupCopy, Contact, ExternalParty, System, Waiver),
        "inventory": (Asset, Waiver),
        "contacts": (Contact, ExternalParty, SchemeContact),
        "processes": (Department, System, DataSet),
        "runbook": (Assignment, RecoveryStep, ActivationSign, Audience, ExternalParty),
        "tests": (BackupCopy, PlannedTest, TestResult, FollowUp),
        "upkeep": (InstructionVersion, BusinessChange, PlanLink, Correction),
        "calamities": (Calamity,),
        "scheme": (Registration,),
        "handovers": (HandoverItem,),
        "cover": (Client,),
    }
)


@dataclass(frozen=True, slots=True)
class Offered:
    """The workbooks of what is open. empty: those that nothing is kept for."""

    there: tuple[Report, ...]
    empty: tuple[Report, ...]


def offered() -> Offered:
    """Return which workbooks the open scope's rows fill, asked in one query."""
    found = open_reports()
    models = {model for report in found for model in FILLED_BY.get(report.name, ()) if reaches(model.__area__)}
    held = _held(sorted(models, key=lambda model: model.__name__))
    there = tuple(one for one in found if one.name not in FILLED_BY or held.intersection(FILLED_BY[one.name]))
    return Offered(there, tuple(one for one in found if one not in there))


def _held(models: list[type[TenantOwned]]) -> set[type[TenantOwned]]:
    """Return those of the tables that hold a row, also one that was put away."""
    if not models:
        return set()
    first = (sa.select(model.id).limit(1).scalar_subquery() for model in models)
    (row,) = db.session().execute(sa.select(*first))
    return {model for model, id_ in zip(models, row, strict=True) if id_ is not None}
