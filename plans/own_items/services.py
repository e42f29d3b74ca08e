"""Add items to a section, change them, end them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from core.ids import new_id
from plans.errors import NotThere, PlanError
from plans.handbook import Section
from plans.models import OwnItem, OwnKind
from plans.turns import known, take_turn

# A third of what the handbook asks: the list of all steps stays a page that loads at once.
MOST = 25
LONGEST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class OwnValues:
    """What an own item asks. interval_days: how long an answer counts, None for ever."""

    title: str
    help: str = ""
    interval_days: int | None = None


@dataclass(frozen=True, slots=True)
class Adder:
    """Who adds an item, and on which day."""

    by: str
    today: date


def add_own(section: Section, kind: OwnKind, values: OwnValues, adder: Adder, *, row_id: UUID | None = None) -> OwnItem:
    """Add an item to a section. row_id: chosen when the page was made; adding it twice adds one.

    Raises PlanError without a title, for an interval outside 1 to LONGEST_DAYS days, or when there are MOST of them.
    Source: the handbook's last paragraph; upkeep.tailored.
    """
    _check(values)
    take_turn()
    if (before := known(OwnItem, row_id)) is not None:
        return before
    if (db.session().scalar(sa.select(sa.func.count(OwnItem.id))) or 0) >= MOST:
        raise PlanError(_l("There are %(most)s questions of your own; that is the most.", most=MOST), "title")
    row = OwnItem(
        id=row_id or new_id(),
        section=section,
        kind=kind,
        title=values.title,
        help=values.help,
        interval_days=values.interval_days,
        added_on=adder.today,
        added_by=adder.by,
    )
    db.session().add(row)
    db.session().flush()
    return row


def change_own(section: Section, row_id: UUID, values: OwnValues, *, version: int) -> None:
    """Change what an own item asks; its answers stay.

    Raises NotThere, EditConflict when somebody saved in between, PlanError as add_own() does.
    """
    _check(values)
    take_turn()
    row = _row(section, row_id)
    row.expect_version(version)
    row.title, row.help, row.interval_days = values.title, values.help, values.interval_days
    db.session().flush()


def end_own(section: Section, row_id: UUID, *, at: datetime) -> None:
    """No longer ask an own item; its answers and waivers stay. Ending it twice changes nothing. Raises NotThere."""
    take_turn()
    row = _row(section, row_id)
    row.archived_at = row.archived_at or at
    db.session().flush()


def ask_again(section: Section, row_id: UUID) -> None:
    """Ask an own item again that had ended, with the answer it had. Raises NotThere."""
    take_turn()
    _row(section, row_id).archived_at = None
    db.session().flush()


def _row(section: Section, row_id: UUID) -> OwnItem:
    query = sa.select(OwnItem).where(OwnItem.id == row_id, OwnItem.section == section)
    row = db.session().scalar(query, execution_options={"populate_existing": True})
    if row is None:
        raise NotThere
    return row


def _check(values: OwnValues) -> None:
    if len(values.title) < 3:
        raise PlanError(_l("Write the question in a few words."), "title")
    if values.interval_days is not None and not 1 <= values.interval_days <= LONGEST_DAYS:
        text = _l("This must be a whole number from %(low)d to %(high)d.", low=1, high=LONGEST_DAYS)
        raise PlanError(text, "interval_days")
