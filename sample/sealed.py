"""Sealed deliveries of the supplier's logins, in the form its browser makes them, and a drill in which one was opened.

The secret halves of the officers' keys were thrown away, so nobody ever opens one of these.
"""

import hashlib
import io
import json
import secrets
import tarfile
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import combinations

import sqlalchemy as sa

from continuity.models import (
    DeliveryWay,
    HandoverDelivery,
    HandoverItem,
    HandoverKind,
    HandoverOpening,
    OpeningGround,
    OpeningState,
    Registration,
    SealedTo,
)
from continuity.openings.states import TO_DECIDE, TO_OPEN
from core import db
from core.files import files
from sample.days import Days

ASKED_BY = "Marijke van Leeuwen"
AGREED_BY = "Ruben Visser"
Key = tuple[str, str, str]
"""Name, public key and fingerprint of an officer's key."""


def seal(keys: Sequence[Key], foundation_id: int, days: Days) -> None:
    """Seal the newest delivery of each login to these officers, inside the supplier's scope; add two openings."""
    query = (
        sa.select(Registration, HandoverItem, HandoverDelivery)
        .join(HandoverItem, HandoverItem.registration_id == Registration.id)
        .join(HandoverDelivery, HandoverDelivery.handover_item_id == HandoverItem.id)
        .where(Registration.foundation_id == foundation_id, HandoverItem.kind == HandoverKind.LOGIN)
        .order_by(HandoverItem.id, HandoverDelivery.number)
    )
    newest = {item.id: (owner, item, delivery) for owner, item, delivery in db.session().execute(query)}
    for owner, item, delivery in newest.values():
        _seal(owner, item, delivery, keys, days)
    confirmed = [delivery for _owner, _item, delivery in newest.values() if delivery.confirmed_on]
    if len(confirmed) > 1:
        drilled, asked = confirmed[:2]
        db.session().add_all([_drill(drilled, foundation_id, keys, days), _question(asked, foundation_id, days)])
    db.session().flush()


def _seal(owner: Registration, item: HandoverItem, delivery: HandoverDelivery, keys: Sequence[Key], days: Days) -> None:
    about = {"registration": str(owner.id), "item": str(item.id), "label": item.label, "version": delivery.number}
    parts, codes = _parts(keys, about)
    data = _tar(parts)
    delivery.way, delivery.file_type, delivery.file_size = DeliveryWay.SEALED, "application/x-tar", len(data)
    delivery.file_sha256 = files().put(delivery.tenant_id, data)
    shown = days.at((days.today - delivery.confirmed_on).days) if delivery.confirmed_on else None
    for name, _recipient, fingerprint in keys:
        db.session().add(
            SealedTo(
                delivery_id=delivery.id,
                name=name,
                fingerprint=fingerprint,
                probe=parts[f"probes/{fingerprint}.age"],
                probe_hash=codes[fingerprint],
                opened_at=shown,
            )
        )


def _parts(keys: Sequence[Key], about: Mapping[str, object]) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the files of a delivery, and the digest of each officer's code by fingerprint."""
    from pyrage import encrypt, x25519

    def sealed(recipient: str, content: bytes) -> bytes:
        return bytes(encrypt(content, [x25519.Recipient.from_str(recipient)]))

    once = x25519.Identity.generate()
    inside = {"manifest.json": json.dumps(about).encode(), "secret.txt": b"voorbeeld, geen echt wachtwoord"}
    parts = {"body.age": sealed(str(once.to_public()), _tar(inside))}
    ordered = sorted(keys, key=lambda key: key[2])
    for first, second in combinations(ordered, 2):
        parts[f"pairs/{first[2]}-{second[2]}.age"] = sealed(first[1], sealed(second[1], str(once).encode()))
    codes = {}
    for _name, recipient, fingerprint in ordered:
        code = secrets.token_hex(16).encode()
        codes[fingerprint] = hashlib.sha256(code).hexdigest()
        parts[f"probes/{fingerprint}.age"] = sealed(recipient, code)
        parts[f"probes/{fingerprint}.sha256"] = codes[fingerprint].encode()
    return parts, codes


def _tar(parts: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, content in parts.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), 0o600
            archive.addfile(member, io.BytesIO(content))
    return target.getvalue()


def _drill(drilled: HandoverDelivery, foundation_id: int, keys: Sequence[Key], days: Days) -> HandoverOpening:
    """Return a drill that is over."""
    first, second = sorted(keys, key=lambda key: key[2])[:2]
    at = days.at(4)
    return HandoverOpening(
        delivery_id=drilled.id,
        foundation_id=foundation_id,
        ground=OpeningGround.AGREEMENT,
        state=OpeningState.CLOSED,
        purpose="Jaarlijkse oefening met de toeleverancier: aanmelden en meteen weer afmelden.",
        asked_by=ASKED_BY,
        asked_at=at,
        until=at + TO_OPEN,
        decided_by=AGREED_BY,
        decided_at=at + timedelta(hours=2),
        first_by=first[0],
        first_key=first[2],
        first_at=at + timedelta(hours=3),
        second_by=second[0],
        second_key=second[2],
        second_at=at + timedelta(hours=4),
        matched=True,
        ended_by=second[0],
        ended_at=at + timedelta(hours=5),
    )


def _question(asked: HandoverDelivery, foundation_id: int, days: Days) -> HandoverOpening:
    """Return a question that waits for the supplier."""
    return HandoverOpening(
        delivery_id=asked.id,
        foundation_id=foundation_id,
        ground=OpeningGround.AGREEMENT,
        state=OpeningState.ASKED,
        purpose="Nakijken of de herstelcodes van de tweede stap erbij zitten.",
        asked_by=ASKED_BY,
        asked_at=days.at(1),
        until=days.at(1) + TO_DECIDE,
    )
