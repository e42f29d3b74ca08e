"""Under which name and number an organisation signed: kept with the signature, whatever it is called later.

Of a party that is no organisation here, `Agreement.party` tells the name. See docs/decisions/names-as-signed.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa

from continuity.models import Agreement, AgreementKind, Registration
from core import clock, db
from tenants.models import Tenant


class Signer(StrEnum):
    """Which organisation is a party: the supplier, the foundation, or one that is none here."""

    SUPPLIER = "supplier"
    FOUNDATION = "foundation"
    OTHER = "other"


# The first and the second party, as in continuity.scheme.AGREEMENT_PARTIES.
SIGNERS: Mapping[AgreementKind, tuple[Signer, Signer]] = {
    AgreementKind.FRAMEWORK: (Signer.SUPPLIER, Signer.FOUNDATION),
    AgreementKind.SUPPLY: (Signer.FOUNDATION, Signer.OTHER),
    AgreementKind.SERVICE: (Signer.SUPPLIER, Signer.OTHER),
    AgreementKind.PROCESSOR: (Signer.SUPPLIER, Signer.FOUNDATION),
}


class Signed(NamedTuple):
    """Which organisation signed, None where nobody did or it is none here, as it stood before a change."""

    first: Signer | None
    second: Signer | None


@dataclass(frozen=True, slots=True)
class Named:
    """What a party was called. late_on: the day on which it was called so, where that is after it signed."""

    name: str
    kvk: str
    late_on: date | None


def signed(row: Agreement) -> Signed:
    """Return which organisations signed `row`, by what stands in it now."""
    first, second = SIGNERS[row.kind]
    return Signed(
        first if row.first_signed_on and first is not Signer.OTHER else None,
        second if row.second_signed_on and second is not Signer.OTHER else None,
    )


def keep_names(row: Agreement, before: Signed | None = None) -> None:
    """Keep what each organisation is called that signed `row` since `before`; who did not sign has no name here.

    before: as signed() told it ahead of the change, None for a new agreement. A name that is kept stays as long as the
    signature does, also when its day is put right. The day is that of recording, which nobody types.
    """
    now, was = signed(row), before or Signed(None, None)
    if now.first is not was.first or (now.first and not row.first_name):
        row.first_name, row.first_kvk, row.first_named_on = _called(row, now.first)
    if now.second is not was.second or (now.second and not row.second_name):
        row.second_name, row.second_kvk, row.second_named_on = _called(row, now.second)


def name_foundation(owner: Registration) -> None:
    """Keep what the foundation of `owner` is called, which was chosen just now, where an agreement lacks it."""
    query = sa.select(Agreement).where(Agreement.tenant_id == owner.tenant_id, Agreement.registration_id == owner.id)
    for row in db.session().scalars(query):
        keep_names(row, signed(row))


def _called(row: Agreement, signer: Signer | None) -> tuple[str, str, date | None]:
    if signer is None:
        return "", "", None
    owner = db.session().get_one(Registration, (row.tenant_id, row.registration_id))
    wanted = owner.tenant_id if signer is Signer.SUPPLIER else owner.foundation_id
    found = db.session().execute(sa.select(Tenant.name, Tenant.kvk).where(Tenant.id == wanted)).one_or_none()
    return (found.name, found.kvk or "", clock.today()) if found else ("", "", None)


def parties_of(row: Agreement) -> tuple[Named | None, Named | None]:
    """Return what the first and the second party were called when they signed, None where that is not kept."""
    return (
        _named(row.first_name, row.first_kvk, row.first_signed_on, row.first_named_on),
        _named(row.second_name, row.second_kvk, row.second_signed_on, row.second_named_on),
    )


def _named(name: str, kvk: str, signed_on: date | None, named_on: date | None) -> Named | None:
    if not name or signed_on is None:
        return None
    return Named(name, kvk, named_on if named_on is not None and named_on > signed_on else None)
