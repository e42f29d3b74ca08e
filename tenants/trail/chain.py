"""The chain: every entry carries a keyed hash over the one before it, so that nobody can rework what happened.

Two keyed hashes per entry (HMAC with SHA-256, RFC 2104; the key is not in the database):

    digest = MAC(salt, what names a person or tells content)
    link   = MAC(link of the entry before, every other column, digest)

Whoever erases a person takes content and salt away; digest and link stay, and the chain holds. Values are taken
plain, as canonical JSON, so sealing them anew under another key changes nothing.
"""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any, Protocol, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, SessionTransaction

from core.inserting import insert_unless_there
from core.keyed_hash import keyed_hash
from core.vault import mac_key
from tenants.models import TrailEntry, TrailHead

PURPOSE = "trail"
# The chain of account events; organisations are numbered from 1.
ACCOUNTS = 0
FIRST_LINK = bytes(32)
SALT_BYTES = 16
HEADS = "trail_heads"
# What JSON gives back as it was. A number of its own class, such as of an enumeration, is written as a number.
SCALARS = (str, int, float)
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: number of entries and the link of the newest."""

    seq: int
    link: bytes


class EventLike(Protocol):
    """What both an AccountEvent and a row of its columns have."""

    @property
    def seq(self) -> int: ...
    @property
    def id(self) -> UUID: ...
    @property
    def at(self) -> datetime: ...
    @property
    def user_id(self) -> UUID | None: ...
    @property
    def actor(self) -> str: ...
    @property
    def request_id(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def changes(self) -> dict[str, Any]: ...


class EntryLike(EventLike, Protocol):
    """What both a TrailEntry and a row of its columns have."""

    @property
    def tenant_id(self) -> int: ...
    @property
    def role(self) -> str: ...
    @property
    def via(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def subject_id(self) -> UUID | None: ...
    @property
    def label(self) -> str: ...


def canonical(value: object) -> bytes:
    """Return `value` as JSON that is always the same for the same value. Raises ValueError for NaN and infinity."""
    return _ENCODER.encode(value).encode("ascii")


def key() -> bytes:
    """Return the key of all chains."""
    return mac_key(PURPOSE)


def digest_of(secret: bytes, salt: bytes, content: Sequence[object]) -> bytes:
    """Return the digest of what can be erased from an entry."""
    return digester(secret)(salt + canonical(content))


@lru_cache(maxsize=8)
def digester(secret: bytes) -> Callable[[bytes], bytes]:
    """Return what gives the digest of salt and content, the content as canonical JSON."""
    return keyed_hash(secret, b"digest")


def link_of(secret: bytes, before: bytes, fixed: Sequence[object], digest: bytes) -> bytes:
    """Return the link of an entry that follows the one with link `before`."""
    return linker(secret)(before + digest + canonical(fixed))


@lru_cache(maxsize=8)
def linker(secret: bytes) -> Callable[[bytes], bytes]:
    """Return what gives the link of the link before, the digest and the fixed part, that part as canonical JSON."""
    return keyed_hash(secret, b"link")


def entry_content(row: EntryLike) -> list[object]:
    """Return what can be erased from an entry."""
    return [text_of(row.user_id), row.actor, row.label, row.changes]


def entry_fixed(row: EntryLike) -> list[object]:
    """Return what stays of an entry for ever."""
    return [
        row.tenant_id,
        row.seq,
        text_of(row.id),
        instant_of(row.at),
        row.role,
        row.via,
        row.request_id,
        row.action,
        row.subject,
        text_of(row.subject_id),
    ]


def event_content(row: EventLike) -> list[object]:
    """Return what can be erased from an account event."""
    return [text_of(row.user_id), row.actor, row.changes]


def event_fixed(row: EventLike) -> list[object]:
    """Return what stays of an account event for ever."""
    return [ACCOUNTS, row.seq, text_of(row.id), instant_of(row.at), row.request_id, row.action]


def text_of(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def instant_of(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def number(session: Session, entries: Sequence[TrailEntry]) -> None:
    """Append `entries` to the chains of their organisations, in the order given, within this flush."""
    if not entries:
        return
    secret = key()
    heads = lock_heads(session, sorted({entry.tenant_id for entry in entries}))
    for entry in entries:
        head = heads[entry.tenant_id]
        entry.seq = head.seq + 1
        entry.via, entry.label = entry.via or "", entry.label or ""
        # As it will be read again: a number used as a name comes back as text, a tuple as a list.
        if not all(value is None or isinstance(value, SCALARS) for value in entry.changes.values()):
            entry.changes = json.loads(canonical(entry.changes))
        entry.salt = os.urandom(SALT_BYTES)
        entry.digest = digest_of(secret, entry.salt, entry_content(entry))
        entry.link = link_of(secret, head.link, entry_fixed(entry), entry.digest)
        heads[entry.tenant_id] = Head(entry.seq, entry.link)
    advance_heads(session, heads)


def lock_heads(session: Session, chains: Sequence[int]) -> dict[int, Head]:
    """Lock the heads of `chains`, sorted, until the transaction ends, and return them.

    A chain that has none yet gets one. What was locked before in this transaction is remembered, not read again.
    """
    known = _known(session)
    missing = [chain for chain in chains if chain not in known]
    if missing:
        known |= _read_locked(session, missing)
        unborn = [chain for chain in missing if chain not in known]
        if unborn:
            rows = [{"chain": chain, "seq": 0, "link": FIRST_LINK} for chain in unborn]
            session.execute(_born(session.get_bind().dialect.name), rows)
            known |= _read_locked(session, unborn)
    return {chain: known[chain] for chain in chains}


def advance_heads(session: Session, heads: dict[int, Head]) -> None:
    """Move locked heads on."""
    rows = [{"chain": chain, "seq": head.seq, "link": head.link} for chain, head in sorted(heads.items())]
    session.execute(sa.update(TrailHead), rows)
    _known(session).update(heads)


def _read_locked(session: Session, chains: Sequence[int]) -> dict[int, Head]:
    rows = session.execute(
        sa.select(TrailHead.chain, TrailHead.seq, TrailHead.link)
        .where(TrailHead.chain.in_(chains))
        .order_by(TrailHead.chain)
        .with_for_update()
    )
    return {row.chain: Head(row.seq, bytes(row.link)) for row in rows}


def _known(session: Session) -> dict[int, Head]:
    """Return the heads locked in this transaction; a savepoint, made or taken back, begins a new page."""
    under_way = (session.get_transaction(), session.get_nested_transaction())
    page = session.info.get(HEADS)
    if page is None or page[0] is not under_way[0] or page[1] is not under_way[1]:
        page = session.info[HEADS] = (*under_way, {})
    return cast("tuple[SessionTransaction | None, SessionTransaction | None, dict[int, Head]]", page)[2]


@cache
def _born(dialect: str) -> Any:
    return insert_unless_there(TrailHead, dialect).on_conflict_do_nothing(index_elements=["chain"])
