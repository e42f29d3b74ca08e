"""What a record was when it was downloaded, in a hidden cell beside its key, as files of before tell it. Pure.

Their digests have no key. They stand in the order of the register's columns, ten characters each, behind a mark of
which columns those are; the files before those name the column at each digest, of twelve characters.
"""

import hashlib
import re

from plans.importing.states import MARK_BYTES, RowState, named_columns, told
from plans.registers.shape import Register, Value

DIGEST_BYTES, NAMED_BYTES = 5, 6
STATE = re.compile(r"([0-9]{1,9}) ([0-9a-f]{6}) ((?:[0-9a-f]{10})+)")
NAMED_STATE = re.compile(r"([0-9]{1,9})((?: [a-z_0-9]{1,40}=[0-9a-f]{12})*)")


def digest(_name: str, value: Value) -> bytes:
    """Return what told two values of one column apart."""
    return hashlib.blake2b(told(value), digest_size=DIGEST_BYTES).digest()


def _named_digest(_name: str, value: Value) -> bytes:
    return hashlib.sha256(told(value)).digest()[:NAMED_BYTES]


def read_state(text: str, register: Register) -> RowState | None:
    """Return what the cell of a record of this register says; None when somebody changed it into something else."""
    if found := STATE.fullmatch(text):
        names, digests = named_columns(register), bytes.fromhex(found[3])
        if found[2] != mark(names) or len(digests) != DIGEST_BYTES * len(names):
            return RowState(int(found[1]), {}, digest)
        parts = [digests[start : start + DIGEST_BYTES] for start in range(0, len(digests), DIGEST_BYTES)]
        return RowState(int(found[1]), dict(zip(names, parts, strict=True)), digest)
    if named := NAMED_STATE.fullmatch(text):
        pairs = (pair.split("=", 1) for pair in named[2].split())
        return RowState(int(named[1]), {name: bytes.fromhex(digits) for name, digits in pairs}, _named_digest)
    return None


def mark(names: tuple[str, ...]) -> str:
    """Return what told which columns the digests are of."""
    return hashlib.blake2b(" ".join(names).encode(), digest_size=MARK_BYTES).hexdigest()
