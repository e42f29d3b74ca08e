"""Whose rows an officer's scope holds: the foundation's own, and those of the suppliers that named it."""

from continuity.officers.services import Reach
from continuity.registrants.reach import naming
from tenants.relations import Standing
from tenants.scope import current_scope


def own_and_registrants(standing: Standing) -> frozenset[int]:
    """Return the foundation and every organisation with a registration that names it."""
    return naming(standing.tenant_id) | {standing.tenant_id}


def reach_of(foundation_id: int) -> Reach:
    """Return the foundation and the registrants of the open scope."""
    return Reach(foundation_id, current_scope().tenant_ids - {foundation_id})
