"""The door: the only way from a request to a view. It decides, opens the scope, and commits once."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import cache, wraps
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import Flask, current_app, g, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import refresh

from core import clock, db
from core.serving.request_ids import request_id
from tenants import staying, trail
from tenants.models import Capacity, Tenant
from tenants.owned import Area
from tenants.permissions import BY_PERMISSION, Permission, Policy
from tenants.proving import FACTOR_PAGE, PROVE_PAGE, SAFE_METHODS, proved_lately, sent_to, to_sign_in
from tenants.relations import Standing, find_standing, is_operator
from tenants.scope import Actor, Scope, close_scope, open_scope
from tenants.sessions import SignedIn, note_seen, person
from tenants.trail.accounts import denied

AFTER_WRITE = "waarborg.after_write"

View = Callable[..., ResponseReturnValue]
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
            return through(lambda: _enter_tenant(view, policy, slug, over, arguments), lambda: staying.stay(policy))

        inside.door = permission  # type: ignore[attr-defined]
        return inside

    return wrap


def signed_in(view: View) -> View:
    """Let only somebody who is signed in reach the view: pages about the person, outside any organisation."""

    @wraps(view)
    def inside(**arguments: Any) -> ResponseReturnValue:
        return through(lambda: view(**arguments) if _visitor() else to_sign_in(), staying.stay_signed_in)

    inside.door = "signed_in"  # type: ignore[attr-defined]
    return inside


def signed_in_lately(view: View) -> View:
    """Let only somebody who proved who they are a moment ago reach the view; whoever did not does so first."""

    @wraps(view)
    def inside(**arguments: Any) -> ResponseReturnValue:
        def enter() -> ResponseReturnValue:
            visitor = _visitor()
            if visitor is None:
                return to_sign_in()
            return view(**arguments) if proved_lately(visitor) else sent_to(PROVE_PAGE)

        return through(enter, staying.stay_signed_in)

    inside.door = "signed_in"  # type: ignore[attr-defined]
    return inside


def public(view: View) -> View:
    """Let anybody reach the view. The list of such views is pinned by a test."""

    @wraps(view)
    def inside(**arguments: Any) -> ResponseReturnValue:
        def enter() -> ResponseReturnValue:
            _visitor()
            return view(**arguments)

        return through(enter)

    inside.door = "public"  # type: ignore[attr-defined]
    return inside


def operates(permission: Permission) -> Callable[[View], View]:
    """Let only an operator of the installation reach the view; everybody else learns nothing (404)."""
    policy = BY_PERMISSION[permission]

    def wrap(view: View) -> View:
        @wraps(view)
        def inside(**arguments: Any) -> ResponseReturnValue:
            return through(lambda: _enter_platform(view, policy, arguments), lambda: staying.stay_operator(policy))

        inside.door = permission  # type: ignore[attr-defined]
        return inside

    return wrap


def standing() -> Standing:
    """Return where the person stands. Raises RuntimeError outside an organisation's page."""
    if not isinstance(found := g.get("standing"), Standing):
        raise RuntimeError("this page belongs to no organisation")
    return found


def today_here() -> Any:
    """Return the calendar day in the organisation's zone."""
    return clock.today(standing().zone)


def init_door(app: Flask, step_up_minutes: int) -> None:
    """Fill the organisation into every address, and give templates `here` and `me`."""

    @cache
    def expects_slug(endpoint: str) -> bool:
        return app.url_map.is_endpoint_expecting(endpoint, "slug")

    @app.url_defaults
    def fill_slug(endpoint: str, values: dict[str, Any]) -> None:
        here = None if "slug" in values else g.get("standing")
        if here is not None and expects_slug(endpoint):
            values["slug"] = here.slug

    @app.context_processor
    def people() -> dict[str, Any]:
        return {"here": g.get("standing"), "me": g.get("me")}

    app.extensions.setdefault(AFTER_WRITE, ())
    app.config["STEP_UP"] = timedelta(minutes=step_up_minutes)


def through(
    enter: Callable[[], ResponseReturnValue], still: Callable[[], object] = lambda: None
) -> ResponseReturnValue:
    """Run `enter` in one transaction: kept when the answer is no error, else dropped.

    still: refuses, by raising, what was taken away from whoever asks while `enter` ran. It is called when all was
    written and nothing kept. Whoever takes it away writes that down as well, and one at a time writes to a trail, or
    waits for whoever stands by (turns.py): so either that is over and is seen here, or it comes after what is kept now.
    """
    writes = request.method not in SAFE_METHODS
    db.rollback()
    db.begin(writes=writes)
    try:
        response = make_response(enter())
        kept = writes and response.status_code < 400
        if kept:
            db.session().flush()
            still()
            db.commit()
    finally:
        # In this order: closing inside the transaction would tell the database what its end tells it anyway.
        db.rollback()
        close_scope()
        if "refusal" in g:
            denied(*g.pop("refusal"))
    _afterwards(kept)
    return response


def _afterwards(kept: bool) -> None:
    # Nothing was reached when the door sent somebody to prove more about themselves.
    reached: frozenset[int] = g.get("scope_tenants", frozenset())
    if kept and reached:
        for hook in current_app.extensions[AFTER_WRITE]:
            hook(reached)
    visitor: SignedIn | None = g.get("me")
    if visitor is not None and person() is not None:
        note_seen(visitor, at=clock.now())


def _visitor() -> SignedIn | None:
    g.me = person()
    if g.me is not None and g.me.language is not None:
        g.language = g.me.language.value
        refresh()
    return g.me  # type: ignore[no-any-return]


def also_changes(tenant_id: int) -> None:
    """Have another organisation, in whose rows the open request writes as well, judged with the own one after it."""
    g.scope_tenants = g.scope_tenants | {tenant_id}


def _enter_tenant(
    view: View, policy: Policy, slug: str, over: Over | None, arguments: dict[str, Any]
) -> ResponseReturnValue:
    visitor = _visitor()
    if visitor is None:
        return to_sign_in()
    where = find_standing(visitor.user_id, slug)
    if where is None:
        staying.refuse(visitor, slug, policy, 404)
    g.standing, g.zone = where, where.zone
    if visitor.language is None and "language" not in request.cookies:
        g.language = where.language.value
        refresh()
    if where.demands_strong and not visitor.strong:
        return sent_to(FACTOR_PAGE)
    if not where.may(policy.permission):
        staying.refuse(visitor, slug, policy, 403, where)
    if policy.fresh and not proved_lately(visitor):
        return sent_to(PROVE_PAGE)
    g.scope_tenants = over(where) if over else frozenset({where.tenant_id})
    actor = Actor(visitor.user_id, visitor.name, where.capacity.value, request_id(), where.via)
    open_scope(_scope(policy, where.areas, g.scope_tenants, actor))
    if where.capacity is Capacity.AUDITOR and request.method in SAFE_METHODS:
        _note_look(where)
    return view(**arguments)


def _note_look(where: Standing) -> None:
    """Have it written down, once a page and day, what an auditor looks at."""
    page = request.path.removeprefix(f"/o/{where.slug}") or "/"
    midnight = datetime.combine(clock.today(where.zone), time(), ZoneInfo(where.zone))
    trail.record_look(page, since=midnight)


def _enter_platform(view: View, policy: Policy, arguments: dict[str, Any]) -> ResponseReturnValue:
    visitor = _visitor()
    if visitor is None:
        return to_sign_in()
    if not is_operator(visitor.user_id):
        staying.refuse(visitor, "", policy, 404)
    if not visitor.strong:
        return sent_to(FACTOR_PAGE)
    if policy.fresh and not proved_lately(visitor):
        return sent_to(PROVE_PAGE)
    actor = Actor(visitor.user_id, visitor.name, Capacity.OPERATOR.value, request_id())
    everybody = frozenset(db.session().scalars(sa.select(Tenant.id)))
    open_scope(_scope(policy, policy.reads | policy.writes, everybody, actor))
    return view(**arguments)


def _scope(policy: Policy, areas: frozenset[Area], tenants: frozenset[int], actor: Actor) -> Scope:
    """Return what `policy` opens, narrowed to `areas`; whatever is changed may always be written down in the trail."""
    writes = policy.writes & (areas | {Area.TRAIL}) if request.method not in SAFE_METHODS else frozenset()
    return Scope(tenants, policy.reads & areas, writes, actor)
