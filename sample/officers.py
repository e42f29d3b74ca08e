"""Keys of the foundation's officers, which its supplier compared. Their secret halves are thrown away at once.

Whoever tries the example as an officer makes a key of their own, as an officer does who lost theirs.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from continuity.models import KeyState, OfficerKey, TrustedKey
from core import db
from core.age import fingerprint_of
from sample.days import Days
from sample.organisations import FOUNDATION
from tenants.models import Role, User

MADE_DAYS_AGO = 120
COMPARED_BY = "Lieke Smit"


def make_keys(days: Days) -> list[OfficerKey]:
    """Give each officer a key in use, inside the foundation's scope."""
    from pyrage import x25519

    made = []
    for person in FOUNDATION.people:
        if person.role is Role.READER:
            continue  # whoever only looks is no officer
        recipient = str(x25519.Identity.generate().to_public())
        row = OfficerKey(
            user_id=db.session().scalars(sa.select(User.id).where(User.email == person.email)).one(),
            name=person.name,
            recipient=recipient,
            fingerprint=fingerprint_of(recipient),
            state=KeyState.ACTIVE,
            proof_sealed="",
            proof_hash="",
            made_at=days.at(MADE_DAYS_AGO),
            proved_at=days.at(MADE_DAYS_AGO),
        )
        db.session().add(row)
        made.append(row)
    return made


def compare(keys: Sequence[tuple[str, str, str]], foundation_id: int, days: Days) -> None:
    """Note that the supplier compared these keys, inside its scope. keys: name, public key, fingerprint."""
    for name, recipient, fingerprint in keys:
        row = TrustedKey(
            foundation_id=foundation_id,
            name=name,
            recipient=recipient,
            fingerprint=fingerprint,
            offered_at=days.at(MADE_DAYS_AGO),
            pinned_at=days.at(MADE_DAYS_AGO - 1),
            pinned_by=COMPARED_BY,
        )
        db.session().add(row)
