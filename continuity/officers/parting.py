"""The key of an officer ends with their membership of the foundation, or with their right to change things there."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from continuity.models import KeyState, OfficerKey
from continuity.officers.services import Reach, end_key
from continuity.registrants.reach import naming
from core import db
from tenants.models import Tenant, TenantKind
from tenants.owned import Area
from tenants.scope import Actor, Scope, close_scope, current_scope, is_scoped, open_scope

WRITES = frozenset({Area.CONTINUITY, Area.TRAIL})


class OfficersPart:
    """Ends keys at the foundation, and tells every registrant that copied them, in the transaction under way."""

    def part(self, tenant_id: int, user_ids: Collection[UUID], actor: Actor, *, at: datetime) -> None:
        """Retire the keys in use, and those not proved yet, of people who are officers of this foundation no more.

        Source: rules 3.6 H7, H8.
        """
        kind = db.session().scalar(sa.select(Tenant.kind).where(Tenant.id == tenant_id))
        if kind is not TenantKind.FOUNDATION:
            return
        registrants = naming(tenant_id)
        with _over(registrants | {tenant_id}, actor):
            held = sa.select(OfficerKey).where(
                OfficerKey.tenant_id == tenant_id,
                OfficerKey.user_id.in_(user_ids),
                OfficerKey.state.in_((KeyState.ACTIVE, KeyState.PENDING)),
            )
            for row in db.session().scalars(held.order_by(OfficerKey.id)).all():
                end_key(row, KeyState.RETIRED, Reach(tenant_id, registrants), by=actor.name, at=at)


@contextmanager
def _over(tenant_ids: frozenset[int], actor: Actor) -> Iterator[None]:
    """Reach the scheme of these organisations inside the block, and what was open before again after it."""
    db.session().flush()
    own = current_scope() if is_scoped() else None
    close_scope()
    open_scope(Scope(tenant_ids, frozenset({Area.CONTINUITY}), WRITES, actor))
    try:
        yield
        db.session().flush()
    finally:
        close_scope()
        if own is not None:
            open_scope(own)
