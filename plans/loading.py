"""Load the facts of many plans in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from core import db
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
    ResultFact,
    SignFact,
    StepFact,
    SystemFact,
    VersionFact,
    WaiverFact,
)
from plans.testing.loading import load_follow_ups, load_planned
from plans.versions.content import digest, load_contents

F = TypeVar("F")


def load(tenant_ids: Sequence[int]) -> dict[int, PlanFacts]:
    """Load the plans of the open scope's organisations `tenant_ids`, in a number of queries that never grows.

    Lists are ordered by name or number, so that the same rows give the same facts.
    """
    answers = _rows(tenant_ids, models.Answer, AnswerFact)
    assignments = _rows(tenant_ids, models.Assignment, AssignmentFact)
    waivers = _rows(tenant_ids, models.Waiver, WaiverFact, models.Waiver.ended_at.is_(None))
    contacts = _rows(tenant_ids, models.Contact, ContactFact)
    parties = _rows(tenant_ids, models.ExternalParty, PartyFact)
    departments = _rows(tenant_ids, models.Department, DepartmentFact)
    systems = _rows(tenant_ids, models.System, SystemFact)
    data_sets = _rows(tenant_ids, models.DataSet, DataSetFact)
    uses = _pairs(tenant_ids, models.DepartmentSystem.department_id, models.DepartmentSystem.system_id)
    needs = _pairs(tenant_ids, models.DepartmentDataSet.department_id, models.DepartmentDataSet.data_set_id)
    assets = _rows(tenant_ids, models.Asset, AssetFact)
    covered = _pairs(tenant_ids, models.TestResultSystem.test_result_id, models.TestResultSystem.system_id)
    results = _results(tenant_ids, covered)
    steps = _rows(tenant_ids, models.RecoveryStep, StepFact)
    versions = _versions(tenant_ids)
    digests = _digests([one for one in tenant_ids if any(fact.approved_on for fact in versions[one])])
    changes = _rows(tenant_ids, models.BusinessChange, ChangeFact)
    instructions = _instructions(tenant_ids)
    receipts = _rows(tenant_ids, models.InstructionReceipt, ReceiptFact)
    system_needs = _rows(tenant_ids, models.SystemNeed, NeedFact)
    copies = load_copies(tenant_ids)
    lessons = _rows(tenant_ids, models.Lesson, LessonFact, models.Lesson.closed_on.is_(None))
    planned, follow_ups = load_planned(tenant_ids), load_follow_ups(tenant_ids)
    proposals = _rows(tenant_ids, models.StarterLine, ProposalFact, models.StarterLine.settled_on.is_(None))
    own_items = _rows(tenant_ids, models.OwnItem, OwnItemFact)
    approvals = _rows(tenant_ids, models.PaymentApproval, ApprovalFact)
    looks = _looks(tenant_ids)
    signs = _rows(tenant_ids, models.ActivationSign, SignFact)
    audiences = _rows(tenant_ids, models.Audience, AudienceFact)
    intervals = _pairs(tenant_ids, models.IntervalSetting.name, models.IntervalSetting.days)
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


def _rows(tenant_ids: Sequence[int], model: Any, fact: type[F], *where: Any) -> dict[int, list[F]]:
    """Return facts by organisation; a fact's fields are the columns of the same name. Archived rows are no facts.

    A field `has_x` tells whether column x is filled in, which the database can tell without opening it.
    """
    columns = [_column(model, field.name) for field in fields(fact)]  # type: ignore[arg-type]
    query = sa.select(model.tenant_id, *columns).where(model.tenant_id.in_(tenant_ids), *where)
    if hasattr(model, "archived_at"):
        query = query.where(model.archived_at.is_(None))
    found: dict[int, list[F]] = defaultdict(list)
    for row in db.session().execute(query):
        found[row[0]].append(fact(*row[1:]))
    return found


def _column(model: Any, name: str) -> Any:
    return getattr(model, name.removeprefix("has_")) != "" if name.startswith("has_") else getattr(model, name)


def _pairs(tenant_ids: Sequence[int], left: Any, right: Any) -> dict[int, list[tuple[Any, Any]]]:
    owner = left.class_.tenant_id
    found: dict[int, list[tuple[Any, Any]]] = defaultdict(list)
    for one, first, second in db.session().execute(sa.select(owner, left, right).where(owner.in_(tenant_ids))):
        found[one].append((first, second))
    return found


def _results(tenant_ids: Sequence[int], covered: Mapping[int, list[tuple[UUID, UUID]]]) -> dict[int, list[ResultFact]]:
    model = models.TestResult
    query = sa.select(
        model.tenant_id, model.id, model.item_id, model.done_on, model.outcome, model.cost, model.note, model.minutes
    ).where(model.tenant_id.in_(tenant_ids), model.archived_at.is_(None))
    systems: dict[UUID, set[UUID]] = defaultdict(set)
    for pairs in covered.values():
        for result_id, system_id in pairs:
            systems[result_id].add(system_id)
    found: dict[int, list[ResultFact]] = defaultdict(list)
    for row in db.session().execute(query):
        found[row[0]].append(ResultFact(*row[1:7], frozenset(systems[row.id]), row.minutes))
    return found


def _versions(tenant_ids: Sequence[int]) -> dict[int, list[VersionFact]]:
    version, proposal = models.PlanVersion, models.PlanProposal
    query = (
        sa.select(version.tenant_id, version.number, version.published_on, version.digest, proposal.approved_on)
        .outerjoin(proposal, (proposal.tenant_id == version.tenant_id) & (proposal.version_id == version.id))
        .where(version.tenant_id.in_(tenant_ids))
    )
    found: dict[int, list[VersionFact]] = defaultdict(list)
    for row in db.session().execute(query):
        found[row[0]].append(VersionFact(*row[1:]))
    return found


def _digests(tenant_ids: Sequence[int]) -> dict[int, str]:
    """Return the fingerprint of what each plan says now. It opens all of it: only for whom it is compared."""
    return {one: digest(content) for one, content in load_contents(tenant_ids).items()} if tenant_ids else {}


def _instructions(tenant_ids: Sequence[int]) -> dict[int, list[InstructionFact]]:
    model = models.InstructionVersion
    query = sa.select(model.tenant_id, model.id, model.number, model.published_on, model.parts)
    found: dict[int, list[InstructionFact]] = defaultdict(list)
    for one, row_id, number, published_on, parts in db.session().execute(query.where(model.tenant_id.in_(tenant_ids))):
        found[one].append(InstructionFact(row_id, number, published_on, frozenset(parts)))
    return found


def _looks(tenant_ids: Sequence[int]) -> dict[int, list[LookFact]]:
    """Return the items that nobody looked at yet since a change that was not put away."""
    row, change = models.ChangedItem, models.BusinessChange
    query = (
        sa.select(row.tenant_id, row.item_id, change.id, change.what, change.reported_on)
        .join(change, (change.tenant_id == row.tenant_id) & (change.id == row.change_id))
        .where(row.tenant_id.in_(tenant_ids), row.settled_on.is_(None), change.archived_at.is_(None))
    )
    found: dict[int, list[LookFact]] = defaultdict(list)
    for one, item_id, change_id, what, reported_on in db.session().execute(query):
        found[one].append(LookFact(item_id, change_id, what, reported_on))
    return found


def _sorted(found: Iterable[F], key: Callable[[F], Any]) -> tuple[F, ...]:
    return tuple(sorted(found, key=key))


def _grouped(found: Iterable[F], key: Callable[[F], Any]) -> dict[Any, tuple[F, ...]]:
    groups: dict[Any, list[F]] = defaultdict(list)
    for fact in found:
        groups[key(fact)].append(fact)
    return {name: tuple(members) for name, members in groups.items()}
