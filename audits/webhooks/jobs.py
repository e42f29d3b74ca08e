"""Sending what was noted. Who cannot be reached is tried again for days, then told no more, and its owners hear of it.

Nothing of the database is held while somebody else's server takes its time. A telling that was sent by a process that
died right after is sent once more, under the same id: the receiver takes an id that it knows for done.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
import structlog
from flask import current_app

from audits.webhooks import letters, retention
from audits.webhooks.letters import Letter
from audits.webhooks.models import DeliveryState, HookEvent, Webhook, WebhookDelivery, WebhookState
from audits.webhooks.noting import KIND, about
from core import clock, db
from core.background import work
from core.background.jobs import EVERY_MINUTE, NIGHTLY, Job
from core.background.work import Claim
from core.outward import NoAnswer, NotCalled, Outside
from core.settings import Settings
from tenants import links
from tenants.mail import letters as mail
from tenants.models import Membership, Role, Tenant, User
from tenants.owned import Area
from tenants.relations import in_force
from tenants.scope import Scope, reading, scoped

# How long a telling rests after each try that failed; after the last one it is given up: two and a half days in all.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440, 1440))
# Behind one that failed the others wait, without a try of their own.
BEHIND = timedelta(minutes=1)
# In one go: also where each takes as long as is allowed, all are done before anybody may take them over.
AT_ONCE, THREADS = 20, 4
READS = frozenset({Area.AUDIT, Area.PEOPLE})
WRITES = frozenset({Area.AUDIT, Area.TRAIL})
PAGE, OFF_LETTER = "webhooks.show", "webhook_off"


T = TypeVar("T")
log = structlog.get_logger("webhooks")


class Outcome(StrEnum):
    """What came of a telling. LEFT: it was not tried, as one before it failed; DROPPED: nobody is to be told."""

    DELIVERED = "delivered"
    FAILED = "failed"
    LEFT = "left"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of it, and what the other side answered, in our words."""

    outcome: Outcome
    answer: str = ""


DROPPED = Sent(Outcome.DROPPED)


def deliver() -> None:
    """Tell whatever is due. Outside any transaction; may run in several processes at once."""
    while claims := _taken():
        written = {claim: letter for claim in claims for letter in _tried(claim, _written)}
        sent = _send([letter for letter in written.values() if letter is not None])
        for claim, letter in written.items():
            _tried(claim, partial(_settle, sent=DROPPED if letter is None else sent[letter.delivery_id]))


def _tried(claim: Claim, do: Callable[[Claim], T]) -> list[T]:
    """Return what `do` made of a telling, nothing when that went wrong: one must not keep the others waiting."""
    try:
        return [do(claim)]
    except Exception as error:
        db.rollback()
        log.error("telling failed", about=claim.about, exc_info=error)
        work.note_failure(claim, error)
        return []


def _taken() -> list[Claim]:
    db.begin(writes=True)
    try:
        claims = work.take(KIND, at=clock.now(), at_most=AT_ONCE)
        db.commit()
    finally:
        db.rollback()
    return claims


def _named(claim: Claim) -> tuple[int, UUID]:
    tenant_id, delivery_id, _turn = claim.about.split(":")
    return int(tenant_id), UUID(delivery_id)


def _written(claim: Claim) -> Letter | None:
    """Return what is to be sent, None when nobody is to be told any more."""
    tenant_id, delivery_id = _named(claim)
    with scoped(reading(frozenset({tenant_id}), frozenset({Area.AUDIT})), writes=False):
        row, hook = _found(delivery_id)
        tenant = db.session().get_one(Tenant, tenant_id)
        tried_out = row.event is HookEvent.TEST and hook.state is not WebhookState.REMOVED
        wanted = hook.state is WebhookState.ON or tried_out
        if row.state is not DeliveryState.WAITING or tenant.left_at is not None or not wanted:
            return None
        return letters.write(row, hook, tenant, at=clock.now())


def _found(delivery_id: UUID) -> tuple[WebhookDelivery, Webhook]:
    row = db.session().scalars(sa.select(WebhookDelivery).where(WebhookDelivery.id == delivery_id)).one()
    return row, db.session().scalars(sa.select(Webhook).where(Webhook.id == row.webhook_id)).one()


def _send(every: Sequence[Letter]) -> dict[UUID, Sent]:
    """Send letters: those to one address in a row, to different ones side by side."""
    settings: Settings = current_app.config["SETTINGS"]
    outside = Outside(settings.test_loopback_ca)
    by_hook: dict[UUID, list[Letter]] = defaultdict(list)
    for letter in every:
        by_hook[letter.webhook_id].append(letter)
    with ThreadPoolExecutor(THREADS) as threads:
        found = threads.map(lambda mine: _send_row(outside, mine), by_hook.values())
    return {delivery_id: sent for one in found for delivery_id, sent in one.items()}


def _send_row(outside: Outside, row: Sequence[Letter]) -> dict[UUID, Sent]:
    """Send letters to one address until one fails. Runs in a thread of its own, without the database."""
    found = {letter.delivery_id: Sent(Outcome.LEFT) for letter in row}
    for letter in row:
        try:
            outside.post(letter.address, letter.body, headers=letters.headers(letter, at=clock.now()))
        except (NoAnswer, NotCalled) as error:
            found[letter.delivery_id] = Sent(Outcome.FAILED, str(error)[:120])
            break
        found[letter.delivery_id] = Sent(Outcome.DELIVERED)
    return found


def _settle(claim: Claim, sent: Sent) -> None:
    """Note what came of one telling, and plan its next turn, in one transaction."""
    tenant_id, delivery_id = _named(claim)
    try:
        with scoped(Scope(frozenset({tenant_id}), READS, WRITES)):
            at = clock.now()
            row, hook = _found(delivery_id)
            _note(row, hook, sent, at)
            work.finish([claim], at=at)
    except work.Overtaken:
        return  # somebody else took it over and notes what came of it


def _note(row: WebhookDelivery, hook: Webhook, sent: Sent, at: datetime) -> None:
    if sent.outcome is Outcome.DROPPED:
        row.state = DeliveryState.DROPPED if row.state is DeliveryState.WAITING else row.state
        return
    if sent.outcome is Outcome.LEFT:
        _again(row, at, BEHIND)
        return
    row.attempts, row.tried_at, row.answer = row.attempts + 1, at, sent.answer
    if sent.outcome is Outcome.DELIVERED:
        row.state = DeliveryState.DELIVERED
    elif row.attempts <= len(PAUSES) and row.event is not HookEvent.TEST:
        _again(row, at, PAUSES[row.attempts - 1])
    else:
        row.state = DeliveryState.GIVEN_UP
        if row.event is not HookEvent.TEST:
            _switch_off(hook, at)


def _again(row: WebhookDelivery, at: datetime, pause: timedelta) -> None:
    row.turn += 1
    db.session().flush()
    work.plan(KIND, [about(row)], clock.day_of(at), at=at + pause)


def _switch_off(hook: Webhook, at: datetime) -> None:
    """Tell this address no more, and its owners that it is so."""
    if hook.state is not WebhookState.ON:
        return
    hook.state = WebhookState.FAILED
    tenant = db.session().get_one(Tenant, hook.tenant_id)
    link = links.address(PAGE, where={"slug": tenant.slug, "webhook_id": hook.id})
    owners = (
        sa.select(User.name, User.email, User.language)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.role == Role.OWNER, in_force(Membership, at), User.disabled_at.is_(None))
        .order_by(User.email)
    )
    for name, address, language in db.session().execute(owners).all():
        told = {"name": name, "webhook": hook.name, "organisation": tenant.name, "link": link}
        mail.write(OFF_LETTER, address, language or tenant.language, told, organisation_id=tenant.id)


JOBS = (
    Job("webhooks", EVERY_MINUTE, deliver, catch_up=False),
    Job("webhooks-thin-out", NIGHTLY, retention.thin_out),
)
