"""What the pages of versions show: the way of each, the one in use, and what two of them say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import undefer

from core import db
from plans import status
from plans.errors import NotThere
from plans.models import PlanContent, PlanProposal, PlanVersion, ProposalState
from plans.versions.content import Content, content_of, digest, unpacked
from tenants.scope import current_scope


class VersionState(StrEnum):
    """Where a plan is on its way."""

    IN_REVIEW = "in-review"
    APPROVED = "approved"
    RETURNED = "returned"
    CURRENT = "current"
    SUPERSEDED = "superseded"


STATE_LABELS: Mapping[VersionState, Any] = MappingProxyType(
    {
        VersionState.IN_REVIEW: _l("In review"),
        VersionState.APPROVED: _l("Approved, not yet in use"),
        VersionState.RETURNED: _l("Back to draft"),
        VersionState.CURRENT: _l("In use"),
        VersionState.SUPERSEDED: _l("Superseded"),
    }
)


@dataclass(frozen=True, slots=True)
class Version:
    """A version that is or was in use. approved_on: None for one from before versions were approved."""

    id: UUID
    number: int
    published_on: date
    published_at: datetime
    published_by: str
    digest: str
    note: str
    approved_on: date | None = None
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One plan on its way, or a version from before there was a way. content_id: None where nothing was kept."""

    id: UUID
    state: VersionState
    number: int | None
    note: str
    digest: str
    proposed_at: datetime | None
    proposed_by: str
    approved_at: datetime | None
    approved_by: str
    ended_at: datetime | None
    ended_by: str
    reason: str
    base_number: int
    content_id: UUID | None

    @property
    def began_at(self) -> datetime:
        """Return when it was sent for review, or published where it never was."""
        began = self.proposed_at or self.ended_at
        assert began is not None
        return began

    @property
    def open(self) -> bool:
        """Tell whether somebody still has to do something with it."""
        return self.state in (VersionState.IN_REVIEW, VersionState.APPROVED)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a plan said at a moment. redacted_at: since when somebody who was erased is no longer in it."""

    content: Content
    digest: str
    redacted_at: datetime | None

    @property
    def intact(self) -> bool:
        """Tell whether the content still gives the fingerprint under which it was kept."""
        return digest(self.content) == self.digest


def newest_version() -> Version | None:
    """Return the version in use."""
    row, way = PlanVersion, PlanProposal
    query = (
        sa.select(
            row.id,
            row.number,
            row.published_on,
            row.published_at,
            row.published_by,
            row.digest,
            row.note,
            way.approved_on,
            sa.func.coalesce(way.approved_by, ""),
        )
        .outerjoin(way, (way.tenant_id == row.tenant_id) & (way.version_id == row.id))
        .order_by(row.number.desc())
        .limit(1)
    )
    found = db.session().execute(query).one_or_none()
    return Version(*found) if found else None


def history() -> list[Way]:
    """Return every plan that was sent for review or published, newest first."""
    versions = {row.id: row for row in db.session().scalars(sa.select(PlanVersion))}
    newest = max((row.number for row in versions.values()), default=0)
    found = []
    for proposal in db.session().scalars(sa.select(PlanProposal)):
        found.append(_way(proposal, versions.pop(proposal.version_id, None) if proposal.version_id else None, newest))
    found += [_unproposed(row, newest) for row in versions.values()]
    return sorted(found, key=lambda one: (one.began_at, one.number or 0), reverse=True)


def way(way_id: UUID) -> Way:
    """Return one plan on its way, or a version from before there was a way, by its id. Raises NotThere."""
    found = next((one for one in history() if one.id == way_id), None)
    if found is None:
        raise NotThere
    return found


def kept(content_id: UUID) -> Kept:
    """Return content that was kept. Raises NotThere."""
    query = sa.select(PlanContent).where(PlanContent.id == content_id).options(undefer(PlanContent.packed))
    row = db.session().scalar(query)
    if row is None:
        raise NotThere
    return Kept(unpacked(row.packed), row.digest, row.redacted_at)


def now() -> Kept:
    """Return what the plan of the open scope's organisation says now."""
    content = content_of(current_scope().only_tenant)
    return Kept(content, digest(content), None)


def digest_now() -> str:
    """Return the fingerprint of what the plan says now; made anew only where it changed since it was judged."""
    return status.source().plan_said() or now().digest


def _way(row: PlanProposal, version: PlanVersion | None, newest: int) -> Way:
    if row.state is ProposalState.IN_USE and version is not None:
        state = VersionState.CURRENT if version.number == newest else VersionState.SUPERSEDED
    else:
        state = VersionState(row.state.value)
    return Way(
        row.id,
        state,
        version.number if version else None,
        row.note,
        row.digest,
        row.proposed_at,
        row.proposed_by,
        row.approved_at,
        row.approved_by,
        row.ended_at,
        row.ended_by,
        row.reason,
        row.base_number,
        row.content_id,
    )


def _unproposed(row: PlanVersion, newest: int) -> Way:
    """Return a version of which only the fingerprint was kept."""
    return Way(
        row.id,
        VersionState.CURRENT if row.number == newest else VersionState.SUPERSEDED,
        row.number,
        row.note,
        row.digest,
        None,
        "",
        None,
        "",
        row.published_at,
        row.published_by,
        "",
        0,
        None,
    )
