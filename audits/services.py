"""What people may ask of the audit."""

from core import db
from tenants import trail
from tenants.lock import mark_changed


def ask_again(tenant_id: int) -> None:
    """Let the organisation be judged again after this request, whether or not anything changed.

    Raises LockError when the open scope is not one of this organisation alone.
    """
    trail.record("audit.asked", "audit_state")
    mark_changed(db.session(), [tenant_id])
