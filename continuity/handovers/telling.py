"""What was handed over by the organisation of the open scope, and every opening of it, for workbooks."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from continuity.handovers.ladder import Climb, Step, ladder
from continuity.handovers.queries import Handed, handed, steps_of
from continuity.models import HandoverDelivery, HandoverProof, Registration
from continuity.openings.queries import Listed, openings
from core import db


@dataclass(frozen=True, slots=True)
class Line:
    """An item with its newest delivery, and how far that is proved. service: what was registered."""

    service: str
    handed: Handed
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """An opening, and for which service."""

    service: str
    listed: Listed


@dataclass(frozen=True, slots=True)
class HandedOver:
    """All of it, by service."""

    lines: tuple[Line, ...] = ()
    openings: tuple[OpeningLine, ...] = ()


def handed_over(today: date, zone: str) -> HandedOver:
    """Return it as of `today` in `zone`, in six queries, whatever there is of it."""
    rows = db.session().scalars(sa.select(Registration).where(Registration.archived_at.is_(None))).all()
    services = sorted(rows, key=lambda row: (row.service_name.casefold(), row.id))
    ids = [row.id for row in services]
    items, opened, proved = handed(ids, today), openings(ids), _proofs()
    lines = [
        Line(row.service_name, one, _steps(one, proved.get(one.item.id, ()), today, zone))
        for row in services
        for one in items[row.id]
    ]
    listed = [OpeningLine(row.service_name, one) for row in services for one in opened[row.id]]
    return HandedOver(tuple(lines), tuple(listed))


def _steps(one: Handed, proved: Sequence[HandoverProof], today: date, zone: str) -> tuple[Step, ...]:
    if one.delivery is None:
        return ladder(Climb(), today)
    return steps_of(one.item, one.delivery, one.officers, proved, today, zone)


def _proofs() -> dict[UUID, list[HandoverProof]]:
    same = sa.and_(
        HandoverDelivery.tenant_id == HandoverProof.tenant_id, HandoverDelivery.id == HandoverProof.delivery_id
    )
    query = sa.select(HandoverDelivery.handover_item_id, HandoverProof).join(HandoverProof, same)
    found: dict[UUID, list[HandoverProof]] = defaultdict(list)
    for item_id, proof in db.session().execute(query):
        found[item_id].append(proof)
    return found
