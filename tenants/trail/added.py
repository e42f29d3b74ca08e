"""The entries of many new rows of one class, told at once: what `write_down` says of each of them, byte for byte."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from json.encoder import encode_basestring_ascii
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.clock import now
from core.ids import new_ids
from core.inserting import Same, Values
from core.vault import SealedType, seal_all
from tenants.models import TrailEntry
from tenants.owned import TenantOwned
from tenants.scope import Scope
from tenants.trail import chain
from tenants.trail.writing import ABOUT, LABEL_LENGTH, NAMES, NOT_TOLD, SECRET_ENDINGS, UNTOLD, plain_value, sealed_of

CREATED = "created"
# What one column says of each row, as JSON; nothing where the row says nothing in it.
Told = Sequence[str] | str


def entries_of_added(
    session: Session, scope: Scope, model: type[TenantOwned], ids: Sequence[UUID], columns: Mapping[str, Values]
) -> dict[str, Values]:
    """Append an entry for each new row to its organisation's chain.

    columns: the values of the rows `ids`, by attribute. Returns the entries by column of their table, their changes
    sealed already, which the caller writes in this transaction. Raises TypeError for a class whose rows are called
    after somebody else.
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
    changes = [f"{{{one}}}".encode() for one in _joined(told.values(), len(ids))]
    labels = _labels([columns[one] for one in NAMES if one in columns and one not in sealed_of(mapper)], len(ids))
    content = _contents(shared, labels, _joined((told[name] for name in sorted(told)), len(ids)))
    numbered = _numbered(session, shared, new_ids(len(ids)), ids, content)
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
    """Return `"name":value` for each row that has a value."""
    head = f"{encode_basestring_ascii(name)}:"
    say = _untold(head) if name.endswith(SECRET_ENDINGS) else _teller(head)
    return say(values.value) if isinstance(values, Same) else [say(value) for value in values]


def _untold(head: str) -> Callable[[Any], str]:
    text = head + encode_basestring_ascii(UNTOLD)
    return lambda value: "" if value is None else text


def _teller(head: str) -> Callable[[Any], str]:
    """Return what tells one value; of anything but texts, there are few different ones."""
    known: dict[tuple[type, Any], str] = {(type(None), None): ""}

    def say(value: Any) -> str:
        if type(value) is str:
            return head + encode_basestring_ascii(value)
        if isinstance(value, (dict, list)):
            return head + chain.canonical(plain_value(value)).decode()
        # Yes and 1 are equal, and told differently.
        asked = (type(value), value)
        found = known.get(asked)
        if found is None:
            found = known[asked] = head + chain.canonical(plain_value(value)).decode()
        return found

    return say


def _joined(told: Iterable[Told], count: int) -> Iterator[str]:
    """Yield what all columns say of each row, one after the other; what they say of all rows is joined once."""
    pieces: list[Told] = []
    for one in told:
        if isinstance(one, str) and pieces and isinstance(pieces[-1], str):
            pieces[-1] = ",".join(filter(None, (pieces[-1], one)))
        else:
            pieces.append(one)
    rows = (repeat(one, count) if isinstance(one, str) else one for one in pieces)
    return (",".join(filter(None, row)) for row in zip(*rows, strict=True))


def _labels(named: Sequence[Values], count: int) -> list[str]:
    """Return what each row is called, by the first of its names that it has."""
    rows = (repeat(one.value, count) if isinstance(one, Same) else one for one in named)
    found = zip(*rows, strict=True) if named else repeat((), count)
    return [next((one for one in row if isinstance(one, str) and one), "")[:LABEL_LENGTH] for row in found]


def _contents(shared: Mapping[str, Any], labels: Sequence[str], changes: Iterable[str]) -> Iterator[bytes]:
    """Yield what can be erased from each entry, as canonical JSON."""
    head = chain.canonical([chain.text_of(shared["user_id"]), shared["actor"]])[:-1].decode()
    quoted = map(encode_basestring_ascii, labels)
    return (f"{head},{label},{{{one}}}]".encode() for label, one in zip(quoted, changes, strict=True))


def _numbered(
    session: Session, shared: Mapping[str, Any], own: Sequence[UUID], about: Sequence[UUID], contents: Iterable[bytes]
) -> dict[str, Values]:
    """Link the entries to the chain; return what that adds to them, by column. own: their ids; about: of the rows."""
    secret, tenant_id = chain.key(), shared["tenant_id"]
    head = chain.lock_heads(session, [tenant_id])[tenant_id]
    kept = ("role", "via", "request_id", "action", "subject")
    middle = chain.canonical([chain.instant_of(shared["at"]), *(shared[name] for name in kept)])[1:-1].decode()
    drawn = os.urandom(chain.SALT_BYTES * len(own))
    salts = [drawn[at : at + chain.SALT_BYTES] for at in range(0, len(drawn), chain.SALT_BYTES)]
    digests = [chain.digest_of_told(secret, salt, one) for salt, one in zip(salts, contents, strict=True)]
    numbers, links = range(head.seq + 1, head.seq + 1 + len(own)), [head.link]
    for number, entry_id, row_id, digest in zip(numbers, own, about, digests, strict=True):
        fixed = f'[{tenant_id},{number},"{entry_id}",{middle},"{row_id}"]'.encode()
        links.append(chain.link_of_told(secret, links[-1], fixed, digest))
    chain.advance_heads(session, {tenant_id: chain.Head(numbers[-1], links[-1])})
    return {"id": own, "seq": numbers, "salt": salts, "digest": digests, "link": links[1:]}
