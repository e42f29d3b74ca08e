"""The door for programs: a token in the header, never a cookie. It decides, opens the scope, and commits once."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import g, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import refresh

from core import clock
from core.i18n import Language
from core.serving.problems import Problem
from core.serving.request_ids import request_id
from tenants.door import View, through
from tenants.proving import SAFE_METHODS
from tenants.scope import Actor, Scope, open_scope
from tenants.tokens.calls import Caller, TooManyCalls, UnknownToken, check_again, count_call
from tenants.tokens.scopes import BY_SCOPE, TokenPolicy, TokenScope

ROLE = "token"
SCHEME = "bearer"
REALM = 'Bearer realm="Waarborg"'


def with_token(scope: TokenScope) -> Callable[[View], View]:
    """Let only programs whose token has `scope` reach the view, in the organisation of the token and no other.

    Without a token that opens something 401, without the scope 403, after too many calls 429. Cookies are not read.
    """
    policy = BY_SCOPE[scope]

    def wrap(view: View) -> View:
        @wraps(view)
        def inside(**arguments: Any) -> ResponseReturnValue:
            caller = _caller()
            response = make_response(through(lambda: _enter(view, policy, caller, arguments), lambda: _stay(caller)))
            if request.method in SAFE_METHODS and response.status_code == 200:
                if not response.get_etag()[0]:
                    response.add_etag()
                response.make_conditional(request)
            return response

        inside.door = scope  # type: ignore[attr-defined]
        return inside

    return wrap


def caller() -> Caller:
    """Return which program calls. Raises RuntimeError outside its door."""
    found = g.get("caller")
    if not isinstance(found, Caller):
        raise RuntimeError("no program called this")
    return found


def _caller() -> Caller:
    """Return who calls. Raises Problem with 401 and 429."""
    kind, _blank, secret = request.headers.get("Authorization", "").partition(" ")
    try:
        if kind.lower() != SCHEME:
            raise UnknownToken
        return count_call(secret.strip(), at=clock.now())
    except UnknownToken:
        told = "Send a token that is in use: Authorization: Bearer wbg_..."
        raise Problem(401, told, {"WWW-Authenticate": REALM}) from None
    except TooManyCalls as wait:
        told = f"This token was used too often. Try again in {wait.seconds} s."
        raise Problem(429, told, {"Retry-After": str(wait.seconds)}) from None


def _stay(found: Caller) -> None:
    """Refuse to keep what a program changed whose token was taken back meanwhile. Raises Problem with 401."""
    try:
        check_again(found, at=clock.now())
    except UnknownToken:
        told = "This token was taken back while it was used: nothing was changed."
        raise Problem(401, told, {"WWW-Authenticate": REALM}) from None


def _enter(view: View, policy: TokenPolicy, found: Caller, arguments: dict[str, Any]) -> ResponseReturnValue:
    g.caller, g.zone = found, found.zone
    # As the program asks, else as its organisation speaks; what a browser remembers does not count.
    g.language = request.accept_languages.best_match(tuple(Language)) or found.language.value
    refresh()
    if policy.scope not in found.scopes or found.kind not in policy.kinds:
        told = f"This token lacks the scope {policy.scope.value}."
        header = f'{REALM}, error="insufficient_scope", scope="{policy.scope.value}"'
        raise Problem(403, told, {"WWW-Authenticate": header})
    g.scope_tenants = frozenset({found.tenant_id})
    writes = policy.writes if request.method not in SAFE_METHODS else frozenset()
    actor = Actor(None, found.name, ROLE, request_id())
    open_scope(Scope(g.scope_tenants, policy.reads, writes, actor))
    return view(**arguments)
