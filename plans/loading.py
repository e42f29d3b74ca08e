"""Load the facts of many plans in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa

from plans import models
from plans.backup.loading import load_copies
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
from plans.testing.loading import load_follow_ups, load_planned, load_results
from plans.versions.content import digest, load_contents
from tenants.prepared import FactRows, Prepared

F = TypeVar("F")

_ANSWERS = FactRows(models.Answer.tenant_id, AnswerFact)
_ASSIGNMENTS = FactRows(models.Assignment.tenant_id, AssignmentFact)
_WAIVERS = FactRows(models.Waiver.tenant_id, WaiverFact, models.Waiver.ended_at.is_(None))
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


def load(tenant_ids: Sequence[int]) -> dict[int, PlanFacts]:
    """Load the plans of the open scope's organisations `tenant_ids`, in a number of queries that never grows.

    Lists are ordered by name or number, so that the same rows give the same facts.
    """
    answers = _ANSWERS.load(tenant_ids)
    assignments = _ASSIGNMENTS.load(tenant_ids)
    waivers = _WAIVERS.load(tenant_ids)
    contacts = _CONTACTS.load(tenant_ids)
    parties = _PARTIES.load(tenant_ids)
    departments = _DEPARTMENTS.load(tenant_ids)
    systems = _SYSTEMS.load(tenant_ids)
    data_sets = _DATA_SETS.load(tenant_ids)
    uses = _pairs(_USES, tenant_ids)
    needs = _pairs(_NEEDS, tenant_ids)
    assets = _ASSETS.load(tenant_ids)
    results = load_results(tenant_ids)
    steps = _STEPS.load(tenant_ids)
    versions = _versions(tenant_ids)
    digests = _digests([one for one in tenant_ids if any(fact.approved_on for fact in versions[one])])
    changes = _CHANGES.load(tenant_ids)
    instructions = _instructions(tenant_ids)
    receipts = _RECEIPTS.load(tenant_ids)
    system_needs = _SYSTEM_NEEDS.load(tenant_ids)
    copies = load_copies(tenant_ids)
    lessons = _LESSONS.load(tenant_ids)
    planned, follow_ups = load_planned(tenant_ids), load_follow_ups(tenant_ids)
    proposals = _PROPOSALS.load(tenant_ids)
    own_items = _OWN_ITEMS.load(tenant_ids)
    approvals = _APPROVALS.load(tenant_ids)
    looks = _looks(tenant_ids)
    signs = _SIGNS.load(tenant_ids)
    audiences = _AUDIENCES.load(tenant_ids)
    intervals = _pairs(_INTERVALS, tenant_ids)
    return {
        one: PlanFacts(
            answers={fact.item_id: fact for fact in answers[one]},
            assignments={(fact.item_id, fact.seat): fact for fact in assignments[one]},
            waivers=_sorted(waivers[one], lambda fact: (fact.item_id, fact.part)),
            contacts={fact.id: fact for fact in _sorted(contacts[one], lambda fact: (fact.name, fact.id))},
            parties=_sorted(parties[one], lambda fact: (fact.name, fact.id)),
            departments=_sorted(departments[one], lambda fact: (fact.name, fact.id)),
            systems=_sorted(systems[one], lambda fact: (fact.name, fact.id)),
            data_sets=_sorted(data_sets[one], lambda fact: (fact.name, fact.id)),
            department_systems=frozenset(uses[one]),
            department_data_sets=frozenset(needs[one]),
            assets=_grouped(_sorted(assets[one], lambda fact: (fact.name, fact.id)), lambda fact: fact.kind),
            results=_grouped(_sorted(results[one], lambda fact: (fact.done_on, fact.id)), lambda fact: fact.item_id),
            steps=_sorted(steps[one], lambda fact: (fact.position, fact.id)),
            versions=_sorted(versions[one], lambda fact: fact.number),
            changes=_sorted(changes[one], lambda fact: (fact.reported_on, fact.id)),
            instructions=_sorted(instructions[one], lambda fact: fact.number),
            receipts=tuple(receipts[one]),
            intervals=dict(intervals[one]),
            needs=frozenset(system_needs[one]),
            copies=_sorted(copies[one], lambda fact: (fact.name, fact.id)),
            planned=_sorted(planned[one], lambda fact: (fact.planned_on, fact.id)),
            follow_ups=_sorted(follow_ups[one], lambda fact: (fact.due_on, fact.id)),
            digest=digests.get(one, ""),
            own_items=_sorted(own_items[one], lambda fact: fact.id),
            proposals=_sorted(proposals[one], lambda fact: (fact.item_id, fact.row_id)),
            lessons=_sorted(lessons[one], lambda fact: (fact.due_on, fact.id)),
            looks=_sorted(looks[one], lambda fact: (fact.reported_on, fact.change_id, fact.item_id)),
            approvals=_sorted(approvals[one], lambda fact: fact.number),
            signs=_sorted(signs[one], lambda fact: fact.id),
            audiences=_sorted(audiences[one], lambda fact: (fact.name, fact.id)),
        )
        for one in tenant_ids
    }


def _pairs(select: Prepared, tenant_ids: Sequence[int]) -> dict[int, list[tuple[Any, Any]]]:
    found: dict[int, list[tuple[Any, Any]]] = defaultdict(list)
    for one, first, second in select.rows(tenant_ids):
        found[one].append((first, second))
    return found


def _versions(tenant_ids: Sequence[int]) -> dict[int, list[VersionFact]]:
    found: dict[int, list[VersionFact]] = defaultdict(list)
    for row in _VERSIONS.rows(tenant_ids):
        found[row[0]].append(VersionFact(*row[1:]))
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


def _sorted(found: Iterable[F], key: Callable[[F], Any]) -> tuple[F, ...]:
    return tuple(sorted(found, key=key))


def _grouped(found: Iterable[F], key: Callable[[F], Any]) -> dict[Any, tuple[F, ...]]:
    groups: dict[Any, list[F]] = defaultdict(list)
    for fact in found:
        groups[key(fact)].append(fact)
    return {name: tuple(members) for name, members in groups.items()}
