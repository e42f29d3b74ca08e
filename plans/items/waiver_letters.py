"""Mail to the owners who may decide: somebody proposed to leave something out of the plan.

A proposal plans its letter in its own transaction; a job writes it, to whoever is an owner by then. The letter names
the item and who proposed it, never the reason, nor what an item of their own asks: that stays behind sign-in.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import clock, db
from core.background import work
from core.background.jobs import EVERY_MINUTE, Job
from core.background.work import Claim
from core.i18n import N_, Language, told_in
from plans import handbook
from plans.models import Waiver, WaiverState
from tenants import links
from tenants.mail import letters
from tenants.models import Membership, Role, Tenant, User
from tenants.owned import Area
from tenants.relations import in_force
from tenants.scope import SERVICE, Scope, scoped

KIND, LETTER = "waiver-told", "waiver_proposed"
READS = frozenset({Area.PLAN, Area.PEOPLE})
# A mail is no row of anybody; a scope that writes nothing at all would refuse it.
WRITES = frozenset({Area.PLAN})


def plan(waiver: Waiver, *, at: datetime) -> None:
    """Have the owners told of a proposal; nobody is when the transaction is dropped. at: aware UTC."""
    work.plan(KIND, [f"{waiver.tenant_id}:{waiver.id}"], clock.day_of(at), at=at)


def tell() -> None:
    """Write the letters that are due. Outside any transaction; may run in several processes at once."""
    work.work_off(KIND, _tell)


def _tell(claims: Sequence[Claim]) -> None:
    (claim,) = claims
    tenant_id, _colon, waiver_id = claim.about.partition(":")
    with scoped(Scope(frozenset({int(tenant_id)}), READS, WRITES, SERVICE)):
        _write(int(tenant_id), UUID(waiver_id), at=clock.now())
        work.finish(claims, at=clock.now())


def _write(tenant_id: int, waiver_id: UUID, *, at: datetime) -> None:
    waiting = sa.select(Waiver).where(
        Waiver.id == waiver_id, Waiver.state == WaiverState.PROPOSED, Waiver.ended_at.is_(None)
    )
    row = db.session().scalar(waiting)
    if row is None:  # decided or withdrawn meanwhile
        return
    organisation = db.session().get_one(Tenant, tenant_id)
    section, _dot, name = row.item_id.partition(".")
    where = {"slug": organisation.slug, "section": section, "name": name}
    words = {
        "organisation": organisation.name,
        "by": row.author,
        "until": row.until,
        "link": links.address("plans.item", where=where),
    }
    for called, address, spoken in _deciding(row.author_id, at):
        language = spoken or organisation.language
        told = {**words, "name": called, "item": _title(row.item_id, language)}
        letters.write(LETTER, address, language, told, organisation_id=tenant_id)


def _title(item_id: str, spoken: Language) -> str:
    """Return what an item is called in a letter."""
    found = handbook.by_id().get(item_id)
    return told_in(spoken, N_("Own question")) if found is None else found.title_in(spoken)


def _deciding(proposer: UUID | None, at: datetime) -> Sequence[Any]:
    """Return name, address and language of the open scope's owners who can sign in and did not propose it."""
    query = (
        sa.select(User.name, User.email, User.language)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.role == Role.OWNER, in_force(Membership, at), User.disabled_at.is_(None))
        .order_by(User.email)
    )
    if proposer is not None:
        query = query.where(User.id != proposer)
    return db.session().execute(query).all()


JOBS = (Job("waiver-tell", EVERY_MINUTE, tell, catch_up=False),)
