"""Tables of organisations, people and who may enter where."""

from tenants.models.access import Capacity, Engagement, GrantLevel, ManagementGrant, Membership, Operator, Role
from tenants.models.organisations import Tenant, TenantChange, TenantKind
from tenants.models.people import LoginSession, User
from tenants.models.records import AccountEvent, AccountEventTold, StoredFile, TrailEntry, TrailHead

__all__ = [
    "AccountEvent",
    "AccountEventTold",
    "Capacity",
    "Engagement",
    "GrantLevel",
    "LoginSession",
    "ManagementGrant",
    "Membership",
    "Operator",
    "Role",
    "StoredFile",
    "Tenant",
    "TenantChange",
    "TenantKind",
    "TrailEntry",
    "TrailHead",
    "User",
]
