"""What is sent: ids, codes and days, no word that anybody typed; and the signature by which the receiver knows us."""

import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from audits.models import Finding
from audits.reminders.models import Reminder
from audits.webhooks.models import HookEvent, Webhook, WebhookDelivery
from core import db
from tenants import links
from tenants.models import Tenant

PAGES = {HookEvent.LAPSING: "audits.expiries"}
PAGE = "audits.findings"


@dataclass(frozen=True, slots=True)
class Letter:
    """One telling, ready to be sent. secrets: the newest first."""

    webhook_id: UUID
    delivery_id: UUID
    event: HookEvent
    address: str
    secrets: tuple[str, ...]
    body: bytes


def write(row: WebhookDelivery, hook: Webhook, tenant: Tenant, *, at: datetime) -> Letter:
    """Write what `row` tells. at: when it is sent, which decides whether the former secret still signs."""
    told: dict[str, Any] = {
        "id": str(row.id),
        "event": row.event.value,
        "happened_at": row.happened_at.isoformat(),
        "organisation": tenant.slug,
        "link": links.address(PAGES.get(row.event, PAGE), where={"slug": tenant.slug}),
    }
    if row.event in (HookEvent.OPENED, HookEvent.CLOSED):
        told["finding"] = _finding(row.about_id)
    elif row.event is HookEvent.LAPSING:
        told["lapsing"] = _lapsing(row.about_id)
    former = (hook.former_secret,) if hook.former_until is not None and hook.former_until > at else ()
    body = json.dumps(told, separators=(",", ":")).encode()
    return Letter(hook.id, row.id, row.event, hook.address, (hook.secret, *former), body)


def headers(letter: Letter, *, at: datetime) -> dict[str, str]:
    """Return the headers of a letter that is sent at `at`.

    The signature is over the second of sending, a point, and the body: t=SECOND,v1=HMAC-SHA256 in hexadecimal, once
    for each secret that is in use. The receiver refuses what is old, and takes an id that it knows for done.
    """
    second = str(int(at.timestamp()))
    signed = second.encode() + b"." + letter.body
    marks = [f"v1={hmac.digest(secret.encode(), signed, 'sha256').hex()}" for secret in letter.secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Waarborg",
        "Waarborg-Id": str(letter.delivery_id),
        "Waarborg-Event": letter.event.value,
        "Waarborg-Signature": ",".join([f"t={second}", *marks]),
    }


def _finding(finding_id: UUID) -> dict[str, Any]:
    row = db.session().scalars(sa.select(Finding).where(Finding.id == finding_id)).one()
    return {
        "id": str(row.id),
        "code": row.rule_code,
        "severity": row.severity.value,
        "subject_kind": row.subject_kind,
        "subject_id": str(row.subject_id) if row.subject_id else None,
        "since": row.since.isoformat(),
        "until": row.until.isoformat() if row.until else None,
    }


def _lapsing(reminder_id: UUID) -> dict[str, Any]:
    row = db.session().scalars(sa.select(Reminder).where(Reminder.id == reminder_id)).one()
    return {"code": row.rule_code, "until": row.until.isoformat(), "step": row.rung.value}
