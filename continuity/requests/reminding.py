"""Remind of requests without being asked: the client of what it has to do, the foundation's officers of what waits.

Once a working day it is worked out who is to be told; each letter is due work, so that it is written once. The period
of a client's letter is the day on which it became due: a day that was told of is never told of again.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from continuity.models import ClientRequest
from continuity.period import period
from continuity.requests import linking, telling
from continuity.requests.outstanding import Outstanding, outstanding
from continuity.requests.steps import client_of, owner_of
from continuity.requests.thresholds import Matter, of_client, of_foundation, told_on
from core import clock, db
from core.background import work
from core.background.jobs import EVERY_MINUTE, Job
from core.background.mornings import plan_today
from core.background.work import Claim, DueWork
from core.background.work_states import WorkState
from plans.turns import take_turn
from tenants import links
from tenants.mail import letters
from tenants.models import Tenant
from tenants.owned import Area
from tenants.scope import SERVICE, Scope, reading, scoped

DAY, CLIENT, OFFICERS = "requests-remind-day", "requests-remind", "requests-remind-officers"
CLIENT_LETTER, OFFICERS_LETTER, PAGE = "request_reminder", "requests_waiting", "foundation.client_requests"
# What became due longer ago and was not told of is not told of any more; shorter than done work is kept.
FRESH = timedelta(days=14)
# So many days before its last day a thing stands in a letter that is written about another one.
AHEAD = timedelta(days=7)
END_AHEAD = timedelta(days=30)
LISTED = 25
TENANTS_AT_ONCE = 500


def remind() -> None:
    """Do whatever is due about reminders of requests now. Outside any transaction; may run in several processes."""
    plan_today(DAY)
    work.work_off(DAY, _plan_day)
    work.work_off(CLIENT, _tell_client)
    work.work_off(OFFICERS, _tell_officers)


def _plan_day(claims: Sequence[Claim]) -> None:
    """Plan the letters of a day."""
    (claim,) = claims
    found = [one for ids in _suppliers() for one in _open(ids)]
    db.begin(writes=True)
    try:
        at, told = clock.now(), _newest_told(CLIENT)
        for about, day in _clients_due(found, claim.period):
            # What is told of on one day tells of all before it: never go back to an earlier one.
            if told.get(about, date.min) < day:
                work.plan(CLIENT, [about], day, at=at)
        work.plan(OFFICERS, _foundations_due(found, claim.period), claim.period, at=at)
        work.finish(claims, at=at)
        db.commit()
    finally:
        db.rollback()


def _suppliers() -> Iterable[frozenset[int]]:
    with scoped(reading(frozenset()), writes=False):
        ids = list(db.session().scalars(sa.select(Tenant.id).where(Tenant.left_at.is_(None)).order_by(Tenant.id)))
    for start in range(0, len(ids), TENANTS_AT_ONCE):
        yield frozenset(ids[start : start + TENANTS_AT_ONCE])


def _open(tenant_ids: frozenset[int]) -> list[Outstanding]:
    with scoped(reading(tenant_ids, frozenset({Area.CONTINUITY})), writes=False):
        return outstanding(tenant_ids)


def _clients_due(found: Iterable[Outstanding], today: date) -> Iterable[tuple[str, date]]:
    """Yield the requests of whose items one became due lately, with the newest day on which one did."""
    for one in found:
        days = told_on(one.standing, of_client(one.standing), after=today - FRESH, up_to=today)
        if days:
            supplier_id, request_id = one.standing.key
            yield f"{supplier_id}:{request_id}", days[-1]


def _foundations_due(found: Iterable[Outstanding], today: date) -> set[str]:
    last = _newest_told(OFFICERS, WorkState.DONE)
    return {
        str(one.foundation_id)
        for one in found
        if one.foundation_id is not None and _fresh(one, last.get(str(one.foundation_id)), today)
    }


def _fresh(one: Outstanding, last: date | None, today: date) -> bool:
    """Tell whether something of it became due for the foundation since its last letter."""
    after = max(last or date.min, today - FRESH)
    return bool(told_on(one.standing, of_foundation(one.standing), after=after, up_to=today))


def _newest_told(kind: str, *states: WorkState) -> dict[str, date]:
    query = sa.select(DueWork.about, sa.func.max(DueWork.period)).where(DueWork.kind == kind)
    if states:
        query = query.where(DueWork.state.in_(states))
    return {row[0]: row[1] for row in db.session().execute(query.group_by(DueWork.about))}


def _tell_client(claims: Sequence[Claim]) -> None:
    """Remind one client, when what became due is open still."""
    (claim,) = claims
    supplier, _colon, request = claim.about.partition(":")
    supplier_id, request_id, at = int(supplier), UUID(request), clock.now()
    writes = frozenset({Area.CONTINUITY, Area.TRAIL})
    with scoped(Scope(frozenset({supplier_id}), telling.READS, writes, SERVICE)):
        # Whoever pays, ticks off or takes back its link meanwhile did so before this, or does after.
        take_turn()
        for one in outstanding([supplier_id], request_id):
            row = db.session().get_one(ClientRequest, (supplier_id, request_id))
            _remind_client(row, one, claim.period, at=at)
        work.finish(claims, at=at)


def _remind_client(row: ClientRequest, one: Outstanding, became_due: date, *, at: datetime) -> None:
    items, client = list(of_client(one.standing)), client_of(row)
    to = telling.address_of(row, client)
    if not to or became_due not in told_on(one.standing, items, after=date.min, up_to=became_due):
        return
    today = clock.day_of(at)
    owner = owner_of(row)
    fresh = linking.link_for(row, to, period(owner.declared_bankrupt_on, owner.duration_months), at=at)
    words: dict[str, Any] = {
        **telling.words_of(row, owner, client),
        "today": today,
        "owes": any(item.matter is Matter.FEE for item in items),
        "tasks": [item for item in items if item.matter is Matter.TASK and item.until <= today + AHEAD],
        "ends_soon": one.standing.last_on <= today + END_AHEAD and row.served_on is not None,
        **telling.linked(fresh),
    }
    mail = letters.write(CLIENT_LETTER, to, telling.language_of(client), words, organisation_id=row.tenant_id)
    if fresh is not None:
        fresh.invitation.mail_id = mail.id
    db.session().flush()


def _tell_officers(claims: Sequence[Claim]) -> None:
    """Write the officers of one foundation what became due since their last letter."""
    (claim,) = claims
    foundation_id, at = int(claim.about), clock.now()
    db.begin(writes=False)
    try:
        last = _newest_told(OFFICERS, WorkState.DONE).get(claim.about)
    finally:
        db.rollback()
    found = [one for ids in _suppliers() for one in _open(ids) if one.foundation_id == foundation_id]
    lines = [_line(one, claim.period) for one in found if _fresh(one, last, claim.period)]
    with scoped(Scope(frozenset({foundation_id}), telling.READS, telling.WRITES, SERVICE)):
        if lines:
            _write_officers(foundation_id, lines, at=at)
        work.finish(claims, at=at)


def _line(one: Outstanding, today: date) -> dict[str, Any]:
    (item,) = of_foundation(one.standing)
    return {
        "matter": item.matter.value,
        "client": " ".join(one.client.split()),
        "service": " ".join(one.service.split()),
        "until": item.until,
        "late": item.until < today,
    }


def _write_officers(foundation_id: int, lines: Sequence[dict[str, Any]], *, at: datetime) -> None:
    foundation = db.session().get_one(Tenant, foundation_id)
    words: dict[str, Any] = {
        "lines": lines[:LISTED],
        "more": max(0, len(lines) - LISTED),
        "total": len(lines),
        "link": links.address(PAGE, where={"slug": foundation.slug}),
    }
    for name, address, language in telling.officers(foundation_id, at):
        told = {**words, "name": name}
        letters.write(OFFICERS_LETTER, address, language or foundation.language, told, organisation_id=foundation_id)


JOBS = (Job("requests-remind", EVERY_MINUTE, remind, catch_up=False),)
