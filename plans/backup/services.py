"""Record copies of the back-up and who saw them; take a sighting back that was a mistake."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from core.ids import new_id
from plans.errors import NotThere, PlanError
from plans.fields import KEPT_DAYS
from plans.models import BackupCopy, Contact, CopyOf, CopySighting, ExternalParty, Keeping, Sighted
from plans.turns import expect_seen, known, take_turn
from plans.uploads import Upload, keep

AT_MOST = 200


@dataclass(frozen=True, slots=True)
class CopyValues:
    """What is told of a copy; as plans.models.BackupCopy."""

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

    Raises PlanError for two keepers, for people and firms that are not there, and beyond AT_MOST copies.
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
    return row


def change_copy(copy_id: UUID, values: CopyValues, *, seen: str | None = None) -> None:
    """Change a copy. Raises NotThere, PlanError as add_copy, and EditConflict when somebody else saved in between."""
    _check(values)
    take_turn()
    row = _copy(copy_id)
    expect_seen([row], seen)
    _apply(row, values)
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
    row.kept_days = values.kept_days if values.holds is CopyOf.DATA else None


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


# What was answered before copies were records, by the item and what its copy holds.
ANSWERED: Mapping[str, CopyOf] = {
    "backup.offsite-data": CopyOf.DATA,
    "backup.offsite-licences": CopyOf.LICENCES,
    "backup.offsite-installers": CopyOf.INSTALLERS,
    "backup.offsite-plan": CopyOf.PLAN,
}


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer to an item of the back-up: its fields by name, and the contact it names."""

    values: Mapping[str, Any]
    contact_id: UUID | None


def copies_from(answers: Mapping[str, Answered], names: Mapping[CopyOf, str]) -> list[CopyValues]:
    """Return the copies that the earlier answers describe, to begin with. names: what to call each.

    What was told of the back-up as a whole goes to the copy of the data. Days of sightings are not carried over: a
    sighting is evidence, and nobody saw these records.
    """
    found = []
    for item_id, holds in ANSWERED.items():
        answer = answers.get(item_id)
        if answer is None or not (answer.values.get("location") or answer.contact_id):
            continue
        whole = holds is CopyOf.DATA
        version = answer.values.get("version")
        found.append(
            CopyValues(
                holds=holds,
                name=names[holds],
                location=_text(answer, "location"),
                off_site=True,
                keeping=_keeping(answers.get("backup.safe-keeping")) if whole else None,
                keeper_id=answer.contact_id,
                encryption=_text(answers.get("backup.encrypted"), "method") if whole else "",
                key_place=_text(answers.get("backup.encrypted"), "key_place") if whole else "",
                night_contact_id=_contact(answers.get("backup.out-of-hours")) if whole else None,
                night_how=_text(answers.get("backup.out-of-hours"), "how") if whole else "",
                plan_version=int(version) if version else None,
                kept_days=_days(answers.get("backup.safe-keeping")) if whole else None,
            )
        )
    offline = answers.get("backup.air-gapped")
    if offline and _text(offline, "copy"):
        found.append(CopyValues(CopyOf.DATA, _text(offline, "copy"), offline=_text(offline, "offline") == "yes"))
    return found


def begin_from_answers(answers: Mapping[str, Answered], names: Mapping[CopyOf, str]) -> int:
    """Record the copies that earlier answers describe; return how many. Does nothing once there are copies."""
    take_turn()
    if db.session().scalar(sa.select(BackupCopy.id).limit(1)) is not None:
        return 0
    found = copies_from(answers, names)
    for values in found:
        add_copy(values)
    return len(found)


def _text(answer: Answered | None, name: str) -> str:
    return str(answer.values.get(name) or "")[:200] if answer else ""


def _contact(answer: Answered | None) -> UUID | None:
    return answer.contact_id if answer else None


def _keeping(answer: Answered | None) -> Keeping | None:
    told = _text(answer, "keeping")
    return Keeping(told) if told else None


def _days(answer: Answered | None) -> int | None:
    told = answer.values.get(KEPT_DAYS) if answer else None
    return int(told) if told else None
