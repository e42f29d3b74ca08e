"""Changes that rows of several subjects share."""

from datetime import datetime

from continuity.models import Agreement, Client, HandoverItem
from core import db


def put_away(row: Agreement | Client | HandoverItem, *, at: datetime) -> None:
    """Put a row away as of the aware instant `at`; nothing of a registration is ever deleted."""
    row.archived_at = at
    db.session().flush()


def put_back(row: Agreement | Client | HandoverItem) -> None:
    """Take a row back that was put away."""
    row.archived_at = None
    db.session().flush()
