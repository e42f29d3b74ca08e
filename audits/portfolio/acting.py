"""Who is to act on the worst of each leg of each client, as far as its grant opens it; for the workbook, not a page."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from audits.findings.acting import NOBODY, Owners, plans_name, schemes_name
from audits.findings.finding import FoundGap
from audits.findings.queries import TOLD
from audits.models import Finding
from audits.portfolio.legs import ClientRow
from audits.reach import SCHEME
from tenants.grants.reach import at_clients
from tenants.owned import Area
from tenants.prepared import Prepared

# By client and item or duty.
Key = tuple[int, str]

_ABOUT = Prepared(
    sa.select(Finding.tenant_id, *TOLD).where(
        Finding.closed_at.is_(None), Finding.rule_code.in_(sa.bindparam("codes", expanding=True))
    )
)


def acting_of(rows: Iterable[ClientRow]) -> Mapping[Key, str]:
    """Return who is to act on the worst finding of each leg, in the reader's language; nothing where nobody is named.

    Of several findings that are as bad, under one item or duty, everybody is told, once. rows: as their grants open
    them, which told codes bear out. A number of queries that does not grow with them; the open scope is the reseller's.
    """
    wanted = {(row.grant.client_id, one.code): one.worst for row in rows for one in row.counted.values() if one.code}
    plan = frozenset(client for client, code in wanted if not code.startswith(SCHEME))
    scheme = frozenset(client for client, code in wanted if code.startswith(SCHEME))
    if not wanted:
        return {}
    with at_clients(plan | scheme, frozenset({Area.AUDIT})):
        found: list[Any] = [*_ABOUT.rows(codes=sorted({code for _client, code in wanted}))]
    owners = _owners(plan, scheme)
    told: dict[Key, set[str]] = defaultdict(set)
    for client, *columns in found:
        gap = FoundGap(*columns)
        if wanted.get((client, gap.code)) is gap.severity:
            told[client, gap.code].add(owners.get(client, NOBODY).of(gap).told)
    return {key: "; ".join(sorted(names - {""})) for key, names in told.items()}


def _owners(plan: frozenset[int], scheme: frozenset[int]) -> Mapping[int, Owners]:
    plans: Mapping[int, Any] = {}
    schemes: Mapping[int, Any] = {}
    if plan:
        with at_clients(plan, frozenset({Area.PLAN})):
            plans = plans_name()
    if scheme:
        with at_clients(scheme, frozenset({Area.CONTINUITY})):
            schemes = schemes_name()
    return {client: Owners(plans.get(client, {}), schemes.get(client, {})) for client in plan | scheme}
