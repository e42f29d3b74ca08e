"""Changes to the keys of a foundation's officers, and what their registrants see of them."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.models import (
    HandoverDelivery,
    HandoverItem,
    KeyState,
    OfficerKey,
    Registration,
    SealedTo,
    TrustedKey,
)
from continuity.officers.queries import Listed
from core import db
from core.age import BadAge, fingerprint_of, recipient_of, seal_to

# Each pair of officers gets a copy of the key of every delivery: six officers are fifteen pairs.
MOST_OFFICERS = 6
FEWEST_OFFICERS = 2
CODE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Officer:
    """Whose key it is."""

    user_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Reach:
    """A foundation, and the suppliers that registered a service with it."""

    foundation_id: int
    registrants: frozenset[int]


def offer_key(reach: Reach, text: str, officer: Officer, *, at: datetime) -> OfficerKey:
    """Keep the public half of a key, until whoever sent it shows that they hold the other half.

    text: the public key as age writes it. A key of this officer that was never proved is taken out of use.
    Raises Refused when it is no X25519 key of age, or stands here already, whoever brought it.
    Source: scheme.logins; rules 3.6 H5, H8.
    """
    try:
        recipient = recipient_of(text)
    except BadAge as error:
        raise Refused(_l("This is not a public key of age: it begins with age1 and has 62 signs."), "key") from error
    fingerprint = fingerprint_of(recipient)
    mine = sa.select(OfficerKey).where(OfficerKey.tenant_id == reach.foundation_id)
    if db.session().scalar(mine.where(OfficerKey.fingerprint == fingerprint)) is not None:
        raise Refused(_l("This key stands here already. Each officer has a key of their own, used once."), "key")
    waiting = mine.where(OfficerKey.user_id == officer.user_id, OfficerKey.state == KeyState.PENDING)
    for row in db.session().scalars(waiting).all():
        _end(row, KeyState.RETIRED, by=officer.name, at=at)
    code = secrets.token_hex(CODE_BYTES)
    row = OfficerKey(
        tenant_id=reach.foundation_id,
        user_id=officer.user_id,
        name=officer.name,
        recipient=recipient,
        fingerprint=fingerprint,
        state=KeyState.PENDING,
        proof_sealed=seal_to(recipient, code),
        proof_hash=digest_of(code),
        made_at=at,
    )
    db.session().add(row)
    db.session().flush()
    return row


def prove_key(row: OfficerKey, code: str, reach: Reach, *, at: datetime) -> None:
    """Take a key into use: whoever sends the code back opened what was sealed to it.

    The officer's former key is retired, and every registrant is offered the new one to compare.
    Raises Refused when the code is another one, the key is in use or was taken out of use, or there are
    MOST_OFFICERS already.
    """
    if row.state is not KeyState.PENDING:
        raise Refused(_l("This key is in use already, or was taken out of use."))
    if not hmac.compare_digest(digest_of(code), row.proof_hash):
        raise Refused(_l("This is not the code that was sealed to your key."), "code")
    active = active_keys(reach.foundation_id)
    former = next((one for one in active if one.user_id == row.user_id), None)
    if former is None and len(active) >= MOST_OFFICERS:
        raise Refused(_l("At most %(most)d officers hold a key. Take one out of use first.", most=MOST_OFFICERS))
    if former is not None:
        end_key(former, KeyState.RETIRED, reach, by=row.name, at=at)
    row.state, row.proved_at = KeyState.ACTIVE, at
    db.session().flush()
    for tenant_id in sorted(reach.registrants):
        copy = TrustedKey(
            tenant_id=tenant_id,
            foundation_id=reach.foundation_id,
            name=row.name,
            recipient=row.recipient,
            fingerprint=row.fingerprint,
            offered_at=at,
        )
        db.session().add(copy)
        # The trail of each organisation is sealed under a key of its own.
        db.session().flush()


def end_key(row: OfficerKey, state: KeyState, reach: Reach, *, by: str, at: datetime) -> None:
    """Take a key out of use, and tell every registrant that copied it.

    state: retired or lost. Raises Refused when it was taken out of use already.
    """
    if row.ended_at is not None:
        raise Refused(_l("This key was taken out of use already."))
    _end(row, state, by=by, at=at)
    copies = sa.select(TrustedKey).where(
        TrustedKey.tenant_id.in_(reach.registrants),
        TrustedKey.foundation_id == reach.foundation_id,
        TrustedKey.fingerprint == row.fingerprint,
        TrustedKey.ended_at.is_(None),
    )
    for copy in db.session().scalars(copies).all():
        copy.ended_at, copy.ended_as = at, state
        db.session().flush()
    for sealed in _sealed_to(row.fingerprint, reach):
        sealed.ended_at, sealed.ended_as = at, state
        db.session().flush()


def _sealed_to(fingerprint: str, reach: Reach) -> Sequence[SealedTo]:
    """Return where a key stands among those that the newest delivery of an item was sealed to."""
    newer = sa.orm.aliased(HandoverDelivery)
    superseded = (
        sa.select(newer.id)
        .where(
            newer.tenant_id == HandoverDelivery.tenant_id,
            newer.handover_item_id == HandoverDelivery.handover_item_id,
            newer.number > HandoverDelivery.number,
        )
        .exists()
    )
    same = HandoverDelivery.tenant_id == SealedTo.tenant_id
    query = (
        sa.select(SealedTo)
        .join(HandoverDelivery, sa.and_(same, HandoverDelivery.id == SealedTo.delivery_id))
        .join(
            HandoverItem,
            sa.and_(HandoverItem.tenant_id == SealedTo.tenant_id, HandoverItem.id == HandoverDelivery.handover_item_id),
        )
        .join(
            Registration,
            sa.and_(Registration.tenant_id == SealedTo.tenant_id, Registration.id == HandoverItem.registration_id),
        )
        .where(
            SealedTo.tenant_id.in_(reach.registrants),
            SealedTo.fingerprint == fingerprint,
            SealedTo.ended_at.is_(None),
            Registration.foundation_id == reach.foundation_id,
            ~superseded,
        )
    )
    return db.session().scalars(query.order_by(SealedTo.tenant_id, SealedTo.id)).all()


def _end(row: OfficerKey, state: KeyState, *, by: str, at: datetime) -> None:
    row.state, row.ended_at, row.ended_by = state, at, by
    # Before another key of the same officer comes into use: one is all the database lets them have.
    db.session().flush()


def active_keys(foundation_id: int) -> list[OfficerKey]:
    """Return the keys in use of a foundation in the open scope, in the order of their fingerprints."""
    query = sa.select(OfficerKey).where(OfficerKey.tenant_id == foundation_id, OfficerKey.state == KeyState.ACTIVE)
    return list(db.session().scalars(query.order_by(OfficerKey.fingerprint)))


def pin_keys(keys: Iterable[Listed], chosen: frozenset[str], foundation_id: int, *, by: str, at: datetime) -> None:
    """Note that this supplier compared keys of a foundation with their officers, and seals to them from now on.

    keys: those in use that it did not compare yet; chosen: fingerprints among them. Raises Refused for any other.
    Source: rules 3.6 H8.
    """
    waiting = {one.fingerprint: one for one in keys if one.to_compare}
    if not chosen <= waiting.keys():
        raise Refused(_l("One of these keys was taken out of use. Look at the list again."))
    for fingerprint in sorted(chosen):
        one = waiting[fingerprint]
        row = one.copy or TrustedKey(
            foundation_id=foundation_id,
            name=one.name,
            recipient=one.recipient,
            fingerprint=fingerprint,
            offered_at=at,
        )
        row.pinned_at, row.pinned_by = at, by
        db.session().add(row)
    db.session().flush()


def digest_of(code: str) -> str:
    """Return the SHA-256 of a code, blanks and capitals left out of account."""
    return hashlib.sha256("".join(code.lower().split()).encode()).hexdigest()
