"""Tables of organisations, people and who may enter where."""

from tenants.models.access import Capacity, Engagement, GrantLevel, ManagementGrant, Membership, Operator, Role
from tenants.models.clients import ClientInvitation, ClientList
from tenants.models.keys import TenantKey
from tenants.models.links import Invitation, LinkPurpose, MailedLink, Seat
from tenants.models.organisations import Alarm, Tenant, TenantChange, TenantKind
from tenants.models.people import LoginSession, User
from tenants.models.personal_links import PersonalLink, PlanLink, SchemeLink, Topic
from tenants.models.records import AccountEvent, AccountEventTold, StoredFile, TrailEntry, TrailHead
from tenants.models.reminders import Frequency, ReminderChoice
from tenants.models.sign_in import HalfSignIn, Passkey, RecentTries, RecoveryCode, SpentChallenge, TotpFactor
from tenants.models.sign_on import LinkedIdentity, SignOnDomain, SignOnProvider
from tenants.models.tokens import ApiKey, ApiToken

__all__ = [
    "AccountEvent",
    "AccountEventTold",
    "Alarm",
    "ApiKey",
    "ApiToken",
    "Capacity",
    "ClientInvitation",
    "ClientList",
    "Engagement",
    "Frequency",
    "GrantLevel",
    "HalfSignIn",
    "Invitation",
    "LinkPurpose",
    "LinkedIdentity",
    "LoginSession",
    "MailedLink",
    "ManagementGrant",
    "Membership",
    "Operator",
    "Passkey",
    "PersonalLink",
    "PlanLink",
    "RecentTries",
    "RecoveryCode",
    "ReminderChoice",
    "Role",
    "SchemeLink",
    "Seat",
    "SignOnDomain",
    "SignOnProvider",
    "SpentChallenge",
    "StoredFile",
    "Tenant",
    "TenantChange",
    "TenantKey",
    "TenantKind",
    "Topic",
    "TotpFactor",
    "TrailEntry",
    "TrailHead",
    "User",
]
