"""NetVast IT: a small plan of its own, and seven services registered with the foundation, none like the other."""

from sample.days import Days
from sample.netvast import hosting, others, plan, servers, software
from sample.signed import name_parties


def fill(days: Days, foundation_id: int) -> None:
    """Add everything the supplier keeps, inside its scope. foundation_id: the organisation it registers with."""
    plan.fill(days)
    others.fill(days, foundation_id, hosting.fill(days, foundation_id))
    servers.fill(days, foundation_id)
    software.fill(days, foundation_id)
    name_parties()
