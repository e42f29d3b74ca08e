"""Name data sets, tell which are attractive to others, and how those are protected."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from plans.errors import PlanError
from plans.models import DataSet
from plans.turns import expect_seen, take_turn

NAME_LENGTH, PROTECTION_LENGTH = 200, 2000


@dataclass(frozen=True, slots=True)
class DataSetMark:
    """What was filled in for one data set."""

    attractive: bool
    protection: str


def mark_data_sets(marks: Mapping[UUID, DataSetMark], new_name: str = "", *, seen: str | None = None) -> None:
    """Save which data sets are attractive and how they are protected, and add one by name.

    A new data set named on this page is an attractive one. Raises PlanError when the name is in use, and
    EditConflict when somebody else changed a data set in between.
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
        db.session().add(DataSet(name=new_name, attractive=True, personal=False, protection=""))
    db.session().flush()
