"""Cleaning up behind sign-ins."""

from core import clock, db
from core.background.jobs import Job
from tenants import sessions
from tenants.sign_in import half, limits, passkeys


def clean() -> None:
    """Forget tries, challenges and half sign-ins that count no more."""
    at = clock.now()
    db.begin(writes=True)
    limits.clean(at=at)
    passkeys.clean(at=at)
    half.clean(at=at)
    db.commit()


def forget() -> None:
    """Forget from where people signed in long ago."""
    db.begin(writes=True)
    sessions.forget_traces(at=clock.now())
    db.commit()


JOBS = (
    Job("sign-in cleaning", "17 * * * *", clean, catch_up=False),
    Job("sign-in traces", "47 3 * * *", forget, catch_up=False),
)
