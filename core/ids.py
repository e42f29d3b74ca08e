"""Row identities: random enough to be unguessable, ordered by time so that indexes grow at one end."""

import secrets
import time
from typing import Any
from uuid import UUID, SafeUUID

RANDOM_BITS, RANDOM_BYTES = 74, 10
# Of what is drawn as hexadecimal digits 3, half a one and 15 are kept.
DRAWN_DIGITS, KEPT_DIGITS = 2 * RANDOM_BYTES, 19
# What becomes of the fourth: its last two bits stay, behind the variant.
VARIANT = {f"{digit:x}": f"{0b1000 | digit & 0b11:x}" for digit in range(16)}


def new_id() -> UUID:
    """Return a UUID version 7 (RFC 9562): 48 bits of milliseconds, 74 bits of randomness."""
    return UUID(int=_moment() | _spread(secrets.randbits(RANDOM_BITS)))


def new_ids(count: int) -> list[str]:
    """Return so many ids of one moment, in their order: rows that are added together stay in the order they came.

    As 32 hexadecimal digits, which every database takes: an object for each costs more than drawing it.
    """
    drawn, head = secrets.token_bytes(RANDOM_BYTES * count).hex(), f"{_moment() >> 80:012x}7"
    pieces = (drawn[at : at + DRAWN_DIGITS] for at in range(0, len(drawn), DRAWN_DIGITS))
    return sorted([f"{head}{one[:3]}{VARIANT[one[3]]}{one[4:KEPT_DIGITS]}" for one in pieces])


def id_of(
    digits: str | None, new: Any = object.__new__, put: Any = object.__setattr__, unknown: Any = SafeUUID.unknown
) -> UUID | None:
    """Return the id of 32 hexadecimal digits as we wrote them, without the checks for other ways to; None for none."""
    if digits is None:
        return None
    found: UUID = new(UUID)
    put(found, "int", int(digits, 16))
    put(found, "is_safe", unknown)
    return found


def hyphened(digits: str) -> str:
    """Return an id of 32 hexadecimal digits as it is written for people and programs."""
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _moment() -> int:
    milliseconds = time.time_ns() // 1_000_000
    return (milliseconds & ((1 << 48) - 1)) << 80 | 0x7 << 76 | 0b10 << 62


def _spread(random_bits: int) -> int:
    """Put 74 bits around the variant, which stands in the middle of them."""
    return (random_bits >> 62) << 64 | random_bits & ((1 << 62) - 1)
