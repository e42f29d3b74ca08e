"""The answering part of the upkeep's own pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from plans.handbook import Item, items
from plans.items.panels import Opened
from plans.items.queries import people
from plans.items.shown import Shown
from plans.models import Happening
from plans.paging import Cut, cut
from plans.status import Status
from plans.upkeep.forms import change_form
from plans.upkeep.looking import open_counts
from plans.upkeep.queries import Change, changes
from plans.upkeep.touched import CHANGE_LABELS
from plans.versions.queries import Version, newest_version

CHANGES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class ChangesPanel:
    """The reported changes, newest first, and the form for another one. counts: items looked at, and touched."""

    form: Any
    changes: Cut[Change]
    archived: Sequence[Change]
    newest: Version | None
    labels: Mapping[Happening, Any]
    counts: Mapping[UUID, tuple[int, int]]
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
        opened.form or change_form(opened.today, people().values(), formdata=None),
        cut([one for one in found if not one.archived], opened.page, CHANGES_SHOWN),
        [one for one in found if one.archived],
        newest_version(),
        CHANGE_LABELS,
        open_counts(),
    )


def tailored_panel(opened: Opened) -> TailoredPanel:
    """Return the panel that tells which items are still to do; this item itself does not count."""
    others = [item for item in items() if item.id != opened.item.id]
    unanswered = [item for item in others if opened.states[item.id].status is Status.TO_DO]
    return TailoredPanel(unanswered, len(others) - len(unanswered), len(others))
