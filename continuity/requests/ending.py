"""What a step of the scheme does to the requests under it, in the same transaction."""

from datetime import datetime

from continuity.models import Registration, RequestRole
from continuity.requests import telling
from continuity.requests.queries import live_requests
from continuity.requests.states import Act
from continuity.requests.steps import client_of, move
from core import db


def end_requests(owner: Registration, act: Act, *, by: str, at: datetime, reason: str = "") -> int:
    """End every request that is not over: the trigger was a false alarm, or the scheme is closed. Returns how many.

    Call it in a turn. reason: of the alarm; the clients read it.
    Source: rules 3.7 T6, T7; 3.8.
    """
    rows = live_requests(owner)
    for row in rows:
        db.session().refresh(row)
        move(row, act, RequestRole.SCHEME, by=by, reason=reason)
        if reason:
            row.reason = reason.strip()
        telling.tell(row, owner, client_of(row), telling.OVER, at=at)
    db.session().flush()
    return len(rows)
