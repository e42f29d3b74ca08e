"""What the pages of the copies show."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core import db
from plans.backup.loading import newest_sightings, systems_held
from plans.models import (
    BackupCopy,
    CloudIn,
    Contact,
    CopyOf,
    CopySighting,
    ExternalParty,
    Keeping,
    MadeEvery,
    PlanVersion,
    Sighted,
    System,
)
from tenants.models import StoredFile

SIGHTINGS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy as pages show it. there_on, reached_on: newest sightings that count; keeper: a person or a firm.

    kept_days: how many days one can go back with it; made_every to may_delete: as BackupCopy; system_ids: whose data it
    holds, of every system when there are none.
    """

    id: UUID
    version: int
    holds: CopyOf
    name: str
    location: str
    off_site: bool
    offline: bool
    keeping: Keeping | None
    keeper_id: UUID | None
    party_id: UUID | None
    keeper: str
    encryption: str
    key_place: str
    key_apart: bool | None
    night_contact_id: UUID | None
    night_contact: str
    night_how: str
    plan_version: int | None
    kept_days: int | None
    made_every: MadeEvery | None
    cloud_in: CloudIn | None
    settings_in: bool | None
    deletable: bool | None
    may_delete: str
    archived: bool
    there_on: date | None = None
    reached_on: date | None = None
    system_ids: frozenset[UUID] = frozenset()

    def fresh_until(self, days: int) -> date | None:
        """Return the last day on which the newest sighting counts; None when nobody saw it."""
        return self.there_on + timedelta(days=days) if self.there_on else None


@dataclass(frozen=True, slots=True)
class Sighting:
    """One sighting. who: the person who answered a link, or who wrote it down; taken_back: it was a mistake."""

    id: UUID
    sighted: Sighted
    seen_on: date
    seen_at: datetime
    who: str
    by_link: bool
    plan_version: int | None
    photo: bool
    taken_back: bool


def copies() -> list[Copy]:
    """Return every copy, those put away too: what they hold in order, then by name."""
    row, party, night = BackupCopy, ExternalParty, aliased(Contact)
    query = (
        sa.select(
            row.id, row.version, row.holds, row.name, row.location, row.off_site, row.offline, row.keeping,
            row.keeper_id, row.party_id, sa.func.coalesce(Contact.name, party.name, ""), row.encryption, row.key_place,
            row.key_apart, row.night_contact_id, sa.func.coalesce(night.name, ""), row.night_how, row.plan_version,
            row.kept_days, row.made_every, row.cloud_in, row.settings_in, row.deletable, row.may_delete,
            row.archived_at.is_not(None),
        )
        .outerjoin(Contact, (Contact.tenant_id == row.tenant_id) & (Contact.id == row.keeper_id))
        .outerjoin(party, (party.tenant_id == row.tenant_id) & (party.id == row.party_id))
        .outerjoin(night, (night.tenant_id == row.tenant_id) & (night.id == row.night_contact_id))
    )  # fmt: skip
    newest, systems = newest_sightings(), systems_held()
    rows: Any = db.session().execute(query)
    found = [
        replace(
            Copy(*line),
            there_on=newest.get((line.id, Sighted.THERE)),
            reached_on=newest.get((line.id, Sighted.REACHED)),
            system_ids=systems.get(line.id, frozenset()),
        )
        for line in rows
    ]
    order = list(CopyOf)
    return sorted(found, key=lambda one: (order.index(one.holds), one.name.casefold(), one.id))


def systems_to_hold(copy: Copy | None = None) -> dict[UUID, str]:
    """Return the names of the systems in use, and of those whose data `copy` holds already, by name."""
    kept = System.archived_at.is_(None)
    query = sa.select(System.id, System.name).where(sa.or_(kept, System.id.in_(copy.system_ids)) if copy else kept)
    found: Any = db.session().execute(query)
    return {row.id: row.name for row in sorted(found, key=lambda row: (row.name.casefold(), row.id))}


def copy_named(copy_id: UUID) -> Copy | None:
    """Return one copy."""
    return next((one for one in copies() if one.id == copy_id), None)


def any_copies() -> bool:
    """Tell whether a copy is in use: the items of the back-up are read from the copies then."""
    return bool(db.session().scalar(sa.select(BackupCopy.id).where(BackupCopy.archived_at.is_(None)).limit(1)))


def sightings(copy_id: UUID) -> list[Sighting]:
    """Return the sightings of a copy, newest first, at most SIGHTINGS_SHOWN."""
    row, later = CopySighting, aliased(CopySighting)
    query = (
        sa.select(
            row.id, row.sighted, row.seen_on, row.seen_at, sa.func.coalesce(Contact.name, row.seen_by),
            row.contact_id.is_not(None), row.plan_version, row.photo_id.is_not(None), later.id.is_not(None),
        )
        .outerjoin(Contact, (Contact.tenant_id == row.tenant_id) & (Contact.id == row.contact_id))
        .outerjoin(later, (later.tenant_id == row.tenant_id) & (later.takes_back_id == row.id))
        .where(row.copy_id == copy_id, row.takes_back_id.is_(None))
        .order_by(row.seen_at.desc(), row.id.desc())
        .limit(SIGHTINGS_SHOWN)
    )  # fmt: skip
    return [Sighting(*line) for line in db.session().execute(query)]


def photo_of(copy_id: UUID, sighting_id: UUID) -> StoredFile | None:
    """Return the photo of a sighting."""
    row = CopySighting
    query = (
        sa.select(StoredFile)
        .join(row, (row.tenant_id == StoredFile.tenant_id) & (row.photo_id == StoredFile.id))
        .where(row.id == sighting_id, row.copy_id == copy_id)
    )
    return db.session().scalar(query)


def newest_plan_version() -> int | None:
    """Return the number of the plan's version in use, with which a copy of the plan is compared."""
    return db.session().scalar(sa.select(sa.func.max(PlanVersion.number)))
