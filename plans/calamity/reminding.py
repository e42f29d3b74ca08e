"""Remind of terms of reporting without being asked: by mail, at any hour of any day, each step of a term once.

Each moment is due work (plans/calamity/waking.py). What was told of stands in the log of the calamity, in the
transaction of the mail, so that it is told once, whoever is killed. Never of an exercise. The mail names the law and
the moment, and nothing that anybody wrote: that stays behind sign-in.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from core import clock, db
from core.background import work
from core.background.jobs import EVERY_MINUTE, Job
from core.background.work import EVERYTHING, Claim
from plans.calamity import rungs, waking
from plans.calamity.queries import Told, told
from plans.calamity.recipients import Recipient, recipients
from plans.calamity.rungs import Reminded, Rung
from plans.calamity.telling import until_text
from plans.calamity.terms import BY_QUESTION, Question
from plans.models import Calamity, CalamityEntry, EntryKind
from plans.turns import take_turn
from tenants import links
from tenants.mail import letters
from tenants.models import Alarm, Tenant
from tenants.owned import Area
from tenants.scope import SERVICE, Scope, reading, scoped

DAY, LETTER, PAGE = "terms-day", "term_reminder", "calamity.run"
READS = frozenset({Area.PLAN, Area.PEOPLE})
WRITES = frozenset({Area.PLAN, Area.TRAIL})
# So long after closing every step of what the law names was told, or will never be.
LOOKED_AT = timedelta(days=120)
TENANTS_AT_ONCE = 500
TOLD_LENGTH = 2000


def remind() -> None:
    """Do whatever is due about terms now. Outside any transaction; may run in several processes at once."""
    at = clock.now()
    db.begin(writes=True)
    try:
        work.plan(DAY, [EVERYTHING], clock.day_of(at), at=at)
        db.commit()
    finally:
        db.rollback()
    work.work_off(DAY, _plan_day)
    work.work_off(waking.KIND, _look)


def _plan_day(claims: Sequence[Claim]) -> None:
    """Have every calamity looked at once a day, so that no work that was given up stays undone."""
    at = clock.now()
    found = [pair for ids in _organisations() for pair in _calamities(ids, at)]
    db.begin(writes=True)
    try:
        for tenant_id, calamity_id in found:
            work.plan(waking.KIND, [waking.about(tenant_id, calamity_id, at)], clock.day_of(at), at=at)
        work.finish(claims, at=at)
        db.commit()
    finally:
        db.rollback()


def _organisations() -> Iterable[frozenset[int]]:
    with scoped(reading(frozenset()), writes=False):
        ids = list(db.session().scalars(sa.select(Tenant.id).where(Tenant.left_at.is_(None)).order_by(Tenant.id)))
    for start in range(0, len(ids), TENANTS_AT_ONCE):
        yield frozenset(ids[start : start + TENANTS_AT_ONCE])


def _calamities(tenant_ids: frozenset[int], at: datetime) -> list[tuple[int, UUID]]:
    query = sa.select(Calamity.tenant_id, Calamity.id).where(
        Calamity.kind == Alarm.REAL,
        sa.or_(Calamity.closed_at.is_(None), Calamity.closed_at > at - LOOKED_AT),
    )
    with scoped(reading(tenant_ids, frozenset({Area.PLAN})), writes=False):
        return [(row.tenant_id, row.id) for row in db.session().execute(query)]


def _look(claims: Sequence[Claim]) -> None:
    """Look at one calamity, and tell what is due of it now."""
    (claim,) = claims
    tenant_id, calamity_id, _moment = claim.about.split(":")
    with scoped(Scope(frozenset({int(tenant_id)}), READS, WRITES, SERVICE)):
        # Whoever ticks something off, or closes it, did so before this or does after.
        take_turn()
        _tell(int(tenant_id), UUID(calamity_id), at=clock.now())
        work.finish(claims, at=clock.now())


def _tell(tenant_id: int, calamity_id: UUID, *, at: datetime) -> None:
    organisation = db.session().get_one(Tenant, tenant_id)
    found = told(calamity_id, at, organisation.zone)
    if found is None or found.brief.kind is not Alarm.REAL or organisation.left_at is not None:
        return
    ids = {one.id for one in found.course.timeline}
    due = rungs.due(found.reporting, calamity_id, ids, at, closed=found.brief.closed_at is not None)
    reached: dict[UUID, list[str]] = {one.entry_id: [] for one in due}
    for who, theirs in _by_recipient(found, due, at):
        _write(organisation, found, who, theirs, at)
        for one in theirs:
            reached[one.entry_id].append(who.key or who.name)
    db.session().add_all(_entry(calamity_id, one, reached[one.entry_id], at) for one in due)
    db.session().flush()
    # The day, or a new end, may have brought moments that nobody planned.
    waking.plan_for(tenant_id, told(calamity_id, at, organisation.zone) or found, at=at)


def _by_recipient(found: Told, due: Sequence[Reminded], at: datetime) -> list[tuple[Recipient, list[Reminded]]]:
    """Return who is told of what: one mail a person, however many terms are due."""
    whose: dict[str, tuple[Recipient, list[Reminded]]] = {}
    for one in due:
        for who in recipients(found, BY_QUESTION[one.course.term.question].reports, at):
            whose.setdefault(who.email.casefold(), (who, []))[1].append(one)
    return list(whose.values())


def _write(organisation: Tenant, found: Told, who: Recipient, due: Sequence[Reminded], at: datetime) -> None:
    language = who.language or organisation.language
    words = {
        "name": who.name,
        "organisation": organisation.name,
        "terms": [
            {
                "law": BY_QUESTION[one.course.term.question].title,
                "term": one.course.term.title,
                "clause": one.course.term.clause,
                "to": BY_QUESTION[Question(one.course.term.question)].to,
                "ends_at": one.course.ends_at,
                "passed": one.rung is Rung.PASSED,
                "known": one.course.due,
            }
            for one in due
        ],
        "passed": any(one.rung is Rung.PASSED for one in due),
        "until": lambda ends_at: until_text(ends_at, at, zone=organisation.zone),
        "link": links.address(PAGE, where={"slug": organisation.slug, "calamity_id": found.brief.id}),
        "signs_in": who.signs_in,
    }
    letters.write(LETTER, who.email, language, words, organisation_id=organisation.id)


def _entry(calamity_id: UUID, one: Reminded, whom: Sequence[str], at: datetime) -> CalamityEntry:
    """Return the entry of a reminder. whom: keys of the frozen plan, so that an erased name stays nowhere else."""
    return CalamityEntry(
        id=one.entry_id,
        calamity_id=calamity_id,
        kind=EntryKind.TERM_REMINDED,
        target=one.course.term.key,
        happened_at=at,
        recorded_at=at,
        names_at=one.course.ends_at,
        by=SERVICE.name,
        text="\n".join(whom)[:TOLD_LENGTH],
    )


JOBS = (Job("terms-remind", EVERY_MINUTE, remind, catch_up=False),)
