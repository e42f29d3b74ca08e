"""Load the facts of many plans in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from types import MappingProxyType
from typing import Any, TypeVar

import sqlalchemy as sa

from plans import models
from plans.backup import loading as copies
from plans.facts import (
    AnswerFact,
    ApprovalFact,
    AssetFact,
    AssignmentFact,
    AudienceFact,
    ChangeFact,
    ContactFact,
    DataSetFact,
    DepartmentFact,
    InstructionFact,
    LessonFact,
    LookFact,
    NeedFact,
    OwnItemFact,
    PartyFact,
    PlanFacts,
    ProposalFact,
    ReceiptFact,
    SignFact,
    StepFact,
    SystemFact,
    VersionFact,
    WaiverFact,
)
from plans.testing import loading as tests
from plans.versions.content import digest, load_contents
from tenants.prepared import FactRows, Prepared

F = TypeVar("F")

_ANSWERS = FactRows(models.Answer.tenant_id, AnswerFact)
_ASSIGNMENTS = FactRows(models.Assignment.tenant_id, AssignmentFact)
_WAIVERS = FactRows(
    models.Waiver.tenant_id,
    WaiverFact,
    models.Waiver.state == models.WaiverState.APPROVED,
    models.Waiver.ended_at.is_(None),
)
_CONTACTS = FactRows(models.Contact.tenant_id, ContactFact)
_PARTIES = FactRows(models.ExternalParty.tenant_id, PartyFact)
_DEPARTMENTS = FactRows(models.Department.tenant_id, DepartmentFact)
_SYSTEMS = FactRows(models.System.tenant_id, SystemFact)
_DATA_SETS = FactRows(models.DataSet.tenant_id, DataSetFact)
_ASSETS = FactRows(models.Asset.tenant_id, AssetFact)
_STEPS = FactRows(models.RecoveryStep.tenant_id, StepFact)
_CHANGES = FactRows(models.BusinessChange.tenant_id, ChangeFact)
_RECEIPTS = FactRows(models.InstructionReceipt.tenant_id, ReceiptFact)
_SYSTEM_NEEDS = FactRows(models.SystemNeed.tenant_id, NeedFact)
_LESSONS = FactRows(models.Lesson.tenant_id, LessonFact, models.Lesson.closed_on.is_(None))
_PROPOSALS = FactRows(models.StarterLine.tenant_id, ProposalFact, models.StarterLine.settled_on.is_(None))
_OWN_ITEMS = FactRows(models.OwnItem.tenant_id, OwnItemFact)
_APPROVALS = FactRows(models.PaymentApproval.tenant_id, ApprovalFact)
_SIGNS = FactRows(models.ActivationSign.tenant_id, SignFact)
_AUDIENCES = FactRows(models.Audience.tenant_id, AudienceFact)
_USES = Prepared(
    sa.select(
        models.DepartmentSystem.tenant_id, models.DepartmentSystem.department_id, models.DepartmentSystem.system_id
    )
)
_NEEDS = Prepared(
    sa.select(
        models.DepartmentDataSet.tenant_id, models.DepartmentDataSet.department_id, models.DepartmentDataSet.data_set_id
    )
)
_INTERVALS = Prepared(
    sa.select(models.IntervalSetting.tenant_id, models.IntervalSetting.name, models.IntervalSetting.days)
)
_VERSIONS = Prepared(
    sa.select(
        models.PlanVersion.tenant_id,
        models.PlanVersion.number,
        models.PlanVersion.published_on,
        models.PlanVersion.digest,
        models.PlanProposal.approved_on,
    ).outerjoin(
        models.PlanProposal,
        (models.PlanProposal.tenant_id == models.PlanVersion.tenant_id)
        & (models.PlanProposal.version_id == models.PlanVersion.id),
    )
)
_INSTRUCTIONS = Prepared(
    sa.select(
        models.InstructionVersion.tenant_id,
        models.InstructionVersion.id,
        models.InstructionVersion.number,
        models.InstructionVersion.published_on,
        models.InstructionVersion.parts,
    )
)
_LOOKS = Prepared(
    sa.select(
        models.ChangedItem.tenant_id,
        models.ChangedItem.item_id,
        models.BusinessChange.id,
        models.BusinessChange.what,
        models.BusinessChange.reported_on,
    )
    .join(
        models.BusinessChange,
        (models.BusinessChange.tenant_id == models.ChangedItem.tenant_id)
        & (models.BusinessChange.id == models.ChangedItem.change_id),
    )
    .where(models.ChangedItem.settled_on.is_(None), models.BusinessChange.archived_at.is_(None))
)
_FACT_ROWS: tuple[FactRows[Any], ...] = (
    _ANSWERS, _ASSIGNMENTS, _WAIVERS, _CONTACTS, _PARTIES, _DEPARTMENTS, _SYSTEMS, _DATA_SETS, _ASSETS, _STEPS,
    _CHANGES, _RECEIPTS, _SYSTEM_NEEDS, _LESSONS, _PROPOSALS, _OWN_ITEMS, _APPROVALS, _SIGNS, _AUDIENCES,
)  # fmt: skip


def selects() -> tuple[Prepared, ...]:
    """Return everything load() reads of every plan: the same rows of these give the same facts, but for the digest.

    The first column of each tells whose the row is.
    """
    here = (*(rows.select for rows in _FACT_ROWS), _USES, _NEEDS, _INTERVALS, _VERSIONS, _INSTRUCTIONS, _LOOKS)
    return (*here, *copies.SELECTS, *tests.SELECTS)


def _pairs(select: Prepared, tenant_ids: Sequence[int]) -> dict[int, list[tuple[Any, Any]]]:
    found: dict[int, list[tuple[Any, Any]]] = defaultdict(list)
    for one, first, second in select.rows(tenant_ids):
        found[one].append((first, second))
    return found


def _versions(tenant_ids: Sequence[int]) -> dict[int, list[VersionFact]]:
    found: dict[int, list[VersionFact]] = defaultdict(list)
    for row in _VERSIONS.rows(tenant_ids):
        found[row[0]].append(VersionFact._make(row[1:]))
    return found


def _digests(tenant_ids: Sequence[int]) -> dict[int, str]:
    """Return the fingerprint of what each plan says now. It opens all of it: only for whom it is compared."""
    return {one: digest(content) for one, content in load_contents(tenant_ids).items()} if tenant_ids else {}


def _instructions(tenant_ids: Sequence[int]) -> dict[int, list[InstructionFact]]:
    found: dict[int, list[InstructionFact]] = defaultdict(list)
    for one, row_id, number, published_on, parts in _INSTRUCTIONS.rows(tenant_ids):
        found[one].append(InstructionFact(row_id, number, published_on, frozenset(parts)))
    return found


def _looks(tenant_ids: Sequence[int]) -> dict[int, list[LookFact]]:
    """Return the items that nobody looked at yet since a change that was not put away."""
    found: dict[int, list[LookFact]] = defaultdict(list)
    for one, item_id, change_id, what, reported_on in _LOOKS.rows(tenant_ids):
        found[one].append(LookFact(item_id, change_id, what, reported_on))
    return found


@dataclass(frozen=True, slots=True)
class Part:
    """One field of PlanFacts. load: its rows by organisation; arrange: puts those of one organisation in order."""

    field: str
    load: Callable[[Sequence[int]], Mapping[int, list[Any]]]
    arrange: Callable[[list[Any]], Any]


def _sorted(*names: str) -> Callable[[Iterable[F]], tuple[F, ...]]:
    """Return what puts facts in the order of these fields."""
    key = attrgetter(*names)
    return lambda found: tuple(sorted(found, key=key))


def _grouped(by: str, *names: str) -> Callable[[Iterable[Any]], dict[Any, tuple[Any, ...]]]:
    """Return what puts facts in groups by one field, each in the order of the others."""
    group, put = attrgetter(by), _sorted(*names)

    def arrange(found: Iterable[Any]) -> dict[Any, tuple[Any, ...]]:
        groups: dict[Any, list[Any]] = defaultdict(list)
        for fact in put(found):
            groups[group(fact)].append(fact)
        return {name: tuple(members) for name, members in groups.items()}

    return arrange


def _named(*names: str) -> Callable[[Iterable[Any]], dict[Any, Any]]:
    """Return what makes facts findable by these fields."""
    key = attrgetter(*names)
    return lambda found: {key(fact): fact for fact in found}


_BY_NAME = _sorted("name", "id")
PARTS = (
    Part("answers", _ANSWERS.load, _named("item_id")),
    Part("assignments", _ASSIGNMENTS.load, _named("item_id", "seat")),
    Part("waivers", _WAIVERS.load, _sorted("item_id", "part")),
    Part("contacts", _CONTACTS.load, lambda found: _named("id")(_BY_NAME(found))),
    Part("parties", _PARTIES.load, _BY_NAME),
    Part("departments", _DEPARTMENTS.load, _BY_NAME),
    Part("systems", _SYSTEMS.load, _BY_NAME),
    Part("data_sets", _DATA_SETS.load, _BY_NAME),
    Part("department_systems", partial(_pairs, _USES), frozenset),
    Part("department_data_sets", partial(_pairs, _NEEDS), frozenset),
    Part("assets", _ASSETS.load, _grouped("kind", "name", "id")),
    Part("results", tests.load_results, _grouped("item_id", "done_on", "id")),
    Part("steps", _STEPS.load, _sorted("position", "id")),
    Part("versions", _versions, _sorted("number")),
    Part("changes", _CHANGES.load, _sorted("reported_on", "id")),
    Part("instructions", _instructions, _sorted("number")),
    Part("receipts", _RECEIPTS.load, tuple),
    Part("intervals", partial(_pairs, _INTERVALS), dict),
    Part("needs", _SYSTEM_NEEDS.load, frozenset),
    Part("copies", copies.load_copies, _BY_NAME),
    Part("planned", tests.load_planned, _sorted("planned_on", "id")),
    Part("follow_ups", tests.load_follow_ups, _sorted("due_on", "id")),
    Part("own_items", _OWN_ITEMS.load, _sorted("id")),
    Part("proposals", _PROPOSALS.load, _sorted("item_id", "row_id")),
    Part("lessons", _LESSONS.load, _sorted("due_on", "id")),
    Part("looks", _looks, _sorted("reported_on", "change_id", "item_id")),
    Part("approvals", _APPROVALS.load, _sorted("number")),
    Part("signs", _SIGNS.load, _sorted("id")),
    Part("audiences", _AUDIENCES.load, _BY_NAME),
)


def load(tenant_ids: Sequence[int], said: Mapping[int, str] = MappingProxyType({})) -> dict[int, PlanFacts]:
    """Load the plans of the open scope's organisations `tenant_ids`, in a number of queries that never grows.

    said: fingerprints of what plans say, where the caller knows that they say it still; the others are made.
    Lists are ordered by name or number, so that the same rows give the same facts.
    """
    found = [(part, part.load(tenant_ids)) for part in PARTS]
    plans = {
        one: PlanFacts(**{part.field: part.arrange(rows.get(one, [])) for part, rows in found}) for one in tenant_ids
    }
    approved = [one for one, plan in plans.items() if any(fact.approved_on for fact in plan.versions)]
    known = {one: said[one] for one in approved if said.get(one)}
    made = _digests([one for one in approved if one not in known])
    return plans | {one: replace(plans[one], digest=digest) for one, digest in (known | made).items()}
