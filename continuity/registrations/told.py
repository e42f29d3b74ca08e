"""What can be told of each part of a scheme, column by column: as a text to keep, as a value, as words. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from continuity.acceptance.words import ADDRESSEE_LABELS, AUTHORITY_LABELS
from continuity.deed.states import STATE_LABELS
from continuity.models import (
    Acceptance,
    Addressee,
    Agreement,
    AgreementKind,
    Authority,
    ConditionCheck,
    Counterparty,
    DeedState,
    DeedVersion,
    FeeEvery,
    HandoverDelivery,
    HandoverItem,
    HandoverKind,
    NoticeUnit,
    Part,
    Registration,
    SchemeContact,
    SchemeType,
)
from continuity.scheme import AGREEMENT_LABELS, FEE_LABELS, HANDOVER_LABELS, NOTICE_LABELS, TYPE_LABELS
from core.i18n import day_text, euro_text
from tenants.owned import TenantOwned

PUT_AWAY, ENDED = "archived_at", "ended_on"


@dataclass(frozen=True, slots=True)
class Told:
    """A column: what it is called, how a text becomes its value again, and how that value is said."""

    label: Any
    read: Callable[[str], Any] = str
    say: Callable[[Any], str] = str


def text_of(value: object) -> str | None:
    """Return a value as a text to keep; `read` of its column gives it back."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"  # as it is read again, however it was typed
    return None if value is None else str(value)


def _line(label: Any) -> Told:
    return Told(label)


def _day(label: Any) -> Told:
    return Told(label, date.fromisoformat, day_text)


def _euros(label: Any) -> Told:
    return Told(label, Decimal, lambda value: str(euro_text(value)))


def _number(label: Any) -> Told:
    return Told(label, int)


def _yes(label: Any) -> Told:
    return Told(label, lambda text: text == str(True), lambda value: _("Yes") if value else _("No"))


def _choice(label: Any, kind: type[StrEnum], labels: Mapping[Any, Any]) -> Told:
    return Told(label, kind, lambda value: str(labels[value]))


_AWAY = Told(_l("Is put away"), datetime.fromisoformat)
_MAIL, _PHONE = _line(_l("E-mail address")), _line(_l("Telephone number"))
COLUMNS: Mapping[Part, Mapping[str, Told]] = {
    Part.REGISTRATION: {
        "service_name": _line(_l("Name of the service")),
        "scheme_type": _choice(_l("Type"), SchemeType, TYPE_LABELS),
        "description": _line(_l("Description")),
        "uncovered_services": _line(_l("Not covered")),
        "portfolio_changed_on": _day(_l("Services last changed on")),
        "monthly_cost": _euros(_l("What the upstream supplier or partner costs a month")),
        "duration_months": _number(_l("How many months continuity is delivered")),
    },
    Part.COUNTERPARTY: {
        "name": _line(_l("Name of the company")),
        "kvk": _line(_l("KvK number")),
        "contact_name": _line(_l("Contact")),
        "phone": _PHONE,
        "email": _MAIL,
        "chosen_on": _day(_l("Chosen on")),
        "knows_on": _day(_l("Knows the scheme since")),
        "knows_by": _line(_l("Who there knows it")),
        "willing_on": _day(_l("Declared to be willing on")),
        "willing_by": _line(_l("Who declared it")),
        "signed_on": _day(_l("Signed with the foundation on")),
        "signed_by": _line(_l("Who signed for them")),
        PUT_AWAY: _AWAY,
    },
    Part.CONTACT: {
        "name": _line(_l("Name")),
        "phone": _PHONE,
        "email": _MAIL,
        "confirmed_on": _day(_l("Found right on")),
    },
    Part.AGREEMENT: {
        "kind": _choice(_l("Which agreement"), AgreementKind, AGREEMENT_LABELS),
        "party": _line(_l("With whom")),
        "reference": _line(_l("Number or reference")),
        "first_signed_on": _day(_l("Signed by the first party on")),
        "first_signed_by": _line(_l("Who signed for the first party")),
        "first_name": _line(_l("Name of the first party")),
        "first_kvk": _line(_l("KvK number of the first party")),
        "first_named_on": _day(_l("First party so called on")),
        "second_signed_on": _day(_l("Signed by the second party on")),
        "second_signed_by": _line(_l("Who signed for the second party")),
        "second_name": _line(_l("Name of the second party")),
        "second_kvk": _line(_l("KvK number of the second party")),
        "second_named_on": _day(_l("Second party so called on")),
        "starts_on": _day(_l("First day")),
        "ends_on": _day(_l("Last day")),
        "notice_on": _day(_l("Last day to give notice")),
        "notice_length": _number(_l("Period of notice")),
        "notice_unit": _choice(_l("Period of notice in"), NoticeUnit, NOTICE_LABELS),
        "duration_months": _number(_l("For how many months continuity is promised")),
        "fee": _euros(_l("Fee or price")),
        "fee_every": _choice(_l("Paid"), FeeEvery, FEE_LABELS),
        "delivers_on": _yes(_l("It holds the promise to deliver for the whole period")),
        "file_name": _line(_l("The signed agreement")),
        "file_type": _line(_l("Kind of file")),
        "file_size": _number(_l("Size in bytes")),
        "file_sha256": _line("SHA-256"),
        PUT_AWAY: _AWAY,
    },
    Part.DEED: {
        "closed_on": _day(_l("No longer offered since")),
        "closed_as": _choice(_l("State"), DeedState, STATE_LABELS),
        "closed_why": _line(_l("Why it ended")),
    },
    Part.ACCEPTANCE: {
        "accepted_on": _day(_l("Accepted on")),
        "accepted_by": _line(_l("Who declared it")),
        "accepted_as": _line(_l("In which function")),
        "authority": _choice(_l("How may this person bind the client?"), Authority, AUTHORITY_LABELS),
        "addressee": _choice(_l("To whom was it declared?"), Addressee, ADDRESSEE_LABELS),
        "conditions_met_on": _day(_l("All conditions met on")),
        ENDED: _day(_l("Ended on")),
        "ended_why": _line(_l("Why it ended")),
    },
    Part.CONDITION: {"met_on": _day(_l("Met on"))},
    Part.ITEM: {
        "kind": _choice(_l("Kind"), HandoverKind, HANDOVER_LABELS),
        "label": _line(_l("What is handed over")),
        "service": _line(_l("For which part of the service")),
        "required": _yes(_l("The foundation cannot deliver without it")),
        "secret": _yes(_l("It is a secret: seal it, so that only two officers together can open it")),
        "owner": _line(_l("Who keeps it up to date")),
        "max_age_days": _number(_l("How many days old a delivery may get")),
        PUT_AWAY: _AWAY,
    },
    Part.DELIVERY: {
        "number": _number(_l("Sequence number")),
        "delivered_on": _day(_l("Handed over on")),
        "delivered_by": _line(_l("By whom")),
        "specification": _line(_l("What is in it")),
    },
}
CLASSES: Mapping[Part, type[TenantOwned]] = {
    Part.REGISTRATION: Registration,
    Part.COUNTERPARTY: Counterparty,
    Part.CONTACT: SchemeContact,
    Part.AGREEMENT: Agreement,
    Part.DEED: DeedVersion,
    Part.ACCEPTANCE: Acceptance,
    Part.CONDITION: ConditionCheck,
    Part.ITEM: HandoverItem,
    Part.DELIVERY: HandoverDelivery,
}
_PARTS = {model: part for part, model in CLASSES.items()}


def part_of(row: TenantOwned) -> Part:
    """Return which part of a scheme a row is."""
    return _PARTS[type(row)]


def told_of(row: TenantOwned) -> dict[str, str | None]:
    """Return what is told of a row, by column, as texts."""
    return {name: text_of(getattr(row, name)) for name in COLUMNS[part_of(row)]}


def apply(row: TenantOwned, told: Mapping[str, str | None]) -> None:
    """Write what is told, by column, into a row."""
    columns = COLUMNS[part_of(row)]
    for name, text in told.items():
        setattr(row, name, None if text is None else columns[name].read(text))


def words_of(part: Part, name: str, text: str | None) -> str:
    """Return how a text that is told is said to the reader, "" for nothing."""
    if name == PUT_AWAY:
        return str(_("No") if text is None else _("Yes"))
    told = COLUMNS[part][name]
    return "" if text is None or text == "" else str(told.say(told.read(text)))
