"""Load the copies of many plans as facts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from plans.facts import CopyFact
from plans.models import BackupCopy, BackupCopySystem, CopySighting, Sighted
from tenants.prepared import Prepared

Newest = dict[tuple[UUID, Sighted], date]


def counting() -> tuple[sa.ColumnElement[bool], ...]:
    """Return what holds of a sighting that was not taken back and takes none back itself."""
    later = aliased(CopySighting)
    taken_back = (
        sa.select(later.id)
        .where(later.tenant_id == CopySighting.tenant_id, later.takes_back_id == CopySighting.id)
        .exists()
    )
    return CopySighting.takes_back_id.is_(None), ~taken_back


_COPIES = Prepared(
    sa.select(
        BackupCopy.tenant_id,
        BackupCopy.id,
        BackupCopy.holds,
        BackupCopy.name,
        BackupCopy.location != "",
        BackupCopy.off_site,
        BackupCopy.offline,
        BackupCopy.keeping,
        BackupCopy.keeper_id,
        BackupCopy.party_id,
        BackupCopy.encryption != "",
        BackupCopy.key_place != "",
        BackupCopy.key_apart,
        BackupCopy.night_contact_id,
        BackupCopy.night_how != "",
        BackupCopy.plan_version,
        BackupCopy.kept_days,
        BackupCopy.made_every,
        BackupCopy.cloud_in,
        BackupCopy.settings_in,
        BackupCopy.deletable,
        BackupCopy.may_delete != "",
    ).where(BackupCopy.archived_at.is_(None))
)
_NEWEST = Prepared(
    sa.select(CopySighting.tenant_id, CopySighting.copy_id, CopySighting.sighted, sa.func.max(CopySighting.seen_on))
    .where(*counting())
    .group_by(CopySighting.tenant_id, CopySighting.copy_id, CopySighting.sighted)
)
_SYSTEMS = Prepared(sa.select(BackupCopySystem.tenant_id, BackupCopySystem.copy_id, BackupCopySystem.system_id))
# What copies are read from.
SELECTS = (_COPIES, _NEWEST, _SYSTEMS)


def load_copies(tenant_ids: Sequence[int]) -> dict[int, list[CopyFact]]:
    """Return the copies in use by organisation, in three queries however many there are."""
    newest, systems = newest_sightings(tenant_ids), systems_held(tenant_ids)
    found: dict[int, list[CopyFact]] = defaultdict(list)
    for line in _COPIES.rows(tenant_ids):
        there, reached = newest.get((line.id, Sighted.THERE)), newest.get((line.id, Sighted.REACHED))
        found[line[0]].append(CopyFact._make((*line[1:], there, reached, systems.get(line.id, frozenset()))))
    return found


def systems_held(tenant_ids: Iterable[int] | None = None) -> dict[UUID, frozenset[UUID]]:
    """Return whose data each copy holds, of copies of which it was told. tenant_ids: default all in scope."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for _one, copy_id, system_id in _SYSTEMS.rows(tenant_ids):
        found[copy_id].add(system_id)
    return {copy_id: frozenset(systems) for copy_id, systems in found.items()}


def newest_sightings(tenant_ids: Iterable[int] | None = None) -> Newest:
    """Return the newest day of each kind of sighting by copy, of those that count. tenant_ids: default all in scope."""
    return {(copy_id, sighted): day for _one, copy_id, sighted, day in _NEWEST.rows(tenant_ids)}
