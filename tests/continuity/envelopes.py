"""Sealed deliveries as a supplier makes them with age itself, and officers whose secret keys a test holds."""

import hashlib
import io
import secrets
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pyrage

from continuity.models import KeyState, OfficerKey, TrustedKey
from core import db
from core.age import fingerprint_of
from tests.cast import JOINED, Person

Identity: Any = pyrage.x25519.Identity  # the package tells no types


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody with a key in use."""

    person: Person
    identity: Any

    @property
    def recipient(self) -> str:
        """Return the public half."""
        return str(self.identity.to_public())

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint."""
        return fingerprint_of(self.recipient)


def officer(person: Person) -> Officer:
    """Give somebody a key in use, in the open scope of the foundation."""
    made = Officer(person, Identity.generate())
    row = OfficerKey(
        user_id=person.id,
        name=person.name,
        recipient=made.recipient,
        fingerprint=made.fingerprint,
        state=KeyState.ACTIVE,
        proof_sealed="",
        proof_hash="",
        made_at=JOINED,
        proved_at=JOINED,
    )
    db.session().add(row)
    return made


def trust(foundation_id: int, *officers: Officer) -> None:
    """Have the supplier of the open scope compare these keys."""
    for one in officers:
        row = TrustedKey(
            foundation_id=foundation_id,
            name=one.person.name,
            recipient=one.recipient,
            fingerprint=one.fingerprint,
            offered_at=JOINED,
            pinned_at=JOINED,
            pinned_by="Supplier Owner",
        )
        db.session().add(row)


def sealed(recipient: str, data: bytes) -> bytes:
    """Return `data` sealed to one key."""
    made: bytes = pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(recipient)])
    return made


def tar(parts: Mapping[str, bytes]) -> bytes:
    """Return a tar of these files."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, content in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return target.getvalue()


def parts_for(*officers: Officer, secret: bytes = b"s3cret") -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the files of a delivery sealed to each pair, and the code of each officer by fingerprint."""
    once = Identity.generate()
    parts = {"body.age": sealed(str(once.to_public()), tar({"secret.txt": secret}))}
    for first, second in combinations(sorted(officers, key=lambda one: one.fingerprint), 2):
        inner = sealed(second.recipient, str(once).encode())
        parts[f"pairs/{first.fingerprint}-{second.fingerprint}.age"] = sealed(first.recipient, inner)
    codes = {}
    for one in officers:
        codes[one.fingerprint] = code = secrets.token_hex(16)
        parts[f"probes/{one.fingerprint}.age"] = sealed(one.recipient, code.encode())
        parts[f"probes/{one.fingerprint}.sha256"] = hashlib.sha256(code.encode()).hexdigest().encode()
    return parts, codes
