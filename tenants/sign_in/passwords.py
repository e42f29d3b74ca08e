"""Passwords: argon2id, and as much work for an unknown account as for a known one."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 12
MAX_LENGTH = 200

# 19 MiB, two passes, one lane: OWASP's first choice for argon2id.
hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# A hash as `hasher` makes them, of no password: to hash one here would cost every process that imports this as much
# as a sign-in, and to wait with it would let the first unknown account take twice as long.
_NOBODY = f"$argon2id$v=19$m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}${'A' * 22}${'A' * 43}"


def hash_password(password: str) -> str:
    """Return the argon2id hash of `password`, with its salt and parameters."""
    return hasher.hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """Tell whether `password` made `password_hash`. None (no such account) takes as long and is never true."""
    try:
        return hasher.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False
