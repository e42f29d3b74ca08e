"""Changes to what systems need."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from plans.errors import NotThere, PlanError
from plans.models import DataSet, ExternalParty, System, SystemNeed
from plans.processes.chains import loop_through
from plans.turns import take_turn
from tenants.owned import EditConflict


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one system needs, by id."""

    systems: frozenset[UUID] = frozenset()
    parties: frozenset[UUID] = frozenset()
    data_sets: frozenset[UUID] = frozenset()


def save_needs(system_id: UUID, wanted: Wanted, *, shown: Wanted | None = None) -> int:
    """Let a system need exactly `wanted`; return how many needs that added or took away.

    shown: what the page showed; None when nobody saw one. Systems that were put away keep their needs and are kept
    as needs, so a loop that runs over one of them is refused too: it would be there once that system is taken back.
    Raises NotThere for rows that do not exist or that are put away and were not needed before, EditConflict when
    somebody changed the needs of this system in between, PlanError that names the loop when systems would wait for
    each other. Two changes at once take turns, so that they cannot close a loop together.
    Source: processes.priorities; ISO 22301, 8.2.2.
    """
    take_turn()
    if db.session().scalar(sa.select(System.id).where(System.id == system_id)) is None:
        raise NotThere
    rows = list(db.session().scalars(sa.select(SystemNeed).where(SystemNeed.system_id == system_id)))
    held = _wanted(rows)
    if shown is not None and held != shown:
        raise EditConflict
    _expect(System, wanted.systems, held.systems)
    _expect(ExternalParty, wanted.parties, held.parties)
    _expect(DataSet, wanted.data_sets, held.data_sets)
    _refuse_loop(system_id, wanted.systems)
    gone = [row for row in rows if not _asks(wanted, row)]
    for row in gone:
        db.session().delete(row)
    new = [
        *(SystemNeed(system_id=system_id, needed_system_id=one) for one in sorted(wanted.systems - held.systems)),
        *(SystemNeed(system_id=system_id, party_id=one) for one in sorted(wanted.parties - held.parties)),
        *(SystemNeed(system_id=system_id, data_set_id=one) for one in sorted(wanted.data_sets - held.data_sets)),
    ]
    db.session().add_all(new)
    db.session().flush()
    return len(gone) + len(new)


def _wanted(rows: list[SystemNeed]) -> Wanted:
    return Wanted(
        frozenset(row.needed_system_id for row in rows if row.needed_system_id),
        frozenset(row.party_id for row in rows if row.party_id),
        frozenset(row.data_set_id for row in rows if row.data_set_id),
    )


def _asks(wanted: Wanted, row: SystemNeed) -> bool:
    return (
        row.needed_system_id in wanted.systems or row.party_id in wanted.parties or row.data_set_id in wanted.data_sets
    )


def _expect(model: type[System | ExternalParty | DataSet], wanted: frozenset[UUID], held: frozenset[UUID]) -> None:
    """Make sure that what is newly needed is there and not put away. Raises NotThere."""
    new = wanted - held
    query = sa.select(sa.func.count(model.id)).where(model.id.in_(new), model.archived_at.is_(None))
    if new and db.session().scalar(query) != len(new):
        raise NotThere


def _refuse_loop(system_id: UUID, wanted: frozenset[UUID]) -> None:
    needs = {**all_needs(), system_id: set(wanted)}
    way = loop_through(needs, system_id)
    if way:
        rows = db.session().scalars(sa.select(System).where(System.id.in_(way)))
        names = {row.id: row.name for row in rows}
        told = " → ".join(names[row_id] for row_id in way)
        raise PlanError(_l("These systems would wait for each other for ever: %(loop)s.", loop=told), "system")


def all_needs() -> Mapping[UUID, set[UUID]]:
    """Return which systems each system needs, whether or not they were put away."""
    query = sa.select(SystemNeed.system_id, SystemNeed.needed_system_id)
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for system_id, needed_id in db.session().execute(query):
        if needed_id is not None:
            found[system_id].add(needed_id)
    return found


def needs_of(system_id: UUID) -> Wanted:
    """Return what one system needs."""
    return _wanted(list(db.session().scalars(sa.select(SystemNeed).where(SystemNeed.system_id == system_id))))
