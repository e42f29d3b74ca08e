"""Mail to the owners of a supplier: somebody asks to open what they sealed, or two officers opened it.

An officer may not see who a supplier's people are. So asking and opening plan the letters, in the very transaction in
which they happen, and a job writes them where the supplier's own people may be read.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from continuity.models import HandoverDelivery, HandoverItem, HandoverOpening, OpeningGround, OpeningState, Registration
from core import clock, db
from core.background import work
from core.background.jobs import EVERY_MINUTE, Job
from core.background.work import Claim
from tenants import links
from tenants.mail import letters
from tenants.models import Membership, Role, Tenant, User
from tenants.owned import Area
from tenants.relations import in_force
from tenants.scope import SERVICE, Scope, scoped

ASKED_LETTER, OPENED_LETTER = "opening_asked", "opening_done"
ASKED, OPENED = "openings-asked", "openings-opened"
PAGE = "continuity.opening"
READS = frozenset({Area.CONTINUITY, Area.PEOPLE})
# A mail is no row of anybody; a scope that writes nothing at all would refuse it.
WRITES = frozenset({Area.CONTINUITY})


def plan_asked(row: HandoverOpening, *, at: datetime) -> None:
    """Have the supplier's owners told that `row` was asked for; nobody is when the transaction is dropped."""
    work.plan(ASKED, [_about(row)], clock.day_of(at), at=at)


def plan_opened(row: HandoverOpening, *, at: datetime) -> None:
    """Have the supplier's owners told that two officers opened it."""
    work.plan(OPENED, [_about(row)], clock.day_of(at), at=at)


def _about(row: HandoverOpening) -> str:
    return f"{row.tenant_id}:{row.id}"


def tell_owners() -> None:
    """Write the letters that are due. Outside any transaction; may run in several processes at once."""
    work.work_off(ASKED, _tell_asked)
    work.work_off(OPENED, _tell_opened)


def _tell_asked(claims: Sequence[Claim]) -> None:
    """Tell of an opening that was asked for, unless it was answered or called off meanwhile."""
    _tell(claims, ASKED_LETTER)


def _tell_opened(claims: Sequence[Claim]) -> None:
    """Tell of an opening that two officers did."""
    _tell(claims, OPENED_LETTER)


def _tell(claims: Sequence[Claim], letter: str) -> None:
    (claim,) = claims
    tenant_id, _colon, opening_id = claim.about.partition(":")
    with scoped(Scope(frozenset({int(tenant_id)}), READS, WRITES, SERVICE)):
        _write(int(tenant_id), UUID(opening_id), letter, at=clock.now())
        work.finish(claims, at=clock.now())


def _write(tenant_id: int, opening_id: UUID, letter: str, *, at: datetime) -> None:
    found = db.session().execute(_OPENING.where(HandoverOpening.id == opening_id)).one_or_none()
    if found is None:
        return
    row, label, registration_id, service = found
    free = row.ground is OpeningGround.ACTIVATION
    if letter == ASKED_LETTER and not free and row.state is not OpeningState.ASKED:
        return
    supplier = db.session().get_one(Tenant, tenant_id)
    words: dict[str, Any] = {
        "foundation": db.session().get_one(Tenant, row.foundation_id).name,
        "supplier": supplier.name,
        "item": label,
        "service": service,
        "purpose": row.purpose,
        "asked_by": row.asked_by,
        "first": row.first_by,
        "second": row.second_by,
        "free": free,
        "until": row.until,
        "link": links.address(
            PAGE, where={"slug": supplier.slug, "registration_id": registration_id, "opening_id": opening_id}
        ),
    }
    until = row.until if letter == ASKED_LETTER else None
    for name, address, language in _owners(at):
        told = {**words, "name": name}
        letters.write(letter, address, language or supplier.language, told, organisation_id=tenant_id, until=until)


_OPENING = (
    sa.select(HandoverOpening, HandoverItem.label, Registration.id, Registration.service_name)
    .join(
        HandoverDelivery,
        sa.and_(
            HandoverDelivery.tenant_id == HandoverOpening.tenant_id, HandoverDelivery.id == HandoverOpening.delivery_id
        ),
    )
    .join(
        HandoverItem,
        sa.and_(
            HandoverItem.tenant_id == HandoverDelivery.tenant_id, HandoverItem.id == HandoverDelivery.handover_item_id
        ),
    )
    .join(
        Registration,
        sa.and_(Registration.tenant_id == HandoverItem.tenant_id, Registration.id == HandoverItem.registration_id),
    )
)


def _owners(at: datetime) -> Sequence[Any]:
    """Return name, address and language of the owners of the open scope's organisation who can sign in."""
    query = (
        sa.select(User.name, User.email, User.language)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.role == Role.OWNER, in_force(Membership, at), User.disabled_at.is_(None))
        .order_by(User.email)
    )
    return db.session().execute(query).all()


JOBS = (Job("openings-tell", EVERY_MINUTE, tell_owners, catch_up=False),)
