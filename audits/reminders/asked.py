"""Requests of auditors on the ladder: the day by which an answer is due is the last valid day of a request."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from audits.findings.texts import rule_title
from audits.models import Expiry
from audits.reminders.ladder import Item, Version
from audits.room.waiting import Waiting, waiting
from core import clock
from tenants.relations import Standing

# In the place of the code of an item or duty.
REQUEST = "auditor.request"


def version_of(one: Waiting) -> Version:
    """Return what is reminded of when a request waits."""
    return Version(REQUEST, str(one.request_id), one.due_on)


def items() -> dict[int, list[Item]]:
    """Return the requests that wait, of each organisation of the open scope. It may empty the session."""
    found: dict[int, list[Item]] = defaultdict(list)
    for one in waiting():
        found[one.tenant_id].append(Item(version_of(one), noticed=True, told_on=clock.day_of(one.told_at)))
    return found


def open_to(places: Mapping[int, Standing]) -> set[tuple[int, Version]]:
    """Return the requests that wait, as far as `places` open what they are about. It may empty the session."""
    return {
        (one.tenant_id, version_of(one))
        for one in waiting()
        if one.tenant_id in places and one.within(places[one.tenant_id].areas)
    }


def standing(code: sa.orm.InstrumentedAttribute[str]) -> sa.ColumnElement[bool]:
    """Return the condition that something lapses still, where it was joined with what lapses, or is a request.

    Whether a request still waits is known to waiting() alone.
    """
    return sa.or_(Expiry.id.is_not(None), code == REQUEST)


def title(code: str) -> str:
    """Return what a reminder under this code is called: the title of its item or duty."""
    return _("Answer to a request of an auditor") if code == REQUEST else rule_title(code)


def request_of(version: Version) -> UUID | None:
    """Return the request that a reminder is about, None for what lapses."""
    return UUID(version.key) if version.code == REQUEST else None
