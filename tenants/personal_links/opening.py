"""From the secret in an address to the link it opens, or to the reason why it opens nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from flask import Response, after_this_request

from core import db
from core.serving.request_ids import request_id
from tenants import links, trail
from tenants.lock import mark_changed
from tenants.models import PersonalLink, PlanLink, SchemeLink, Tenant
from tenants.owned import Area
from tenants.personal_links.matters import Matter, Shown, matter_of
from tenants.scope import Actor, Scope, close_scope, open_scope, scoped

KINDS: tuple[type[PersonalLink], ...] = (PlanLink, SchemeLink)
ROLE = "recipient"
# Programs that look into mails open a link several times at once; that is one look.
ONE_LOOK = timedelta(minutes=1)
ERROR = 400


class Dead(StrEnum):
    """Why a link opens nothing."""

    UNKNOWN = "unknown"
    ANSWERED = "answered"
    REVOKED = "revoked"
    REPLACED = "replaced"
    TOO_OLD = "too_old"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Closed:
    """A link that opens nothing. link: what it was, where that may be told."""

    why: Dead
    link: PersonalLink | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that opens something, inside a scope of its organisation and area that only reads."""

    secret_id: UUID
    link: PersonalLink
    tenant: Tenant
    matter: Matter
    shown: Shown


def find(token: str, *, at: datetime) -> Opened | Closed:
    """Return what the secret opens at `at`. The scope that it opens stays open; nothing is changed."""
    for kind in KINDS:
        secret = links.recall(kind.__purpose__, token)
        if secret is None or secret.organisation_id is None:
            continue
        secret_id, about, tenant_id = secret.id, secret.about, secret.organisation_id
        ended, expired = secret.ended_at is not None, secret.expires_at <= at
        open_scope(Scope(frozenset({tenant_id}), frozenset({kind.__area__}), frozenset()))
        tenant = db.session().get_one(Tenant, tenant_id)
        link = db.session().get(kind, (tenant_id, about))
        if link is None or tenant.left_at is not None:
            return Closed(Dead.UNKNOWN)
        if link.answered_at is not None:
            return Closed(Dead.ANSWERED, link)
        why = Dead.REVOKED if link.revoked_at else Dead.REPLACED if ended else Dead.TOO_OLD if expired else None
        if why is not None:
            return Closed(why, link)
        matter = matter_of(link.topic)
        shown = matter.shown(link) if matter else None
        if matter is None or shown is None:
            return Closed(Dead.CHANGED, link)
        return Opened(secret_id, link, tenant, matter, shown)
    return Closed(Dead.UNKNOWN)


def act_as(opened: Opened) -> PersonalLink:
    """Open the scope in which the person of the link answers, and return the link in it."""
    kind, tenant_id, link_id = type(opened.link), opened.tenant.id, opened.link.id
    actor = _actor(opened.link)
    close_scope()
    area = frozenset({kind.__area__})
    open_scope(Scope(frozenset({tenant_id}), area, area | {Area.TRAIL}, actor))
    return db.session().get_one(kind, (tenant_id, link_id))


def spend(link: PersonalLink, token: str, *, at: datetime) -> bool:
    """Use the secret up, in the turn of its organisation: who takes the link back comes before, or after.

    Of several requests with the same secret at once one is told True.
    """
    mark_changed(db.session(), [link.tenant_id], tables=())
    return links.spend(link.__purpose__, token, at=at)


def note_look(opened: Opened, *, at: datetime) -> None:
    """Write down that the link was looked at, in a transaction of its own after that of this request, which reads."""
    link = opened.link
    secret_id, topic, table, link_id = opened.secret_id, link.topic, str(link.__tablename__), link.id  # type: ignore[attr-defined]
    narrow = Scope(frozenset({opened.tenant.id}), frozenset(), frozenset({Area.TRAIL}), _actor(link))

    @after_this_request
    def write(response: Response) -> Response:
        if response.status_code < ERROR:
            with scoped(narrow):
                if links.note_opened(secret_id, at=at, again_after=ONE_LOOK):
                    trail.record("link.opened", table, link_id, topic=topic.value)
        return response


def _actor(link: PersonalLink) -> Actor:
    return Actor(None, link.name, ROLE, request_id())
