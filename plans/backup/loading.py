"""Load the copies of many plans as facts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core import db
from plans.facts import CopyFact
from plans.models import BackupCopy, CopySighting, Sighted

Newest = dict[tuple[UUID, Sighted], date]


def load_copies(tenant_ids: Sequence[int]) -> dict[int, list[CopyFact]]:
    """Return the copies in use by organisation, in two queries however many there are."""
    row = BackupCopy
    query = sa.select(
        row.tenant_id, row.id, row.holds, row.name, row.location != "", row.off_site, row.offline, row.keeping,
        row.keeper_id, row.party_id, row.encryption != "", row.key_place != "", row.key_apart, row.night_contact_id,
        row.night_how != "", row.plan_version,
    ).where(row.tenant_id.in_(tenant_ids), row.archived_at.is_(None))  # fmt: skip
    newest = newest_sightings(CopySighting.tenant_id.in_(tenant_ids))
    found: dict[int, list[CopyFact]] = defaultdict(list)
    rows: Any = db.session().execute(query)
    for line in rows:
        there, reached = newest.get((line.id, Sighted.THERE)), newest.get((line.id, Sighted.REACHED))
        found[line[0]].append(replace(CopyFact(*line[1:]), there_on=there, reached_on=reached))
    return found


def newest_sightings(*where: Any) -> Newest:
    """Return the newest day of each kind of sighting by copy, of those that count."""
    row = CopySighting
    query = sa.select(row.copy_id, row.sighted, sa.func.max(row.seen_on)).where(*where, *counting())
    days: Iterable[Any] = db.session().execute(query.group_by(row.copy_id, row.sighted))
    return {(copy_id, sighted): day for copy_id, sighted, day in days}


def counting() -> tuple[sa.ColumnElement[bool], ...]:
    """Return what holds of a sighting that was not taken back and takes none back itself."""
    later = aliased(CopySighting)
    taken_back = (
        sa.select(later.id)
        .where(later.tenant_id == CopySighting.tenant_id, later.takes_back_id == CopySighting.id)
        .exists()
    )
    return CopySighting.takes_back_id.is_(None), ~taken_back
