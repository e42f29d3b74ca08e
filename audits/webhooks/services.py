"""Changes to webhooks: add, switch, renew the secret, try out, remove."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from audits.webhooks.models import HookEvent, Webhook, WebhookDelivery, WebhookState
from audits.webhooks.noting import Happened, add
from core import db
from core.ids import new_id
from tenants.errors import AccountError

PREFIX = "whsec_"
SECRET_BYTES = 32
# So long what was signed with the secret of before is signed with it as well.
FORMER = timedelta(days=1)
MOST = 10
# Whoever types the address of somebody else fires at them no more often, in all of an organisation.
TESTS_AN_HOUR = 10


@dataclass(frozen=True, slots=True)
class WebhookValues:
    """A webhook that somebody wants. address: begins with https://."""

    name: str
    address: str
    events: frozenset[HookEvent]


def make(values: WebhookValues, hook_id: UUID, added_by: UUID, *, at: datetime) -> str:
    """Add a webhook and return its secret. hook_id: chosen when the form was opened.

    Raises AccountError when it was added already, and when there are too many.
    """
    kept = db.session().execute(sa.select(Webhook.id, Webhook.state)).all()
    if hook_id in {row.id for row in kept}:
        raise AccountError(_l("This was added already. Its secret is shown this once."), "name")
    if sum(row.state is not WebhookState.REMOVED for row in kept) >= MOST:
        raise AccountError(_l("There are too many. Remove one first."), "name")
    secret = _new_secret()
    hook = Webhook(
        name=values.name,
        address=values.address,
        secret=secret,
        former_until=None,
        events=sorted(event.value for event in values.events),
        state=WebhookState.ON,
        added_by=added_by,
        added_at=at,
    )
    hook.id = hook_id
    db.session().add(hook)
    db.session().flush()
    return secret


def renew_secret(hook: Webhook, *, at: datetime) -> str:
    """Give a webhook a new secret and return it; the one of before signs along for a day."""
    secret = _new_secret()
    hook.former_secret, hook.former_until, hook.secret = hook.secret, at + FORMER, secret
    db.session().flush()
    return secret


def switch(hook: Webhook, state: WebhookState) -> None:
    """Tell somebody again, or no longer. What was waiting meanwhile is not told afterwards."""
    hook.state = state
    db.session().flush()


def try_out(hook: Webhook, *, at: datetime) -> bool:
    """Have a test told; tell False when so many were in the last hour that this is no trying out any more.

    Those of other webhooks count as well: else one is removed and added anew for the next ten.
    """
    tests = sa.select(sa.func.count(WebhookDelivery.id)).where(
        WebhookDelivery.tenant_id == hook.tenant_id,
        WebhookDelivery.event == HookEvent.TEST,
        WebhookDelivery.happened_at > at - timedelta(hours=1),
    )
    if (db.session().scalar(tests) or 0) >= TESTS_AN_HOUR:
        return False
    add([(hook.id, Happened(hook.tenant_id, HookEvent.TEST, new_id()))], at=at)
    return True


def webhook(hook_id: UUID) -> Webhook | None:
    """Return a webhook of the open scope's organisation that was not removed."""
    query = sa.select(Webhook).where(Webhook.id == hook_id, Webhook.state != WebhookState.REMOVED)
    return db.session().scalar(query)


def _new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(SECRET_BYTES)
