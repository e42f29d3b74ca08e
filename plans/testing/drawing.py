"""Draw a sample by lot, so that anybody can draw it again."""

import hashlib
from collections.abc import Sequence


def drawn(seed: str, ids: Sequence[str], size: int) -> list[str]:
    """Return `size` of `ids`: those whose SHA-256 of "seed:id" comes first, in that order.

    The same seed, ids and size give the same sample on every machine and with every version; an auditor needs no more
    than sha256sum. ids: hexadecimal, in any order. size: more than there are takes all.
    """
    return sorted(ids, key=lambda one: (hashlib.sha256(f"{seed}:{one}".encode()).hexdigest(), one))[:size]
