"""The policy: who may do what, as one table. What is not in it is forbidden."""

from dataclasses import dataclass
from enum import StrEnum

from tenants.models import Role, TenantKind
from tenants.owned import Area


class Permission(StrEnum):
    """One thing a member may be allowed to do in an organisation."""

    ORGANISATION_READ = "organisation.read"
    ORGANISATION_EDIT = "organisation.edit"
    PEOPLE_READ = "people.read"
    PEOPLE_EDIT = "people.edit"
    PLAN_READ = "plan.read"
    PLAN_EDIT = "plan.edit"
    PLAN_PUBLISH = "plan.publish"
    CONTINUITY_READ = "continuity.read"
    CONTINUITY_EDIT = "continuity.edit"
    REGISTRANT_READ = "registrant.read"
    REGISTRANT_CONFIRM = "registrant.confirm"
    AUDIT_READ = "audit.read"
    AUDIT_RUN = "audit.run"
    REPORT_EXPORT = "report.export"


@dataclass(frozen=True, slots=True)
class Policy:
    """Which roles hold a permission, in which kinds of organisation, and which areas its scope opens."""

    permission: Permission
    roles: frozenset[Role]
    reads: frozenset[Area]
    writes: frozenset[Area] = frozenset()
    kinds: frozenset[TenantKind] = frozenset(TenantKind)

    @property
    def reading(self) -> bool:
        """Tell whether this permission changes nothing."""
        return not self.writes


EVERYBODY = frozenset(Role)
EDITORS = frozenset({Role.OWNER, Role.EDITOR})
OWNERS = frozenset({Role.OWNER})
FOUNDATIONS = frozenset({TenantKind.FOUNDATION})
CONTENT = frozenset({Area.PLAN, Area.CONTINUITY, Area.AUDIT})
PEOPLE = frozenset({Area.PEOPLE})
PLAN = frozenset({Area.PLAN})
CONTINUITY = frozenset({Area.CONTINUITY})
TRAIL = frozenset({Area.TRAIL})

POLICIES = (
    Policy(Permission.ORGANISATION_READ, EVERYBODY, reads=frozenset()),
    Policy(Permission.ORGANISATION_EDIT, OWNERS, reads=PEOPLE, writes=PEOPLE | TRAIL),
    Policy(Permission.PEOPLE_READ, EVERYBODY, reads=PEOPLE),
    Policy(Permission.PEOPLE_EDIT, OWNERS, reads=PEOPLE, writes=PEOPLE | TRAIL),
    Policy(Permission.PLAN_READ, EVERYBODY, reads=CONTENT),
    Policy(Permission.PLAN_EDIT, EDITORS, reads=CONTENT, writes=PLAN | TRAIL),
    Policy(Permission.PLAN_PUBLISH, OWNERS, reads=CONTENT, writes=PLAN | TRAIL),
    Policy(Permission.CONTINUITY_READ, EVERYBODY, reads=CONTENT),
    Policy(Permission.CONTINUITY_EDIT, EDITORS, reads=CONTENT, writes=CONTINUITY | TRAIL),
    # A foundation reaches its registrants' continuity rows and not one row of anybody's plan.
    Policy(Permission.REGISTRANT_READ, EVERYBODY, reads=CONTINUITY, kinds=FOUNDATIONS),
    Policy(Permission.REGISTRANT_CONFIRM, EDITORS, reads=CONTINUITY, writes=CONTINUITY | TRAIL, kinds=FOUNDATIONS),
    Policy(Permission.AUDIT_READ, EVERYBODY, reads=CONTENT),
    Policy(Permission.AUDIT_RUN, EDITORS, reads=CONTENT, writes=TRAIL),
    Policy(Permission.REPORT_EXPORT, EVERYBODY, reads=CONTENT, writes=TRAIL),
)
BY_PERMISSION = {policy.permission: policy for policy in POLICIES}


def allowed(permission: Permission, role: Role, kind: TenantKind) -> bool:
    """Tell whether a member with `role` in an organisation of `kind` holds `permission`."""
    policy = BY_PERMISSION.get(permission)
    return policy is not None and role in policy.roles and kind in policy.kinds
