"""The two matrices, as data."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l

from plans.models import DataSet, DepartmentDataSet, DepartmentSystem, System

Pair = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Matrix:
    """One matrix. thing: what departments use; column: the link's column that names it;
    none_flag: the department's column that says it uses none at all.
    """

    endpoint: str
    item_id: str
    register: str
    thing: type[System | DataSet]
    link: type[DepartmentSystem | DepartmentDataSet]
    column: str
    none_flag: str
    title: Any
    none_label: Any
    purpose: Any
    example: Any
    contradiction: Any
    unmarked: Any
    no_things: Any


SYSTEMS_USED = Matrix(
    endpoint="registers.systems_used",
    item_id="processes.systems-used",
    register="systems",
    thing=System,
    link=DepartmentSystem,
    column="system_id",
    none_flag="uses_no_systems",
    title=_l("Which department uses which system"),
    none_label=_l("Uses no system at all"),
    purpose=_l("When a system fails, this tells at once whose work stops."),
    example=_l("For example: the shop uses the tills and the telephone, the office uses the bookkeeping."),
    contradiction=_l("%(department)s is ticked as using no system at all, and with a system. Untick one of the two."),
    unmarked=_l("%(department)s was marked as using no system at all. You ticked a system, so that mark is gone."),
    no_things=_l("There are no systems yet. Add the systems first, then tick who uses them."),
)
DATA_NEEDED = Matrix(
    endpoint="registers.data_needed",
    item_id="processes.data-needed",
    register="data-sets",
    thing=DataSet,
    link=DepartmentDataSet,
    column="data_set_id",
    none_flag="needs_no_data",
    title=_l("Which department needs which data"),
    none_label=_l("Needs no data at all"),
    purpose=_l("When data is lost, this tells at once who cannot go on without it."),
    example=_l("For example: the shop needs the price list, the office needs the customer file."),
    contradiction=_l("%(department)s is ticked as needing no data at all, and with a data set. Untick one of the two."),
    unmarked=_l("%(department)s was marked as needing no data at all. You ticked a data set, so that mark is gone."),
    no_things=_l("There are no data sets yet. Add the data sets first, then tick who needs them."),
)
