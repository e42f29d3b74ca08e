"""Files in the age format: public keys, their fingerprints, and what a file's head tells of who may open it.

Nothing here ever holds a secret key. Source: age-encryption.org/v1.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

MAGIC = b"age-encryption.org/v1\n"
X25519 = "X25519"
# A head names a few recipients; whatever is longer is none of ours.
LONGEST_HEAD = 4096
FINGERPRINT_DIGITS = 32
_RECIPIENT = re.compile(r"age1[02-9ac-hj-np-z]{58}")
_ARMOUR = re.compile(r"-----BEGIN AGE ENCRYPTED FILE-----(.*)-----END AGE ENCRYPTED FILE-----", re.DOTALL)
_ARGUMENTS = re.compile(rb"-> ([!-~]+)((?: [!-~]+)*)")


class BadAge(ValueError):
    """These bytes or signs are not what age makes."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a file. kinds: how it is opened, one word for each recipient; payload: bytes that follow the head."""

    kinds: tuple[str, ...]
    payload: int


def recipient_of(text: str) -> str:
    """Return the X25519 public key in `text` as age writes it. Raises BadAge when it is none."""
    from pyrage import RecipientError, x25519  # not at the start: only pages about sealing need it

    found = text.strip().lower()
    if not _RECIPIENT.fullmatch(found):
        raise BadAge("not an X25519 public key")
    try:
        return str(x25519.Recipient.from_str(found))
    except RecipientError as error:
        raise BadAge("not an X25519 public key") from error


def fingerprint_of(recipient: str) -> str:
    """Return what people compare keys by: the first 128 bits of the SHA-256 of the public key, in hexadecimal."""
    return hashlib.sha256(recipient.encode("ascii")).hexdigest()[:FINGERPRINT_DIGITS]


def in_groups(fingerprint: str) -> str:
    """Return a fingerprint in groups of four, to be read aloud."""
    return " ".join(fingerprint[start : start + 4] for start in range(0, len(fingerprint), 4))


def seal_to(recipient: str, text: str) -> str:
    """Return `text` sealed to one public key, as age writes it for mail and paper. Raises BadAge for a bad key."""
    from pyrage import encrypt, x25519

    sealed: bytes = encrypt(text.encode(), [x25519.Recipient.from_str(recipient_of(recipient))], armored=True)
    return sealed.decode("ascii")


def head_of(data: bytes) -> Head:
    """Return the head of a file in the age format, of which nothing is opened.

    A recipient that exists only to keep readers tolerant (`...-grease`) is not counted.
    Raises BadAge when the bytes are no such file, are armoured, or the head is cut off or longer than LONGEST_HEAD.
    """
    if not data.startswith(MAGIC):
        raise BadAge("does not begin as an age file does")
    kinds: list[str] = []
    place, short = len(MAGIC), True
    while True:
        end = data.find(b"\n", place, LONGEST_HEAD)
        if end < 0:
            raise BadAge("the head is cut off or too long")
        line = data[place:end]
        place = end + 1
        if line.startswith(b"--- ") and short:
            _bytes(line[4:], 32)
            break
        named = _ARGUMENTS.fullmatch(line)
        if named is not None and short:
            kinds.append(named[1].decode("ascii"))
            short = False
        elif not short and len(line) <= 64:
            _bytes(line)
            short = len(line) < 64
        else:
            raise BadAge("the head is not as age writes it")
    return Head(tuple(kind for kind in kinds if not kind.endswith("-grease")), len(data) - place)


def _bytes(line: bytes, length: int | None = None) -> None:
    """Make sure a line is base64 without padding, of `length` bytes. Raises BadAge otherwise."""
    try:
        found = base64.b64decode(line + b"=" * (-len(line) % 4), validate=True)
    except binascii.Error as error:
        raise BadAge("the head is not as age writes it") from error
    if length is not None and len(found) != length:
        raise BadAge("the head is not as age writes it")


def armoured(data: bytes) -> str:
    """Return a file in the age format as text, for pages and mail."""
    text = base64.b64encode(data).decode("ascii")
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return "\n".join(["-----BEGIN AGE ENCRYPTED FILE-----", *lines, "-----END AGE ENCRYPTED FILE-----", ""])


def unarmoured(text: str) -> bytes:
    """Return the bytes of a file in the age format that was sent as text: with its armour, or in bare base64.

    Raises BadAge when it is neither.
    """
    found = _ARMOUR.fullmatch(text.strip())
    try:
        return base64.b64decode("".join((found[1] if found else text).split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadAge("neither armour nor base64") from error
