"""Changes that rows of several subjects share."""

from datetime import datetime

from continuity.models import Agreement, Client, HandoverItem
from continuity.registrations.holding import refuse_under
from continuity.registrations.states import settle_under
from core import db


def put_away(row: Agreement | Client | HandoverItem, *, at: datetime) -> None:
    """Put a row away as of the aware instant `at`; nothing of a registration is ever deleted.

    Raises Refused once the period of the scheme began.
    """
    refuse_under(row.registration_id)
    row.archived_at = at
    _settled(row)


def put_back(row: Agreement | Client | HandoverItem) -> None:
    """Take a row back that was put away. Raises Refused once the period of the scheme began."""
    refuse_under(row.registration_id)
    row.archived_at = None
    _settled(row)


def _settled(row: Agreement | Client | HandoverItem) -> None:
    db.session().flush()
    if isinstance(row, Agreement):
        settle_under(row)
