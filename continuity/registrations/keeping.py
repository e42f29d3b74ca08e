"""Keep what a supplier changes of its scheme with the moment it does, beside the change itself.

Staff know of a bankruptcy before the foundation does, and any day can be typed. The moment of recording is ours: by it
the approval of a trigger finds what came since. Source: rules 3.7 T10; docs/decisions/client-requests.md.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

import sqlalchemy as sa

from continuity.models import DeedState, Part, SchemeChange
from continuity.registrations.told import ENDED, PUT_AWAY, part_of, told_of
from core import clock, db
from tenants.owned import TenantOwned
from tenants.scope import current_scope

# A row that was added was not there before: what says so of those that can be put away, or end.
NOT_THERE = {Part.AGREEMENT: PUT_AWAY, Part.COUNTERPARTY: PUT_AWAY, Part.ITEM: PUT_AWAY, Part.ACCEPTANCE: ENDED}


@contextmanager
def kept(registration_id: UUID, *rows: TenantOwned) -> Iterator[None]:
    """Keep what changes of `rows` inside, as a word of the supplier that counts at once.

    A row that is not stored yet counts as added; it is added to the session inside. Nothing is kept of a change that
    is refused. registration_id: under which the rows stand.
    """
    before = {row.id: told_of(row) if sa.inspect(row).persistent else None for row in rows}
    yield
    db.session().flush()
    for row in rows:
        _keep(registration_id, row, before[row.id])
    db.session().flush()


def keep_added(registration_id: UUID, *rows: TenantOwned) -> None:
    """Keep that the supplier added `rows`, which are flushed."""
    for row in rows:
        _keep(registration_id, row, None)
    db.session().flush()


def _keep(registration_id: UUID, row: TenantOwned, known: Mapping[str, str | None] | None) -> None:
    part, now = part_of(row), told_of(row)
    before = _unsaid(part, now) if known is None else known
    differs = [name for name in now if before[name] != now[name]]
    if not differs:
        return
    db.session().add(
        SchemeChange(
            tenant_id=row.tenant_id,
            registration_id=registration_id,
            part=part,
            part_id=row.id,
            told_by=current_scope().actor.name,
            before={name: before[name] for name in differs},
            after={name: now[name] for name in differs},
            decided_at=None,
        )
    )


def _unsaid(part: Part, now: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return what stood of a row before it was added: that it was not there, or else nothing in each column."""
    sign = NOT_THERE.get(part)
    if sign == PUT_AWAY:
        return {**now, sign: clock.now().isoformat()}
    if part is Part.DEED:
        # Offered just now: not to be offered is what it goes back to. Its words never change any more.
        return {**now, "closed_on": clock.today().isoformat(), "closed_as": DeedState.REVOKED.value}
    if sign == ENDED:
        return {**now, sign: now["accepted_on"]}
    return {name: "" if part is Part.CONTACT and name != "confirmed_on" else None for name in now}
