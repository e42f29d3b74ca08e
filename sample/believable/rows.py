"""Rows waiting to be inserted: every column told, so that one statement takes a thousand of them."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapper

from continuity import models as scheme
from core.vault import Owned, SealedType
from plans import models as plan
from sample.believable.dice import Dice
from tenants.models import ManagementGrant, Membership
from tenants.owned import TenantOwned

# Parents before the rows that name them.
ORDER: tuple[type[TenantOwned], ...] = (
    Membership,
    ManagementGrant,
    plan.Contact,
    plan.ExternalParty,
    plan.Department,
    plan.System,
    plan.DataSet,
    plan.SystemNeed,
    plan.DepartmentSystem,
    plan.DepartmentDataSet,
    plan.Asset,
    plan.OwnItem,
    plan.Answer,
    plan.StarterLine,
    plan.Assignment,
    plan.Waiver,
    plan.PlanContent,
    plan.PlanVersion,
    plan.PlanProposal,
    plan.BusinessChange,
    plan.TestResult,
    plan.TestResultSystem,
    plan.PlannedTest,
    plan.FollowUp,
    plan.BackupCopy,
    plan.BackupCopySystem,
    plan.CopySighting,
    plan.RecoveryStep,
    plan.RecoveryStepNeed,
    plan.ActivationSign,
    plan.Audience,
    plan.InstructionVersion,
    plan.InstructionReceipt,
    scheme.Registration,
    scheme.Agreement,
    scheme.Counterparty,
    scheme.SchemeContact,
    scheme.DeedVersion,
    scheme.Client,
    scheme.Acceptance,
    scheme.HandoverItem,
    scheme.HandoverDelivery,
)
Row = dict[str, Any]


@cache
def _blank(mapper: Mapper[Any]) -> Row:
    """Return a row of a model as it is when nothing is filled in."""
    found: Row = {}
    for attribute in mapper.column_attrs:
        default = attribute.columns[0].default
        found[attribute.key] = default.arg if default is not None and default.is_scalar else None
    return found


@cache
def _sealed(mapper: Mapper[Any]) -> tuple[str, ...]:
    """Return the attributes that are kept encrypted."""
    return tuple(found.key for found in mapper.column_attrs if isinstance(found.columns[0].type, SealedType))


class Rows:
    """The rows of one or more organisations, by model."""

    def __init__(self) -> None:
        self._found: dict[type[TenantOwned], list[Row]] = defaultdict(list)

    def add(self, model: type[TenantOwned], tenant_id: int, dice: Dice, row: Row) -> UUID:
        """Add a row and return its id. row: what differs from an empty one, by attribute."""
        row_id = dice.id()
        mapper = sa.inspect(model)
        full = {**_blank(mapper), "tenant_id": tenant_id, "id": row_id, **row}
        # One statement inserts rows of many organisations, so each value says whose it is.
        self._found[model].append(full | {name: Owned(tenant_id, full[name]) for name in _sealed(mapper)})
        return row_id

    def in_order(self) -> Iterator[tuple[type[TenantOwned], list[Row]]]:
        """Yield each model with its rows, parents first."""
        for model in ORDER:
            if self._found[model]:
                yield model, self._found[model]
