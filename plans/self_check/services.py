"""Name data sets, tell which are attractive to others, and how those are protected."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from plans.errors import PlanError
from plans.models import DataSet
from plans.registers.columns import BY_SLUG
from plans.registers.undo.models import ChangeKind
from plans.registers.undo.services import Record, keep
from plans.registers.undo.steps import step
from plans.turns import expect_seen, take_turn

NAME_LENGTH, PROTECTION_LENGTH = 200, 2000


@dataclass(frozen=True, slots=True)
class DataSetMark:
    """What was filled in for one data set."""

    attractive: bool
    protection: str


def mark_data_sets(
    marks: Mapping[UUID, DataSetMark], new_name: str = "", *, seen: str | None = None, record: Record | None = None
) -> None:
    """Save which data sets are attractive and how they are protected, and add one by name.

    A new data set named on this page is an attractive one; `record` keeps that it was added, to be taken back. Raises
    PlanError when the name is in use, and EditConflict when somebody else changed a data set in between.
    Source: handbook, self-check.attractive-data and self-check.extra-protection.
    """
    take_turn()
    rows = list(db.session().scalars(sa.select(DataSet).where(DataSet.archived_at.is_(None))))
    expect_seen(rows, seen)
    if new_name and new_name.casefold() in {row.name.casefold() for row in rows}:
        raise PlanError(_l("There is a data set of this name already."), "new_name")
    for row in rows:
        if row.id in marks:
            row.attractive, row.protection = marks[row.id].attractive, marks[row.id].protection
    if new_name:
        added = DataSet(name=new_name, attractive=True, personal=False, protection="")
        db.session().add(added)
        db.session().flush()
        keep(ChangeKind.ADDED, [step(BY_SLUG["data-sets"], added, None)], record)
    db.session().flush()
