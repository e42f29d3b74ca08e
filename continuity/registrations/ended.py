"""A scheme that ended, or on which nobody relies any more: what a bankruptcy of before can still begin.

A bankruptcy is often known some time after it was declared. Until the period that it would have begun is over, the
foundation has to reach the scheme, whatever its supplier tidies up meanwhile. See docs/decisions/ending-a-scheme.md.
"""

from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.models import NoticeStage, Part, Registration, SchemeChange, SchemeNotice, SchemeState
from continuity.registrations.history import ended_since, open_case, told_end
from continuity.registrations.states import AT_WORK, BOUND, ENDED, IN_FORCE
from core import db
from core.clock import add_months, day_of
from core.i18n import day_text
from tenants.models import Tenant


def zone_of(owner: Registration) -> str:
    """Return the time zone in which the days of a scheme are counted: that of its supplier."""
    return db.session().get_one(Tenant, owner.tenant_id).zone


def was_in_force(owner: Registration, day: date) -> bool:
    """Tell whether a scheme that is terminated bound its foundation on `day`.

    By the last day that was announced; where none was, for no client relied on it by then, by the day on which it was
    ended: acceptances that its supplier took away since are set back.
    """
    if owner.state is not SchemeState.TERMINATED:
        return False
    notice = told_end(owner)
    if notice is not None and notice.stage is NoticeStage.ENDED:
        return notice.last_on >= day
    return ended_since(owner, day, zone=zone_of(owner))


def refuse_after_the_end(owner: Registration, day: date) -> None:
    """Raise Refused where the end of a scheme was announced and `day` lies after its last one, confirmed or not."""
    notice = told_end(owner)
    if owner.state in BOUND and notice is not None and notice.stage is NoticeStage.GIVEN and notice.last_on < day:
        raise Refused(_l("The last day of this scheme was %(day)s. This happened after it.",
                         day=day_text(notice.last_on)), "happened_on")  # fmt: skip


def in_reach_until(owner: Registration) -> date | None:
    """Return the last day on which continuity can still be delivered after a bankruptcy of when clients relied on it.

    None where none ever did, as far as is recorded. As long as clients rely on it, `binding.relied_on` tells.
    """
    days = [day for day in (_last_announced(owner), _last_taken_away(owner)) if day is not None]
    return add_months(max(days), owner.duration_months) if days else None


def may_begin(owner: Registration, today: date) -> bool:
    """Tell whether a bankruptcy of this supplier can be filed: also of before an end, while it can be delivered."""
    if owner.state is SchemeState.TERMINATED:
        return stays_until(owner, today) is not None
    return owner.state not in ENDED


def _last_announced(owner: Registration) -> date | None:
    return db.session().scalar(
        sa.select(sa.func.max(SchemeNotice.last_on)).where(
            SchemeNotice.tenant_id == owner.tenant_id,
            SchemeNotice.registration_id == owner.id,
            SchemeNotice.stage == NoticeStage.ENDED,
        )
    )


def _last_taken_away(owner: Registration) -> date | None:
    """Return the last day on which the supplier said that an acceptance ended; a client that withdraws says so itself.

    The moment of recording counts: any day can be typed.
    """
    query = sa.select(SchemeChange).where(
        SchemeChange.tenant_id == owner.tenant_id,
        SchemeChange.registration_id == owner.id,
        SchemeChange.part == Part.ACCEPTANCE,
    )
    newest_first = db.session().scalars(query.order_by(SchemeChange.told_at.desc()))
    found = next((one for one in newest_first if one.after.get("ended_on")), None)
    return day_of(found.told_at, zone_of(owner)) if found is not None else None


def stays_until(owner: Registration, today: date) -> date | None:
    """Return until which day a registration cannot be put away for what clients relied on, None where it can."""
    if owner.state in (*IN_FORCE, *AT_WORK):
        return None
    until = in_reach_until(owner)
    return until if until is not None and today <= until else None


def refuse_out_of_reach(owner: Registration, today: date) -> None:
    """Raise Refused where putting a registration away would take from the foundation what it may still need."""
    if open_case(owner) is not None:
        raise Refused(_l("The foundation has something to decide about this scheme first."))
    until = stays_until(owner, today)
    if until is not None:
        raise Refused(
            _l(
                "Clients relied on this scheme. A bankruptcy of before may still become known, and the foundation then "
                "delivers until %(day)s at the latest. It can be put away after that day.",
                day=day_text(until),
            )
        )
