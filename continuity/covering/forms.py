"""The filters of the list of covered clients, as they stand in the address."""

from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from continuity.cover import CoverState
from continuity.covering.leg import LegKind
from continuity.covering.queries import Filters

LONGEST = 200


def filters_in(arguments: MultiDict[str, str]) -> Filters:
    """Read the filters of an address; what is not a filter does not filter."""
    state, leg = arguments.get("state", ""), arguments.get("leg", "")
    return Filters(
        arguments.get("q", "").strip()[:LONGEST],
        CoverState(state) if state in tuple(CoverState) else None,
        LegKind(leg) if leg in tuple(LegKind) else None,
    )


def query_of(filters: Filters, page: int) -> str:
    """Return the part of the address after the question mark that shows another page of the same list."""
    told = {"q": filters.q, "state": filters.state, "leg": filters.leg}
    return urlencode({**{name: str(value) for name, value in told.items() if value}, "page": page})
