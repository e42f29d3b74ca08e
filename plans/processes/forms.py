"""What a browser may send about what a system needs."""

from collections.abc import Iterable
from uuid import UUID

from werkzeug.datastructures import MultiDict

from plans.errors import NotThere
from plans.processes.services import Wanted


def read_wanted(sent: MultiDict[str, str]) -> Wanted:
    """Return what was ticked. Raises NotThere for what is no id."""
    return Wanted(*(_ids(sent.getlist(name)) for name in ("system", "party", "data_set")))


def read_shown(sent: MultiDict[str, str]) -> Wanted:
    """Return what was ticked when the page was made. Raises NotThere for what is no id."""
    return Wanted(*(_ids(sent.get(f"{name}_shown", "").split()) for name in ("system", "party", "data_set")))


def read_around(sent: MultiDict[str, str]) -> UUID | None:
    """Return the system around which the map was asked; None for all, and for what is no id."""
    try:
        return UUID(sent.get("around", ""))
    except ValueError:
        return None


def _ids(texts: Iterable[str]) -> frozenset[UUID]:
    try:
        return frozenset(UUID(text) for text in texts)
    except ValueError:
        raise NotThere from None
