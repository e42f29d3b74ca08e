"""What the supplier handed over to the foundation, and what it has not."""

from dataclasses import dataclass
from uuid import UUID

from continuity.handovers.proposals import LONGEST_AGE, for_type
from continuity.models import HandoverDelivery, HandoverItem, HandoverKind, SchemeType
from core import db
from core.i18n import Language
from sample.days import Days


@dataclass(frozen=True, slots=True)
class Handed:
    """The newest delivery of an item. Days ago: delivered, confirmed by the foundation, changed since; None: never."""

    specification: str
    delivered: int
    confirmed: int | None = None
    changed: int | None = None
    earlier: int = 0


def add_handovers(
    registration_id: UUID,
    scheme_type: SchemeType,
    service: str,
    handed: dict[HandoverKind, tuple[Handed | None, ...]],
    days: Days,
) -> None:
    """Add every proposed item of the type, and the deliveries of each kind in the order of the proposals."""
    waiting = {kind: list(found) for kind, found in handed.items()}
    for proposal in for_type(scheme_type):
        newest = waiting[proposal.kind].pop(0) if waiting[proposal.kind] else None
        item = HandoverItem(
            registration_id=registration_id,
            kind=proposal.kind,
            label=proposal.label_in(Language.DUTCH),
            service=service,
            required=proposal.required,
            owner="Daan Willems",
            max_age_days=LONGEST_AGE[proposal.kind],
            secret=proposal.kind is not HandoverKind.DOCUMENT,
            changed_on=None if newest is None or newest.changed is None else days.ago(newest.changed),
        )
        db.session().add(item)
        db.session().flush()
        if newest is not None:
            db.session().add_all(_deliveries(item, newest, days))
    db.session().flush()


def _deliveries(item: HandoverItem, newest: Handed, days: Days) -> list[HandoverDelivery]:
    """Return the earlier deliveries, all confirmed, and the newest one."""
    earlier = [newest.delivered + item.max_age_days * back for back in range(newest.earlier, 0, -1)]
    known = [(ago, ago - 2) for ago in earlier]
    return [
        HandoverDelivery(
            handover_item_id=item.id,
            number=number,
            delivered_on=days.ago(delivered),
            recorded_at=days.at(delivered),
            delivered_by="Daan Willems",
            specification=newest.specification,
            confirmed_on=None if confirmed is None else days.ago(confirmed),
            confirmed_by="" if confirmed is None else "Marijke van Leeuwen",
        )
        for number, (delivered, confirmed) in enumerate([*known, (newest.delivered, newest.confirmed)], 1)
    ]
