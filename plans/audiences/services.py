"""Write audiences of one's own down, change them, put them away."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from core.ids import new_id
from plans.errors import NotThere, PlanError
from plans.models import Audience
from plans.turns import expect_seen, known, take_turn

AT_MOST = 30
MOST_HOURS = 8760


@dataclass(frozen=True, slots=True)
class AudienceValues:
    """Who is informed, by whom and how. report_within_hours: 1 up to and including MOST_HOURS, None without one."""

    name: str
    contact_id: UUID | None = None
    deputy_id: UUID | None = None
    how: str = ""
    report_within_hours: int | None = None


def add_audience(values: AudienceValues, *, row_id: UUID | None = None) -> None:
    """Add an audience. row_id: chosen when the page was made; adding it twice adds one.

    Raises PlanError when it is there already, or there are AT_MOST. Source: handbook, runbook.informing.
    """
    take_turn()
    if known(Audience, row_id) is None:
        rows = _open()
        if len(rows) >= AT_MOST:
            raise PlanError(_l("At most %(most)s audiences.", most=AT_MOST), "name")
        _expect_new(values.name, rows)
        row = Audience(id=row_id or new_id())
        _fill(row, values)
        db.session().add(row)
        db.session().flush()


def change_audience(audience_id: UUID, values: AudienceValues, *, seen: str | None = None) -> None:
    """Change an audience.

    Raises NotThere, EditConflict when somebody else changed it in between, and PlanError for a name that another has.
    """
    take_turn()
    rows = _open()
    row = _audience(audience_id, rows)
    expect_seen([row], seen)
    _expect_new(values.name, [one for one in rows if one is not row])
    _fill(row, values)
    db.session().flush()


def put_away(audience_id: UUID, *, at: datetime) -> None:
    """Put an audience away. Raises NotThere."""
    take_turn()
    _audience(audience_id, _open()).archived_at = at
    db.session().flush()


def _fill(row: Audience, values: AudienceValues) -> None:
    if values.contact_id is not None and values.contact_id == values.deputy_id:
        raise PlanError(_l("Somebody cannot be their own deputy."), "deputy")
    row.name, row.how = values.name, values.how
    row.contact_id, row.deputy_id = values.contact_id, values.deputy_id
    row.report_within_hours = values.report_within_hours


def _expect_new(name: str, rows: list[Audience]) -> None:
    if any(row.name.casefold() == name.casefold() for row in rows):
        raise PlanError(_l("This audience is in the list already."), "name")


def _open() -> list[Audience]:
    return list(db.session().scalars(sa.select(Audience).where(Audience.archived_at.is_(None))))


def _audience(audience_id: UUID, rows: list[Audience]) -> Audience:
    for row in rows:
        if row.id == audience_id:
            return row
    raise NotThere
