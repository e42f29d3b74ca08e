"""The way in by the sign-in page of one's own organisation."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock, db
from core.outward import Outside
from core.serving.request_ids import request_id
from core.serving.web import local_path
from core.settings import Settings
from tenants import links, sessions, trail
from tenants.door import public
from tenants.models import Tenant
from tenants.oidc import protocol, services
from tenants.oidc.forms import ReturnForm
from tenants.oidc.protocol import Attempt, Client, ProviderError
from tenants.oidc.services import NotLetIn
from tenants.owned import Area
from tenants.scope import Actor, Scope, close_scope, open_scope
from tenants.sign_in import half, limits
from tenants.sign_in.factors import factors_of

bp = Blueprint("oidc", __name__)
COOKIE = "sign_on"
GOOD_FOR = timedelta(minutes=10)
PEOPLE = frozenset({Area.PEOPLE})


def outside() -> Outside:
    """Return how this service reaches the outside."""
    settings: Settings = current_app.config["SETTINGS"]
    return Outside(settings.test_loopback_ca)


@contextmanager
def without_database(*, writes: bool) -> Iterator[None]:
    """Let go of the database while somebody else's server is asked: it may take its time, and others must write."""
    db.rollback()
    try:
        yield
    finally:
        db.begin(writes=writes)


@bp.get("/sign-in/organisation")
@public
def choose() -> ResponseReturnValue:
    """Find one's organisation, by address, domain or short name."""
    words = request.args.get("q", "").strip()[:254]
    tenant = services.tenant_for(words) if words else None
    ready = tenant is not None and _client(tenant) is not None
    return render_template(
        "sign_on/choose.html",
        words=words,
        name=tenant.slug if tenant is not None and ready else None,
        target=local_path(request.args.get("next")),
    )


@bp.get("/sign-in/organisation/<name>")
@public
def begin(name: str) -> ResponseReturnValue:
    """Send the browser to the provider of an organisation; only the browser itself remembers anything."""
    tenant = services.tenant_for(name)
    client = _client(tenant) if tenant is not None else None
    if tenant is None or client is None:
        return _not_in(_("This organisation has no sign-in page of its own here."))
    slug, attempt = tenant.slug, protocol.new_attempt()
    close_scope()
    try:
        with without_database(writes=False):
            address = protocol.sign_in_url(client, protocol.discover(client.issuer, outside()), attempt)
    except ProviderError:
        return _not_in(_("The sign-in page of your organisation cannot be reached now."))
    cookie[COOKIE] = {
        **asdict(attempt),
        "name": slug,
        "at": clock.now().isoformat(),
        "next": local_path(request.args.get("next")),
    }
    return redirect(address)


@bp.get("/sign-in/return")
@public
def back() -> ResponseReturnValue:
    """Take what the provider sends a browser back with, and change nothing yet."""
    form = ReturnForm(formdata=None, code=request.args.get("code", ""), state=request.args.get("state", ""))
    if _attempt(form.state.data or "", at=clock.now()) is None or not form.code.data:
        return _not_in(_("Signing in at your organisation did not work, or took too long. Try once more."))
    return links.quiet(make_response(render_template("sign_on/return.html", form=form)))


@bp.post("/sign-in/return")
@public
def finish() -> ResponseReturnValue:
    """Have the provider say who this is, and sign them in."""
    form, at = ReturnForm(), clock.now()
    begun = _attempt(form.state.data or "", at=at) if form.validate() else None
    # Once only, whatever comes of it.
    cookie.pop(COOKIE, None)
    tenant = services.tenant_for(begun["name"]) if begun else None
    client = _client(tenant) if tenant is not None else None
    if begun is None or tenant is None or client is None:
        return _not_in(_("Signing in at your organisation did not work, or took too long. Try once more."))
    tenant_id = tenant.id
    close_scope()
    attempt = Attempt(begun["state"], begun["nonce"], begun["verifier"])
    try:
        limits.take([limits.of_address(request.remote_addr or "")], at=at)
        with without_database(writes=True):
            endpoints = protocol.discover(client.issuer, outside())
            claims = protocol.redeem(client, endpoints, form.code.data or "", attempt, outside(), at=at)
        return _let_in(claims, client.issuer, tenant_id, begun["next"], at)
    except (ProviderError, NotLetIn, limits.TooManyTries) as problem:
        trail.account_event(None, "sign_in.failed", how="organisation", organisation=begun["name"])
        told = problem.text if isinstance(problem, (NotLetIn, limits.TooManyTries)) else None
        return _not_in(str(told or _("The sign-in page of your organisation cannot be reached now.")))


def _let_in(claims: protocol.Claims, issuer: str, tenant_id: int, target: str | None, at: datetime) -> Response:
    actor = Actor(None, "", "sign-on", request_id())
    open_scope(Scope(frozenset({tenant_id}), PEOPLE, frozenset({Area.TRAIL}), actor))
    tenant = db.session().get_one(Tenant, tenant_id)
    user = services.settle(claims, issuer, tenant, at=at)
    if factors_of(user.id).any:
        # Whatever the provider says about factors: a second factor that the person set up here is shown here.
        half.begin(user, at=at)
        return make_response(redirect(url_for("sign_in.second_factor", next=target)))
    sessions.start(user, at=at, strong=claims.strong)
    trail.account_event(user.id, "sign_in", how="organisation", organisation=tenant.slug, strong=claims.strong)
    return make_response(redirect(target or url_for("tenants.start")))


def _client(tenant: Tenant) -> Client | None:
    """Return who we are to the provider of an organisation; None where it has none, or has not proved its domain."""
    tenant_id = tenant.id
    open_scope(Scope(frozenset({tenant_id}), PEOPLE, frozenset()))
    found = services.provider_here()
    if found is None or services.proved_domain(tenant_id) != found.domain:
        return None
    return Client(found.issuer, found.client_id, found.client_secret, links.address("oidc.back"))


def _attempt(state: str, *, at: datetime) -> dict[str, Any] | None:
    """Return the attempt this browser began, when `state` is its own and it is not too old."""
    begun = cookie.get(COOKIE)
    if not isinstance(begun, dict) or not secrets.compare_digest(str(begun.get("state")).encode(), state.encode()):
        return None
    return begun if at - datetime.fromisoformat(begun["at"]) < GOOD_FOR else None


def _not_in(told: str) -> ResponseReturnValue:
    close_scope()
    db.rollback()
    db.begin(writes=False)
    flash(told, "warning")
    return links.quiet(make_response(render_template("sign_on/choose.html", words="", name=None, target=None), 422))
