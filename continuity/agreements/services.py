"""Changes to the contracts of the scheme."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from continuity.agreements.documents import Document
from continuity.agreements.naming import keep_names, signed
from continuity.agreements.notice import notice_day
from continuity.errors import Refused
from continuity.models import Agreement, AgreementKind, Counterparty, FeeEvery, NoticeUnit, Registration
from continuity.registrations.binding import refuse_shortening
from continuity.registrations.holding import refuse_once_begun, refuse_under
from continuity.registrations.keeping import kept
from continuity.registrations.states import settle, settle_under
from core import db
from core.files import files
from core.ids import new_id
from plans.turns import known, take_turn


@dataclass(frozen=True, slots=True)
class AgreementValues:
    """A contract. Days are inclusive; delivers_on: it holds the promise to deliver for the period of the scheme.

    notice_on counts only while notice_length or ends_on is not told; follows_id: the earlier agreement it renews.
    """

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
    first_signed_by: str = ""
    second_signed_by: str = ""
    notice_length: int | None = None
    notice_unit: NoticeUnit = NoticeUnit.MONTHS
    duration_months: int = 3
    fee_every: FeeEvery = FeeEvery.MONTH
    follows_id: UUID | None = None


def add_agreement(
    owner: Registration, values: AgreementValues, document: Document | None, *, row_id: UUID | None = None
) -> Agreement:
    """Add a contract with, or yet without, its file; the same form sent twice adds one.

    row_id: the id chosen when the form was opened. One that renews another leaves the earlier one as it was.
    Raises Refused when its days contradict each other, or what it renews is no agreement of the same kind here.
    Source: scheme.framework-agreement, scheme.supply-agreement.
    """
    refuse_once_begun(owner)
    take_turn()
    if (there := known(Agreement, row_id)) is not None:
        return there
    row = Agreement(id=row_id or new_id(), registration_id=owner.id, follows_id=_earlier(owner, values))
    with kept(owner.id, row):
        _apply(row, values)
        db.session().add(row)
        # The lock fills in the organisation at the flush; the file goes into that organisation's drawer.
        db.session().flush()
        keep_names(row)
        _attach(row, document)
    _note_signature(row)
    settle(owner)
    return row


def change_agreement(row: Agreement, values: AgreementValues, document: Document | None, *, seen: int) -> None:
    """Change a contract; without a new file it keeps the one it has, and who signed is called as then.

    Raises EditConflict when somebody saved since `seen`; Refused when its days contradict each other, or clients rely
    on it and it would bind on fewer days.
    """
    refuse_under(row.registration_id)
    row.expect_version(seen)
    refuse_shortening(row, values)
    before = signed(row)
    with kept(row.registration_id, row):
        _apply(row, values)
        keep_names(row, before)
        _attach(row, document)
    _note_signature(row)
    settle_under(row)


def _apply(row: Agreement, values: AgreementValues) -> None:
    if values.ends_on is not None and values.starts_on is not None and values.ends_on < values.starts_on:
        raise Refused(_l("It would end before it starts."), "ends_on")
    notice_on = notice_day(values.ends_on, values.notice_length, values.notice_unit) or values.notice_on
    if notice_on is not None and values.ends_on is not None and notice_on > values.ends_on:
        raise Refused(_l("Notice must be given before the agreement ends."), "notice_on")
    row.kind, row.party, row.reference = values.kind, values.party, values.reference
    row.first_signed_on, row.second_signed_on = values.first_signed_on, values.second_signed_on
    row.starts_on, row.ends_on, row.notice_on = values.starts_on, values.ends_on, notice_on
    row.first_signed_by, row.second_signed_by = values.first_signed_by, values.second_signed_by
    row.notice_length, row.notice_unit = values.notice_length, values.notice_unit
    row.fee, row.fee_every = values.fee, values.fee_every
    row.delivers_on, row.duration_months = values.delivers_on, values.duration_months


def _note_signature(row: Agreement) -> None:
    """Note of the counterparty that it signed, once the supply agreement is signed by both; a day told there stays."""
    if row.kind is not AgreementKind.SUPPLY or row.first_signed_on is None or row.second_signed_on is None:
        return
    query = sa.select(Counterparty).where(
        Counterparty.registration_id == row.registration_id, Counterparty.archived_at.is_(None)
    )
    found = db.session().scalar(query)
    if found is not None and found.signed_on is None:
        with kept(row.registration_id, found):
            found.signed_on, found.signed_by = row.second_signed_on, row.second_signed_by


def _earlier(owner: Registration, values: AgreementValues) -> UUID | None:
    if values.follows_id is None:
        return None
    query = sa.select(Agreement.id).where(
        Agreement.id == values.follows_id,
        Agreement.registration_id == owner.id,
        Agreement.kind == values.kind,
        Agreement.archived_at.is_(None),
    )
    if db.session().scalar(query) is None:
        raise Refused(_l("The agreement that this one renews is not there any more, or is of another kind."), "kind")
    return values.follows_id


def _attach(row: Agreement, document: Document | None) -> None:
    if document is None:
        return
    row.file_sha256 = files().put(row.tenant_id, document.data)
    row.file_name, row.file_type, row.file_size = document.name, document.media_type.value, len(document.data)
    db.session().flush()
