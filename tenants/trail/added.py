"""The entries of many new rows of one class, told at once: what `write_down` says of each of them, byte for byte."""

import os
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from json.encoder import encode_basestring_ascii
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.clock import now
from core.ids import hyphened, new_ids
from core.inserting import Same, Values, each_once
from core.vault import SealedType, seal_all
from tenants.models import TrailEntry
from tenants.owned import TenantOwned
from tenants.scope import Scope
from tenants.trail import chain
from tenants.trail.writing import ABOUT, LABEL_LENGTH, NAMES, NOT_TOLD, SECRET_ENDINGS, UNTOLD, plain_value, sealed_of

CREATED = "created"
# What one column says of each row, or of all of them, as JSON with a comma behind it; nothing where a row says nothing.
Told = Sequence[str] | str


def entries_of_added(
    session: Session, scope: Scope, model: type[TenantOwned], ids: Sequence[str], columns: Mapping[str, Values]
) -> dict[str, Values]:
    """Append an entry for each new row to its organisation's chain.

    columns: the values of the rows `ids`, by attribute. Returns the entries by column of their table, their changes
    sealed already and ids as digits, which the caller writes in this transaction. Raises TypeError for a class whose
    rows are called after somebody else.
    """
    mapper = sa.inspect(model)
    attributes = {one.key for one in mapper.column_attrs}
    if not attributes.isdisjoint(ABOUT):
        raise TypeError(f"{model.__name__} is called after what it is about: add it one by one")
    actor, table = scope.actor, str(mapper.local_table.name)
    told = {name: _told(name, values) for name, values in columns.items() if name not in NOT_TOLD}
    shared: dict[str, Any] = {
        "tenant_id": scope.only_tenant,
        "at": now(),
        "user_id": actor.user_id,
        "actor": actor.name,
        "role": actor.role,
        "via": actor.via or "",
        "request_id": actor.request_id,
        "action": CREATED,
        "subject": table,
    }
    changes = [one.encode() for one in _joined(told.values(), len(ids))]
    labels = _labels([columns[one] for one in NAMES if one in columns and one not in sealed_of(mapper)], len(ids))
    content = _contents(shared, labels, _joined((told[name] for name in sorted(told)), len(ids)))
    numbered = _numbered(session, shared, ids, content)
    return {
        **{name: Same(value) for name, value in shared.items()},
        **numbered,
        "subject_id": ids,
        "label": labels,
        "changes": seal_all((b"" if one == b"{}" else one for one in changes), _place()),
    }


def _place() -> str:
    kind = sa.inspect(TrailEntry).columns["changes"].type
    assert isinstance(kind, SealedType)
    return kind.place


def _told(name: str, values: Values) -> Told:
    """Return `"name":value,` for each row that has a value."""
    head = f"{encode_basestring_ascii(name)}:"
    if name.endswith(SECRET_ENDINGS):
        text = f"{head}{encode_basestring_ascii(UNTOLD)},"
        return _each(lambda _value: text, values)
    if isinstance(values, Same):
        return _each(_teller(head), values)
    kinds = set(map(type, values))
    if kinds == {str}:
        return [f"{head}{encode_basestring_ascii(value)}," for value in values]
    # Yes and 1 are equal and told differently, and what can be changed cannot be looked up.
    if len(kinds - {type(None)}) == 1 and not kinds & {dict, list}:
        say = _teller(head)
        return list(each_once(lambda value: "" if value is None else say(value), values))
    return _each(_teller(head), values)


def _each(say: Callable[[Any], str], values: Values) -> Told:
    if isinstance(values, Same):
        return "" if values.value is None else say(values.value)
    return ["" if value is None else say(value) for value in values]


def _teller(head: str) -> Callable[[Any], str]:
    """Return what tells one value."""
    return lambda value: f"{head}{chain.canonical(plain_value(value)).decode()},"


def _joined(told: Iterable[Told], count: int) -> Iterator[str]:
    """Yield what all columns say of each row, as an object; what they say of all rows is joined once."""
    pieces: list[Told] = []
    for one in told:
        if isinstance(one, str) and pieces and isinstance(pieces[-1], str):
            pieces[-1] += one
        else:
            pieces.append(one)
    rows = (repeat(one, count) if isinstance(one, str) else one for one in pieces)
    return (f"{{{row[:-1]}}}" for row in map("".join, zip(*rows, strict=True)))


def _labels(named: Sequence[Values], count: int) -> list[str]:
    """Return what each row is called, by the first of its names that it has."""
    first = named[0] if named else Same("")
    if not isinstance(first, Same) and set(map(type, first)) == {str} and all(first):
        return [one[:LABEL_LENGTH] for one in first]
    rows = (repeat(one.value, count) if isinstance(one, Same) else one for one in named)
    found = zip(*rows, strict=True) if named else repeat((), count)
    return [next((one for one in row if isinstance(one, str) and one), "")[:LABEL_LENGTH] for row in found]


def _contents(shared: Mapping[str, Any], labels: Sequence[str], changes: Iterable[str]) -> Iterator[str]:
    """Yield what can be erased from each entry, as canonical JSON."""
    head = chain.canonical([chain.text_of(shared["user_id"]), shared["actor"]])[:-1].decode()
    quoted = map(encode_basestring_ascii, labels)
    return (f"{head},{label},{one}]" for label, one in zip(quoted, changes, strict=True))


def _numbered(
    session: Session, shared: Mapping[str, Any], about: Sequence[str], contents: Iterable[str]
) -> dict[str, Values]:
    """Link the entries to the chain; return what that adds to them, by column. about: ids of the rows."""
    secret, tenant_id, count = chain.key(), shared["tenant_id"], len(about)
    digest_of, link_of, own = chain.digester(secret), chain.linker(secret), new_ids(count)
    head = chain.lock_heads(session, [tenant_id])[tenant_id]
    kept = ("role", "via", "request_id", "action", "subject")
    middle = chain.canonical([chain.instant_of(shared["at"]), *(shared[name] for name in kept)])[1:-1].decode()
    drawn = struct.iter_unpack(f"{chain.SALT_BYTES}s", os.urandom(chain.SALT_BYTES * count))
    salts = [salt for (salt,) in drawn]
    digests = [digest_of(salt + one.encode()) for salt, one in zip(salts, contents, strict=True)]
    numbers, link, links = range(head.seq + 1, head.seq + 1 + count), head.link, []
    for number, entry_id, row_id, digest in zip(
        numbers, map(hyphened, own), map(hyphened, about), digests, strict=True
    ):
        fixed = f'[{tenant_id},{number},"{entry_id}",{middle},"{row_id}"]'
        link = link_of(link + digest + fixed.encode())
        links.append(link)
    chain.advance_heads(session, {tenant_id: chain.Head(numbers[-1], link)})
    return {"id": own, "seq": numbers, "salt": salts, "digest": digests, "link": links}
