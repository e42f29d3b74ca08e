"""The door: the only way from a request to a view. It decides, opens the scope, and commits once."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import sqlalchemy as sa
from flask import Flask, Response, abort, current_app, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import refresh

from core import clock, db
from core.i18n import Language
from core.web import request_id
from tenants.lock import Bypass, bypass
from tenants.models import Membership, Role, Tenant, TenantKind
from tenants.permissions import BY_PERMISSION, Permission, Policy, allowed
from tenants.scope import Actor, Scope, close_scope, open_scope
from tenants.sessions import SignedIn, note_seen, person

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
AFTER_WRITE = "waarborg.after_write"

View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the person stands in this request: the organisation and the role in it."""

    tenant_id: int
    slug: str
    name: str
    kind: TenantKind
    language: Language
    zone: str
    role: Role

    def may(self, permission: str) -> bool:
        """Tell whether a button for `permission` makes sense here."""
        return allowed(Permission(permission), self.role, self.kind)


# Chooses the organisations a scope covers, when they are not just the one in the address.
Over = Callable[[Standing], frozenset[int]]


def needs(permission: Permission, over: Over | None = None) -> Callable[[View], View]:
    """Let only members with `permission` in the organisation of the address reach the view.

    Anonymous goes to sign-in, a stranger gets 404, a member without the right 403. A view behind a permission
    that only reads cannot write, whatever it tries. The change is committed once, when the answer is no error.
    """
    policy = BY_PERMISSION[permission]

    def wrap(view: View) -> View:
        @wraps(view)
        def inside(slug: str, **arguments: Any) -> ResponseReturnValue:
            return _through(lambda: _enter_tenant(view, policy, slug, over, arguments))

        inside.door = permission  # type: ignore[attr-defined]
        return inside

    return wrap


def signed_in(view: View) -> View:
    """Let only somebody who is signed in reach the view: pages about the person, outside any organisation."""

    @wraps(view)
    def inside(**arguments: Any) -> ResponseReturnValue:
        return _through(lambda: view(**arguments) if _visitor() else _to_sign_in())

    inside.door = "signed_in"  # type: ignore[attr-defined]
    return inside


def public(view: View) -> View:
    """Let anybody reach the view. The list of such views is pinned by a test."""

    @wraps(view)
    def inside(**arguments: Any) -> ResponseReturnValue:
        def enter() -> ResponseReturnValue:
            _visitor()
            return view(**arguments)

        return _through(enter)

    inside.door = "public"  # type: ignore[attr-defined]
    return inside


def standing() -> Standing:
    """Return where the person stands. Raises RuntimeError outside an organisation's page."""
    found = g.get("standing")
    if not isinstance(found, Standing):
        raise RuntimeError("this page belongs to no organisation")
    return found


def today_here() -> Any:
    """Return the calendar day in the organisation's zone."""
    return clock.today(standing().zone)


def init_door(app: Flask) -> None:
    """Fill the organisation into every address, and give templates `here` and `me`."""

    @app.url_defaults
    def fill_slug(endpoint: str, values: dict[str, Any]) -> None:
        if "slug" not in values and "standing" in g and app.url_map.is_endpoint_expecting(endpoint, "slug"):
            values["slug"] = g.standing.slug

    @app.context_processor
    def people() -> dict[str, Any]:
        return {"here": g.get("standing"), "me": g.get("me")}

    app.extensions.setdefault(AFTER_WRITE, ())


def _through(enter: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """Run `enter` in one transaction: kept when the answer is no error, else dropped."""
    writes = request.method not in SAFE_METHODS
    db.rollback()
    db.begin(writes=writes)
    try:
        response = make_response(enter())
        kept = writes and response.status_code < 400
        if kept:
            db.commit()
    finally:
        close_scope()
        db.rollback()
    _afterwards(kept)
    return response


def _afterwards(kept: bool) -> None:
    where = g.get("standing")
    if kept and where is not None:
        for hook in current_app.extensions[AFTER_WRITE]:
            hook(g.scope_tenants)
    visitor: SignedIn | None = g.get("me")
    if visitor is not None and person() is not None:
        note_seen(visitor, at=clock.now())


def _visitor() -> SignedIn | None:
    g.me = person()
    if g.me is not None and g.me.language is not None:
        g.language = g.me.language.value
        refresh()
    return g.me  # type: ignore[no-any-return]


def _to_sign_in() -> Response:
    back = request.full_path.rstrip("?") if request.method in SAFE_METHODS else ""
    query = f"?{urlencode({'next': back})}" if back else ""
    return make_response(redirect(url_for("tenants.sign_in") + query))


def _enter_tenant(
    view: View, policy: Policy, slug: str, over: Over | None, arguments: dict[str, Any]
) -> ResponseReturnValue:
    visitor = _visitor()
    if visitor is None:
        return _to_sign_in()
    where = find_standing(visitor.user_id, slug)
    if where is None:
        abort(404)
    g.standing, g.zone = where, where.zone
    if visitor.language is None and "language" not in request.cookies:
        g.language = where.language.value
        refresh()
    if not allowed(policy.permission, where.role, where.kind):
        abort(403)
    g.scope_tenants = over(where) if over else frozenset({where.tenant_id})
    actor = Actor(visitor.user_id, visitor.name, where.role.value, request_id())
    writes = policy.writes if request.method not in SAFE_METHODS else frozenset()
    open_scope(Scope(g.scope_tenants, policy.reads, writes, actor))
    return view(**arguments)


def find_standing(user_id: UUID, slug: str) -> Standing | None:
    """Return where the person stands in the organisation called `slug` now, or None for a stranger."""
    at = clock.now()
    row = (
        db.session()
        .execute(
            sa.select(Tenant.id, Tenant.slug, Tenant.name, Tenant.kind, Tenant.language, Tenant.zone, Membership.role)
            .join(Membership, Membership.tenant_id == Tenant.id)
            .where(
                Tenant.slug == slug,
                Membership.user_id == user_id,
                Membership.starts_at <= at,
                sa.or_(Membership.ends_at.is_(None), Membership.ends_at > at),
            ),
            execution_options=bypass(Bypass.DOOR),
        )
        .one_or_none()
    )
    return Standing(*row) if row else None
