"""Mail to the other side: the organisation when something is asked or sent back, the auditor when it was answered.

An auditor may not see who the people of an organisation are. So a move plans its letter in the transaction in which it
happens, and a job writes it where those people may be read. A letter says which request it is, never what is asked.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from audits.room.course import ANSWERING, COURSE, Move
from audits.room.models import EvidenceRequest, EvidenceStep
from core import clock, db
from core.background import work
from core.background.jobs import EVERY_MINUTE, Job
from core.background.work import Claim
from tenants import links
from tenants.mail import letters
from tenants.models import Capacity, Engagement, Membership, Role, Tenant, User
from tenants.owned import Area
from tenants.relations import in_force
from tenants.scope import SERVICE, Scope, scoped

KIND = "evidence-told"
READS = frozenset({Area.AUDIT, Area.PEOPLE})
# A mail is no row of anybody; a scope that writes nothing at all would refuse it.
WRITES = frozenset({Area.AUDIT})
# The letter of each move that the other side must hear of; what closes a request is on its page.
LETTERS: Mapping[Move, str] = MappingProxyType(
    {Move.ASK: "evidence_asked", Move.SEND_BACK: "evidence_asked", Move.ANSWER: "evidence_answered"}
)


def plan(step: EvidenceStep, *, at: datetime) -> None:
    """Have the other side told of `step`; nobody is when the transaction is dropped."""
    if step.move in LETTERS:
        work.plan(KIND, [f"{step.tenant_id}:{step.id}"], clock.day_of(at), at=at)


def tell() -> None:
    """Write the letters that are due. Outside any transaction; may run in several processes at once."""
    work.work_off(KIND, _tell)


def _tell(claims: Sequence[Claim]) -> None:
    (claim,) = claims
    tenant_id, _colon, step_id = claim.about.partition(":")
    with scoped(Scope(frozenset({int(tenant_id)}), READS, WRITES, SERVICE)):
        _write(int(tenant_id), UUID(step_id), at=clock.now())
        work.finish(claims, at=clock.now())


def _write(tenant_id: int, step_id: UUID, *, at: datetime) -> None:
    found = db.session().execute(_STEP.where(EvidenceStep.id == step_id)).one_or_none()
    # Whoever withdrew or decided meanwhile left nothing to tell of this step, and nobody reads after the end.
    if found is None or found.state is not COURSE[found.move].target or found.ends_at <= at:
        return
    organisation = db.session().get_one(Tenant, tenant_id)
    asked = Capacity.AUDITOR in COURSE[found.move].by
    where: dict[str, Any] = {"slug": organisation.slug, "request_id": found.request_id}
    page = "requests.show" if asked else "room.asked"
    if not asked:
        where["engagement_id"] = found.engagement_id
    words: dict[str, Any] = {
        "organisation": organisation.name,
        "reference": found.reference,
        "number": found.number,
        "due_on": found.due_on,
        "by": found.by,
        "again": found.move is Move.SEND_BACK,
        "link": links.address(page, where=where),
    }
    readers = _answering(at) if asked else _auditor(found.auditor_id)
    for name, address, language in readers:
        told = {**words, "name": name}
        letters.write(LETTERS[found.move], address, language or organisation.language, told, organisation_id=tenant_id)


_STEP = (
    sa.select(
        EvidenceStep.move,
        EvidenceStep.request_id,
        EvidenceRequest.state,
        EvidenceRequest.number,
        EvidenceRequest.due_on,
        EvidenceRequest.engagement_id,
        Engagement.reference,
        Engagement.auditor_id,
        Engagement.ends_at,
        User.name.label("by"),
    )
    .join(
        EvidenceRequest,
        sa.and_(EvidenceRequest.tenant_id == EvidenceStep.tenant_id, EvidenceRequest.id == EvidenceStep.request_id),
    )
    .join(
        Engagement,
        sa.and_(Engagement.tenant_id == EvidenceRequest.tenant_id, Engagement.id == EvidenceRequest.engagement_id),
    )
    .join(User, User.id == EvidenceStep.user_id)
)
_PERSON = sa.select(User.name, User.email, User.language).where(User.disabled_at.is_(None)).order_by(User.email)


def _answering(at: datetime) -> Sequence[Any]:
    """Return name, address and language of those in the open scope's organisation who may answer."""
    roles = [Role(capacity.value) for capacity in sorted(ANSWERING)]
    members = _PERSON.join(Membership, Membership.user_id == User.id)
    return db.session().execute(members.where(Membership.role.in_(roles), in_force(Membership, at))).all()


def _auditor(user_id: UUID) -> Sequence[Any]:
    return db.session().execute(_PERSON.where(User.id == user_id)).all()


JOBS = (Job("evidence-tell", EVERY_MINUTE, tell, catch_up=False),)
