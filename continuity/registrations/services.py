"""Changes to registrations, their counterparty, contacts and money."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from continuity.agreements.naming import name_foundation
from continuity.errors import Refused
from continuity.handovers.services import add_proposals
from continuity.models import (
    Agreement,
    AgreementKind,
    By,
    Counterparty,
    HandoverDelivery,
    HandoverItem,
    Registration,
    SchemeContact,
    SchemeParty,
    SchemeState,
    SchemeType,
)
from continuity.registrations.binding import refuse_relied_on, refuse_shorter
from continuity.registrations.ended import refuse_out_of_reach
from continuity.registrations.fitting import UNASKED, Choice, note_choice
from continuity.registrations.history import open_case
from continuity.registrations.holding import refuse_once_begun
from continuity.registrations.keeping import kept
from continuity.registrations.states import AT_WORK, ENDED, IN_FORCE, move, settle
from core import db
from core.i18n import Language
from core.ids import new_id
from plans.turns import known, take_turn
from tenants.scope import current_scope


@dataclass(frozen=True, slots=True)
class RegistrationValues:
    """What a supplier tells of a service. understood: ticked just now that only this service is covered."""

    service_name: str
    description: str
    foundation_id: int | None
    uncovered_services: str
    portfolio_changed_on: date | None
    understood: bool


@dataclass(frozen=True, slots=True)
class CounterpartyValues:
    """The upstream supplier or partner company; the four days are separate facts."""

    name: str
    kvk: str
    contact_name: str
    phone: str
    email: str
    chosen_on: date | None
    knows_on: date | None
    willing_on: date | None
    willing_by: str
    signed_on: date | None
    knows_by: str = ""
    signed_by: str = ""


@dataclass(frozen=True, slots=True)
class ContactValues:
    """Whom to call. confirmed_on: the day these data were last found right."""

    name: str
    phone: str
    email: str
    confirmed_on: date | None


def register(
    scheme_type: SchemeType,
    values: RegistrationValues,
    *,
    language: Language,
    today: date,
    row_id: UUID | None = None,
    choice: Choice = UNASKED,
) -> Registration:
    """Register a service and propose, in `language`, what the foundation must hold for it.

    row_id: the id chosen when the form was opened; the same form sent twice registers once. choice: the answers that
    led to the type.
    Raises Refused when the organisation names itself as its foundation.
    Source: scheme.type; decisions (handover duty for standard software).
    """
    _refuse_itself(values.foundation_id)
    take_turn()
    if (there := known(Registration, row_id)) is not None:
        return there
    row = Registration(id=row_id or new_id(), scheme_type=scheme_type, duration_months=3)
    note_choice(row, choice)
    _apply(row, values, today)
    db.session().add(row)
    db.session().flush()
    add_proposals(row, language=language)
    return row


def change_registration(row: Registration, values: RegistrationValues, *, seen: int, today: date) -> None:
    """Change what was told of a service.

    Raises EditConflict when somebody saved since `seen`, Refused when another foundation is named although the present
    one holds something of this service.
    """
    refuse_once_begun(row)
    row.expect_version(seen)
    _refuse_itself(values.foundation_id)
    if row.foundation_id is not None and values.foundation_id != row.foundation_id and _bound(row):
        raise Refused(
            _l("What was agreed and handed over lies with the present foundation. Register the service anew instead."),
            "foundation_id",
        )
    with kept(row.id, row):
        _apply(row, values, today)
    name_foundation(row)


def _apply(row: Registration, values: RegistrationValues, today: date) -> None:
    row.service_name, row.description = values.service_name, values.description
    row.foundation_id = values.foundation_id
    row.uncovered_services, row.portfolio_changed_on = values.uncovered_services, values.portfolio_changed_on
    if values.understood:
        row.scope_understood_on = today


def _refuse_itself(foundation_id: int | None) -> None:
    # It would confirm its own deliveries.
    if foundation_id is not None and foundation_id == current_scope().only_tenant:
        raise Refused(_l("An organisation cannot be its own foundation."), "foundation_id")


def _bound(row: Registration) -> bool:
    """Tell whether the foundation named now holds a contract or a delivery of this service, or the scheme ended."""
    signed = sa.select(Agreement.id).where(
        Agreement.registration_id == row.id,
        Agreement.archived_at.is_(None),
        Agreement.kind.in_((AgreementKind.FRAMEWORK, AgreementKind.SUPPLY)),
    )
    ever = row.declared_bankrupt_on is not None or row.state in ENDED
    return ever or db.session().scalar(signed.limit(1)) is not None or delivered(row)


def delivered(row: Registration) -> bool:
    """Tell whether anything of this service was handed over."""
    same_owner = HandoverItem.tenant_id == HandoverDelivery.tenant_id
    query = (
        sa.select(HandoverDelivery.id)
        .join(HandoverItem, sa.and_(same_owner, HandoverItem.id == HandoverDelivery.handover_item_id))
        .where(HandoverItem.registration_id == row.id)
    )
    return db.session().scalar(query.limit(1)) is not None


def archive_registration(row: Registration, *, today: date, at: datetime) -> None:
    """Put a registration away.

    Raises Refused while it is in force or at work, or clients rely on it, and as long after that as the foundation may
    still have to deliver because of a bankruptcy of before: what is put away it no longer reaches.
    """
    take_turn()
    db.session().refresh(row)
    if row.state in AT_WORK or row.declared_bankrupt_on is not None:
        raise Refused(_l("A registration cannot be put away after a bankruptcy was declared."))
    if row.state in IN_FORCE:
        raise Refused(_l("This scheme is in force. The foundation has to end it before it can be put away."))
    refuse_relied_on(row)
    refuse_out_of_reach(row, today)
    row.archived_at = at
    db.session().flush()


def restore_registration(row: Registration) -> None:
    """Take a registration back that was put away."""
    row.archived_at = None
    db.session().flush()


def end_scheme(row: Registration, reason: str, *, seen: int) -> None:
    """End a scheme that is not in force yet and on which no client relies.

    Raises EditConflict when somebody saved since `seen`; Refused without a reason, once it is in force or ended, when
    a client accepted (its end is announced then), and while the foundation has something to decide about it.
    Source: rules 3.8.
    """
    take_turn()
    row.expect_version(seen)
    if open_case(row) is not None:
        raise Refused(_l("The foundation has something to decide about this scheme first."))
    refuse_relied_on(row)
    move(row, SchemeState.TERMINATED, By.SUPPLIER, reason=reason)
    db.session().flush()


def change_money(row: Registration, monthly_cost: Decimal | None, duration_months: int, *, seen: int) -> None:
    """Change what the upstream supplier or partner costs a month, and for how many months it delivers.

    Raises EditConflict when somebody saved since `seen`, Refused for another duration once the period runs, and for a
    shorter one where clients rely on it, or did so until the scheme ended.
    """
    refuse_once_begun(row)
    row.expect_version(seen)
    if row.declared_bankrupt_on is not None and duration_months != row.duration_months:
        raise Refused(_l("The period runs already; its length stays."), "duration_months")
    refuse_shorter(row, duration_months)
    with kept(row.id, row):
        row.monthly_cost, row.duration_months = monthly_cost, duration_months


def save_counterparty(owner: Registration, row: Counterparty | None, values: CounterpartyValues, *, seen: int) -> None:
    """Add or change the counterparty of a registration. Raises EditConflict when somebody saved since `seen`.

    Source: scheme.partner-chosen, scheme.partner-informed; rules 3.2 P4.
    """
    refuse_once_begun(owner)
    if row is None:
        row = Counterparty(registration_id=owner.id)
    else:
        row.expect_version(seen)
    with kept(owner.id, row):
        db.session().add(row)
        _tell_counterparty(row, values)
    settle(owner)
    db.session().flush()


def _tell_counterparty(row: Counterparty, values: CounterpartyValues) -> None:
    row.name, row.kvk = values.name, values.kvk
    row.contact_name, row.phone, row.email = values.contact_name, values.phone, values.email
    row.chosen_on, row.knows_on, row.signed_on = values.chosen_on, values.knows_on, values.signed_on
    row.willing_on, row.willing_by = values.willing_on, values.willing_by
    row.knows_by, row.signed_by = values.knows_by, values.signed_by


def save_contact(
    owner: Registration, party: SchemeParty, row: SchemeContact | None, values: ContactValues, *, seen: int
) -> None:
    """Add or change, as the supplier, whom to call at one of the three.

    Raises EditConflict when somebody saved since `seen`, Refused once the period began: clients call whom it names.
    Source: scheme.communication.
    """
    refuse_once_begun(owner)
    row = row or _contact(owner, party)
    with kept(owner.id, row):
        keep_contact(owner, party, row, values, seen=seen)


def _contact(owner: Registration, party: SchemeParty) -> SchemeContact:
    return SchemeContact(tenant_id=owner.tenant_id, registration_id=owner.id, party=party)


def keep_contact(
    owner: Registration, party: SchemeParty, row: SchemeContact | None, values: ContactValues, *, seen: int
) -> None:
    """Add or change whom to call at one of the three. Raises EditConflict when somebody saved since `seen`."""
    if row is None or sa.inspect(row).transient:
        row = row or _contact(owner, party)
        db.session().add(row)
    else:
        row.expect_version(seen)
    row.name, row.phone, row.email = values.name, values.phone, values.email
    row.confirmed_on = values.confirmed_on
    db.session().flush()
