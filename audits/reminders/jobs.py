"""Reminders without being asked: note what is due of every organisation once a day, then mail each person once.

Each piece is due work: planned once a day, done once in effect, made up for once after down time.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from audits.reminders import digest, noting, queries
from audits.reminders.models import Reminder, ReminderRecipient
from audits.sweeping import waiting
from audits.sweeping.jobs import JUDGE
from audits.webhooks import noting as webhooks
from core import clock, db
from core.background import runners, work
from core.background.jobs import EVERY_MINUTE, Job
from core.background.mornings import has_begun, plan_today
from core.background.work import Claim, DueWork
from core.background.work_states import OPEN
from tenants.models import ManagementGrant, Membership, Role, Tenant
from tenants.owned import Area
from tenants.relations import in_force
from tenants.scope import Scope, close_scope, reading, scoped

DAY_BEGINS, JUDGED, REMIND = "reminders-day", "reminders-judged", "reminders"
MAIL_DAY, DIGEST = "digests-day", "digest"
# How long the reminders of a day wait for workers to judge; without any worker they go by what was found before.
PATIENCE = timedelta(hours=2)
BATCH = 100
TENANTS_AT_ONCE = 500
AUDIT = frozenset({Area.AUDIT})
WHO = frozenset({Area.AUDIT, Area.PEOPLE})
ANSWERING = (Role.OWNER, Role.EDITOR)


def remind() -> None:
    """Do whatever is due about reminders now. Outside any transaction; may run in several processes at once."""
    _begin_days(clock.now())
    work.work_off(DAY_BEGINS, _begin_day)
    if _is_judged(clock.now()):
        work.work_off(JUDGED, _plan_notes)
    work.work_off(REMIND, _note, at_once=BATCH)
    # Once all that is due today was noted.
    plan_today(MAIL_DAY, after=(DAY_BEGINS, JUDGED, REMIND))
    work.work_off(MAIL_DAY, _plan_mail)
    work.work_off(DIGEST, _send)


def _begin_days(at: datetime) -> None:
    """Plan the day of every zone in which it has begun."""
    db.begin(writes=True)
    try:
        for zone in db.session().scalars(sa.select(Tenant.zone).where(Tenant.left_at.is_(None)).distinct()).all():
            if has_begun(at, zone):
                work.plan(DAY_BEGINS, [zone], clock.day_of(at, zone), at=at)
        db.commit()
    finally:
        db.rollback()


def _begin_day(claims: Sequence[Claim]) -> None:
    """Have judged who is due, so that a day's reminders tell what is found that day."""
    (claim,) = claims
    # As the night did, unless it was missed. Killed before the end this is done twice, which a judgement bears.
    runners.hand(JUDGE, waiting.due(at=clock.now()))
    db.begin(writes=True)
    try:
        work.plan(JUDGED, [claim.about], claim.period, at=clock.now())
        work.finish(claims, at=clock.now())
        db.commit()
    finally:
        db.rollback()


def _is_judged(at: datetime) -> bool:
    """Tell whether some zone's reminders need not wait any longer for workers to judge."""
    db.begin(writes=False)
    try:
        begun = sa.select(sa.func.min(DueWork.due_at)).where(DueWork.kind == JUDGED, DueWork.state.in_(OPEN))
        since = db.session().scalar(begun)
    finally:
        db.rollback()
    return since is not None and (at - since >= PATIENCE or not runners.runner_here().left(JUDGE))


def _plan_notes(claims: Sequence[Claim]) -> None:
    """Plan the reminders of every organisation in a zone; whatever is judged later that day is for the next."""
    (claim,) = claims
    db.begin(writes=True)
    try:
        ids = db.session().scalars(sa.select(Tenant.id).where(Tenant.zone == claim.about, Tenant.left_at.is_(None)))
        work.plan(REMIND, map(str, ids), claim.period, at=clock.now())
        work.finish(claims, at=clock.now())
        db.commit()
    finally:
        db.rollback()


def _note(claims: Sequence[Claim]) -> None:
    """Note what is to be told of some organisations."""
    days = {int(claim.about): claim.period for claim in claims}
    with scoped(Scope(frozenset(days), AUDIT, AUDIT)):
        noting.note(days)
        webhooks.note_lapsing(days, at=clock.now())
        work.finish(claims, at=clock.now())


def _plan_mail(claims: Sequence[Claim]) -> None:
    """Plan the mail of everybody who answers for an organisation with fresh reminders."""
    (claim,) = claims
    people: set[UUID] = set()
    with scoped(reading(frozenset()), writes=False):
        ids = list(db.session().scalars(sa.select(Tenant.id).where(Tenant.left_at.is_(None)).order_by(Tenant.id)))
    for start in range(0, len(ids), TENANTS_AT_ONCE):
        people |= _whom(ids[start : start + TENANTS_AT_ONCE], claim)
    db.begin(writes=True)
    try:
        work.plan(DIGEST, map(str, people), claim.period, at=clock.now())
        work.finish(claims, at=clock.now())
        db.commit()
    finally:
        db.rollback()


def _whom(tenant_ids: Sequence[int], claim: Claim) -> set[UUID]:
    """Return who may have something to hear about these organisations; what exactly is looked up at sending."""
    at = clock.now()
    with scoped(reading(frozenset(tenant_ids), WHO), writes=False):
        fresh = sa.select(Reminder.tenant_id).where(
            Reminder.passed.is_(False), Reminder.noted_on > claim.period - queries.FRESH
        )
        found = set(db.session().scalars(fresh.distinct()))
        chosen = sa.select(ReminderRecipient.user_id).where(
            ReminderRecipient.tenant_id.in_(found), ReminderRecipient.gets.is_(True)
        )
        people = _members(found, at) | set(db.session().scalars(chosen.distinct()))
        granted = sa.select(ManagementGrant.manager_id).where(
            ManagementGrant.tenant_id.in_(found), in_force(ManagementGrant, at)
        )
        managers = set(db.session().scalars(granted.distinct()))
    if not managers:
        return people
    with scoped(reading(frozenset(managers), WHO), writes=False):
        return people | _members(managers, at)


def _members(tenant_ids: Iterable[int], at: datetime) -> set[UUID]:
    query = sa.select(Membership.user_id).where(
        Membership.tenant_id.in_(sorted(tenant_ids)), Membership.role.in_(ANSWERING), in_force(Membership, at)
    )
    return set(db.session().scalars(query.distinct()))


def _send(claims: Sequence[Claim]) -> None:
    """Mail one person, when there is something to say."""
    (claim,) = claims
    db.begin(writes=True)
    try:
        digest.send(UUID(claim.about), claim.period, at=clock.now())
        close_scope()
        # Before the commit, in the same transaction as the mail: it leaves once or not at all.
        work.finish(claims, at=clock.now())
        db.commit()
    finally:
        db.rollback()
        close_scope()


JOBS = (Job("reminders", EVERY_MINUTE, remind, catch_up=False),)
