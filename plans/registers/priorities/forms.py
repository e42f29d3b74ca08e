"""What a browser may send about the priorities of systems."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from werkzeug.datastructures import MultiDict

from plans.errors import NotThere
from plans.registers.cells import BadCell, parse
from plans.registers.people import SYSTEMS
from plans.registers.shape import Column, Value

COLUMNS: tuple[Column, ...] = tuple(SYSTEMS.column(name) for name in ("recovery_priority", "rto_hours", "rpo_hours"))


@dataclass(frozen=True, slots=True)
class Entry:
    """What was sent about one system: typed texts, the values they mean, and why some mean nothing.

    All by column name. version: the one that was shown.
    """

    system_id: UUID
    version: int
    typed: Mapping[str, str]
    values: Mapping[str, Value]
    errors: Mapping[str, Any]


def read_entries(sent: MultiDict[str, str]) -> tuple[Entry, ...]:
    """Return one entry for each system on the page. Raises NotThere when the lists do not belong together."""
    ids, versions = sent.getlist("system"), sent.getlist("version")
    texts = {column.name: sent.getlist(column.name) for column in COLUMNS}
    if any(len(found) != len(ids) for found in (versions, *texts.values())):
        raise NotThere
    try:
        return tuple(
            _entry(UUID(row_id), int(versions[place]), {name: found[place] for name, found in texts.items()})
            for place, row_id in enumerate(ids)
        )
    except ValueError:
        raise NotThere from None


def _entry(system_id: UUID, version: int, typed: Mapping[str, str]) -> Entry:
    values: dict[str, Value] = {}
    errors: dict[str, Any] = {}
    for column in COLUMNS:
        try:
            values[column.name] = parse(column, typed[column.name])
        except BadCell as bad:
            errors[column.name] = bad.text
    return Entry(system_id, version, typed, values, errors)
