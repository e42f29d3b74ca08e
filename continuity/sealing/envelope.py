"""The file of a sealed delivery: what is in it, and which files are taken. Nothing in it is ever opened here.

An uncompressed tar:

    body.age                the delivery, sealed to a key made for it alone
    pairs/A-B.age           that key, sealed to officer B, and the result to officer A; one for each pair
    probes/A.age            a random code, sealed to officer A alone
    probes/A.sha256         the SHA-256 of that code, in hexadecimal

A and B are fingerprints, A before B. See docs/decisions/sealing.md, also for the way to make one with age itself.
"""

import hashlib
import io
import re
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from core.age import X25519, BadAge, head_of

LARGEST = 8_000_000
LARGEST_PART = 4000
# A code of 32 signs; age adds a nonce of 16 bytes and 16 that authenticate it.
PROBE_PAYLOAD = 64
# A file with a head of its own and a secret key in it lies in each pair.
SMALLEST_PAIR = 250
SMALLEST_BODY = 512
_DIGEST = re.compile(rb"[0-9a-f]{64}\s*")


@dataclass(frozen=True, slots=True)
class Probe:
    """A code that one officer opens alone, to show that their key fits. sealed: an age file; digest: of the code."""

    sealed: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """A sealed delivery that was looked over. probes: by fingerprint of the officer's key."""

    data: bytes
    sha256: str
    probes: Mapping[str, Probe]


def parts_of(fingerprints: Iterable[str]) -> frozenset[str]:
    """Return the names of what lies in an envelope to the officers with these keys."""
    found = sorted(fingerprints)
    pairs = (f"pairs/{first}-{second}.age" for first, second in combinations(found, 2))
    probes = (f"probes/{one}.{ending}" for one in found for ending in ("age", "sha256"))
    return frozenset(("body.age", *pairs, *probes))


def look_over(data: bytes, fingerprints: frozenset[str]) -> Envelope:
    """Return the envelope in `data` when it is sealed to each pair of these officers, and to nobody else.

    fingerprints: of the keys that the supplier compared and that are in use. Whether a part was really sealed to the
    key in its name shows only when its officer opens it: for that there are the probes.
    Raises Refused when it is empty, larger than LARGEST, damaged, made for other keys, or not sealed to one X25519 key
    of age in each of its parts.
    Source: scheme.logins; rules 3.6 H3, H8.
    """
    if not data:
        raise Refused(_l("This file is empty."), "envelope")
    if len(data) > LARGEST:
        raise Refused(_l("This file is too large: at most %(size)d MB.", size=LARGEST // 1_000_000), "envelope")
    parts = _unpacked(data, parts_of(fingerprints))
    for name, content in parts.items():
        if name.endswith(".age"):
            _look_at(name, content)
    probes = {one: _probe(parts[f"probes/{one}.age"], parts[f"probes/{one}.sha256"]) for one in sorted(fingerprints)}
    return Envelope(data, hashlib.sha256(data).hexdigest(), MappingProxyType(probes))


def part(data: bytes, name: str) -> bytes:
    """Return one file of an envelope that was looked over when it came. Raises KeyError when it has no such file."""
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for member in archive:
            content = archive.extractfile(member) if member.name.removeprefix("./") == name else None
            if content is not None:
                return content.read()
    raise KeyError(name)


def _unpacked(data: bytes, wanted: frozenset[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for member in archive:
                name = member.name.removeprefix("./")
                if member.isdir():
                    continue
                if not member.isreg() or member.issparse() or name not in wanted or name in found:
                    raise Refused(
                        _l("This was sealed to other keys than the ones you compared, or is no sealed delivery."),
                        "envelope",
                    )
                content = archive.extractfile(member)
                found[name] = content.read() if content else b""
    except (tarfile.TarError, EOFError, ValueError, OSError, OverflowError) as error:
        raise Refused(_l("This is no sealed delivery, or it is damaged."), "envelope") from error
    if found.keys() != wanted:
        raise Refused(_l("Something is missing: it has to be sealed to each pair of the officers."), "envelope")
    return found


def _look_at(name: str, content: bytes) -> None:
    """Raise Refused when this part is no age file sealed to one X25519 key, or is too small or too large for it."""
    try:
        head = head_of(content)
    except BadAge as error:
        raise Refused(_l("This is no sealed delivery, or it is damaged."), "envelope") from error
    if head.kinds != (X25519,):
        raise Refused(_l("Each part has to be sealed to one X25519 key of age and to nothing else."), "envelope")
    if name == "body.age":
        fits = head.payload >= SMALLEST_BODY
    elif name.startswith("pairs/"):
        fits = head.payload >= SMALLEST_PAIR and len(content) <= LARGEST_PART
    else:
        fits = head.payload == PROBE_PAYLOAD
    if not fits:
        raise Refused(_l("This is no sealed delivery, or it is damaged."), "envelope")


def _probe(sealed: bytes, digest: bytes) -> Probe:
    if not _DIGEST.fullmatch(digest):
        raise Refused(_l("This is no sealed delivery, or it is damaged."), "envelope")
    return Probe(sealed, digest.strip().decode("ascii"))
