"""The answering part of the pages of attractive data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from plans.items.panels import Opened
from plans.items.shown import Shown
from plans.self_check.forms import DataSetInputs, data_sets_form, shown_data_sets
from plans.self_check.queries import StoredDataSet, data_sets
from plans.turns import seen

PROTECTION = "self-check.extra-protection"


@dataclass(frozen=True, slots=True)
class DataSetsPanel:
    """The data sets, each with its inputs. protection: the page asks how, not which."""

    form: Any
    stored: Sequence[Shown]
    rows: Sequence[DataSetInputs]
    protection: bool


def data_sets_panel(opened: Opened) -> DataSetsPanel:
    """Return the panel of the data sets; the page of the protection shows the attractive ones."""
    known = data_sets()
    form = opened.form or data_sets_form(known, formdata=None)
    if opened.conflict:
        form.seen.data = seen(known)
    protection = opened.item.id == PROTECTION
    listed = [one for one in known if one.attractive or not protection]
    # A form that came back was made of the data sets that were known when it was sent.
    rows = shown_data_sets([one for one in listed if f"attractive-{one.id.hex}" in form], form)
    return DataSetsPanel(form, _stored(listed), rows, protection)


def _stored(listed: Sequence[StoredDataSet]) -> list[Shown]:
    return [Shown(one.name, one.protection) for one in listed if one.attractive]
