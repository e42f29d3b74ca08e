"""Whoever asks is looked at again when all was written: what was taken away meanwhile is refused, and nothing kept.

Why: docs/decisions/looked-at-again.md.
"""

from typing import NoReturn

from flask import abort, g

from core.serving.request_ids import request_id
from tenants.permissions import Policy
from tenants.proving import to_sign_in
from tenants.relations import Standing, find_standing, is_operator
from tenants.scope import Actor
from tenants.sessions import SignedIn, still_signed_in
from tenants.turns import stand_by


def goes_by_choice() -> None:
    """Let this request be kept although it takes away what it came in by: somebody leaves, steps down or signs out."""
    g.goes = True


def stay(policy: Policy) -> None:
    """Refuse to keep anything for somebody who by now may not do it any more; see door.through()."""
    visitor, where = g.me, g.get("standing")
    if where is None or g.get("goes") or not g.get("scope_tenants"):
        return
    stand_by(visitor.user_id)
    now = find_standing(visitor.user_id, where.slug) if still_signed_in(visitor) else None
    if now is None:
        refuse(visitor, where.slug, policy, 404)
    if not now.may(policy.permission) or policy.writes & where.areas - now.areas:
        refuse(visitor, where.slug, policy, 403, now)


def stay_signed_in() -> None:
    """Send to sign in whoever was signed out by now, or has no account any more, and keep nothing."""
    visitor: SignedIn | None = g.me
    if visitor is None or g.get("goes"):
        return
    stand_by(visitor.user_id)
    if not still_signed_in(visitor):
        g.refusal = (Actor(visitor.user_id, visitor.name, "", request_id()), "", "account", 302)
        abort(to_sign_in())


def stay_operator(policy: Policy) -> None:
    """Refuse to keep anything for somebody who by now operates nothing any more; see door.through()."""
    if g.me is not None:
        stand_by(g.me.user_id)
        if not (still_signed_in(g.me) and is_operator(g.me.user_id)):
            refuse(g.me, "", policy, 404)


def refuse(visitor: SignedIn, slug: str, policy: Policy, status: int, where: Standing | None = None) -> NoReturn:
    """Refuse, and have it written down once the transaction of this request is over."""
    capacity, via = (where.capacity.value, where.via) if where else ("", "")
    actor = Actor(visitor.user_id, visitor.name, capacity, request_id(), via)
    g.refusal = (actor, slug, policy.permission.value, status)
    abort(status)
