"""How often one may try to sign in: to one account, and from one address.

A try is counted before it is looked at, in a transaction of its own: neither a racing nor a failing request gets one
for nothing, and a restart forgets none. A try that succeeded is given back.
"""

import hmac
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from threading import Lock

import sqlalchemy as sa
from flask_babel import ngettext

from core import db
from core.vault import mac_key
from tenants.models import RecentTries
from tenants.sign_in.claims import insert_new

WINDOW = timedelta(minutes=15)
PER_ACCOUNT, PER_ADDRESS = 10, 50
_one_by_one = Lock()
# Whoever holds one IPv6 address holds its whole network.
IPV6_HOST_BITS = 64


class TooManyTries(Exception):
    """Nothing was looked at: there were too many tries. seconds: until one more is allowed."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds

    @property
    def text(self) -> str:
        """Return what to tell the visitor; an account that does not exist is told the same."""
        minutes = -(-self.seconds // 60)
        return str(
            ngettext(
                "Too many tries. Try again in %(num)s minute.", "Too many tries. Try again in %(num)s minutes.", minutes
            )
        )


@dataclass(frozen=True, slots=True)
class Limit:
    """How many tries of `key` count within WINDOW."""

    key: str
    most: int


def of_account(email: str) -> Limit:
    """Return the limit of an account, whether or not there is one; the database keeps no address somebody typed."""
    address = email.strip().lower().encode()
    return Limit(f"account:{hmac.digest(mac_key('recent_tries'), address, 'sha256').hex()}", PER_ACCOUNT)


def of_address(address: str) -> Limit:
    """Return the limit of a network address: one address of IPv4, one network of IPv6."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return Limit(f"address:{address[:60]}", PER_ADDRESS)
    if isinstance(found, IPv6Address):
        mapped = found.ipv4_mapped
        host = mapped or IPv6Address(int(found) >> IPV6_HOST_BITS << IPV6_HOST_BITS)
        return Limit(f"address:{host}", PER_ADDRESS)
    return Limit(f"address:{found}", PER_ADDRESS)


def take(limits: Sequence[Limit], *, at: datetime) -> None:
    """Count one try at `at` against each of `limits`, or none when one of them is reached.

    Drops the open transaction, which may not have written yet, and commits one of its own; the next begins by itself.
    limits: accounts before addresses, so that two requests never wait for each other.
    Raises TooManyTries when one of the limits was reached.
    """
    db.rollback()
    with _queue():
        db.begin(writes=True)
        try:
            _count(limits, at)
            db.commit()
        finally:
            db.rollback()


def _count(limits: Sequence[Limit], at: datetime) -> None:
    rows = [_locked(limit.key, at) for limit in limits]
    for row in rows:
        row.tries = [told for told in row.tries if datetime.fromisoformat(told) > at - WINDOW]
    full = [row for row, limit in zip(rows, limits, strict=True) if len(row.tries) >= limit.most]
    if full:
        again_at = max(datetime.fromisoformat(row.tries[0]) for row in full) + WINDOW
        raise TooManyTries(max(1, -int((at - again_at).total_seconds() // 1)))
    for row in rows:
        row.tries, row.last_at = [*row.tries, at.isoformat()], at


def _queue() -> AbstractContextManager[object]:
    # Writers that wait for SQLite ask again and again, the unlucky until their patience ends: here they stand in line.
    return _one_by_one if db.engine().dialect.name == "sqlite" else nullcontext()


def give_back(limits: Sequence[Limit], tried_at: Sequence[datetime]) -> None:
    """Take back the tries at `tried_at`, which succeeded, within the open transaction."""
    spent = {at.isoformat() for at in tried_at}
    for limit in limits:
        row = _row(limit.key)
        if row is not None:
            row.tries = [told for told in row.tries if told not in spent]
    db.session().flush()


def clean(*, at: datetime) -> None:
    """Forget the tries that count no more."""
    db.session().execute(sa.delete(RecentTries).where(RecentTries.last_at < at - WINDOW))


def _locked(key: str, at: datetime) -> RecentTries:
    """Return the row of `key`, made if need be; nobody else may read it for a change before this transaction ends."""
    found = _row(key)
    if found is not None:
        return found
    insert_new(RecentTries(key=key, tries=[], last_at=at))  # a racing request may have made it
    made = _row(key)
    assert made is not None
    return made


def _row(key: str) -> RecentTries | None:
    query = sa.select(RecentTries).where(RecentTries.key == key).with_for_update()
    return db.session().scalar(query, execution_options={"populate_existing": True})
