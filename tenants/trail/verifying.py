"""Verifying the trail: finds any entry that was altered, removed, reordered, inserted or cut off.

Each chain is walked from its first entry, a page at a time, so that a million entries need no more memory than a
thousand. The hashes show what was done inside a chain; the head shows what was cut off its end; only an anchor that
was kept elsewhere shows a chain that was put back to an earlier day, head and all.
"""

import hmac
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from core import db
from core.vault import SealError
from tenants.models import AccountEvent, Tenant, TrailEntry, TrailHead
from tenants.owned import Area
from tenants.scope import LockError, reading, scoped
from tenants.trail import chain

AT_ONCE = 1000
# What an entry says that took the content of others away, and where it names them.
ERASURE, ERASED_ENTRIES = "trail.erased", "entries"


class Fault(StrEnum):
    """What is wrong with an entry."""

    ALTERED = "was altered"
    UNLINKED = "does not follow the one before it: altered, inserted, swapped or moved"
    MISSING = "is missing"
    CUT_OFF = "and what came after it were cut off"
    HEADLESS = "is followed by others that the head does not know"
    OTHER_HEAD = "is the newest, but not the one the head knows"
    NOT_ERASED = "was emptied, and no entry tells why"
    NOT_ANCHORED = "is not the one that was anchored"


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry of a chain that is not as it was written. at: when it happened, where it is known."""

    seq: int
    fault: Fault
    at: datetime | None = None
    action: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one chain. entries: how many are in order, from the first; erased: whose content was erased."""

    chain: int
    name: str
    entries: int
    erased: int = 0
    broken: Broken | None = None


@dataclass(frozen=True, slots=True)
class Anchored:
    """The link an entry had when it was anchored. anchor: which anchor says so."""

    link: bytes
    anchor: str


# By number of the entry.
Anchors = Mapping[int, Anchored]


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as it is checked. content: what its digest covers, None when it cannot be read any more.

    erases: the numbers of earlier entries whose content this one took away.
    """

    seq: int
    at: datetime
    action: str
    fixed: list[object]
    content: list[object] | None
    salt: bytes | None
    digest: bytes
    link: bytes
    erased_by: int | None
    erases: frozenset[int] = frozenset()


@dataclass(slots=True)
class Walk:
    """How far a chain was walked."""

    secret: bytes
    anchored: Anchors
    seq: int = 0
    link: bytes = chain.FIRST_LINK
    erased: int = 0
    # Numbers of erased entries, by the number of the entry that should tell of it.
    awaiting: dict[int, list[int]] = field(default_factory=dict)

    def step(self, one: Link) -> Broken | None:
        """Take the next entry; return what is wrong with it, or with one it should explain."""
        if one.seq != self.seq + 1:
            return Broken(self.seq + 1, Fault.MISSING)
        if not hmac.compare_digest(chain.link_of(self.secret, self.link, one.fixed, one.digest), one.link):
            return Broken(one.seq, Fault.UNLINKED, one.at, one.action)
        if one.erased_by is not None:
            self.erased += 1
            self.awaiting.setdefault(one.erased_by, []).append(one.seq)
        elif not self._fits(one):
            return Broken(one.seq, Fault.ALTERED, one.at, one.action)
        unexplained = [seq for seq in self.awaiting.pop(one.seq, []) if seq not in one.erases]
        if unexplained:
            return Broken(unexplained[0], Fault.NOT_ERASED)
        known = self.anchored.get(one.seq)
        if known is not None and known.link != one.link:
            return Broken(one.seq, Fault.NOT_ANCHORED, one.at, one.action, known.anchor)
        self.seq, self.link = one.seq, one.link
        return None

    def end(self, head: chain.Head | None) -> Broken | None:
        """Compare the end with the head and the anchors."""
        if self.awaiting:
            return Broken(min(seq for found in self.awaiting.values() for seq in found), Fault.NOT_ERASED)
        if self.seq > (head.seq if head else 0):
            return Broken(head.seq if head else 0, Fault.HEADLESS)
        if head is not None and head.seq > self.seq:
            return Broken(self.seq + 1, Fault.CUT_OFF)
        if head is not None and head.link != self.link:
            return Broken(self.seq, Fault.OTHER_HEAD)
        beyond = [seq for seq in self.anchored if seq > self.seq]
        if beyond:
            return Broken(self.seq + 1, Fault.CUT_OFF, anchor=self.anchored[min(beyond)].anchor)
        return None

    def _fits(self, one: Link) -> bool:
        if one.content is None or one.salt is None:
            return False
        return hmac.compare_digest(chain.digest_of(self.secret, one.salt, one.content), one.digest)


def verify(anchors: Mapping[int, Anchors], slug: str | None = None) -> Iterator[Verdict]:
    """Walk every chain, or that of one organisation, and yield a verdict on each.

    anchors: per chain, what was anchored. Opens its own transactions; none may be under way.
    """
    for number, name in _chains(anchors, slug):
        walk = _verdict_on_accounts if number == chain.ACCOUNTS else _verdict_on
        yield walk(number, name, anchors)


def _verdict_on(number: int, name: str, anchors: Mapping[int, Anchors]) -> Verdict:
    with scoped(reading(frozenset({number}), frozenset({Area.TRAIL})), writes=False):
        return _verdict(number, name, _entries, anchors.get(number, {}))


def _verdict_on_accounts(number: int, name: str, anchors: Mapping[int, Anchors]) -> Verdict:
    db.begin(writes=False)
    try:
        return _verdict(number, name, _events, anchors.get(number, {}))
    finally:
        db.rollback()


def _verdict(number: int, name: str, read: Callable[[int], list[Link]], anchored: Anchors) -> Verdict:
    walk = Walk(chain.key(), anchored)
    head: chain.Head | None = None
    while True:
        while page := read(walk.seq):
            broken = _first_broken(walk, page)
            if broken is not None:
                return Verdict(number, name, walk.seq, walk.erased, broken)
        # Read after the entries: whoever sees an entry sees the head it moved.
        before, head = head, _head(number)
        if head is None or head.seq <= walk.seq or head == before:
            return Verdict(number, name, walk.seq, walk.erased, walk.end(head))
        # Somebody added entries in the meantime, or they are gone: look once more.


def _first_broken(walk: Walk, page: Iterable[Link]) -> Broken | None:
    return next((broken for one in page if (broken := walk.step(one)) is not None), None)


def _chains(anchors: Mapping[int, Anchors], slug: str | None) -> list[tuple[int, str]]:
    """Return number and name of every chain there is or should be."""
    db.begin(writes=False)
    try:
        tenants = sa.select(Tenant.id, Tenant.slug).order_by(Tenant.id)
        names = {row.id: row.slug for row in db.session().execute(tenants)}
        heads = set(db.session().scalars(sa.select(TrailHead.chain)))
    finally:
        db.rollback()
    if slug is not None:
        return [(number, name) for number, name in names.items() if name == slug]
    numbers = sorted({chain.ACCOUNTS, *names, *heads, *anchors})
    return [(number, names.get(number, f"organisation {number}" if number else "accounts")) for number in numbers]


def _head(number: int) -> chain.Head | None:
    query = sa.select(TrailHead.seq, TrailHead.link).where(TrailHead.chain == number)
    row = db.session().execute(query).one_or_none()
    return chain.Head(row.seq, bytes(row.link)) if row else None


_SEALED = TrailEntry.__table__.c.changes
_ENTRY = [column for column in TrailEntry.__table__.columns if column is not _SEALED]


def _entries(after: int) -> list[Link]:
    # Sealed as it is: one entry that does not open must not hide the others.
    sealed = sa.type_coerce(_SEALED, sa.LargeBinary()).label("sealed")
    query = sa.select(*_ENTRY, sealed).where(TrailEntry.seq > after).order_by(TrailEntry.seq).limit(AT_ONCE)
    return [_entry(row) for row in db.session().execute(query)]


def _entry(row: Any) -> Link:
    changes = _opened(row.sealed)
    erases = changes.get(ERASED_ENTRIES, []) if changes and row.action == ERASURE else []
    user_id = None if row.user_id is None else str(row.user_id)
    content = None if changes is None else [user_id, row.actor, row.label, changes]
    return _link(row, chain.entry_fixed(row), content, erases)


def _opened(sealed: bytes) -> dict[str, Any] | None:
    kind: Any = _SEALED.type
    try:
        found = kind.process_result_value(sealed, None)
    except (SealError, LockError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _events(after: int) -> list[Link]:
    table = AccountEvent.__table__.c
    columns = [column for column in table if column is not table.changes]
    # As text: what is no JSON any more is an altered event, not a reason to stop.
    query = sa.select(*columns, sa.cast(table.changes, sa.Text).label("text")).where(AccountEvent.seq > after)
    return [_event(row) for row in db.session().execute(query.order_by(AccountEvent.seq).limit(AT_ONCE))]


def _event(row: Any) -> Link:
    try:
        changes = json.loads(row.text)
    except ValueError:
        changes = None
    erases = changes.get(ERASED_ENTRIES, []) if isinstance(changes, dict) and row.action == ERASURE else []
    user_id = None if row.user_id is None else str(row.user_id)
    content = None if changes is None else [user_id, row.actor, changes]
    return _link(row, chain.event_fixed(row), content, erases)


def _link(row: Any, fixed: list[object], content: list[object] | None, erases: list[int]) -> Link:
    salt = None if row.salt is None else bytes(row.salt)
    digest, link, erased = bytes(row.digest), bytes(row.link), frozenset(erases)
    return Link(row.seq, row.at, row.action, fixed, content, salt, digest, link, row.erased_by, erased)
