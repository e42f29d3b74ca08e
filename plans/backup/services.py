"""Record copies of the back-up and who saw them; take a sighting back that was a mistake."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm.attributes import flag_modified

from core import db
from core.ids import new_id
from plans.errors import NotThere, PlanError
from plans.models import (
    BackupCopy,
    BackupCopySystem,
    CloudIn,
    Contact,
    CopyOf,
    CopySighting,
    ExternalParty,
    Keeping,
    MadeEvery,
    Sighted,
    System,
)
from plans.turns import expect_seen, known, take_turn
from plans.uploads import Upload, keep

AT_MOST = 200


@dataclass(frozen=True, slots=True)
class CopyValues:
    """What is told of a copy; as plans.models.BackupCopy. system_ids: whose data it holds, none for every system."""

    holds: CopyOf
    name: str
    location: str = ""
    off_site: bool = False
    offline: bool = False
    keeping: Keeping | None = None
    keeper_id: UUID | None = None
    party_id: UUID | None = None
    encryption: str = ""
    key_place: str = ""
    key_apart: bool | None = None
    night_contact_id: UUID | None = None
    night_how: str = ""
    plan_version: int | None = None
    kept_days: int | None = None
    made_every: MadeEvery | None = None
    cloud_in: CloudIn | None = None
    settings_in: bool | None = None
    deletable: bool | None = None
    may_delete: str = ""
    system_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Seen:
    """A sighting. by: who wrote it down; contact_id: who answered a link; plan_version: read on a copy of the plan."""

    sighted: Sighted
    by: str = ""
    contact_id: UUID | None = None
    plan_version: int | None = None
    photo: Upload | None = None


def add_copy(values: CopyValues, *, row_id: UUID | None = None) -> BackupCopy:
    """Record a copy. row_id: chosen when the page was made; recording it twice records one.

    Raises PlanError for two keepers, for people, firms and systems that are not there, and beyond AT_MOST copies.
    Source: handbook, backup.offsite-data to backup.encrypted.
    """
    _check(values)
    take_turn()
    if (before := known(BackupCopy, row_id)) is not None:
        return before
    count = sa.select(sa.func.count(BackupCopy.id)).where(BackupCopy.archived_at.is_(None))
    if (db.session().scalar(count) or 0) >= AT_MOST:
        raise PlanError(_l("At most %(most)s copies.", most=AT_MOST), "name")
    row = BackupCopy(id=row_id or new_id(), holds=values.holds, name=values.name)
    _apply(row, values)
    db.session().add(row)
    db.session().flush()
    _hold(row, values)
    return row


def change_copy(copy_id: UUID, values: CopyValues, *, seen: str | None = None) -> None:
    """Change a copy. Raises NotThere, PlanError as add_copy, and EditConflict when somebody else saved in between."""
    _check(values)
    take_turn()
    row = _copy(copy_id)
    expect_seen([row], seen)
    _apply(row, values)
    _hold(row, values)
    db.session().flush()


def _check(values: CopyValues) -> None:
    if values.keeper_id and values.party_id:
        raise PlanError(_l("Choose a person or a firm, not both."), "party")
    for row_id, model, field in (
        (values.keeper_id, Contact, "keeper"),
        (values.night_contact_id, Contact, "night_contact"),
        (values.party_id, ExternalParty, "party"),
    ):
        if row_id is not None and known(model, row_id) is None:
            raise PlanError(_l("Choose one from the list."), field)
    if values.plan_version is not None and values.plan_version < 1:
        raise PlanError(_l("The first version has number 1."), "plan_version")


def _apply(row: BackupCopy, values: CopyValues) -> None:
    row.holds, row.name, row.location = values.holds, values.name, values.location
    row.off_site, row.offline, row.keeping = values.off_site, values.offline, values.keeping
    row.keeper_id, row.party_id = values.keeper_id, values.party_id
    row.encryption, row.key_place, row.key_apart = values.encryption, values.key_place, values.key_apart
    row.night_contact_id, row.night_how = values.night_contact_id, values.night_how
    row.plan_version = values.plan_version if values.holds is CopyOf.PLAN else None
    told = values if values.holds is CopyOf.DATA else CopyValues(values.holds, values.name)
    row.kept_days, row.made_every, row.cloud_in = told.kept_days, told.made_every, told.cloud_in
    row.settings_in, row.deletable, row.may_delete = told.settings_in, told.deletable, told.may_delete


def _hold(row: BackupCopy, values: CopyValues) -> None:
    """Let a copy hold the data of these systems. Raises PlanError for a system that is not in use and was not there."""
    wanted = values.system_ids if values.holds is CopyOf.DATA else frozenset[UUID]()
    query = sa.select(BackupCopySystem).where(BackupCopySystem.copy_id == row.id)
    held = {link.system_id: link for link in db.session().scalars(query)}
    new = wanted - held.keys()
    if new:
        in_use = sa.select(System.id).where(System.id.in_(sorted(new)), System.archived_at.is_(None))
        if set(db.session().scalars(in_use)) != new:
            raise PlanError(_l("Choose from the list."), "systems")
    for system_id in sorted(held.keys() - wanted):
        db.session().delete(held[system_id])
    db.session().add_all(BackupCopySystem(copy_id=row.id, system_id=one) for one in sorted(new))
    if wanted != held.keys():
        # Whoever has the page of this copy open has one that is overtaken.
        flag_modified(row, "name")
    db.session().flush()


def put_away(copy_id: UUID, *, at: datetime) -> None:
    """Record that a copy is no longer there. Twice changes nothing. Raises NotThere."""
    take_turn()
    row = _copy(copy_id)
    row.archived_at = row.archived_at or at
    db.session().flush()


def put_back(copy_id: UUID) -> None:
    """Take a copy back that was put away. Twice changes nothing. Raises NotThere."""
    take_turn()
    _copy(copy_id).archived_at = None
    db.session().flush()


def record_sighting(
    copy_id: UUID, seen: Seen, *, today: date, at: datetime, row_id: UUID | None = None
) -> CopySighting:
    """Write down that a copy was seen or reached today. row_id: as in add_copy; sending it twice writes one.

    A version that was read on a copy of the plan becomes the version of that copy.
    Raises NotThere when the copy is not there or was put away. Source: handbook, backup.offsite-data.
    """
    take_turn()
    if (before := known(CopySighting, row_id)) is not None:
        return before
    row = _copy(copy_id)
    if row.archived_at is not None:
        raise NotThere
    version = seen.plan_version if row.holds is CopyOf.PLAN else None
    photo = keep(seen.photo, at=at) if seen.photo else None
    sighting = CopySighting(
        id=row_id or new_id(),
        copy_id=row.id,
        sighted=seen.sighted,
        seen_on=today,
        seen_at=at,
        seen_by=seen.by,
        contact_id=seen.contact_id,
        plan_version=version,
        photo_id=photo.id if photo else None,
        takes_back_id=None,
    )
    db.session().add(sighting)
    if version is not None:
        row.plan_version = version
    db.session().flush()
    return sighting


def take_back(copy_id: UUID, sighting_id: UUID, *, by: str, today: date, at: datetime) -> None:
    """Declare a sighting a mistake, by a further row: the first one stays. Twice changes nothing. Raises NotThere."""
    take_turn()
    row = db.session().scalar(
        sa.select(CopySighting).where(CopySighting.id == sighting_id, CopySighting.copy_id == copy_id)
    )
    if row is None or row.takes_back_id is not None:
        raise NotThere
    if db.session().scalar(sa.select(CopySighting.id).where(CopySighting.takes_back_id == row.id)) is None:
        db.session().add(
            CopySighting(
                copy_id=copy_id,
                sighted=row.sighted,
                seen_on=today,
                seen_at=at,
                seen_by=by,
                contact_id=None,
                plan_version=None,
                photo_id=None,
                takes_back_id=row.id,
            )
        )
        db.session().flush()


def _copy(copy_id: UUID) -> BackupCopy:
    row: BackupCopy | None = known(BackupCopy, copy_id)
    if row is None:
        raise NotThere
    return row


def note_plan_copy(name: str, location: str, keeper_id: UUID | None, version: int) -> bool:
    """Record where a copy of a version of the plan went; False where no copies are kept as records.

    A copy of the same name in the same place is that copy, renewed; its version never goes back.
    """
    take_turn()
    found = list(db.session().scalars(sa.select(BackupCopy).where(BackupCopy.archived_at.is_(None))))
    if not found:
        return False
    for row in found:
        if row.holds is CopyOf.PLAN and (row.name, row.location) == (name, location):
            row.plan_version, row.keeper_id = max(row.plan_version or 0, version), keeper_id
            db.session().flush()
            return True
    add_copy(CopyValues(CopyOf.PLAN, name, location, off_site=True, keeper_id=keeper_id, plan_version=version))
    return True
