"""Who is to act on a finding: told from the rows themselves, kept nowhere. In this order, for the plan:

who must acknowledge something; whom the record names (the keeper of a copy, the head of a department or of one that
uses the system, whoever a test or a task was given to); whom the answer to the item names; who sits in the seat of the
item; who answers for the upkeep. For the scheme: the foundation where it must confirm, decide or deliver, the client
for what it does before the end, else the supplier.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from operator import itemgetter
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from audits.findings.finding import FoundGap
from audits.reach import SCHEME, reaches
from audits.rules import scheme_requests
from audits.rules.runbook import NO_TASK
from audits.rules.scheme_handovers import UNCONFIRMED
from continuity.models import SchemeContact, SchemeParty
from plans.models import (
    Answer,
    Assignment,
    BackupCopy,
    Contact,
    Department,
    DepartmentSystem,
    FollowUp,
    Lesson,
    PlannedTest,
)
from plans.seats import HOLDER
from tenants.owned import Area
from tenants.prepared import Prepared

RESPONSIBLE = "upkeep.responsible"
# Whoever is named by a finding of these must do it in person.
IN_PERSON = frozenset({"staff.policy", "runbook.tasks-known"})
# What the foundation must do; all else of the scheme is the supplier's.
OF_THE_FOUNDATION = scheme_requests.OF_THE_FOUNDATION | {UNCONFIRMED}
Key = tuple[str, str | UUID]


class Side(StrEnum):
    """On whose side somebody acts. PLAN: the organisation itself; the supplier is the organisation of the scheme."""

    PLAN = "plan"
    SUPPLIER = "supplier"
    FOUNDATION = "foundation"
    CLIENT = "client"


class Acting(NamedTuple):
    """Who is to act. name: "" where nobody is named; whom: the contact, or the contact of the scheme."""

    side: Side
    name: str = ""
    whom: UUID | None = None

    @property
    def told(self) -> str:
        """Return it in the reader's language; "" where nobody of the plan is named."""
        match self.side:
            case Side.SUPPLIER:
                return str(_("The supplier: %(name)s", name=self.name) if self.name else _("The supplier"))
            case Side.FOUNDATION:
                return str(_("The foundation: %(name)s", name=self.name) if self.name else _("The foundation"))
            case Side.CLIENT:
                return str(_("The client: %(name)s", name=self.name))
            case _:
                return self.name


@dataclass(frozen=True, slots=True)
class Owners:
    """Whom the rows of one organisation name. plan: by what names them and which; scheme: by registration and party."""

    plan: Mapping[Key, tuple[UUID, str]] = field(default_factory=lambda: MappingProxyType({}))
    scheme: Mapping[tuple[UUID, SchemeParty], tuple[UUID, str]] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, gap: FoundGap) -> Acting:
        """Return who is to act on a finding."""
        if gap.code.startswith(SCHEME):
            return self._of_duty(gap)
        if gap.code in IN_PERSON and gap.subject_kind == "contact" and gap.message != NO_TASK:
            return Acting(Side.PLAN, gap.label, gap.subject_id)
        keys: tuple[Key, ...] = (("answer", gap.code), ("seat", gap.code), ("seat", RESPONSIBLE))
        if gap.subject_id is not None:
            keys = ((gap.subject_kind, gap.subject_id), *keys)
        for key in keys:
            if found := self.plan.get(key):
                return Acting(Side.PLAN, found[1], found[0])
        return Acting(Side.PLAN)

    def _of_duty(self, gap: FoundGap) -> Acting:
        if gap.message in scheme_requests.OF_THE_CLIENT:
            return Acting(Side.CLIENT, str(gap.params["name"]))
        foundation = gap.message in OF_THE_FOUNDATION
        party = SchemeParty.FOUNDATION if foundation else SchemeParty.COMPANY
        whom, name = self.scheme.get((gap.registration_id, party), (None, "")) if gap.registration_id else (None, "")
        return Acting(Side.FOUNDATION if foundation else Side.SUPPLIER, name, whom)


NOBODY = Owners()


def owners_of(gaps: Collection[FoundGap]) -> Owners:
    """Return whom the rows of the open scope's one organisation name; one query, one more with findings of a scheme."""
    duties = any(gap.code.startswith(SCHEME) for gap in gaps)
    plans = plans_name() if len(gaps) and reaches(Area.PLAN) else {}
    schemes = schemes_name() if duties and reaches(Area.CONTINUITY) else {}
    return Owners(next(iter(plans.values()), {}), next(iter(schemes.values()), {}))


def tables() -> frozenset[str]:
    """Return the names of the tables that tell who acts: on a past day no others are needed."""
    return _named().tables | _SCHEME.tables | {Contact.__tablename__}


@dataclass(frozen=True, slots=True)
class Me:
    """Who asks for what is theirs. whom: their contacts; leads: they own the organisation, to whom falls the rest."""

    whom: frozenset[UUID]
    leads: bool

    def acts(self, acting: Acting) -> bool:
        """Tell whether somebody is to act themselves. What nobody is named for is the owners'."""
        if acting.whom is not None:
            return acting.whom in self.whom
        return self.leads and acting.side in (Side.PLAN, Side.SUPPLIER)


def me(address: str, *, leads: bool) -> Me:
    """Return who somebody with this address is among the contacts of the open scope. Addresses are sealed: all open."""
    wanted = address.strip().casefold()
    rows: list[Any] = [*_ADDRESSES.rows()] if reaches(Area.PLAN) else []
    rows += _SCHEME_ADDRESSES.rows() if reaches(Area.CONTINUITY) else []
    return Me(frozenset(row.id for row in rows if row.email.strip().casefold() == wanted), leads)


_ADDRESSES = Prepared(sa.select(Contact.id, Contact.email).where(Contact.archived_at.is_(None)))
_SCHEME_ADDRESSES = Prepared(sa.select(SchemeContact.id, SchemeContact.email))
_SCHEME = Prepared(
    sa.select(
        SchemeContact.tenant_id,
        SchemeContact.registration_id,
        SchemeContact.party,
        SchemeContact.id,
        SchemeContact.name,
    ).where(SchemeContact.name != "")
)


def schemes_name() -> dict[int, dict[tuple[UUID, SchemeParty], tuple[UUID, str]]]:
    """Return whom the schemes of the open scope's organisations name, by organisation; one query."""
    found: dict[int, dict[tuple[UUID, SchemeParty], tuple[UUID, str]]] = {}
    for row in _SCHEME.rows():
        found.setdefault(row.tenant_id, {})[row.registration_id, row.party] = (row.id, row.name)
    return found


def plans_name() -> dict[int, dict[Key, tuple[UUID, str]]]:
    """Return whom the plans of the open scope's organisations name, by organisation; one query."""
    found: dict[int, dict[Key, tuple[UUID, str]]] = {}
    # A system may be used by several departments: of their heads the first by name is told.
    named = sorted(zip(*_named().all_columns(), strict=True), key=itemgetter(4, 3))
    for what, item_id, row_id, contact_id, name, tenant_id in named:
        key = what, row_id if row_id is not None else item_id
        found.setdefault(tenant_id, {}).setdefault(key, (contact_id, name))
    return found


@cache
def _named() -> Prepared:
    """Return the question whom rows name, as (what names them, item, row, contact, name, whose)."""
    parts = sa.union_all(*_parts()).subquery()
    return Prepared(
        sa.select(
            parts.c.what, parts.c.item_id, parts.c.row_id, Contact.id, Contact.name, Contact.tenant_id
        ).join(
            parts, (parts.c.tenant_id == Contact.tenant_id) & (parts.c.contact_id == Contact.id)
        ).where(Contact.archived_at.is_(None))
    )  # fmt: skip


def _parts() -> Iterable[sa.Select[*tuple[Any, ...]]]:
    yield _item("seat", Assignment, Assignment.seat == HOLDER)
    yield _item("answer", Answer)
    for model, names in (
        (Department, Department.head_id),
        (BackupCopy, BackupCopy.keeper_id),
        (PlannedTest, PlannedTest.contact_id),
        (FollowUp, FollowUp.owner_id),
        (Lesson, Lesson.owner_id),
    ):
        yield _row(model.__tablename__, model.tenant_id, model.id, names)
    uses = DepartmentSystem
    yield (
        _row("system", uses.tenant_id, uses.system_id, Department.head_id)
        .join(Department, (Department.tenant_id == uses.tenant_id) & (Department.id == uses.department_id))
        .where(Department.archived_at.is_(None))
    )


def _item(what: str, model: Any, *where: Any) -> sa.Select[*tuple[Any, ...]]:
    nothing = sa.cast(sa.null(), Contact.id.type).label("row_id")
    return sa.select(
        model.tenant_id.label("tenant_id"), sa.literal(what).label("what"), model.item_id.label("item_id"), nothing,
        model.contact_id.label("contact_id"),
    ).where(model.contact_id.is_not(None), *where)  # fmt: skip


def _row(what: str, tenant_id: Any, row_id: Any, names: Any) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(
        tenant_id.label("tenant_id"), sa.literal(what).label("what"), sa.literal("").label("item_id"),
        row_id.label("row_id"), names.label("contact_id"),
    ).where(names.is_not(None))  # fmt: skip
