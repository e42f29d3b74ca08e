"""The people, companies, systems and things of a plan, and what depends on what."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from plans.models import AssetKind, Impact, LineUse, PartyKind, SecondStep


class ContactFact(NamedTuple):
    """A person."""

    id: UUID
    name: str
    phone: str
    phone_2: str
    email: str
    is_staff: bool
    confirmed_on: date | None


class PartyFact(NamedTuple):
    """An external party."""

    id: UUID
    kind: PartyKind
    name: str
    phone: str
    confirmed_on: date | None


class DepartmentFact(NamedTuple):
    """A department. impact_: how bad an outage is that lasts so long."""

    id: UUID
    name: str
    head_id: UUID | None
    deputy_id: UUID | None
    uses_no_systems: bool
    needs_no_data: bool
    impact_4_hours: Impact | None = None
    impact_day: Impact | None = None
    impact_3_days: Impact | None = None
    impact_week: Impact | None = None
    impact_longer: Impact | None = None

    @property
    def impacts(self) -> tuple[Impact | None, ...]:
        """Return the answers to the five questions, the shortest outage first."""
        return self.impact_4_hours, self.impact_day, self.impact_3_days, self.impact_week, self.impact_longer


class SystemFact(NamedTuple):
    """A system. Hours are whole hours."""

    id: UUID
    name: str
    recovery_priority: int | None
    rto_hours: int | None
    rpo_hours: int | None
    in_use_on: date | None


class NeedFact(NamedTuple):
    """A system needs a system, a party or a data set: exactly one of the three."""

    system_id: UUID
    needed_system_id: UUID | None
    party_id: UUID | None = None
    data_set_id: UUID | None = None


class DataSetFact(NamedTuple):
    """A data set."""

    id: UUID
    name: str
    attractive: bool
    personal: bool
    protection: str


class AssetFact(NamedTuple):
    """An inventory record, with the columns that a rule may need.

    Of confidential columns it is told whether they are filled in (`has_`), so that judging opens no more than it must.
    """

    id: UUID
    kind: AssetKind
    name: str
    has_specification: bool
    has_serial_number: bool
    has_imei: bool
    has_location: bool
    holder: str
    supplier: str
    administrator: str
    ip_address: str
    line_use: LineUse | None
    quantity: int | None
    expires_on: date | None
    perpetual: bool
    confirmed_on: date | None
    second_step: SecondStep | None = None
    has_second_step_spare: bool = False
