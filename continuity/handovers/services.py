"""Changes to what is handed over to the foundation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from continuity.agreements.documents import Document
from continuity.errors import Refused
from continuity.handovers.proposals import LONGEST_AGE, for_type
from continuity.models import ChangeKind, DeliveryWay, HandoverDelivery, HandoverItem, HandoverKind, Registration
from continuity.registrations.holding import refuse_once_begun, refuse_under
from continuity.registrations.keeping import kept
from core import db
from core.files import files
from core.i18n import Language
from core.ids import new_id
from plans.turns import known, take_turn
from tenants import trail
from tenants.owned import EditConflict


@dataclass(frozen=True, slots=True)
class ItemValues:
    """What must be handed over. max_age_days: whole days, from 1 up to what is usual for its kind."""

    kind: HandoverKind
    label: str
    service: str
    required: bool
    owner: str
    max_age_days: int
    secret: bool = True


@dataclass(frozen=True, slots=True)
class DeliveryValues:
    """One delivery. specification: what is in it, readable for somebody who cannot open it; never a secret.

    document: the file of what is no secret, kept here.
    """

    delivered_on: date
    delivered_by: str
    specification: str
    document: Document | None = None


def add_proposals(owner: Registration, *, language: Language) -> int:
    """Add what is proposed for the type of `owner` and is not on its list yet; return how many were added."""
    refuse_once_begun(owner)
    known = set(
        db.session().scalars(
            sa.select(HandoverItem.label).where(
                HandoverItem.registration_id == owner.id, HandoverItem.archived_at.is_(None)
            )
        )
    )
    missing = [proposal for proposal in for_type(owner.scheme_type) if not proposal.labels & known]
    rows = [
        HandoverItem(
            registration_id=owner.id,
            kind=proposal.kind,
            label=proposal.label_in(language),
            required=proposal.required,
            max_age_days=LONGEST_AGE[proposal.kind],
            secret=proposal.kind is not HandoverKind.DOCUMENT,
        )
        for proposal in missing
    ]
    with kept(owner.id, *rows):
        db.session().add_all(rows)
    return len(missing)


def add_item(owner: Registration, values: ItemValues, *, row_id: UUID | None = None) -> HandoverItem:
    """Add something to hand over; the same form sent twice adds one.

    row_id: the id chosen when the form was opened. Raises Refused when it may get older than is usual for its kind.
    """
    refuse_once_begun(owner)
    _refuse_loosening(values)
    take_turn()
    if (there := known(HandoverItem, row_id)) is not None:
        return there
    row = HandoverItem(id=row_id or new_id(), registration_id=owner.id)
    with kept(owner.id, row):
        _apply(row, values)
        db.session().add(row)
    return row


def change_item(row: HandoverItem, values: ItemValues, *, seen: int) -> None:
    """Change what must be handed over.

    Raises EditConflict when somebody saved since `seen`, Refused when it may get older than is usual for its kind.
    """
    refuse_under(row.registration_id)
    row.expect_version(seen)
    _refuse_loosening(values)
    with kept(row.registration_id, row):
        _apply(row, values)


def _apply(row: HandoverItem, values: ItemValues) -> None:
    row.kind, row.label, row.service = values.kind, values.label, values.service
    row.required, row.owner, row.max_age_days = values.required, values.owner, values.max_age_days
    row.secret = values.secret


def _refuse_loosening(values: ItemValues) -> None:
    longest = LONGEST_AGE[values.kind]
    if values.max_age_days > longest:
        raise Refused(_l("At most %(days)d days for this kind.", days=longest), "max_age_days")


def newest_delivery(item: HandoverItem) -> HandoverDelivery | None:
    """Return the newest delivery of an item."""
    query = sa.select(HandoverDelivery).where(HandoverDelivery.handover_item_id == item.id)
    return db.session().scalar(query.order_by(HandoverDelivery.number.desc()).limit(1))


def deliver(item: HandoverItem, values: DeliveryValues, *, seen: int) -> HandoverDelivery:
    """Record a delivery: a new version of the item, to be confirmed by the foundation.

    seen: the number of the newest delivery when the page was opened, 0 for none; so a form sent twice counts once.
    Raises EditConflict when there is a newer one, Refused when it is dated before the delivery it follows, or brings
    a secret as a file that is not sealed.
    Source: scheme.documentation, scheme.logins, scheme.other-information; rules 3.6 H3.
    """
    refuse_under(item.registration_id)
    last = newest_delivery(item)
    number = last.number if last else 0
    if number != seen:
        raise EditConflict
    if last is not None and values.delivered_on < last.delivered_on:
        raise Refused(_l("There is a delivery of a later day already."), "delivered_on")
    if values.document is not None and item.secret:
        raise Refused(_l("This is a secret: seal it, and send no file that others can read."), "document")
    row = HandoverDelivery(
        handover_item_id=item.id,
        number=number + 1,
        delivered_on=values.delivered_on,
        delivered_by=values.delivered_by,
        specification=values.specification,
    )
    if item.changed_on is not None and item.changed_on <= values.delivered_on:
        row.answered_on = item.changed_on
        item.changed_on = item.change_kind = None
    with kept(item.registration_id, row):
        db.session().add(row)
    if values.document is not None:
        row.way, row.file_name = DeliveryWay.STORED, values.document.name
        row.file_type, row.file_size = values.document.media_type.value, len(values.document.data)
        row.file_sha256 = files().put(row.tenant_id, values.document.data)
        db.session().flush()
    return row


def note_change(item: HandoverItem, kind: ChangeKind = ChangeKind.OTHER, *, today: date) -> None:
    """Note that a newer version exists or the login was changed: what the foundation holds is stale at once.

    Source: scheme.documentation, scheme.logins (falls due at once); rules 3.6 H7.
    """
    item.changed_on, item.change_kind = today, kind
    db.session().flush()


def note_changes(items: Sequence[HandoverItem], kind: ChangeKind, what: str, *, today: date) -> None:
    """Note what happened at the supplier, and that it made each of `items` stale.

    what: in a few words, without any secret.
    """
    for item in items:
        note_change(item, kind, today=today)
    trail.record("handover.changes", items=[item.label for item in items], kind=kind.value, what=what)
    db.session().flush()
