"""Noting what is to be told, in the transaction in which it happens: no event without its telling, and none twice."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from audits.reminders.asked import REQUEST
from audits.reminders.models import Reminder
from audits.sweeping.ledger import Changes
from audits.webhooks.models import DeliveryState, HookEvent, Webhook, WebhookDelivery, WebhookState
from core import clock, db
from core.background import work

# A piece of due work is one turn of one telling.
KIND = "webhook"


@dataclass(frozen=True, slots=True)
class Happened:
    """Something to tell of. about_id: the finding or reminder."""

    tenant_id: int
    event: HookEvent
    about_id: UUID


def note_findings(changes: Changes, *, at: datetime) -> None:
    """Note the findings that were opened and closed. The scope reads and writes the audit area of all of them."""
    note(
        [
            *(Happened(row["tenant_id"], HookEvent.OPENED, row["id"]) for row in changes.opened),
            *(Happened(row["tenant_id"], HookEvent.CLOSED, row["id"]) for row in changes.closed),
        ],
        at=at,
    )


def note_lapsing(days: Mapping[int, date], *, at: datetime) -> None:
    """Note what was noted to lapse of each organisation on its day, where anybody is to be told.

    What an auditor waits for is between people.
    """
    told = _told(days)
    if not told:
        return
    query = sa.select(Reminder.tenant_id, Reminder.id, Reminder.noted_on).where(Reminder.rule_code != REQUEST)
    rows = db.session().execute(query.where(Reminder.tenant_id.in_(sorted(told)), Reminder.passed.is_(False)))
    fresh = [Happened(row.tenant_id, HookEvent.LAPSING, row.id) for row in rows if row.noted_on == days[row.tenant_id]]
    note(fresh, at=at)


def note(happened: Iterable[Happened], *, at: datetime) -> None:
    """Note a telling for every webhook that wants to hear of it, in a number of queries that does not grow."""
    found = list(happened)
    hooks = _told({one.tenant_id for one in found}) if found else {}
    if not hooks:
        return
    add(
        [
            (hook_id, one)
            for one in found
            for hook_id, events in hooks.get(one.tenant_id, ())
            if one.event.value in events
        ],
        at=at,
    )


def add(tellings: Iterable[tuple[UUID, Happened]], *, at: datetime) -> None:
    """Note these tellings, each to the webhook of that id, and plan their first turn."""
    rows = [
        WebhookDelivery(
            tenant_id=one.tenant_id,
            webhook_id=hook_id,
            event=one.event,
            about_id=one.about_id,
            happened_at=at,
            state=DeliveryState.WAITING,
            attempts=0,
            turn=0,
            tried_at=None,
            answer="",
        )
        for hook_id, one in tellings
    ]
    if rows:
        db.session().add_all(rows)
        db.session().flush()
        work.plan(KIND, map(about, rows), clock.day_of(at), at=at)


def about(row: WebhookDelivery) -> str:
    """Return what the work of a telling's present turn is called."""
    return f"{row.tenant_id}:{row.id.hex}:{row.turn}"


def _told(tenant_ids: Iterable[int]) -> dict[int, list[tuple[UUID, list[str]]]]:
    """Return the webhooks that are on of each organisation, each with the events it is told of."""
    query = sa.select(Webhook.tenant_id, Webhook.id, Webhook.events)
    where = (Webhook.tenant_id.in_(sorted(tenant_ids)), Webhook.state == WebhookState.ON)
    found: dict[int, list[tuple[UUID, list[str]]]] = defaultdict(list)
    for tenant_id, hook_id, events in db.session().execute(query.where(*where).order_by(Webhook.id)):
        found[tenant_id].append((hook_id, events))
    return found
