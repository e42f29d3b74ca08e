"""OpenID Connect as far as it is needed here: the code flow with PKCE, state and nonce.

Source: OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3.7; RFC 7636; RFC 9700.
"""

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from core.outward import NoAnswer, NotCalled, Outside, split

T = TypeVar("T")
# Signatures by a key that only the provider holds; none of the client's secret, and never none at all.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
CLOCK_SKEW = 60
OLDEST_TOKEN = 600
# What a provider says when more than a password was shown to it.
STRONG_METHODS = frozenset({"mfa"})
STRONG_CLASSES = frozenset(
    {"mfa", "http://schemas.openid.net/pape/policies/2007/06/multi-factor", "https://refeds.org/profile/mfa"}
)


class ProviderError(Exception):
    """The provider does not do what the protocol says; the text holds nothing secret."""


@dataclass(frozen=True, slots=True)
class Client:
    """Who we are to a provider."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a provider does what. basic: whether it takes the client's secret in a header rather than the form."""

    authorization: str
    token: str
    keys: str
    basic: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-in under way: what only this browser and, in part, the provider know."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Claims:
    """What a provider says about somebody. strong: that more than a password was shown."""

    subject: str
    email: str
    email_verified: bool
    strong: bool


def new_attempt() -> Attempt:
    """Return an attempt that nobody can guess."""
    return Attempt(*(secrets.token_urlsafe(32) for _ in range(3)))


def discover(issuer: str, outside: Outside) -> Endpoints:
    """Ask a provider where it does what. Raises ProviderError."""
    told = _asked(lambda: outside.get_json(f"{issuer.rstrip('/')}/.well-known/openid-configuration"))
    if told.get("issuer") != issuer:
        raise ProviderError("the provider calls itself otherwise")
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    found = [told.get(name) for name in names]
    if not all(isinstance(url, str) and url.startswith("https://") for url in found):
        raise ProviderError("the provider does not tell where to sign in")
    methods = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    authorization, token, keys = (str(url) for url in found)
    _asked(lambda: split(authorization, any_port=bool(outside.loopback_ca)))
    return Endpoints(authorization, token, keys, isinstance(methods, list) and "client_secret_basic" in methods)


def sign_in_url(client: Client, endpoints: Endpoints, attempt: Attempt) -> str:
    """Return the address at the provider that a browser is sent to."""
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "scope": "openid email",
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": _challenge(attempt.verifier),
        "code_challenge_method": "S256",
    }
    joint = "&" if urlsplit(endpoints.authorization).query else "?"
    return f"{endpoints.authorization}{joint}{urlencode(asked)}"


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def redeem(
    client: Client, endpoints: Endpoints, code: str, attempt: Attempt, outside: Outside, *, at: datetime
) -> Claims:
    """Exchange the code that a browser brought back for what the provider says about the person.

    Raises ProviderError when the provider refuses, or what it says does not hold.
    """
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.redirect_uri,
        "code_verifier": attempt.verifier,
    }
    headers = {}
    if endpoints.basic:
        pair = f"{quote(client.client_id, safe='')}:{quote(client.client_secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        form |= {"client_id": client.client_id, "client_secret": client.client_secret}
    told = _asked(lambda: outside.post_form(endpoints.token, form, headers=headers))
    token = told.get("id_token")
    if not isinstance(token, str):
        raise ProviderError("the provider gave no proof of who this is")
    keys = _asked(lambda: outside.get_json(endpoints.keys))
    return _claims(_verified(token, keys, client, attempt, at))


def _verified(token: str, keys: dict[str, Any], client: Client, attempt: Attempt, at: datetime) -> dict[str, Any]:
    """Return the claims of a token that is the provider's, for us, for this attempt and of now."""
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    registry = jwt.JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=CLOCK_SKEW,
        iss={"essential": True, "value": client.issuer},
        aud={"essential": True, "value": client.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": attempt.nonce},
    )
    try:
        claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims  # type: ignore[arg-type]
        registry.validate(claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ProviderError(f"the provider's proof does not hold ({type(error).__name__})") from None
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if claims.get("azp", client.client_id if len(audience) == 1 else None) != client.client_id:
        raise ProviderError("the provider's proof is for somebody else")
    if claims["iat"] < at.timestamp() - OLDEST_TOKEN:
        raise ProviderError("the provider's proof is too old")
    return claims


def _claims(told: dict[str, Any]) -> Claims:
    subject, email = told.get("sub"), told.get("email")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise ProviderError("the provider does not tell who this is")
    methods = told.get("amr")
    strong = isinstance(methods, list) and any(one in STRONG_METHODS for one in methods if isinstance(one, str))
    return Claims(
        subject=subject,
        email=email.strip().lower() if isinstance(email, str) else "",
        # Some providers write the word instead of the value.
        email_verified=told.get("email_verified") in (True, "true"),
        strong=strong or told.get("acr") in STRONG_CLASSES,
    )


def _asked(call: Callable[[], T]) -> T:
    try:
        return call()
    except (NotCalled, NoAnswer) as error:
        raise ProviderError(str(error)) from None
