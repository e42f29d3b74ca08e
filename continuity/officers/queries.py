"""Lists of keys: a foundation's own, and what a supplier sees of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from continuity.models import KeyState, OfficerKey, TrustedKey
from core import db
from core.age import in_groups
from tenants.lock import Bypass, bypass
from tenants.scope import Opening, opening


@dataclass(frozen=True, slots=True)
class Published:
    """A public key in use at a foundation."""

    user_id: UUID
    name: str
    recipient: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A key of a foundation as a supplier sees it. copy: the supplier's own row, None while it has none.

    offered: the foundation uses it now.
    """

    name: str
    recipient: str
    fingerprint: str
    offered: bool
    copy: TrustedKey | None

    @property
    def groups(self) -> str:
        """Return the fingerprint to be read aloud."""
        return in_groups(self.fingerprint)

    @property
    def compared(self) -> bool:
        """Tell whether deliveries are sealed to it."""
        return self.offered and self.copy is not None and self.copy.pinned_at is not None

    @property
    def to_compare(self) -> bool:
        """Tell whether the foundation uses it and the supplier did not compare it yet."""
        return self.offered and not self.compared


def keys_of(foundation_id: int) -> Sequence[OfficerKey]:
    """Return every key of a foundation in the open scope, the newest first."""
    query = sa.select(OfficerKey).where(OfficerKey.tenant_id == foundation_id)
    return db.session().scalars(query.order_by(OfficerKey.made_at.desc(), OfficerKey.id.desc())).all()


def key(foundation_id: int, key_id: UUID) -> OfficerKey | None:
    """Return one key of a foundation in the open scope."""
    query = sa.select(OfficerKey).where(OfficerKey.tenant_id == foundation_id, OfficerKey.id == key_id)
    return db.session().scalar(query)


def waiting_key(foundation_id: int, user_id: UUID) -> OfficerKey | None:
    """Return the key that this officer sent and did not prove yet."""
    mine = sa.select(OfficerKey).where(OfficerKey.tenant_id == foundation_id, OfficerKey.user_id == user_id)
    return db.session().scalar(mine.where(OfficerKey.state == KeyState.PENDING))


def published(foundation_id: int) -> list[Published]:
    """Return the public keys in use of a foundation, which may lie outside the open scope, by fingerprint."""
    query = (
        sa.select(OfficerKey.user_id, OfficerKey.name, OfficerKey.recipient, OfficerKey.fingerprint)
        .where(OfficerKey.tenant_id == foundation_id, OfficerKey.state == KeyState.ACTIVE)
        .order_by(OfficerKey.fingerprint)
    )
    with opening(Opening.OFFICERS, str(foundation_id)):
        return [Published(*row) for row in db.session().execute(query, execution_options=bypass(Bypass.OFFICERS))]


def listed(foundation_id: int | None) -> list[Listed]:
    """Return the keys of a foundation as the supplier of the open scope sees them: in use first, then by name."""
    if foundation_id is None:
        return []
    mine = sa.select(TrustedKey).where(TrustedKey.foundation_id == foundation_id)
    copies = {one.fingerprint: one for one in db.session().scalars(mine)}
    found = [
        Listed(one.name, one.recipient, one.fingerprint, True, copies.pop(one.fingerprint, None))
        for one in published(foundation_id)
    ]
    found += [Listed(one.name, one.recipient, one.fingerprint, False, one) for one in copies.values()]
    return sorted(found, key=lambda one: (not one.offered, one.name.casefold(), one.fingerprint))
