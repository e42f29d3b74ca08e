"""What the pages about papers show, and what the square on a paper tells whoever scans it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from audits.paper.models import KitCopy, Paper, PaperKind, PaperToken
from audits.paper.services import hash_of
from core import clock, db
from plans.models import Contact, PlanProposal, PlanVersion
from plans.versions.content import content_of, digest
from tenants.models import Tenant
from tenants.owned import Area
from tenants.scope import close_scope, current_scope, open_scope, reading

SHOWN = 50
LONGEST_TOKEN = 100


class Standing(StrEnum):
    """What counts about a paper now."""

    CURRENT = "current"
    CHANGED = "changed"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Validity:
    """Whether a paper still counts, and since which day it does not.

    draft: it was no version in use; approved_on: when the version it holds was approved, None for a draft or never.
    """

    standing: Standing
    since: date | None = None
    draft: bool = False
    approved_on: date | None = None


@dataclass(frozen=True, slots=True)
class Now:
    """With what papers are compared: every version with its days, first first, and what the plan says now."""

    versions: tuple[tuple[int, date, date | None], ...]
    digest: str


@dataclass(frozen=True, slots=True)
class MadePaper:
    """A paper that was made, as the list shows it."""

    id: UUID
    kind: PaperKind
    languages: str
    plan_version: int
    changed: bool
    made_at: datetime
    made_by: str
    validity: Validity


@dataclass(frozen=True, slots=True)
class KeptCopy:
    """A copy of a kit and where it is."""

    id: UUID
    paper_id: UUID
    medium: str
    place: str
    keeper: str
    kept_on: date
    plan_version: int
    validity: Validity


def papers(zone: str) -> list[MadePaper]:
    """Return the newest papers of the open scope's organisation, newest first. zone: IANA name, for days."""
    rows = db.session().scalars(sa.select(Paper).order_by(Paper.made_at.desc(), Paper.id).limit(SHOWN))
    now = _now()
    return [
        MadePaper(
            row.id,
            row.kind,
            row.languages,
            row.plan_version,
            row.changed,
            row.made_at,
            row.made_by,
            _validity(row, now, zone),
        )
        for row in rows
    ]


def copies(zone: str) -> list[KeptCopy]:
    """Return the copies of kits that are still there, newest first. zone: IANA name, for days."""
    query = (
        sa.select(KitCopy, Paper, Contact.name)
        .join(Paper, (Paper.tenant_id == KitCopy.tenant_id) & (Paper.id == KitCopy.paper_id))
        .outerjoin(Contact, (Contact.tenant_id == KitCopy.tenant_id) & (Contact.id == KitCopy.keeper_id))
        .where(KitCopy.archived_at.is_(None))
        .order_by(KitCopy.kept_on.desc(), KitCopy.id)
    )
    now = _now()
    return [
        KeptCopy(
            copy.id,
            paper.id,
            copy.medium,
            copy.place,
            keeper or "",
            copy.kept_on,
            paper.plan_version,
            _validity(paper, now, zone),
        )
        for copy, paper, keeper in db.session().execute(query)
    ]


def kit(paper_id: UUID) -> Paper | None:
    """Return a kit of the open scope's organisation."""
    return db.session().scalar(sa.select(Paper).where(Paper.id == paper_id, Paper.kind == PaperKind.KIT))


def scanned(token: str) -> Validity | None:
    """Return what counts about the paper with this secret; None when there is no such paper, or no longer anybody's.

    Opens a scope that reads one organisation's papers and versions, and closes it again. Tells nothing else of it.
    """
    if len(token) > LONGEST_TOKEN:
        return None
    found = db.session().scalar(sa.select(PaperToken).where(PaperToken.token_hash == hash_of(token)))
    tenant = db.session().get(Tenant, found.organisation_id) if found else None
    if found is None or tenant is None or tenant.left_at is not None:
        return None
    paper_id, tenant_id, zone = found.paper_id, tenant.id, tenant.zone
    open_scope(reading(frozenset({tenant_id}), frozenset({Area.AUDIT, Area.PLAN})))
    try:
        row = db.session().scalar(sa.select(Paper).where(Paper.id == paper_id))
        return _validity(row, _now(), zone) if row else None
    finally:
        close_scope()


def _now() -> Now:
    """Return with what papers of the open scope's organisation are compared."""
    version, proposal = PlanVersion, PlanProposal
    query = (
        sa.select(version.number, version.published_on, proposal.approved_on)
        .outerjoin(proposal, (proposal.tenant_id == version.tenant_id) & (proposal.version_id == version.id))
        .order_by(version.number)
    )
    found = tuple((number, day, approved_on) for number, day, approved_on in db.session().execute(query))
    return Now(found, digest(content_of(current_scope().only_tenant)))


def _validity(row: Paper, now: Now, zone: str) -> Validity:
    held = next((approved_on for number, _day, approved_on in now.versions if number == row.plan_version), None)
    approved_on = None if row.changed else held
    if row.withdrawn_at is not None:
        return Validity(Standing.WITHDRAWN, clock.day_of(row.withdrawn_at, zone), row.changed, approved_on)
    later = next((day for number, day, _approved in now.versions if number > row.plan_version), None)
    if later:
        return Validity(Standing.SUPERSEDED, later, row.changed, approved_on)
    same = row.digest == now.digest
    return Validity(Standing.CURRENT if same else Standing.CHANGED, None, row.changed, approved_on)
