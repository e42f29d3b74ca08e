"""Form of the data sets: which attract others, and how those are protected."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField

from plans.inputs import LongTextBox, SeenField, TextBox
from plans.self_check.queries import StoredDataSet
from plans.self_check.services import PROTECTION_LENGTH, DataSetMark
from plans.turns import seen


@dataclass(frozen=True, slots=True)
class DataSetInputs:
    """The inputs of one data set on the page."""

    data_set: StoredDataSet
    attractive: Any
    protection: Any


def data_sets_form(stored: Sequence[StoredDataSet], **sent: Any) -> Any:
    """Return the form with a tick and a box for each data set, and a box for a new one."""
    inputs: dict[str, Any] = {"seen": SeenField(), "new_name": TextBox(_l("Another data set"))}
    data: dict[str, Any] = {"seen": seen(stored)}
    for one in stored:
        ticked, box = f"attractive-{one.id.hex}", f"protection-{one.id.hex}"
        inputs[ticked] = BooleanField(one.name)
        inputs[box] = LongTextBox(one.name, most=PROTECTION_LENGTH)
        data.update({ticked: one.attractive, box: one.protection})
    return type("DataSetsForm", (FlaskForm,), inputs)(data=data, **sent)


def shown_data_sets(stored: Iterable[StoredDataSet], form: Any) -> list[DataSetInputs]:
    """Return the inputs by data set."""
    return [DataSetInputs(one, form[f"attractive-{one.id.hex}"], form[f"protection-{one.id.hex}"]) for one in stored]


def marks(stored: Iterable[StoredDataSet], form: Any, *, protection: bool) -> dict[UUID, DataSetMark]:
    """Return what was filled in. protection: the page asked for protection, not for the ticks; the rest stays."""
    return {
        row.data_set.id: DataSetMark(
            row.data_set.attractive if protection else bool(row.attractive.data),
            (row.protection.data or "") if protection else row.data_set.protection,
        )
        for row in shown_data_sets(stored, form)
    }
