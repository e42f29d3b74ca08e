"""Row identities: random enough to be unguessable, ordered by time so that indexes grow at one end."""

import secrets
import time
from uuid import UUID

RANDOM_BITS, RANDOM_BYTES = 74, 10


def new_id() -> UUID:
    """Return a UUID version 7 (RFC 9562): 48 bits of milliseconds, 74 bits of randomness."""
    return UUID(int=_moment() | _spread(secrets.randbits(RANDOM_BITS)))


def new_ids(count: int) -> list[UUID]:
    """Return so many ids of one moment, in their order: rows that are added together stay in the order they came."""
    drawn, moment = secrets.token_bytes(RANDOM_BYTES * count), _moment()
    pieces = (drawn[at : at + RANDOM_BYTES] for at in range(0, len(drawn), RANDOM_BYTES))
    numbers = sorted(int.from_bytes(piece) >> (8 * RANDOM_BYTES - RANDOM_BITS) for piece in pieces)
    return [UUID(int=moment | _spread(number)) for number in numbers]


def _moment() -> int:
    milliseconds = time.time_ns() // 1_000_000
    return (milliseconds & ((1 << 48) - 1)) << 80 | 0x7 << 76 | 0b10 << 62


def _spread(random_bits: int) -> int:
    """Put 74 bits around the variant, which stands in the middle of them."""
    return (random_bits >> 62) << 64 | random_bits & ((1 << 62) - 1)
