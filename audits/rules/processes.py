"""Rules of the business processes."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from audits.judging.judgement import WHOLE_PLAN, Check, Judgement, Subject, TenantFacts, missing
from audits.judging.severity import Severity
from audits.rules.answers import reachable, seated
from audits.rules.copied_in_time import copied_in_time
from core.i18n import N_
from plans.facts import DepartmentFact, PlanFacts
from plans.processes.chains import Node, recovery_order, slowest_links
from plans.processes.impact import Limit, bearable, falls, limits
from plans.seats import HOLDER

NO_DEPARTMENT = N_("No department has been recorded yet.")
NO_SYSTEM = N_("No system has been recorded yet.")


def department_heads(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want a head with a phone number at every department; advise somebody else as deputy.

    Source: processes.department-heads.
    """
    if not facts.plan.departments:
        yield missing(NO_DEPARTMENT)
    for department in facts.plan.departments:
        head = facts.plan.contacts.get(department.head_id) if department.head_id else None
        if head is None:
            yield missing(N_("The department %(name)s has no head."), _on(department), name=department.name)
        elif not reachable(head):
            yield missing(
                N_("%(head)s, who heads the department %(name)s, has no phone number."),
                _on(department),
                head=head.name,
                name=department.name,
            )
        if head is not None:
            yield from _deputy(facts.plan, department)


def _deputy(plan: PlanFacts, department: DepartmentFact) -> Iterator[Judgement]:
    subject = Subject("department", department.id, department.name, "deputy")
    deputy = plan.contacts.get(department.deputy_id) if department.deputy_id else None
    if deputy is None:
        message = N_("Nobody stands in for the head of the department %(name)s.")
        yield missing(message, subject, severity=Severity.WARNING, name=department.name)
    elif department.deputy_id == department.head_id:
        message = N_("%(head)s cannot stand in for themselves as head of the department %(name)s.")
        yield missing(message, subject, severity=Severity.WARNING, head=deputy.name, name=department.name)


def personal_data(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want somebody who answers for the safety of personal data.

    Source: processes.personal-data.
    """
    if seated(facts.plan, "processes.personal-data", HOLDER) is None:
        yield missing(N_("Nobody answers for the safety of personal data yet."), WHOLE_PLAN)


@dataclass(frozen=True, slots=True)
class Matrix:
    """What a department must be linked to: its pairs, what may be linked, and the mark that says it needs none."""

    pairs: Callable[[PlanFacts], frozenset[tuple[UUID, UUID]]]
    kept: Callable[[PlanFacts], frozenset[UUID]]
    none: Callable[[DepartmentFact], bool]
    message: str


SYSTEMS_USED = Matrix(
    lambda plan: plan.department_systems,
    lambda plan: frozenset(found.id for found in plan.systems),
    lambda department: department.uses_no_systems,
    N_("It is not told which systems the department %(name)s uses."),
)
DATA_NEEDED = Matrix(
    lambda plan: plan.department_data_sets,
    lambda plan: frozenset(found.id for found in plan.data_sets),
    lambda department: department.needs_no_data,
    N_("It is not told which data the department %(name)s needs."),
)


def linked(facts: TenantFacts, today: date, *, matrix: Matrix) -> Iterator[Judgement]:
    """Want every department linked to at least one system or data set, or marked as needing none.

    Source: processes.systems-used, processes.data-needed.
    """
    if not facts.plan.departments:
        yield missing(NO_DEPARTMENT)
    bare = {department.id: department for department in facts.plan.departments if not matrix.none(department)}
    kept = matrix.kept(facts.plan) if bare else frozenset()
    for department_id, other_id in matrix.pairs(facts.plan):
        if department_id in bare and other_id in kept:
            del bare[department_id]
    for department in bare.values():
        yield missing(matrix.message, _on(department), name=department.name)


def priorities(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want a recovery priority and a recovery time objective of every system; advise against equal priorities,
    against a promise that something in the chain of needs cannot keep, against one that a department cannot bear, and
    against a back-up that is made less often than the work that may be lost allows.

    Source: processes.priorities.
    """
    if not facts.plan.systems:
        yield missing(NO_SYSTEM)
    for system in facts.plan.systems:
        if system.recovery_priority is None and system.rto_hours is None:
            message = N_("%(name)s has no recovery priority and no recovery time objective (RTO).")
        elif system.recovery_priority is None:
            message = N_("%(name)s has no recovery priority.")
        elif system.rto_hours is None:
            message = N_("%(name)s has no recovery time objective (RTO).")
        else:
            continue
        yield missing(message, Subject("system", system.id, system.name), name=system.name)
    counted = Counter(system.recovery_priority for system in facts.plan.systems if system.recovery_priority is not None)
    for priority, count in sorted(counted.items()):
        if count > 1:
            yield missing(
                N_("%(count)s systems share recovery priority %(priority)s: decide which comes first."),
                Subject(part=f"priority-{priority}"),
                severity=Severity.WARNING,
                count=count,
                priority=priority,
            )
    yield from _work_lost(facts.plan)
    needs = system_needs(facts.plan)
    yield from _broken_promises(facts.plan, needs)
    yield from _impacts(facts.plan)
    yield from _unbearable(facts.plan)
    yield from copied_in_time(facts, needs)


def _work_lost(plan: PlanFacts) -> Iterator[Judgement]:
    """Ask once for all systems how much work may be lost, beginning with the one that comes back first.

    No source names a number, so it is a warning. Source: BIO2 8.13.02.
    """
    untold = [system for system in plan.systems if system.rpo_hours is None]
    if untold:
        last = len(plan.systems) + max((system.recovery_priority or 0) for system in plan.systems)
        first = min(untold, key=lambda system: (system.recovery_priority or last, system.name, system.id))
        yield missing(
            N_("It is not told yet how much work you may lose: %(count)s of %(total)s systems. Begin with %(name)s."),
            Subject(part="work-lost"),
            severity=Severity.WARNING,
            count=len(untold),
            total=len(plan.systems),
            name=first.name,
        )


def system_needs(plan: PlanFacts) -> dict[UUID, set[UUID]]:
    """Return which systems each system needs."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for need in plan.needs:
        if need.needed_system_id is not None:
            found[need.system_id].add(need.needed_system_id)
    return found


def _broken_promises(plan: PlanFacts, needs: Mapping[UUID, set[UUID]]) -> Iterator[Judgement]:
    """Tell of systems that need, near or far, something that takes longer than they may."""
    # What needs nothing waits for nothing but itself.
    chained = needs.keys() | {one for wanted in needs.values() for one in wanted}
    nodes = [Node(one.id, one.name, one.recovery_priority, one.rto_hours) for one in plan.systems if one.id in chained]
    order = recovery_order(nodes, needs)
    slowest = slowest_links(order, needs)
    for node in order:
        if node.rto is not None and (slowest[node.id].rto or 0) > node.rto:
            yield missing(
                N_("%(name)s: %(promised)s hours promised, but %(link)s takes %(hours)s hours."),
                Subject("system", node.id, node.name, "slowest"),
                severity=Severity.WARNING,
                name=node.name,
                promised=node.rto,
                link=slowest[node.id].name,
                hours=slowest[node.id].rto or 0,
            )


def _impacts(plan: PlanFacts) -> Iterator[Judgement]:
    """Want to know of every department that uses systems how bad an outage gets as it lasts."""
    silent = {department.id for department in plan.departments if None in department.impacts}
    kept = {system.id for system in plan.systems} if silent else frozenset()
    using = {department for department, system in plan.department_systems if department in silent and system in kept}
    for department in plan.departments:
        if department.id in using:
            message = N_("It is not told for each stretch of time how bad an outage is for the department %(name)s.")
            subject = Subject("department", department.id, department.name, "impact")
            yield missing(message, subject, severity=Severity.WARNING, name=department.name)
        if falls(department.impacts):
            message = N_("For the department %(name)s a longer outage is told to be less bad than a shorter one.")
            subject = Subject("department", department.id, department.name, "impact-falls")
            yield missing(message, subject, severity=Severity.WARNING, name=department.name)


def _unbearable(plan: PlanFacts) -> Iterator[Judgement]:
    """Tell of systems that may be away longer than a department that uses them can bear."""
    borne = {one.id: Limit(hours, one.name) for one in plan.departments if (hours := bearable(one.impacts)) is not None}
    wanted = limits(borne, plan.department_systems)
    for system in plan.systems:
        limit = wanted.get(system.id)
        if limit is not None and system.rto_hours is not None and system.rto_hours > limit.hours:
            yield missing(
                N_("%(name)s may be away %(rto)s hours, but the department %(department)s can bear %(hours)s hours."),
                Subject("system", system.id, system.name, "bearable"),
                severity=Severity.WARNING,
                name=system.name,
                rto=system.rto_hours,
                department=limit.department,
                hours=limit.hours,
            )


def _on(department: DepartmentFact) -> Subject:
    return Subject("department", department.id, department.name)


CHECKS: dict[str, Check] = {
    "processes.department-heads": department_heads,
    "processes.personal-data": personal_data,
    "processes.systems-used": partial(linked, matrix=SYSTEMS_USED),
    "processes.data-needed": partial(linked, matrix=DATA_NEEDED),
    "processes.priorities": priorities,
}
