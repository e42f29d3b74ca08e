"""The answering part of the page of a test."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from plans.items.panels import Opened
from plans.items.queries import parties
from plans.items.shown import Shown
from plans.models import Outcome
from plans.paging import Cut, cut
from plans.shapes import ABOUT_SUPPLIER, RESTORE, kept_at
from plans.testing.forms import OUTCOME_LABELS, result_form
from plans.testing.proof import hours_text
from plans.testing.queries import Result, results, tested_systems

RESULTS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class ResultsPanel:
    """The results of a test, newest first, and the form for another one."""

    form: Any
    results: Cut[Result]
    archived: Sequence[Result]
    restores: bool
    labels: Mapping[Outcome, Any]
    hours_text: Callable[[int | None], str] = hours_text
    stored: Sequence[Shown] = ()


def fresh_result_form(item_id: str, today: date, **sent: Any) -> Any:
    """Return the form of a new result with what it can choose from."""
    firms = parties() if item_id in ABOUT_SUPPLIER else {}
    systems = tested_systems() if kept_at(item_id) == RESTORE else []
    return result_form(item_id, today, firms, systems, **sent)


def results_panel(opened: Opened) -> ResultsPanel:
    """Return the panel of a test."""
    item_id = opened.item.id
    found = results(kept_at(item_id))
    return ResultsPanel(
        opened.form or fresh_result_form(item_id, opened.today, formdata=None),
        cut([one for one in found if not one.archived], opened.page, RESULTS_SHOWN),
        [one for one in found if one.archived],
        kept_at(item_id) == RESTORE,
        OUTCOME_LABELS,
    )
