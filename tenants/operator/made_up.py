"""Whether made-up people are among the real ones."""

from collections.abc import Iterator

import sqlalchemy as sa

from core import db
from core.deploy import Deployment, Remark, fault
from tenants.models import User

# Nobody can own such an address (RFC 2606); all people of samples and examples have one.
RESERVED = ".example"


def check_made_up(_seen: Deployment) -> Iterator[Remark]:
    """Look for accounts of the sample: their password was printed on a screen."""
    query = sa.select(User.id).where(User.email.endswith(RESERVED, autoescape=True), User.disabled_at.is_(None))
    made_up = db.session().scalar(query.limit(1)) is not None
    db.rollback()
    if made_up:
        yield fault("Sample accounts can sign in (addresses ending in .example): disable them, or begin anew.")
