"""Frozen copies of the scheme's rows: all that a rule may know. continuity/loading.py fills them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from continuity.models import (
    Addressee,
    AgreementKind,
    Authority,
    DeclarationKind,
    FeeEvery,
    HandoverKind,
    NoticeUnit,
    RequestState,
    SchemeParty,
    SchemeState,
    SchemeType,
)


class AgreementFact(NamedTuple):
    """A contract. Days are inclusive; *_name, *_kvk: of the organisation that signed, as known on *_named_on."""

    id: UUID
    kind: AgreementKind
    party: str
    first_signed_on: date | None
    second_signed_on: date | None
    starts_on: date | None
    ends_on: date | None
    notice_on: date | None
    fee: Decimal | None
    delivers_on: bool
    file_sha256: str
    duration_months: int = 3
    fee_every: FeeEvery = FeeEvery.MONTH
    first_signed_by: str = ""
    second_signed_by: str = ""
    notice_length: int | None = None
    notice_unit: NoticeUnit = NoticeUnit.MONTHS
    follows_id: UUID | None = None
    first_name: str = ""
    first_kvk: str = ""
    first_named_on: date | None = None
    second_name: str = ""
    second_kvk: str = ""
    second_named_on: date | None = None


class CounterpartyFact(NamedTuple):
    """The upstream supplier or partner company."""

    id: UUID
    name: str
    contact_name: str
    phone: str
    chosen_on: date | None
    knows_on: date | None
    willing_on: date | None
    willing_by: str
    signed_on: date | None
    knows_by: str = ""
    signed_by: str = ""
    refused_on: date | None = None


class SchemeContactFact(NamedTuple):
    """Whom to call at one of the three."""

    id: UUID
    party: SchemeParty
    name: str
    phone: str
    email: str
    confirmed_on: date | None


class DeedFact(NamedTuple):
    """A version of the beneficiary deed.

    closed_on: the day on which it was no longer offered; has_english: it is told in English too.
    """

    id: UUID
    number: int
    has_conditions: bool
    published_on: date | None
    closed_on: date | None = None
    has_english: bool = True
    sha256: str = ""


class AcceptanceFact(NamedTuple):
    """An acceptance that has not ended."""

    deed_version_id: UUID
    accepted_on: date
    accepted_by: str
    conditions_met_on: date | None
    ended_on: date | None
    accepted_as: str = ""
    authority: Authority | None = None
    addressee: Addressee | None = None
    admitted_by: str = ""


class ClientFact(NamedTuple):
    """A client of the service, with its acceptances, and what was declared last, by deed version."""

    id: UUID
    name: str
    monthly_fee: Decimal | None
    invited_on: date | None
    acceptances: Mapping[UUID, AcceptanceFact]
    declared: Mapping[UUID, DeclarationKind] = MappingProxyType({})


class DeliveryFact(NamedTuple):
    """A delivery that the foundation confirmed.

    delivered_on: the day somebody typed; recorded_on: the day it was recorded, None where no moment was kept.
    changed_on: the first day on which it was known to be out of date. keys_*: as of an item.
    """

    delivered_on: date
    recorded_on: date | None
    confirmed_on: date
    changed_on: date | None = None
    keys_gone_on: date | None = None
    keys_lost: bool = False
    keys_left: int = 0
    keys_short_on: date | None = None

    @property
    def there_on(self) -> date:
        """Return the day on which it was there for certain: that of recording, whatever day was typed."""
        return self.recorded_on or self.delivered_on

    @property
    def ages_from(self) -> date:
        """Return the day from which it grows old: what was typed, but never a day after it was recorded."""
        return min(self.delivered_on, self.there_on)


class HandoverFact(NamedTuple):
    """An item to hand over with its newest delivery, and those that the foundation confirmed.

    keys_gone_on: the last day on which a key it was sealed to was taken out of use; keys_lost: one of them was lost;
    keys_left: to how many keys still in use it was sealed; keys_short_on: the first day on which a key in use was
    compared that its sealed delivery is not sealed to. confirmed: the newest first, as many as cover asks for.
    """

    id: UUID
    kind: HandoverKind
    label: str
    required: bool
    max_age_days: int
    changed_on: date | None
    delivered_on: date | None
    confirmed_on: date | None
    keys_gone_on: date | None = None
    keys_lost: bool = False
    keys_left: int = 0
    keys_short_on: date | None = None
    confirmed: tuple[DeliveryFact, ...] = ()


class KeyFact(NamedTuple):
    """A key of an officer of the foundation that is in use and that the supplier did not compare."""

    id: UUID
    foundation_id: int
    name: str
    offered_on: date


class ExitTaskFact(NamedTuple):
    """What a client that is served still has to do. due_on: inclusive."""

    id: UUID
    label: str
    due_on: date


class RequestFact(NamedTuple):
    """A request of a client for continuity that is not over. client: its name; tasks: those that are not done."""

    id: UUID
    client: str
    state: RequestState
    asked_on: date
    decided_on: date | None
    fee_due_on: date | None
    fee_paid_on: date | None
    tasks: tuple[ExitTaskFact, ...] = ()


@dataclass(frozen=True, slots=True)
class RegistrationFact:
    """One registered service with all that hangs on it.

    new_keys: of its foundation, by name; ends_on: the last day that was announced, inclusive.
    """

    id: UUID
    service_name: str
    scheme_type: SchemeType
    state: SchemeState
    foundation_id: int | None
    scope_understood_on: date | None
    uncovered_services: str
    portfolio_changed_on: date | None
    monthly_cost: Decimal | None
    duration_months: int
    declared_bankrupt_on: date | None
    agreements: tuple[AgreementFact, ...]
    counterparty: CounterpartyFact | None
    contacts: Mapping[SchemeParty, SchemeContactFact]
    deeds: tuple[DeedFact, ...]
    clients: tuple[ClientFact, ...]
    handovers: tuple[HandoverFact, ...]
    new_keys: tuple[KeyFact, ...] = ()
    requests: tuple[RequestFact, ...] = ()
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class ContinuityFacts:
    """The registrations of one organisation, ordered by service name."""

    registrations: tuple[RegistrationFact, ...]
