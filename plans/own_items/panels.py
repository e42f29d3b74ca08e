"""The answering part of an own item's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from plans.items.panels import Opened
from plans.items.queries import StoredAnswer, answers
from plans.items.shown import Shown
from plans.own_items.forms import answer_form, shown_answer
from plans.own_items.ids import row_of
from plans.own_items.queries import Own, own_item
from plans.turns import seen


@dataclass(frozen=True, slots=True)
class OwnPanel:
    """An own item and its answer. stored: in words."""

    own: Own
    form: Any
    stored: Sequence[Shown]
    answer: StoredAnswer | None


def own_panel(opened: Opened) -> OwnPanel:
    """Return the panel of an own item. Raises LookupError when it has ended meanwhile."""
    row_id = row_of(opened.item.name)
    own = own_item(opened.item.section, row_id) if row_id else None
    if own is None:
        raise LookupError(opened.item.id)
    stored = answers([opened.item.id]).get(opened.item.id)
    form = opened.form or answer_form(own, stored, formdata=None)
    if opened.conflict:
        form.seen.data = seen([stored] if stored else [])
    return OwnPanel(own, form, shown_answer(own, stored), stored)
