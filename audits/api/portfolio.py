"""How the clients of a reseller stand, as programs read it."""

from operator import attrgetter
from typing import Any

from audits.api.paging import Part, part_of
from audits.portfolio.cockpit import every_client
from audits.portfolio.legs import ClientRow, as_judged
from core import clock
from tenants.grants.reach import clients_of
from tenants.scope import Opening, opening
from tenants.tokens.door import caller

PORTFOLIO = "portfolio"


def list_portfolio(part: Part) -> dict[str, Any]:
    """Answer the clients whose grants are in force now, each as far as its grant says, by short name."""
    reseller = caller()
    with opening(Opening.MANAGER, str(reseller.tenant_id)):
        grants = clients_of(reseller)
    after = part.after(PORTFOLIO)
    wanted = sorted((one for one in grants if not after or (one.slug,) > after), key=attrgetter("slug"))[
        : part.limit + 1
    ]
    lines = [_told(row) for row in every_client(wanted, clock.today(reseller.zone))]
    return part_of(PORTFOLIO, sorted(lines, key=_key), part, _key)


def _key(line: dict[str, Any]) -> tuple[str, ...]:
    return (str(line["client"]),)


def _told(row: ClientRow) -> dict[str, Any]:
    grant = row.grant
    return {
        "client": grant.slug,
        "name": grant.name,
        "kvk": grant.kvk,
        "plan_open": grant.plan,
        "continuity_open": grant.continuity,
        "state": as_judged(row.state),
        "legs": [
            {"leg": leg, "state": as_judged(state), "faults": row.counted[leg].faults}
            for leg, state in row.legs.items()
        ],
        "calamity_now": grant.in_calamity,
        "first_night_missing": row.tonight,
        "faults": row.faults,
        "warnings": row.warnings,
        "worst": row.worst,
        "worst_code": row.reason or None,
        "judged_on": row.judged_on,
        "lapses_on": row.lapses_on,
        "lapsing": row.lapsing or None,
    }
