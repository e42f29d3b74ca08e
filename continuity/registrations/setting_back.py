"""What a supplier changed of its scheme since what happened to it: set back, held beside, and taken over or not.

Clients are told of in continuity/clients/changing.py. A delivery is never overwritten, so none is set back: those of
since are shown beside the ones of before. See docs/decisions/client-requests.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.models import ChangeStage, DeedVersion, Part, Registration, SchemeChange
from continuity.registrations.told import CLASSES, apply, told_of
from core import db
from core.clock import day_of
from plans.turns import take_turn
from tenants import trail
from tenants.owned import TenantOwned

Differs = Mapping[str, tuple[str | None, str | None]]


@dataclass(frozen=True, slots=True)
class BesidePart:
    """A change that is held, beside what is used: by column that differs, what is used and what was said."""

    change: SchemeChange
    row: TenantOwned
    differs: Differs


def changes_since(owner: Registration, day: date, *, zone: str) -> dict[UUID, list[SchemeChange]]:
    """Return what the supplier recorded of `owner` on or after `day`, by row, each in the order of its moments."""
    query = sa.select(SchemeChange).where(
        SchemeChange.tenant_id == owner.tenant_id,
        SchemeChange.registration_id == owner.id,
        SchemeChange.stage == ChangeStage.MADE,
    )
    found: dict[UUID, list[SchemeChange]] = defaultdict(list)
    for change in db.session().scalars(query.order_by(SchemeChange.told_at, SchemeChange.id)):
        if day_of(change.told_at, zone) >= day:
            found[change.part_id].append(change)
    return found


def undo_since(owner: Registration, happened_on: date, *, zone: str) -> None:
    """Have `owner` and what stands under it be as before `happened_on`; what its supplier changed since is held.

    What somebody else wrote over it meanwhile stays. Call it in a turn, when the scheme is triggered.
    """
    since = changes_since(owner, happened_on, zone=zone)
    rows = _rows({part_id: changes[0].part for part_id, changes in since.items()})
    for part_id in sorted(since, key=lambda one: _turn(rows[one])):
        row, changes = rows[part_id], since[part_id]
        newest = changes[-1]
        back = _to_set_back(row, changes)
        # A delivery stays beside the ones before it.
        if newest.part is Part.DELIVERY or not back or _other_offered(row):
            continue
        apply(row, {name: before for name, (before, _after) in back.items()})
        db.session().add(
            SchemeChange(
                tenant_id=owner.tenant_id,
                registration_id=owner.id,
                part=newest.part,
                part_id=part_id,
                stage=ChangeStage.HELD,
                told_at=newest.told_at,
                told_by=newest.told_by,
                before={name: before for name, (before, _after) in back.items()},
                after={name: after for name, (_before, after) in back.items()},
                decided_at=None,
            )
        )
    db.session().flush()


def _turn(row: TenantOwned) -> int:
    """Return when a row is set back: a version of the deed is offered again once the one that replaced it is not."""
    return -row.number if isinstance(row, DeedVersion) else 0


def _to_set_back(row: TenantOwned, changes: Iterable[SchemeChange]) -> Differs:
    """Return by column what stood before the first change and what the last one said, where that stands yet."""
    first: dict[str, str | None] = {}
    last: dict[str, str | None] = {}
    for change in changes:
        for name, text in change.after.items():
            first.setdefault(name, change.before[name])
            last[name] = text
    now = told_of(row)
    return {name: (first[name], text) for name, text in last.items() if now[name] == text != first[name]}


def _other_offered(row: TenantOwned) -> bool:
    """Tell whether a version of the deed is closed and another one offered: two are never offered at once."""
    if not isinstance(row, DeedVersion) or row.closed_on is None:
        return False
    db.session().flush()
    query = sa.select(DeedVersion.id).where(
        DeedVersion.tenant_id == row.tenant_id,
        DeedVersion.registration_id == row.registration_id,
        DeedVersion.published_on.is_not(None),
        DeedVersion.closed_on.is_(None),
        DeedVersion.id != row.id,
    )
    return db.session().scalar(query.limit(1)) is not None


def _rows(parts: Mapping[UUID, Part]) -> dict[UUID, TenantOwned]:
    """Return rows by id, in one query for each part."""
    found: dict[UUID, TenantOwned] = {}
    for part in sorted(set(parts.values())):
        model = CLASSES[part]
        wanted = [part_id for part_id, one in parts.items() if one is part]
        found |= {row.id: row for row in db.session().scalars(sa.select(model).where(model.id.in_(wanted)))}
    return found


def held_parts(owner: Registration) -> list[BesidePart]:
    """Return what is held of `owner` and of what stands under it, the newest last, in one query for each part."""
    query = sa.select(SchemeChange).where(
        SchemeChange.tenant_id == owner.tenant_id,
        SchemeChange.registration_id == owner.id,
        SchemeChange.stage == ChangeStage.HELD,
    )
    changes = db.session().scalars(query.order_by(SchemeChange.told_at, SchemeChange.id)).all()
    rows = _rows({one.part_id: one.part for one in changes})
    return [BesidePart(one, rows[one.part_id], differing(rows[one.part_id], one)) for one in changes]


def differing(row: TenantOwned, change: SchemeChange) -> dict[str, tuple[str | None, str | None]]:
    """Return by column what is used of a row and what was said, where the two differ."""
    now = told_of(row)
    return {name: (now[name], text) for name, text in change.after.items() if now[name] != text}


def decide(change: SchemeChange, columns: Sequence[str], *, officer: str, seen: int, at: datetime) -> None:
    """Take over the chosen columns of what is held, or none of it; the rest stays as it was known.

    Raises EditConflict when somebody decided since `seen`; Refused when it was decided on already, what was chosen
    does not differ, or two versions of the deed would be offered.
    """
    take_turn()
    row = _rows({change.part_id: change.part})[change.part_id]
    for one in (change, row):
        db.session().refresh(one)
    change.expect_version(seen)
    if change.stage is not ChangeStage.HELD:
        raise Refused(_l("This was decided on already."))
    differs = differing(row, change)
    if not set(columns) <= set(differs):
        raise Refused(_l("The supplier says something else by now. Look once more."), "over")
    if "closed_on" in columns and differs["closed_on"][1] is None and _other_offered(row):
        raise Refused(_l("Another version of the deed is offered. Take over first that it no longer is."), "over")
    apply(row, {name: differs[name][1] for name in columns})
    _settle(change, ChangeStage.TAKEN if columns else ChangeStage.LEFT, columns, by=officer, at=at)
    told = {"part": change.part.value, "fields": list(columns)}
    trail.record("scheme.change_decided", "registration", change.registration_id, **told)
    db.session().flush()


def let_through(owner: Registration, *, by: str, at: datetime) -> None:
    """Have what is held of `owner` count: it was a false alarm, and the scheme is the supplier's again.

    What somebody else wrote since stays.
    """
    for one in held_parts(owner):
        counts = [name for name, (now, _said) in one.differs.items() if now == one.change.before[name]]
        apply(one.row, {name: one.differs[name][1] for name in counts})
        _settle(one.change, ChangeStage.LET_THROUGH, counts, by=by, at=at)
    db.session().flush()


def _settle(change: SchemeChange, stage: ChangeStage, columns: Iterable[str], *, by: str, at: datetime) -> None:
    change.stage, change.decided_at, change.decided_by = stage, at, by
    change.taken = ",".join(columns)
