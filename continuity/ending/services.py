"""Announcing the end of a scheme, taking that back, and ending the scheme after its last day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from continuity.ending import telling
from continuity.ending.notice import AHEAD_MONTHS, earliest_end
from continuity.errors import Refused
from continuity.models import Agreement, By, NoticeStage, Registration, SchemeNotice
from continuity.registrations.binding import relied_on
from continuity.registrations.history import open_case
from continuity.registrations.holding import refuse_once_begun
from continuity.terms import terms_of
from core import db
from core.clock import add_months
from core.i18n import day_text
from plans.turns import known

# So often one side announces in a day: every client is mailed each time, with words that it chose.
MOST_A_DAY = 3


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is announced: the last day, inclusive, why, and who announces it for which side."""

    last_on: date
    reason: str
    role: By
    by: str


def open_notice(owner: Registration) -> SchemeNotice | None:
    """Return the announced end of a scheme that was not taken back and is not confirmed."""
    query = sa.select(SchemeNotice).where(
        SchemeNotice.tenant_id == owner.tenant_id,
        SchemeNotice.registration_id == owner.id,
        SchemeNotice.stage == NoticeStage.GIVEN,
    )
    return db.session().scalar(query)


def first_end(owner: Registration, today: date) -> date:
    """Return the first day that can be the last one of a scheme whose end is announced today."""
    query = sa.select(Agreement).where(
        Agreement.tenant_id == owner.tenant_id,
        Agreement.registration_id == owner.id,
        Agreement.archived_at.is_(None),
    )
    return earliest_end(db.session().scalars(query), terms_of(owner.foundation_id), today)


def announce(
    owner: Registration, said: Announcement, *, today: date, at: datetime, row_id: UUID | None = None
) -> SchemeNotice:
    """Announce the last day of a scheme: clients and the other side are told at once, and it is in force until then.

    row_id: the id chosen when the form was opened; the same form sent twice announces once. Raises Refused when no
    client relies on it, it was announced already or too often, the day lies within the notice, or the period began
    meanwhile.
    Source: rules 3.4 B2, B10; 3.7 T15.
    """
    refuse_once_begun(owner)
    if (there := known(SchemeNotice, row_id)) is not None:
        return there
    db.session().refresh(owner)
    if not relied_on(owner):
        raise Refused(_l("No client relies on this scheme: its end need not be announced."))
    if open_notice(owner) is not None:
        raise Refused(_l("The end of this scheme was announced already."))
    _refuse_too_often(owner, said.role, at)
    if open_case(owner) is not None:
        raise Refused(_l("The foundation has something to decide about this scheme first."))
    _refuse_day(owner, said.last_on, today)
    row = SchemeNotice(
        tenant_id=owner.tenant_id,
        registration_id=owner.id,
        role=said.role,
        given_at=at,
        given_by=said.by,
        last_on=said.last_on,
        reason=said.reason,
        settled_at=None,
    )
    if row_id is not None:
        row.id = row_id
    db.session().add(row)
    db.session().flush()
    telling.tell(owner, row, telling.ENDS, at=at)
    return row


def _refuse_day(owner: Registration, last_on: date, today: date) -> None:
    first = first_end(owner, today)
    if last_on < first:
        raise Refused(_l("The first day that can be the last one is %(day)s.", day=day_text(first)), "last_on")
    if last_on > add_months(today, AHEAD_MONTHS):
        raise Refused(_l("That day lies too far ahead."), "last_on")


def _refuse_too_often(owner: Registration, role: By, at: datetime) -> None:
    query = sa.select(sa.func.count(SchemeNotice.id)).where(
        SchemeNotice.tenant_id == owner.tenant_id,
        SchemeNotice.registration_id == owner.id,
        SchemeNotice.role == role,
        SchemeNotice.given_at > at - timedelta(days=1),
    )
    if (db.session().scalar(query) or 0) >= MOST_A_DAY:
        raise Refused(_l("The clients were told of an end several times today. Announce it tomorrow."))


def take_back(
    owner: Registration, row: SchemeNotice, *, role: By, by: str, seen: int, today: date, at: datetime
) -> None:
    """Take an announced end back as the side that announced it: the scheme goes on, and whoever was told hears so.

    Raises EditConflict when somebody settled it since `seen`; Refused to the other side, once the period began, and
    after the last day: nobody is bound again for days on which everybody knew that it was over.
    """
    refuse_once_begun(owner)
    db.session().refresh(row)
    row.expect_version(seen)
    if row.stage is not NoticeStage.GIVEN or row.role is not role:
        raise Refused(_l("Only who announced the end can take it back."))
    if today > row.last_on:
        raise Refused(_l("The last day is over, so the end can no longer be taken back."))
    _settle(row, NoticeStage.TAKEN_BACK, by=by, at=at)
    telling.tell(owner, row, telling.GOES_ON, at=at)


def refuse_unannounced(owner: Registration, today: date) -> None:
    """Raise Refused where a scheme is to end on which clients rely, and no last day of it is over."""
    if not relied_on(owner):
        return
    row = open_notice(owner)
    if row is None:
        raise Refused(_l("Clients rely on this scheme. Announce its end first: they are told, and know the last day."))
    if today <= row.last_on:
        raise Refused(_l("It is in force up to and including %(day)s. End it after that.", day=day_text(row.last_on)))


def confirm(owner: Registration, *, by: str, at: datetime) -> None:
    """Keep with the announced end of a scheme, where there is one, that the foundation ended it."""
    row = open_notice(owner)
    if row is not None:
        _settle(row, NoticeStage.ENDED, by=by, at=at)


def _settle(row: SchemeNotice, stage: NoticeStage, *, by: str, at: datetime) -> None:
    row.stage, row.settled_by, row.settled_at = stage, by, at
    db.session().flush()
