"""The policy: who may do what, in which relation and state, as one table. What is not in it is forbidden."""

from dataclasses import dataclass
from enum import StrEnum

from tenants.models import Capacity, TenantKind
from tenants.owned import Area


class Permission(StrEnum):
    """One thing somebody may be allowed to do, in an organisation or (PLATFORM_*) in the installation."""

    ORGANISATION_READ = "organisation.read"
    ORGANISATION_EDIT = "organisation.edit"
    ORGANISATION_LEAVE = "organisation.leave"
    DATA_EXPORT = "data.export"
    PERSON_ERASE = "person.erase"
    PEOPLE_READ = "people.read"
    PEOPLE_EDIT = "people.edit"
    CONNECTIONS_EDIT = "connections.edit"
    REMINDERS_READ = "reminders.read"
    REMINDERS_EDIT = "reminders.edit"
    PORTFOLIO_READ = "portfolio.read"
    PORTFOLIO_INVITE = "portfolio.invite"
    PLAN_READ = "plan.read"
    PLAN_EDIT = "plan.edit"
    PLAN_PUBLISH = "plan.publish"
    PLAN_APPROVE = "plan.approve"
    WAIVER_PROPOSE = "waiver.propose"
    WAIVER_APPROVE = "waiver.approve"
    PLAN_PRINT = "plan.print"
    PAPER_WITHDRAW = "paper.withdraw"
    CALAMITY_ACTIVATE = "calamity.activate"
    CALAMITY_RUN = "calamity.run"
    CONTINUITY_READ = "continuity.read"
    CONTINUITY_EDIT = "continuity.edit"
    HANDOVER_DELIVER = "handover.deliver"
    COVER_CLAIM = "cover.claim"
    OPENING_DECIDE = "opening.decide"
    REGISTRANT_READ = "registrant.read"
    REGISTRANT_CONFIRM = "registrant.confirm"
    OFFICER_KEY = "officer.key"
    SCHEME_DECIDE = "scheme.decide"
    AUDIT_READ = "audit.read"
    AUDIT_RUN = "audit.run"
    REPORT_EXPORT = "report.export"
    REPORT_SCHEDULE = "report.schedule"
    ROOM_READ = "room.read"
    ROOM_ASK = "room.ask"
    REQUEST_READ = "request.read"
    REQUEST_ANSWER = "request.answer"
    TRAIL_READ = "trail.read"
    TRAIL_EXPORT = "trail.export"
    PLATFORM_READ = "platform.read"
    PLATFORM_EDIT = "platform.edit"


class TenantState(StrEnum):
    """Whether an organisation is still here."""

    ACTIVE = "active"
    LEFT = "left"


EVERYWHERE = frozenset(TenantKind)
ACTIVE = frozenset({TenantState.ACTIVE})


@dataclass(frozen=True, slots=True)
class Policy:
    """One line of the table.

    capacities, kinds, states: in which relation to which kind of organisation in which state it holds.
    about: the area that a grant or engagement must open for it; None when it is about what is open, however little.
    reads, writes: the areas its scope opens, narrowed to those the relation opens.
    fresh: the person must have proved who they are a moment ago.
    """

    permission: Permission
    capacities: frozenset[Capacity]
    reads: frozenset[Area] = frozenset()
    writes: frozenset[Area] = frozenset()
    about: Area | None = None
    kinds: frozenset[TenantKind] = EVERYWHERE
    states: frozenset[TenantState] = ACTIVE
    fresh: bool = False

    @property
    def reading(self) -> bool:
        """Tell whether this permission changes nothing."""
        return not self.writes


OWNERS = frozenset({Capacity.OWNER})
MEMBERS = frozenset({Capacity.OWNER, Capacity.EDITOR, Capacity.READER})
MEMBER_EDITORS = frozenset({Capacity.OWNER, Capacity.EDITOR})
EDITORS = MEMBER_EDITORS | {Capacity.MANAGER_EDIT}
READERS = frozenset(Capacity) - {Capacity.OPERATOR}
TRAIL_READERS = frozenset({Capacity.OWNER, Capacity.AUDITOR})
AUDITORS = frozenset({Capacity.AUDITOR})
OPERATORS = frozenset({Capacity.OPERATOR})

SUPPLIERS = frozenset({TenantKind.IT_SUPPLIER})
FOUNDATIONS = frozenset({TenantKind.FOUNDATION})

CONTENT = frozenset({Area.PLAN, Area.CONTINUITY, Area.AUDIT})
PEOPLE = frozenset({Area.PEOPLE})
PLAN = frozenset({Area.PLAN})
CONTINUITY = frozenset({Area.CONTINUITY})
AUDIT = frozenset({Area.AUDIT})
TRAIL = frozenset({Area.TRAIL})

_P, _A = Permission, Area
POLICIES = (
    Policy(_P.ORGANISATION_READ, READERS),
    Policy(_P.ORGANISATION_EDIT, OWNERS, PEOPLE, PEOPLE | TRAIL),
    Policy(_P.ORGANISATION_LEAVE, OWNERS, PEOPLE | CONTINUITY, PEOPLE | TRAIL, fresh=True),
    Policy(_P.DATA_EXPORT, OWNERS, frozenset(Area), TRAIL, fresh=True),
    Policy(_P.PERSON_ERASE, OWNERS, CONTENT | TRAIL, CONTENT | TRAIL, about=_A.PLAN, fresh=True),
    Policy(_P.PEOPLE_READ, MEMBERS, PEOPLE),
    Policy(_P.PEOPLE_EDIT, OWNERS, PEOPLE, PEOPLE | TRAIL, fresh=True),
    # Tokens of programs, and the addresses that are told what the audit found.
    Policy(_P.CONNECTIONS_EDIT, OWNERS, PEOPLE | AUDIT, PEOPLE | AUDIT | TRAIL, fresh=True),
    Policy(_P.REMINDERS_READ, MEMBERS, AUDIT | PEOPLE),
    Policy(_P.REMINDERS_EDIT, OWNERS, AUDIT | PEOPLE, AUDIT | TRAIL),
    # Over the clients that granted it, each as far as it granted.
    Policy(_P.PORTFOLIO_READ, MEMBERS, CONTENT, kinds=SUPPLIERS),
    Policy(_P.PORTFOLIO_INVITE, MEMBER_EDITORS, PEOPLE, PEOPLE | TRAIL, kinds=SUPPLIERS),
    Policy(_P.PLAN_READ, READERS, CONTENT, about=_A.PLAN),
    Policy(_P.PLAN_EDIT, EDITORS, CONTENT, PLAN | TRAIL, about=_A.PLAN),
    Policy(_P.PLAN_PUBLISH, OWNERS, CONTENT, PLAN | TRAIL, about=_A.PLAN),
    Policy(_P.PLAN_APPROVE, OWNERS, CONTENT, PLAN | TRAIL, about=_A.PLAN, fresh=True),
    # What is left out: anybody who edits proposes it, an owner approves it. Whether there is another owner is asked.
    Policy(_P.WAIVER_PROPOSE, EDITORS, CONTENT | PEOPLE, PLAN | TRAIL, about=_A.PLAN),
    Policy(_P.WAIVER_APPROVE, OWNERS, CONTENT | PEOPLE, PLAN | TRAIL, about=_A.PLAN),
    # On paper or in a kit: what was made is a row beside the findings, so that readers write nothing of the plan.
    Policy(_P.PLAN_PRINT, READERS, CONTENT, AUDIT | TRAIL, about=_A.PLAN, fresh=True),
    Policy(_P.PAPER_WITHDRAW, EDITORS, CONTENT, AUDIT | TRAIL, about=_A.PLAN),
    # Whom of the members the plan names to decide, plans/calamity/deciders.py knows; readers may be among them.
    Policy(_P.CALAMITY_ACTIVATE, MEMBERS, CONTENT, PLAN | TRAIL, about=_A.PLAN),
    # Whoever is there helps: what is written down is only ever added, with a name to it.
    Policy(_P.CALAMITY_RUN, MEMBERS | {Capacity.MANAGER_EDIT}, CONTENT, PLAN | TRAIL, about=_A.PLAN),
    Policy(_P.CONTINUITY_READ, READERS, CONTENT, about=_A.CONTINUITY),
    Policy(_P.CONTINUITY_EDIT, EDITORS, CONTENT, CONTINUITY | TRAIL, about=_A.CONTINUITY),
    Policy(_P.HANDOVER_DELIVER, EDITORS, CONTENT, CONTINUITY | TRAIL, about=_A.CONTINUITY, fresh=True),
    # To be a client of somebody's scheme, and no longer: what the organisation itself says.
    Policy(_P.COVER_CLAIM, OWNERS, CONTINUITY, CONTINUITY | TRAIL, about=_A.CONTINUITY),
    # Whether officers of the foundation may open what was handed over sealed: nobody else's to say.
    Policy(_P.OPENING_DECIDE, OWNERS, CONTENT, CONTINUITY | TRAIL, about=_A.CONTINUITY, fresh=True),
    # A foundation reaches its registrants' continuity rows and not one row of anybody's plan.
    Policy(_P.REGISTRANT_READ, MEMBERS, CONTINUITY, kinds=FOUNDATIONS),
    Policy(_P.REGISTRANT_CONFIRM, MEMBER_EDITORS, CONTINUITY, CONTINUITY | TRAIL, kinds=FOUNDATIONS),
    # What an officer does with a key of their own; taking it out of use reaches every registrant.
    Policy(_P.OFFICER_KEY, MEMBER_EDITORS, CONTINUITY, CONTINUITY | TRAIL, kinds=FOUNDATIONS, fresh=True),
    # The states of a scheme: what a person of the foundation says, and what takes two of them.
    Policy(_P.SCHEME_DECIDE, MEMBER_EDITORS, CONTINUITY, CONTINUITY | TRAIL, kinds=FOUNDATIONS, fresh=True),
    Policy(_P.AUDIT_READ, READERS, CONTENT),
    Policy(_P.AUDIT_RUN, EDITORS, CONTENT, TRAIL),
    # What was asked for and made is a row beside the findings, so that readers write nothing of the plan.
    Policy(_P.REPORT_EXPORT, READERS, CONTENT, AUDIT | TRAIL, fresh=True),
    Policy(_P.REPORT_SCHEDULE, OWNERS, CONTENT | PEOPLE, AUDIT | TRAIL),
    # An auditor reads what the assignment opens, and writes requests for evidence and what they decide about answers.
    Policy(_P.ROOM_READ, AUDITORS, CONTENT),
    Policy(_P.ROOM_ASK, AUDITORS, CONTENT, AUDIT | TRAIL),
    # The other side: who audits is told to members alone.
    Policy(_P.REQUEST_READ, MEMBERS, CONTENT | PEOPLE),
    Policy(_P.REQUEST_ANSWER, MEMBER_EDITORS, CONTENT | PEOPLE, AUDIT | TRAIL),
    Policy(_P.TRAIL_READ, TRAIL_READERS, TRAIL, about=_A.TRAIL),
    Policy(_P.TRAIL_EXPORT, TRAIL_READERS, TRAIL, TRAIL, about=_A.TRAIL, fresh=True),
    # Accounts, counts and health of the installation; the people area holds relations and no content.
    Policy(_P.PLATFORM_READ, OPERATORS, PEOPLE),
    Policy(_P.PLATFORM_EDIT, OPERATORS, PEOPLE, PEOPLE | TRAIL, fresh=True),
)
BY_PERMISSION = {policy.permission: policy for policy in POLICIES}

# Whoever reaches into other people's organisations shows more than a password.
STRONG_CAPACITIES = frozenset({Capacity.MANAGER_EDIT, Capacity.MANAGER_VIEW, Capacity.AUDITOR, Capacity.OPERATOR})
STRONG_KINDS = SUPPLIERS | FOUNDATIONS


def allowed(
    permission: Permission,
    capacity: Capacity,
    kind: TenantKind,
    areas: frozenset[Area] = frozenset(Area),
    state: TenantState = TenantState.ACTIVE,
) -> bool:
    """Tell whether somebody in `capacity`, to whom `areas` are open, holds `permission`.

    kind, state: of the organisation they stand in.
    """
    policy = BY_PERMISSION.get(permission)
    if policy is None:
        return False
    open_enough = policy.about is None or policy.about in areas
    return capacity in policy.capacities and kind in policy.kinds and state in policy.states and open_enough


def demands_strong(capacity: Capacity, kind: TenantKind) -> bool:
    """Tell whether this relation asks for a second factor."""
    return capacity in STRONG_CAPACITIES or kind in STRONG_KINDS
