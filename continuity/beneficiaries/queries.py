"""Lists of deed versions, clients and their acceptances."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from continuity.models import Acceptance, Client, DeedVersion, Registration
from core import db


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """A client, with its acceptance of the current deed and the newest number it accepted before."""

    client: Client
    acceptance: Acceptance | None
    accepted_number: int | None


def deeds(owner: Registration) -> Sequence[DeedVersion]:
    """Return the versions of the deed, newest first."""
    query = sa.select(DeedVersion).where(
        DeedVersion.tenant_id == owner.tenant_id, DeedVersion.registration_id == owner.id
    )
    return db.session().scalars(query.order_by(DeedVersion.number.desc())).all()


def acceptance(client: Client, deed: DeedVersion) -> Acceptance | None:
    """Return what a client declared about one version of the deed, also when it ended."""
    query = sa.select(Acceptance).where(Acceptance.client_id == client.id, Acceptance.deed_version_id == deed.id)
    return db.session().scalar(query)


def beneficiaries(owner: Registration, current: DeedVersion | None, *, page: int, size: int) -> list[Beneficiary]:
    """Return one page, counted from 1, of the clients of `owner`, sorted by name."""
    query = sa.select(Client).where(
        Client.tenant_id == owner.tenant_id, Client.registration_id == owner.id, Client.archived_at.is_(None)
    )
    # Names sort by their folded form in Python: the two databases disagree about capitals and accents.
    found = sorted(db.session().scalars(query), key=lambda row: (row.name.casefold(), row.id))
    shown = found[(page - 1) * size : page * size]
    accepted = _accepted([row.id for row in shown])
    return [
        Beneficiary(
            row,
            next((one for one, number in accepted.get(row.id, ()) if current and number == current.number), None),
            max((number for one, number in accepted.get(row.id, ()) if one.ended_on is None), default=None),
        )
        for row in shown
    ]


def _accepted(client_ids: Sequence[UUID]) -> dict[UUID, list[tuple[Acceptance, int]]]:
    query = (
        sa.select(Acceptance, DeedVersion.number)
        .join(
            DeedVersion,
            sa.and_(DeedVersion.tenant_id == Acceptance.tenant_id, DeedVersion.id == Acceptance.deed_version_id),
        )
        .where(Acceptance.client_id.in_(client_ids))
    )
    found: dict[UUID, list[tuple[Acceptance, int]]] = {}
    for row, number in db.session().execute(query):
        found.setdefault(row.client_id, []).append((row, number))
    return found


def count_clients(owner: Registration) -> int:
    """Return how many clients a registration has."""
    query = sa.select(sa.func.count(Client.id)).where(
        Client.tenant_id == owner.tenant_id, Client.registration_id == owner.id, Client.archived_at.is_(None)
    )
    return db.session().scalar(query) or 0
