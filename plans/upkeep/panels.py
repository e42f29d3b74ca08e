"""The answering part of the upkeep's own pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from plans.handbook import Item, items
from plans.items.panels import Opened
from plans.items.shown import Shown
from plans.paging import Cut, cut
from plans.status import Status
from plans.upkeep.forms import change_form
from plans.upkeep.queries import Change, changes
from plans.versions.queries import Version, newest_version

CHANGES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class ChangesPanel:
    """The reported changes, newest first, and the form for another one."""

    form: Any
    changes: Cut[Change]
    archived: Sequence[Change]
    newest: Version | None
    stored: Sequence[Shown] = ()


@dataclass(frozen=True, slots=True)
class TailoredPanel:
    """The items that still say nothing."""

    open: Sequence[Item]
    done: int
    total: int
    form: Any = None
    stored: Sequence[Shown] = ()


def changes_panel(opened: Opened) -> ChangesPanel:
    """Return the panel of the changes in the business."""
    found = changes()
    return ChangesPanel(
        opened.form or change_form(opened.today, formdata=None),
        cut([one for one in found if not one.archived], opened.page, CHANGES_SHOWN),
        [one for one in found if one.archived],
        newest_version(),
    )


def tailored_panel(opened: Opened) -> TailoredPanel:
    """Return the panel that tells which items are still to do; this item itself does not count."""
    others = [item for item in items() if item.id != opened.item.id]
    unanswered = [item for item in others if opened.states[item.id].status is Status.TO_DO]
    return TailoredPanel(unanswered, len(others) - len(unanswered), len(others))
