"""Changes that rows of several subjects share."""

from contextlib import nullcontext
from datetime import datetime

from continuity.models import Agreement, Client, HandoverItem
from continuity.registrations.binding import refuse_taking_back
from continuity.registrations.holding import refuse_under
from continuity.registrations.keeping import kept
from continuity.registrations.states import settle_under
from core import db


def put_away(row: Agreement | Client | HandoverItem, *, at: datetime) -> None:
    """Put a row away as of the aware instant `at`; nothing of a registration is ever deleted.

    Raises Refused once the period of the scheme began, and for a framework agreement on which clients rely.
    """
    refuse_under(row.registration_id)
    if isinstance(row, Agreement):
        refuse_taking_back(row)
    _put(row, at)


def put_back(row: Agreement | Client | HandoverItem) -> None:
    """Take a row back that was put away. Raises Refused once the period of the scheme began."""
    refuse_under(row.registration_id)
    _put(row, None)


def _put(row: Agreement | Client | HandoverItem, at: datetime | None) -> None:
    # Of a client its own day tells.
    with nullcontext() if isinstance(row, Client) else kept(row.registration_id, row):
        row.archived_at = at
    db.session().flush()
    if isinstance(row, Agreement):
        settle_under(row)
