"""Load the facts of many plans in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
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
    NotLoaded,
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
from plans.facts import entered as entering
from plans.testing import loading as tests
from plans.versions.content import digest, load_contents
from plans.versions.rooms import TABLES
from tenants.prepared import FactRows, Prepared, tables_of

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
    """One field of PlanFacts. load: its rows by organisation; arrange: puts those of one organisation in order;
    selects: what it reads.
    """

    field: str
    load: Callable[[Sequence[int]], Mapping[int, list[Any]]]
    arrange: Callable[[list[Any]], Any]
    selects: tuple[Prepared, ...]


def _facts(field: str, rows: FactRows[Any], arrange: Callable[[list[Any]], Any]) -> Part:
    return Part(field, rows.load, arrange, (rows.select,))


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
DIGEST, ENTERED = "digest", "entered"
PARTS = (
    _facts("answers", _ANSWERS, _named("item_id")),
    _facts("assignments", _ASSIGNMENTS, _named("item_id", "seat")),
    _facts("waivers", _WAIVERS, _sorted("item_id", "part")),
    _facts("contacts", _CONTACTS, lambda found: _named("id")(_BY_NAME(found))),
    _facts("parties", _PARTIES, _BY_NAME),
    _facts("departments", _DEPARTMENTS, _BY_NAME),
    _facts("systems", _SYSTEMS, _BY_NAME),
    _facts("data_sets", _DATA_SETS, _BY_NAME),
    Part("department_systems", partial(_pairs, _USES), frozenset, (_USES,)),
    Part("department_data_sets", partial(_pairs, _NEEDS), frozenset, (_NEEDS,)),
    _facts("assets", _ASSETS, _grouped("kind", "name", "id")),
    Part("results", tests.load_results, _grouped("item_id", "done_on", "id"), tests.RESULTS),
    _facts("steps", _STEPS, _sorted("position", "id")),
    Part("versions", _versions, _sorted("number"), (_VERSIONS,)),
    _facts("changes", _CHANGES, _sorted("reported_on", "id")),
    Part("instructions", _instructions, _sorted("number"), (_INSTRUCTIONS,)),
    _facts("receipts", _RECEIPTS, tuple),
    Part("intervals", partial(_pairs, _INTERVALS), dict, (_INTERVALS,)),
    _facts("needs", _SYSTEM_NEEDS, frozenset),
    Part("copies", copies.load_copies, _BY_NAME, copies.SELECTS),
    Part("planned", tests.load_planned, _sorted("planned_on", "id"), tests.PLANNED),
    Part("follow_ups", tests.load_follow_ups, _sorted("due_on", "id"), tests.FOLLOW_UPS),
    _facts("own_items", _OWN_ITEMS, _sorted("id")),
    _facts("proposals", _PROPOSALS, _sorted("item_id", "row_id")),
    _facts("lessons", _LESSONS, _sorted("due_on", "id")),
    Part("looks", _looks, _sorted("reported_on", "change_id", "item_id"), (_LOOKS,)),
    _facts("approvals", _APPROVALS, _sorted("number")),
    _facts("signs", _SIGNS, _sorted("id")),
    _facts("audiences", _AUDIENCES, _BY_NAME),
)


@cache
def selects() -> tuple[Prepared, ...]:
    """Return everything load() reads of every plan: the same rows of these give the same facts, but for the digest.

    The first column of each tells whose the row is.
    """
    return tuple(dict.fromkeys(select for part in PARTS for select in part.selects))


@cache
def tables() -> Mapping[str, frozenset[str]]:
    """Return of each field of PlanFacts the names of the tables that it is read from."""
    found = {part.field: tables_of(part.selects) for part in PARTS}
    return found | {DIGEST: found["versions"].union(table.name for table in TABLES)}


def load(tenant_ids: Sequence[int], said: Mapping[int, str] = MappingProxyType({})) -> dict[int, PlanFacts]:
    """Load the plans of the open scope's organisations `tenant_ids`, in a number of queries that never grows.

    said: fingerprints of what plans say, where the caller knows that they say it still; the others are made.
    Lists are ordered by name or number, so that the same rows give the same facts.
    """
    every = frozenset(part.field for part in PARTS) | {DIGEST, ENTERED}
    return load_some(dict.fromkeys(tenant_ids, every), said)


def load_some(
    wanted: Mapping[int, Collection[str]],
    said: Mapping[int, str] = MappingProxyType({}),
    known: Mapping[int, Mapping[str, Sequence[str]]] = MappingProxyType({}),
) -> dict[int, PlanFacts]:
    """Load of each organisation the fields of PlanFacts that are wanted, as load() does; the others raise when used.

    known: what of PlanFacts.entered is known without its facts; the rest of it is told by those that are wanted.
    """
    found: dict[int, dict[str, Any]] = {one: dict(_ABSENT) for one in wanted}
    for part in PARTS:
        # A digest is made where a version was approved.
        asked = {part.field, DIGEST} if part.field == "versions" else {part.field}
        of = [one for one, fields in wanted.items() if not asked.isdisjoint(fields)]
        rows = part.load(of) if of else {}
        for one in of:
            found[one][part.field] = part.arrange(rows.get(one, []))
    approved = [
        one
        for one, fields in wanted.items()
        if DIGEST in fields and any(fact.approved_on for fact in found[one]["versions"])
    ]
    digests = {one: "" for one, fields in wanted.items() if DIGEST in fields}
    digests |= {one: said[one] for one in approved if said.get(one)}
    digests |= _digests([one for one in approved if not digests[one]])
    for one, told in digests.items():
        found[one][DIGEST] = told
    plans = {one: PlanFacts(**fields) for one, fields in found.items()}
    return {
        one: _knowing(plan, wanted[one], known.get(one, {})) if ENTERED in wanted[one] else plan
        for one, plan in plans.items()
    }


def _knowing(plan: PlanFacts, loaded: Collection[str], known: Mapping[str, Sequence[str]]) -> PlanFacts:
    """Return facts that tell at which items anything was entered."""
    return replace(plan, entered={**known, **entering.told_by(plan, entering.FIELDS.intersection(loaded))})


_ABSENT = {name: NotLoaded(name) for name in (*(part.field for part in PARTS), DIGEST, ENTERED)}
