"""Tables of organisations, people and who may enter where."""

from tenants.models.access import Capacity, Engagement, GrantLevel, ManagementGrant, Membership, Operator, Role
from tenants.models.keys import TenantKey
from tenants.models.links import Invitation, LinkPurpose, MailedLink, Seat
from tenants.models.organisations import Tenant, TenantChange, TenantKind
from tenants.models.people import LoginSession, User
from tenants.models.records import AccountEvent, AccountEventTold, StoredFile, TrailEntry, TrailHead
from tenants.models.sign_on import LinkedIdentity, SignOnDomain, SignOnProvider

__all__ = [
    "AccountEvent",
    "AccountEventTold",
    "Capacity",
    "Engagement",
    "GrantLevel",
    "Invitation",
    "LinkPurpose",
    "LinkedIdentity",
    "LoginSession",
    "MailedLink",
    "ManagementGrant",
    "Membership",
    "Operator",
    "Role",
    "Seat",
    "SignOnDomain",
    "SignOnProvider",
    "StoredFile",
    "Tenant",
    "TenantChange",
    "TenantKey",
    "TenantKind",
    "TrailEntry",
    "TrailHead",
    "User",
]
