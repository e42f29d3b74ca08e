"""Changes to the priorities of systems."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from core import db
from plans.errors import NotThere
from plans.models import System
from plans.registers.priorities.forms import Entry
from plans.turns import take_turn
from tenants.owned import EditConflict


def save_priorities(entries: Collection[Entry]) -> int:
    """Save the entries that differ from what is stored, all or none; return how many. Entries carry no errors.

    Raises NotThere for a system that does not exist, EditConflict when somebody saved a system that differs.
    Source: processes.priorities.
    """
    take_turn()
    query = sa.select(System).where(System.id.in_([entry.system_id for entry in entries]))
    systems = {row.id: row for row in db.session().scalars(query, execution_options={"populate_existing": True})}
    if any(entry.system_id not in systems for entry in entries):
        raise NotThere
    changed = [(systems[entry.system_id], entry) for entry in entries if _differs(systems[entry.system_id], entry)]
    for system, entry in changed:
        if system.version != entry.version:
            raise EditConflict
    for system, entry in changed:
        for name, value in entry.values.items():
            setattr(system, name, value)
    db.session().flush()
    return len(changed)


def _differs(system: Any, entry: Entry) -> bool:
    return any(getattr(system, name) != value for name, value in entry.values.items())
