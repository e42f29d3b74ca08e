"""Numbers of mails that cannot be made up: in the Message-ID and in the address to which a mail comes back."""

import base64
import hmac
import re
from collections.abc import Iterable
from uuid import UUID

from core.vault import mac_key

ID_BYTES, MAC_BYTES = 16, 8
# In base 32, as mail servers may change capitals, and with the digits first, so that tokens stand in the order of time
# as ids do; without the sign that fills it up.
LENGTH = 39
# What an address may hold before its @ (RFC 5321, 4.5.3.1.1), and what that leaves beside "+" and the token.
LOCAL_LENGTH = 64
ROOM = LOCAL_LENGTH - LENGTH - 1
SHAPE = re.compile(rf"(?<![0-9a-z])[0-9a-v]{{{LENGTH}}}(?![0-9a-z])")
LONGEST = 2000


def token_of(mail_id: UUID) -> str:
    """Return the number of a mail, signed."""
    return base64.b32hexencode(mail_id.bytes + _mac(mail_id.bytes)).decode().rstrip("=").lower()


def mail_of(texts: Iterable[str]) -> UUID | None:
    """Return the mail whose token stands in the first of `texts` that holds one of ours, None where none does."""
    for text in texts:
        for found in SHAPE.findall(text[:LONGEST].lower()):
            raw = base64.b32hexdecode(found.upper() + "=")
            mail_id, mac = raw[:ID_BYTES], raw[ID_BYTES:]
            if hmac.compare_digest(mac, _mac(mail_id)):
                return UUID(bytes=mail_id)
    return None


def _mac(mail_id: bytes) -> bytes:
    return hmac.digest(mac_key("mail"), mail_id, "sha256")[:MAC_BYTES]
