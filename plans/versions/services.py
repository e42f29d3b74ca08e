"""Send the plan for review, approve it, put it into use, send it back.

draft → in review → approved → in use → superseded; in review or approved → draft, with a reason. What is approved is
the content whose fingerprint the reader saw, and only as long as the plan still says it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import undefer

from core import db
from plans.errors import NotThere, PlanError
from plans.models import Contact, PlanContent, PlanProposal, PlanVersion, ProposalState
from plans.turns import take_turn
from plans.versions.content import Content, Rows, content_of, digest, packed, unpacked
from plans.versions.errors import ChangedMeanwhile, NothingNew, NotInThisState
from plans.versions.queries import newest_version
from tenants import trail
from tenants.scope import current_scope

PROPOSAL, CONTACT = "plan_proposal", str(Contact.__tablename__)
OPEN = (ProposalState.IN_REVIEW, ProposalState.APPROVED)


@dataclass(frozen=True, slots=True)
class Signed:
    """Who takes a step, and when. at: aware UTC; today: the day in the organisation's zone."""

    by: str
    at: datetime
    today: date


def propose(note: str, signed: Signed) -> PlanProposal:
    """Send the plan as it now stands for review; one that was under way goes back to draft.

    Sending the same plan twice sends one. Raises NothingNew when it says what the version in use says.
    """
    take_turn()
    content = content_of(current_scope().only_tenant)
    fingerprint, before = digest(content), newest_version()
    if before is not None and before.approved_on is not None and before.digest == fingerprint:
        raise NothingNew
    if (under_way := _under_way()) is not None:
        if under_way.digest == fingerprint:
            return under_way
        _end(under_way, ProposalState.RETURNED, signed)
    row = PlanProposal(
        content_id=_keep(content, fingerprint, signed.at).id,
        digest=fingerprint,
        state=ProposalState.IN_REVIEW,
        base_number=before.number if before else 0,
        note=note,
        proposed_at=signed.at,
        proposed_by=signed.by,
    )
    db.session().add(row)
    trail.record("plan.proposed", PROPOSAL, row.id, digest=fingerprint)
    db.session().flush()
    return row


def approve(proposal_id: UUID, seen: str, signed: Signed) -> PlanProposal:
    """Approve the content whose fingerprint is `seen`. Approving it twice changes nothing.

    Raises NotThere; NotInThisState when another step was taken meanwhile; ChangedMeanwhile when the plan no longer
    says what was sent for review.
    Source: rules 3.5, states of the plan.
    """
    take_turn()
    row = _proposal(proposal_id)
    if row.digest != seen or row.state not in OPEN:
        raise NotInThisState
    if row.state is ProposalState.APPROVED:
        return row
    _expect_unchanged(row)
    row.state = ProposalState.APPROVED
    row.approved_at, row.approved_on, row.approved_by = signed.at, signed.today, signed.by
    trail.record("plan.approved", PROPOSAL, row.id, digest=row.digest)
    db.session().flush()
    return row


def put_into_use(proposal_id: UUID, note: str, signed: Signed) -> PlanVersion:
    """Let an approved plan be the version in use, under the next number; the one before is superseded.

    note: what is new, "" for what the proposal says. Raises NotThere, NotInThisState, ChangedMeanwhile.
    Source: handbook, backup.offsite-plan and upkeep.business-change.
    """
    take_turn()
    row = _proposal(proposal_id)
    if row.state is not ProposalState.APPROVED:
        raise NotInThisState
    _expect_unchanged(row)
    before = newest_version()
    version = PlanVersion(
        number=before.number + 1 if before else 1,
        published_on=signed.today,
        published_at=signed.at,
        published_by=signed.by,
        digest=row.digest,
        note=note or row.note,
    )
    db.session().add(version)
    db.session().flush()
    row.version_id = version.id
    _end(row, ProposalState.IN_USE, signed)
    trail.record("plan.published", "plan_version", version.id, number=version.number, digest=version.digest)
    db.session().flush()
    return version


def send_back(proposal_id: UUID, reason: str, signed: Signed) -> None:
    """Let a plan in review, or approved and not in use, be a draft again. Raises NotThere, NotInThisState.

    Raises PlanError without a reason of a few words.
    """
    if len(reason) < 3:
        raise PlanError(_l("Give the reason in a few words."), "reason")
    take_turn()
    row = _proposal(proposal_id)
    if row.state not in OPEN:
        raise NotInThisState
    _end(row, ProposalState.RETURNED, signed, reason)


def publish(note: str, signed: Signed) -> PlanVersion:
    """Send for review, approve and put into use in one go: who does all three alone. Raises NothingNew."""
    row = propose(note, signed)
    approve(row.id, row.digest, signed)
    return put_into_use(row.id, note, signed)


def redact(contact_id: UUID, mark: str, without: Callable[[Rows], Rows], *, at: datetime) -> int:
    """Take everything about a contact out of what was kept, and put `mark` in the place of the name.

    without: takes the person out of rows of other tables. Return how many contents that changed. Their fingerprints
    stay those of what was approved.
    Source: GDPR article 17.
    """
    changed = 0
    for row in db.session().scalars(sa.select(PlanContent).options(undefer(PlanContent.packed))):
        content = unpacked(row.packed)
        left = {table: without(rows) for table, rows in content.items() if table != CONTACT}
        if people := content.get(CONTACT):
            # Somebody else may be called or reached alike: only the row itself is this person's.
            left[CONTACT] = {**people, str(contact_id): {"name": mark}} if str(contact_id) in people else people
        if left != content:
            row.packed, row.redacted_at = packed(left), row.redacted_at or at
            changed += 1
    db.session().flush()
    return changed


def _keep(content: Content, fingerprint: str, at: datetime) -> PlanContent:
    """Keep content, once however often it comes back."""
    query = sa.select(PlanContent).where(PlanContent.digest == fingerprint)
    row = db.session().scalar(query)
    if row is None:
        row = PlanContent(digest=fingerprint, packed=packed(content), kept_at=at)
        db.session().add(row)
        db.session().flush()
    return row


def _end(row: PlanProposal, state: ProposalState, signed: Signed, reason: str = "") -> None:
    row.state, row.ended_at, row.ended_by, row.reason = state, signed.at, signed.by, reason
    if state is ProposalState.RETURNED:
        trail.record("plan.returned", PROPOSAL, row.id, digest=row.digest)
    db.session().flush()


def _expect_unchanged(row: PlanProposal) -> None:
    if digest(content_of(current_scope().only_tenant)) != row.digest:
        raise ChangedMeanwhile


def _under_way() -> PlanProposal | None:
    return db.session().scalar(sa.select(PlanProposal).where(PlanProposal.ended_at.is_(None)))


def _proposal(proposal_id: UUID) -> PlanProposal:
    query = sa.select(PlanProposal).where(PlanProposal.id == proposal_id)
    row = db.session().scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise NotThere
    return row
