"""Mail about the announced end of a scheme: to clients that accepted, at once and before the day, and to the others.

Whoever announces may not read who the foundation's officers are, so their letter is due work. The period of a client's
reminder is the day on which it became due: a day that was told of is never told of again.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from continuity.models import By, Client, NoticeStage, Registration, SchemeContact, SchemeNotice, SchemeParty
from continuity.queries import tenant_name
from continuity.requests.queries import may_ask
from continuity.requests.telling import READS, WRITES, contact_text, officers
from continuity.terms import Terms, terms_of
from core import clock, db
from core.background import work
from core.background.jobs import EVERY_MINUTE, Job
from core.background.mornings import plan_today
from core.background.work import Claim
from core.mail.outbox import ADDRESS
from plans.turns import take_turn
from tenants import links
from tenants.mail import letters
from tenants.models import Tenant
from tenants.owned import Area
from tenants.scope import SERVICE, Scope, reading, scoped

ENDS, GOES_ON, OVER = "scheme_ends", "scheme_goes_on", "over"
OFFICERS_LETTER, PAGE = "scheme_end_officers", "foundation.scheme"
DAY, CLIENTS, OFFICERS = "scheme-end-day", "scheme-end-clients", "scheme-end-officers"
# What became due longer ago and was not told of is not told of any more; shorter than done work is kept.
FRESH = timedelta(days=14)
TENANTS_AT_ONCE = 500
# Days from the last one on which clients are told once more, unless the foundation chose others.
MATTER, USUAL_DAYS = "end", (-30, -7)


class Given(NamedTuple):
    """An announced end that stands, and the foundation of its scheme."""

    tenant_id: int
    id: UUID
    foundation_id: int | None
    given_at: datetime
    last_on: date


class Relying(NamedTuple):
    """Who accepted the deed: those a letter reaches, and those without an address here, who are told by hand."""

    written: Sequence[Client]
    by_hand: Sequence[Client]


def relying(owner: Registration) -> Relying:
    """Return the clients that accepted and are to know of the end of a scheme, by name."""
    reached: dict[bool, list[Client]] = {True: [], False: []}
    for one in may_ask(owner):
        reached[ADDRESS.fullmatch(one.email) is not None].append(one)
    return Relying(written=reached[True], by_hand=reached[False])


def tell(owner: Registration, row: SchemeNotice, letter: str, *, at: datetime, again: bool = False) -> None:
    """Write this letter to each client that accepted and has an address, and tell the supplier and the officers.

    again: it was told before, and the day is near; then only the clients are written to. The letters wait in the
    transaction of whoever calls.
    """
    spoken = db.session().get_one(Tenant, owner.tenant_id).language
    words = {**_words(owner, row), "again": again}
    for client in relying(owner).written:
        told, language = {**words, "client": client.name}, client.language or spoken
        letters.write(letter, client.email, language, told, organisation_id=owner.tenant_id, among_many=True)
    if not again:
        _tell_company(owner, letter, words)
        work.plan(OFFICERS, [_about(owner.tenant_id, owner.foundation_id, row.id, letter)], clock.day_of(at), at=at)
    db.session().flush()


def _tell_company(owner: Registration, letter: str, words: dict[str, Any]) -> None:
    query = sa.select(SchemeContact).where(
        SchemeContact.tenant_id == owner.tenant_id,
        SchemeContact.registration_id == owner.id,
        SchemeContact.party == SchemeParty.COMPANY,
    )
    contact, tenant = db.session().scalar(query), db.session().get_one(Tenant, owner.tenant_id)
    if contact is not None and ADDRESS.fullmatch(contact.email):
        told = {**words, "client": ""}
        letters.write(letter, contact.email, tenant.language, told, organisation_id=owner.tenant_id, among_many=True)


def _words(owner: Registration, row: SchemeNotice) -> dict[str, Any]:
    return {
        "service": owner.service_name,
        "supplier": tenant_name(owner.tenant_id),
        "foundation": tenant_name(owner.foundation_id),
        "contact": contact_text(owner),
        "last_on": row.last_on,
        "reason": row.reason,
        "by_foundation": row.role is By.FOUNDATION,
    }


def _about(tenant_id: int, foundation_id: int | None, notice_id: UUID, letter: str) -> str:
    return f"{tenant_id}:{foundation_id}:{notice_id}:{letter}"


def days_of(terms: Terms, last_on: date) -> Iterator[date]:
    """Yield the days on which clients are told once more of an end on `last_on`."""
    for days in terms.days.get(MATTER, USUAL_DAYS):
        yield last_on + timedelta(days=days)


def remind() -> None:
    """Do whatever is due about announced ends now. Outside any transaction; may run in several processes."""
    plan_today(DAY)
    work.work_off(DAY, _plan_day)
    work.work_off(CLIENTS, _tell_clients)
    work.work_off(OFFICERS, _tell_officers)


def _plan_day(claims: Sequence[Claim]) -> None:
    """Plan the letters of a day: to clients before the last day, to the officers once it is over."""
    (claim,) = claims
    found = [one for ids in _suppliers() for one in _given(ids)]
    db.begin(writes=True)
    try:
        at = clock.now()
        for one in found:
            due = due_on(one, terms_of(one.foundation_id), claim.period)
            if due is not None:
                work.plan(CLIENTS, [f"{one.tenant_id}:{one.id}"], due, at=at)
            if one.last_on < claim.period <= one.last_on + FRESH:
                about = _about(one.tenant_id, one.foundation_id, one.id, OVER)
                work.plan(OFFICERS, [about], one.last_on, at=at)
        work.finish(claims, at=at)
        db.commit()
    finally:
        db.rollback()


def due_on(row: Given, terms: Terms, today: date) -> date | None:
    """Return the newest day on which clients are to be told again, that has come and was not told of by announcing."""
    after = max(clock.day_of(row.given_at), today - FRESH)
    return max((day for day in days_of(terms, row.last_on) if after < day <= today), default=None)


def _suppliers() -> Iterable[frozenset[int]]:
    with scoped(reading(frozenset()), writes=False):
        ids = list(db.session().scalars(sa.select(Tenant.id).order_by(Tenant.id)))
    for start in range(0, len(ids), TENANTS_AT_ONCE):
        yield frozenset(ids[start : start + TENANTS_AT_ONCE])


def _given(tenant_ids: frozenset[int]) -> list[Given]:
    """Return the ends that stand announced, of schemes whose period did not begin."""
    same = sa.and_(Registration.tenant_id == SchemeNotice.tenant_id, Registration.id == SchemeNotice.registration_id)
    query = (
        sa.select(
            SchemeNotice.tenant_id,
            SchemeNotice.id,
            Registration.foundation_id,
            SchemeNotice.given_at,
            SchemeNotice.last_on,
        )
        .join(Registration, same)
        .where(SchemeNotice.stage == NoticeStage.GIVEN, Registration.declared_bankrupt_on.is_(None))
    )
    with scoped(reading(tenant_ids, frozenset({Area.CONTINUITY})), writes=False):
        return [Given(*row) for row in db.session().execute(query)]


def _tell_clients(claims: Sequence[Claim]) -> None:
    (claim,) = claims
    supplier, _colon, notice = claim.about.partition(":")
    with scoped(Scope(frozenset({int(supplier)}), READS, frozenset({Area.CONTINUITY, Area.TRAIL}), SERVICE)):
        # Whoever takes it back meanwhile did so before this, or does after.
        take_turn()
        found = _standing((int(supplier), UUID(notice)))
        if found is not None and found[0].stage is NoticeStage.GIVEN and clock.today() <= found[0].last_on:
            tell(found[1], found[0], ENDS, at=clock.now(), again=True)
        work.finish(claims, at=clock.now())


def _standing(key: tuple[int, UUID]) -> tuple[SchemeNotice, Registration] | None:
    """Return an announced end with its scheme, None once the period began or where it is gone."""
    row = db.session().get(SchemeNotice, key)
    owner = db.session().get_one(Registration, (row.tenant_id, row.registration_id)) if row else None
    return (row, owner) if row and owner and owner.declared_bankrupt_on is None else None


def _tell_officers(claims: Sequence[Claim]) -> None:
    (claim,) = claims
    supplier, foundation, notice, letter = claim.about.split(":")
    at = clock.now()
    with scoped(Scope(frozenset({int(supplier), int(foundation)}), READS, WRITES, SERVICE)):
        found = _standing((int(supplier), UUID(notice)))
        stage = NoticeStage.TAKEN_BACK if letter == GOES_ON else NoticeStage.GIVEN
        if found is not None and found[0].stage is stage:
            _write_officers(found[1], found[0], letter, int(foundation), at=at)
        work.finish(claims, at=at)


def _write_officers(owner: Registration, row: SchemeNotice, letter: str, foundation_id: int, *, at: datetime) -> None:
    foundation = db.session().get_one(Tenant, foundation_id)
    where = {"slug": foundation.slug, "registration_id": owner.id}
    words = {**_words(owner, row), "what": letter, "link": links.address(PAGE, where=where)}
    for name, address, language in officers(foundation_id, at):
        told = {**words, "name": name}
        letters.write(OFFICERS_LETTER, address, language or foundation.language, told, organisation_id=foundation_id)


JOBS = (Job("scheme-end-tell", EVERY_MINUTE, remind, catch_up=False),)
