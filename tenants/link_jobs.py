"""Jobs about mailed links."""

from core import clock, db
from core.background.jobs import NIGHTLY, Job
from tenants import links


def forget_old() -> None:
    """Remove the links that were of no use any more long ago."""
    db.begin(writes=True)
    links.forget_old(clock.now())
    db.commit()


JOBS = (Job("links-forget", NIGHTLY, forget_old),)
