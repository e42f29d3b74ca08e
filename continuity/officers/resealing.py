"""What has to be sealed again: a key it was sealed to went, or an officer came to whom it was not sealed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from continuity.handovers.queries import Handed, handed
from continuity.models import (
    DeliveryWay,
    HandoverDelivery,
    HandoverItem,
    Registration,
    SchemeContact,
    SchemeParty,
    TrustedKey,
)
from continuity.registrants.queries import registrations_of
from core import clock, db, mail
from tenants import links
from tenants.mail import letters
from tenants.models import Tenant

LETTER = "reseal_asked"


@dataclass(frozen=True, slots=True)
class Again:
    """An item to be sealed again. gone: officers whose key ended; missing: officers it is not sealed to yet."""

    registration: Registration
    item: HandoverItem
    delivery: HandoverDelivery
    gone: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of asking: for how many items, and by how many mails."""

    items: int
    mails: int


def to_seal_again(registrations: Sequence[Registration]) -> list[Again]:
    """Return what has to be sealed again for these registrations of the open scope, in four queries.

    Only the newest delivery of an item counts, and only keys that the supplier compared.
    Source: rules 3.6 H5, H8.
    """
    found: list[Again] = []
    compared = _compared(registrations)
    each = handed([one.id for one in registrations], clock.today())
    for row in registrations:
        known = compared.get((row.tenant_id, row.foundation_id), {})
        found += [again for one in each[row.id] if (again := _again(row, one, known)) is not None]
    return found


def of_registrants(foundation_id: int) -> tuple[list[Again], dict[int, str]]:
    """Return what all registrants of a foundation have to seal again, and what each supplier is called."""
    found = db.session().execute(registrations_of(foundation_id)).all()
    return to_seal_again([row[0] for row in found]), {row[0].tenant_id: row[1] for row in found}


def _again(row: Registration, one: Handed, known: dict[str, str]) -> Again | None:
    if one.delivery is None or one.delivery.way is not DeliveryWay.SEALED:
        return None
    gone = tuple(key.name for key in one.officers if key.ended_at is not None)
    there = {key.fingerprint for key in one.officers if key.ended_at is None}
    missing = tuple(name for fingerprint, name in sorted(known.items()) if fingerprint not in there)
    return Again(row, one.item, one.delivery, gone, missing) if gone or missing else None


def _compared(registrations: Sequence[Registration]) -> dict[tuple[int, int | None], dict[str, str]]:
    """Return the names by fingerprint of the keys in use that each supplier compared, by supplier and foundation."""
    query = sa.select(TrustedKey.tenant_id, TrustedKey.foundation_id, TrustedKey.fingerprint, TrustedKey.name).where(
        TrustedKey.tenant_id.in_({one.tenant_id for one in registrations}),
        TrustedKey.pinned_at.is_not(None),
        TrustedKey.ended_at.is_(None),
    )
    found: dict[tuple[int, int | None], dict[str, str]] = defaultdict(dict)
    for tenant_id, foundation_id, fingerprint, name in db.session().execute(query):
        found[tenant_id, foundation_id][fingerprint] = name
    return found


def ask_again(rows: Iterable[Again], foundation: str, *, by: str, at: datetime) -> Asked:
    """Ask suppliers to seal these items again: on their pages, and by one mail to each that told an address.

    foundation: its name; by: the officer; at: aware UTC. No supplier gets two such mails within a day.
    """
    listed = sorted(rows, key=lambda one: (one.registration.tenant_id, one.item.label.casefold()))
    by_supplier: dict[int, list[Again]] = defaultdict(list)
    for one in listed:
        one.delivery.reseal_asked_at, one.delivery.reseal_asked_by = at, by
        by_supplier[one.registration.tenant_id].append(one)
        # The trail of each organisation is sealed under a key of its own.
        db.session().flush()
    addresses = _addresses([one.registration.id for one in listed])
    mails = sum(_write(tenant_id, its, foundation, addresses, at) for tenant_id, its in by_supplier.items())
    db.session().flush()
    return Asked(len(listed), mails)


def _addresses(registration_ids: Sequence[UUID]) -> dict[UUID, str]:
    query = sa.select(SchemeContact.registration_id, SchemeContact.email).where(
        SchemeContact.registration_id.in_(registration_ids), SchemeContact.party == SchemeParty.COMPANY
    )
    return {row[0]: row[1] for row in db.session().execute(query) if row[1]}


def _write(tenant_id: int, rows: Sequence[Again], foundation: str, addresses: dict[UUID, str], at: datetime) -> bool:
    to = next((addresses[one.registration.id] for one in rows if one.registration.id in addresses), "")
    if not to or mail.queued_since(to, LETTER, at - timedelta(days=1)):
        return False
    tenant = db.session().get_one(Tenant, tenant_id)
    words = {
        "foundation": foundation,
        "supplier": tenant.name,
        "items": [one.item.label for one in rows],
        "link": links.address("continuity.overview", where={"slug": tenant.slug}),
    }
    letters.write(LETTER, to, tenant.language, words, organisation_id=tenant_id)
    return True
