"""NetVast IT: a small plan of its own, and two services registered with the foundation."""

from sample.days import Days
from sample.netvast import hosting, plan, servers


def fill(days: Days, foundation_id: int) -> None:
    """Add everything the supplier keeps, inside its scope. foundation_id: the organisation it registers with."""
    plan.fill(days)
    hosting.fill(days, foundation_id)
    servers.fill(days, foundation_id)
