"""A digest of the rows that a judgement is made from: who holds the very same ones need not be judged again.

A judgement is a pure function of facts, rules and a day, and facts are one of rows. So where an organisation's rows are
those it was judged by, its rule set is that one too, and the day lies before the first on which anything could differ
untouched, nothing else would be found. The rows are taken as the driver hands them over: nothing is opened, nothing is
trusted to tell that it changed, and whoever changes a row past every mark is noticed by the next sweep over everybody.
"""

import base64
import hashlib
import marshal
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from continuity import loading as continuity_loading
from core.vault import mac_key
from core.version import VERSION
from plans import loading as plan_loading
from plans.versions.content import selects as contents
from tenants.prepared import Prepared

Rows = Sequence[tuple[Any, ...]]
# The form that depends on the values alone: later ones also tell which of them are the same object in memory.
_MARSHAL = 2
_BYTES = 24
# What PostgreSQL's driver hands over and marshal does not know.
_PLAIN: Mapping[type, Callable[[Any], Any]] = {
    UUID: lambda found: found.int,
    date: date.toordinal,
    datetime: datetime.isoformat,
    Decimal: str,
}


@cache
def selects() -> tuple[Prepared, ...]:
    """Return everything that loading facts reads of everybody; a test holds it against the statements loading sends."""
    return (*plan_loading.selects(), *continuity_loading.SELECTS)


@cache
def selects_of_content() -> tuple[Prepared, ...]:
    """Return what it reads besides of plans whose content is compared with what was approved."""
    return tuple(contents().values())


def digests(tenant_ids: Sequence[int], compared: Collection[int], rule_set: str) -> dict[int, str]:
    """Return a keyed digest of all rows that judging each of the open scope's organisations `tenant_ids` reads.

    compared: those among them of which that includes the content of the plan. Another one for another rule set, release
    or way of asking. Call it before the facts are loaded: what changes in between is then told by facts newer than the
    digest, which fits no later rows, and never the other way around.
    """
    if not tenant_ids:
        return {}
    begun = hashlib.blake2b(
        f"{rule_set}:{VERSION}:{_asked()}:".encode(), key=mac_key("audit_state.from_rows"), digest_size=_BYTES
    )
    found = {one: begun.copy() for one in tenant_ids}
    for one, told in found.items():
        told.update(b"%d:%d:" % (one, one in compared))
    whole = [one for one in tenant_ids if one in compared]
    asked = [(select, tenant_ids) for select in selects()] + [(select, whole) for select in selects_of_content()]
    for number, (select, of) in enumerate(asked):
        for one, rows in _packed(select.bare_rows(of)).items() if of else ():
            rows.sort()  # the database hands them over in any order
            found[one].update(b"%d:%d:%b" % (number, len(rows), b"".join(rows)))
    return {one: base64.urlsafe_b64encode(told.digest()).decode() for one, told in found.items()}


@cache
def _asked() -> str:
    """Return a digest of the statements themselves: the same values may mean something else in another column."""
    every = (str(select.query) for select in (*selects(), *selects_of_content()))
    return hashlib.sha256("\n".join(every).encode()).hexdigest()


def _packed(rows: Rows) -> dict[int, list[bytes]]:
    """Return rows as bytes, by the organisation that stands first in each."""
    try:
        return _marshalled(rows)
    except ValueError:  # a value that marshal does not know
        return _marshalled(_plain(rows))


def _marshalled(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[bytes]]:
    found: dict[int, list[bytes]] = defaultdict(list)
    packed = marshal.dumps
    for row in rows:
        found[row[0]].append(packed(row, _MARSHAL))
    return found


def _plain(rows: Rows) -> Iterable[tuple[Any, ...]]:
    """Return rows of values that marshal knows. Looked at column by column: few hold what must be turned."""
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
    for at, column in enumerate(columns):
        # A database with types holds values of one kind in a column.
        turn = _PLAIN.get(next((type(value) for value in column if value is not None), str))
        if turn is not None:
            columns[at] = [None if value is None else turn(value) for value in column]
    return zip(*columns, strict=True)
