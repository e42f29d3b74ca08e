"""The code that proves that a declaration comes from whoever reads the mail of the invitation."""

import hmac
import re
import secrets
from datetime import datetime, timedelta

from continuity.models import DeedInvitation
from core import db
from core.vault import mac_key

DIGITS = 8
LIFE = timedelta(minutes=20)
# So many wrong codes within a quarter of an hour, counted in the database before a code is looked at.
MOST_TRIES = 5


def new_code(row: DeedInvitation, *, at: datetime) -> str:
    """Make a code for this invitation and return it; the one before works no more. Only a keyed digest is kept."""
    code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    row.code_hash, row.code_until = _digest(row, code), at + LIFE
    db.session().flush()
    return code


def spend_code(row: DeedInvitation, typed: str, *, at: datetime) -> bool:
    """Tell whether this is the code of the invitation, and use it up. Call it in a turn: it works once."""
    code = re.sub(r"[\s.-]", "", typed)
    if not row.code_hash or row.code_until is None or row.code_until <= at:
        return False
    if not hmac.compare_digest(row.code_hash, _digest(row, code)):
        return False
    row.code_hash, row.code_until = "", None
    return True


def _digest(row: DeedInvitation, code: str) -> str:
    return hmac.digest(mac_key("deed_code"), f"{row.id}:{code}".encode(), "sha256").hex()
