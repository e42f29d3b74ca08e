"""Clients whose auditor waits for an answer: that one does, how many and since when, never what is asked or by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from audits.room.waiting import Count, counted, waiting
from tenants.grants.reach import ClientGrant
from tenants.owned import Area

SHOWN = 10
PARTS = (Area.PLAN, Area.CONTINUITY)


@dataclass(frozen=True, slots=True)
class Asked:
    """A client with requests to answer."""

    grant: ClientGrant
    count: Count


def asked_of(grants: Sequence[ClientGrant], today: date) -> list[Asked]:
    """Return the clients that have requests to answer, the longest waiting first; the open scope is theirs.

    A request counts as far as the grant opens the part it is about. today: in the reseller's zone. Where anything is
    asked, the session is emptied.
    """
    asked = waiting()
    if not asked:
        return []
    reached = {one.client_id: one for one in grants}
    told = {one.tenant_id: reached[one.tenant_id] for one in asked}
    areas = {client_id: frozenset(area for area in PARTS if one.opens(area)) for client_id, one in told.items()}
    rows = [Asked(told[client_id], count) for client_id, count in counted(asked, areas, today).items()]
    return sorted(rows, key=lambda one: (one.count.first_on, one.grant.name.casefold()))
