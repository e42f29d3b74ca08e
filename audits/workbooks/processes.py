"""The workbook of the processes: departments, systems and data with every column, and what each needs."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import cast
from uuid import UUID

from flask_babel import gettext as _

from audits.workbooks.inventory import columns_of
from audits.workbooks.material import Material, ProcessRow
from core.sheets.cells import Kind
from core.sheets.writing import Column, Sheet, Value
from plans.facts import PlanFacts
from plans.models import DataSet, Department, System
from plans.processes.chains import Node, recovery_order, slowest_links
from plans.processes.impact import bearable
from plans.registers import shape
from plans.registers.people import DATA_SETS, DEPARTMENTS, SYSTEMS

# By row, what further columns say of it, in their order.
Further = Mapping[UUID, tuple[Value, ...]]


def sheets(material: Material) -> Iterator[Sheet]:
    """Yield a sheet each for departments, systems and data sets."""
    plan = material.facts.plan
    names = _names(plan)
    titles: tuple[str, ...] = (_("Systems"), _("Data"), _("Bears an outage of (hours)"))
    yield _sheet(material, DEPARTMENTS, Department, titles, _of_departments(plan, names))
    titles = (_("Needs"), _("Order of recovery"), _("Slowest link"), _("Really back within (hours)"))
    yield _sheet(material, SYSTEMS, System, titles, _of_systems(plan, names))
    yield _sheet(material, DATA_SETS, DataSet, (), {})


def _sheet(
    material: Material, register: shape.Register, model: type[ProcessRow], titles: tuple[str, ...], further: Further
) -> Sheet:
    kinds = {2: Kind.WHOLE, 4: Kind.WHOLE} if model is System else {3: Kind.WHOLE}
    more = tuple(Column(title, kinds.get(place, Kind.TEXT), 26) for place, title in enumerate(titles, 1))
    names = _names(material.facts.plan)
    rows = (
        (
            *(_value(row, column, names) for column in register.columns),
            *further.get(row.id, (None,) * len(titles)),
        )
        for row in material.processes
        if isinstance(row, model)
    )
    return Sheet(str(register.title), (*columns_of(register), *more), rows)


def _value(row: ProcessRow, column: shape.Column, names: Mapping[UUID, str]) -> Value:
    stored = getattr(row, column.name)
    if isinstance(stored, UUID):
        return names.get(stored)
    if column.kind is shape.Kind.CHOICE and stored is not None:
        return next((str(choice.label) for choice in column.choices if choice.value == stored), str(stored))
    return None if stored == "" else cast(Value, stored)


def _names(plan: PlanFacts) -> dict[UUID, str]:
    people = {row_id: row.name for row_id, row in plan.contacts.items()}
    parties, systems = {row.id: row.name for row in plan.parties}, {row.id: row.name for row in plan.systems}
    return people | parties | systems | {row.id: row.name for row in plan.data_sets}


def _of_departments(plan: PlanFacts, names: Mapping[UUID, str]) -> Further:
    return {
        one.id: (
            _list(names, (other for department, other in plan.department_systems if department == one.id)),
            _list(names, (other for department, other in plan.department_data_sets if department == one.id)),
            bearable(one.impacts),
        )
        for one in plan.departments
    }


def _of_systems(plan: PlanFacts, names: Mapping[UUID, str]) -> Further:
    wanted: dict[UUID, list[UUID]] = defaultdict(list)
    systems: dict[UUID, list[UUID]] = defaultdict(list)
    for need in plan.needs:
        if need.needed_system_id is not None:
            systems[need.system_id].append(need.needed_system_id)
        wanted[need.system_id] += [
            one for one in (need.needed_system_id, need.party_id, need.data_set_id) if one is not None
        ]
    nodes = [Node(one.id, one.name, one.recovery_priority, one.rto_hours) for one in plan.systems]
    order = recovery_order(nodes, systems)
    slowest = slowest_links(order, systems)
    found: dict[UUID, tuple[Value, ...]] = {}
    for place, node in enumerate(order, 1):
        link = slowest.get(node.id)
        told = (link.name, link.rto) if link else (None, None)
        found[node.id] = (_list(names, wanted[node.id]), place, *told)
    return found


def _list(names: Mapping[UUID, str], row_ids: Iterator[UUID] | list[UUID]) -> str | None:
    """Return the names of rows that are still kept, in alphabetical order."""
    return ", ".join(sorted((names[one] for one in row_ids if one in names), key=str.casefold)) or None
