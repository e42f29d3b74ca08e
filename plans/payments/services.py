"""Approve the agreements about payments."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from plans.errors import PlanError
from plans.handbook import Item
from plans.models import PaymentApproval
from plans.payments.agreements import text_of
from plans.payments.queries import agreements
from plans.turns import take_turn
from tenants import trail
from tenants.owned import EditConflict


@dataclass(frozen=True, slots=True)
class Approver:
    """Who approves. contact_id: the director who does so by a personal link."""

    name: str
    contact_id: UUID | None = None


def approve(digest: str, by: Approver, *, at: datetime, today: date) -> PaymentApproval:
    """Approve the agreements whose fingerprint is `digest`, as the page showed them.

    Raises EditConflict when they changed in between, and PlanError while something was not agreed yet.
    Source: handbook, payments; rules 3.9 C7.
    """
    take_turn()
    found = agreements()
    if found.digest != digest:
        raise EditConflict
    if found.open:
        raise PlanError(_l("There is nothing agreed yet about: %(titles)s.", titles=_titles(found.open)))
    before = (
        db.session().scalars(sa.select(PaymentApproval).order_by(PaymentApproval.number.desc()).limit(1)).one_or_none()
    )
    if before is not None and (before.digest, before.approved_on, before.approved_by) == (digest, today, by.name):
        return before
    row = PaymentApproval(
        number=before.number + 1 if before else 1,
        text=text_of(found.values()),
        digest=digest,
        approved_on=today,
        approved_at=at,
        approved_by=by.name,
        contact_id=by.contact_id,
    )
    db.session().add(row)
    trail.record("payments.approved", "payment_approval", row.id, number=row.number, digest=digest)
    db.session().flush()
    return row


def _titles(items: list[Item]) -> str:
    return ", ".join(item.title for item in items)
