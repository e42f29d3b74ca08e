"""The calendar of one person: what lapses in every organisation they see, as days, for any program that reads them."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from audits.findings.texts import rule_title
from audits.models import Expiry
from audits.reminders.asked import REQUEST
from audits.reminders.queries import opens
from audits.room.waiting import Waiting, waiting
from core import db
from core.calendars import Event, uid
from core.i18n import Language, written_in
from tenants.models import Capacity, User
from tenants.owned import Area
from tenants.relations import Standing, standings_of
from tenants.scope import as_person, open_scope, reading

BEFORE, AHEAD = timedelta(days=60), timedelta(days=730)
AT_MOST = 5000


def events(user_id: UUID, host: str, today: date) -> tuple[Language, list[Event]] | None:
    """Return the language and the events of a person's calendar, None when their account is closed.

    Who they are and where they stand is read now. Opens a scope of those organisations and leaves it open.
    """
    user = db.session().get(User, user_id)
    if user is None or user.disabled_at is not None or user.erased_at is not None:
        return None
    language = user.language
    as_person(user_id)
    places = {one.tenant_id: one for one in standings_of(user_id)}
    open_scope(reading(frozenset(places), frozenset({Area.AUDIT})))
    requests = [one for one in waiting() if _answers(places[one.tenant_id], one)]
    language = language or next((one.language for one in places.values()), Language.DUTCH)
    query = (
        sa.select(Expiry.tenant_id, Expiry.rule_code, Expiry.subject_key, Expiry.until)
        .where(Expiry.until >= today - BEFORE, Expiry.until <= today + AHEAD)
        .order_by(Expiry.until, Expiry.tenant_id, Expiry.rule_code, Expiry.subject_key)
        .limit(AT_MOST)
    )

    def told() -> Iterator[Event]:
        for one in requests:
            named = _("Answer to an auditor is due (%(organisation)s)", organisation=places[one.tenant_id].name)
            yield Event(uid(f"{one.tenant_id}/{REQUEST}/{one.request_id}", host), one.due_on, named)
        for tenant_id, code, key, until in db.session().execute(query):
            if opens(places[tenant_id], code):
                named = _(
                    "%(title)s lapses (%(organisation)s)", title=rule_title(code), organisation=places[tenant_id].name
                )
                yield Event(uid(f"{tenant_id}/{code}/{key}", host), until, named)

    with written_in(language):
        return language, list(told())


def _answers(place: Standing, one: Waiting) -> bool:
    """Tell whether a person on this side hears of a request; auditors do not hear of one another's."""
    return place.capacity is not Capacity.AUDITOR and one.within(place.areas)
