"""Changes to the contracts of the scheme."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from flask_babel import lazy_gettext as _l

from continuity.agreements.documents import Document
from continuity.errors import Refused
from continuity.models import Agreement, AgreementKind, Registration
from continuity.registrations.states import settle, settle_under
from core import db
from core.files import files
from core.ids import new_id
from plans.turns import known, take_turn


@dataclass(frozen=True, slots=True)
class AgreementValues:
    """A contract. Days are inclusive; delivers_on: it holds the promise to deliver for the period of the scheme."""

    kind: AgreementKind
    party: str
    reference: str
    first_signed_on: date | None
    second_signed_on: date | None
    starts_on: date | None
    ends_on: date | None
    notice_on: date | None
    fee: Decimal | None
    delivers_on: bool


def add_agreement(
    owner: Registration, values: AgreementValues, document: Document | None, *, row_id: UUID | None = None
) -> Agreement:
    """Add a contract with, or yet without, its file; the same form sent twice adds one.

    row_id: the id chosen when the form was opened. Raises Refused when its days contradict each other.
    Source: scheme.framework-agreement, scheme.supply-agreement.
    """
    take_turn()
    if (there := known(Agreement, row_id)) is not None:
        return there
    row = Agreement(id=row_id or new_id(), registration_id=owner.id)
    _apply(row, values)
    db.session().add(row)
    # The lock fills in the organisation at the flush; the file goes into that organisation's drawer.
    db.session().flush()
    _attach(row, document)
    settle(owner)
    return row


def change_agreement(row: Agreement, values: AgreementValues, document: Document | None, *, seen: int) -> None:
    """Change a contract; without a new file it keeps the one it has.

    Raises EditConflict when somebody saved since `seen`, Refused when its days contradict each other.
    """
    row.expect_version(seen)
    _apply(row, values)
    _attach(row, document)
    db.session().flush()
    settle_under(row)


def _apply(row: Agreement, values: AgreementValues) -> None:
    if values.ends_on is not None and values.starts_on is not None and values.ends_on < values.starts_on:
        raise Refused(_l("It would end before it starts."), "ends_on")
    if values.notice_on is not None and values.ends_on is not None and values.notice_on > values.ends_on:
        raise Refused(_l("Notice must be given before the agreement ends."), "notice_on")
    row.kind, row.party, row.reference = values.kind, values.party, values.reference
    row.first_signed_on, row.second_signed_on = values.first_signed_on, values.second_signed_on
    row.starts_on, row.ends_on, row.notice_on = values.starts_on, values.ends_on, values.notice_on
    row.fee, row.delivers_on = values.fee, values.delivers_on


def _attach(row: Agreement, document: Document | None) -> None:
    if document is None:
        return
    row.file_sha256 = files().put(row.tenant_id, document.data)
    row.file_name, row.file_type, row.file_size = document.name, document.media_type.value, len(document.data)
    db.session().flush()
