"""Files in the age format that a passphrase opens, made so that a browser on a small computer can open them too.

The library we read age files with chooses by the speed of this machine how much work each try of a passphrase takes: on
a quick one so much that opening takes a gigabyte, on a busy one next to nothing. So the work is chosen here.
Source: age-encryption.org/v1, RFC 7914 (scrypt), RFC 5869 (HKDF), RFC 8439 (ChaCha20-Poly1305).
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Iterator
from threading import Lock

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.age import MAGIC

# What the program age itself takes: 2^18 rounds on blocks of 1 KiB, a quarter of a gigabyte for as long as they last.
WORK = 18
BLOCK_SIZE = 8
MEMORY = 128 * BLOCK_SIZE * (2**WORK + 4)
LABEL = b"age-encryption.org/v1/scrypt"
KEY_BYTES, SALT_BYTES, NONCE_BYTES = 16, 16, 16
PIECE = 64 * 1024
_ONE_AT_A_TIME = Lock()


def lock_with(passphrase: str, data: bytes) -> bytes:
    """Return `data` as an age file that `passphrase`, in UTF-8 and as it stands, opens.

    Takes 256 MiB while it works; who asks for one meanwhile waits, so that a process never takes it twice.
    """
    file_key, salt = os.urandom(KEY_BYTES), os.urandom(SALT_BYTES)
    with _ONE_AT_A_TIME:
        wrapping = hashlib.scrypt(
            passphrase.encode(), salt=LABEL + salt, n=2**WORK, r=BLOCK_SIZE, p=1, maxmem=MEMORY, dklen=32
        )
    # A key that is drawn for one file and used once may have a nonce of zeros: so the format says.
    wrapped = ChaCha20Poly1305(wrapping).encrypt(bytes(12), file_key, None)
    head = MAGIC + b"-> scrypt %s %d\n%s\n---" % (_base64(salt), WORK, _base64(wrapped))
    mac = hmac.digest(_derived(file_key, b"", b"header"), head, hashlib.sha256)
    nonce = os.urandom(NONCE_BYTES)
    payload = _pieces(_derived(file_key, nonce, b"payload"), data)
    return b"".join((head, b" ", _base64(mac), b"\n", nonce, *payload))


def _pieces(key: bytes, data: bytes) -> Iterator[bytes]:
    """Yield the data in pieces, each sealed with its number and whether it is the last one."""
    cipher = ChaCha20Poly1305(key)
    last = max(0, len(data) - 1) // PIECE
    for number in range(last + 1):
        nonce = number.to_bytes(11) + bytes([number == last])
        yield cipher.encrypt(nonce, data[number * PIECE : (number + 1) * PIECE], None)


def _derived(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=purpose).derive(key)


def _base64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")
