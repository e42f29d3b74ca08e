"""The answering part of an item of the back-up, once copies are kept as records."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from plans.backup.queries import Copy, copies, newest_plan_version
from plans.backup.summaries import of_item
from plans.intervals import Interval, days
from plans.items.panels import Opened
from plans.items.shown import Shown
from plans.upkeep.queries import tightened


@dataclass(frozen=True, slots=True)
class CopiesPanel:
    """The copies that an item asks about. days: how long a sighting counts; newest: version of the plan in use."""

    copies: Sequence[Copy]
    days: int
    newest: int | None
    form: Any = None
    stored: Sequence[Shown] = ()


def copies_panel(opened: Opened) -> CopiesPanel:
    """Return the panel of an item of the back-up."""
    found = of_item(opened.item.id, [one for one in copies() if not one.archived])
    return CopiesPanel(
        found, days({one.name: one.days for one in tightened()}, Interval.OFFSITE), newest_plan_version()
    )
