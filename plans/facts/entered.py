"""At which items anything was entered, whatever it is worth: told by each kind of facts for itself.

So what one kind tells can be kept, and need not be loaded to be told again while none of its rows changed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from plans.facts.answers import AnswerFact
from plans.facts.plan import PlanFacts
from plans.handbook import Section, of_section
from plans.models import AssetKind

# Left out in part, this item says something without any row of its own.
_PARTIES = "runbook.external-parties"


def entered(plan: PlanFacts) -> set[str]:
    """Return the items at which anything was entered. What `plan.entered` knows already is not asked of other facts."""
    found = {waiver.item_id for waiver in plan.waivers if waiver.part and waiver.item_id == _PARTIES}
    for field, told in _TOLD.items():
        found.update(plan.entered[field] if field in plan.entered else told(plan))
    return found


def told_by(plan: PlanFacts, fields: Iterable[str]) -> dict[str, Sequence[str]]:
    """Return the items at which these facts tell that anything was entered, each in order. fields: of FIELDS."""
    return {field: sorted(set(_TOLD[field](plan))) for field in fields}


def _of_answers(plan: PlanFacts) -> Iterable[str]:
    return (item_id for item_id, answer in plan.answers.items() if _says_something(answer))


def _says_something(answer: AnswerFact) -> bool:
    return bool(
        answer.contact_id or answer.party_id or any(value not in (None, "") for value in answer.values.values())
    )


def _of_assignments(plan: PlanFacts) -> Iterable[str]:
    for each in plan.assignments.values():
        if each.contact_id or each.deputy_id:
            yield each.item_id
        if each.task.strip():
            yield "runbook.tasks-known"


def _of_results(plan: PlanFacts) -> Iterable[str]:
    yield from plan.results
    if any(found.system_ids for found in plan.results.get("testing.restore", ())):
        yield "testing.restore-new-systems"


def _of_assets(plan: PlanFacts) -> Iterable[str]:
    kinds = [kind for kind, records in plan.assets.items() if records]
    return (*(_RECORDED[kind] for kind in kinds), *(("upkeep.licences",) if AssetKind.LICENCE in kinds else ()))


def _of_instructions(plan: PlanFacts) -> Iterable[str]:
    for each in plan.instructions:
        yield "staff.policy"
        yield from each.parts


def _of_departments(plan: PlanFacts) -> Iterable[str]:
    for each in plan.departments:
        yield "processes.department-heads"
        if each.uses_no_systems:
            yield "processes.systems-used"
        if each.needs_no_data:
            yield "processes.data-needed"


def _of_data_sets(plan: PlanFacts) -> Iterable[str]:
    for each in plan.data_sets:
        if each.attractive:
            yield "self-check.attractive-data"
        if each.protection.strip():
            yield "self-check.extra-protection"


def _of_systems(plan: PlanFacts) -> Iterable[str]:
    return ("processes.priorities" for each in plan.systems if each.recovery_priority is not None)


def _of_copies(plan: PlanFacts) -> Iterable[str]:
    return _back_up() if plan.copies else ()


@cache
def _back_up() -> tuple[str, ...]:
    return tuple(item.id for item in of_section(Section.BACKUP))


_RECORDED = {kind: f"inventory.{kind}" for kind in AssetKind}
_TOLD: Mapping[str, Callable[[PlanFacts], Iterable[str]]] = {
    "answers": _of_answers,
    "assignments": _of_assignments,
    "results": _of_results,
    "assets": _of_assets,
    "instructions": _of_instructions,
    "departments": _of_departments,
    "data_sets": _of_data_sets,
    "systems": _of_systems,
    "copies": _of_copies,
    "department_systems": lambda plan: ("processes.systems-used",) if plan.department_systems else (),
    "department_data_sets": lambda plan: ("processes.data-needed",) if plan.department_data_sets else (),
    "parties": lambda plan: (_PARTIES,) if plan.parties else (),
    "steps": lambda plan: ("runbook.recovery",) if plan.steps else (),
    "versions": lambda plan: ("upkeep.business-change",) if plan.versions else (),
    "changes": lambda plan: ("upkeep.business-change",) if plan.changes else (),
    "contacts": lambda plan: ("upkeep.contacts",) if plan.contacts else (),
}
# The facts that tell it.
FIELDS = frozenset(_TOLD)
