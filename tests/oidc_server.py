"""A small OpenID Connect provider that really listens, over https on loopback, for one client."""

import base64
import hashlib
import html
import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from core import clock
from tests.certificates import authority
from tests.loopback import listening

CLIENT_ID, CLIENT_SECRET = "waarborg", "a secret / between: servers"


@dataclass
class Provider:
    """What the provider knows, and how it misbehaves when a test wants it to.

    person: what it says about whoever signs in; lies: claims of the token that replace the true ones, None takes one
    away; key: signs; shown_key: what it says it signs with; meanwhile: happens before it gives a token.
    """

    issuer: str = ""
    trusted: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    lies: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    shown_key: RSAKey | None = None
    token: str = ""
    discovery: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def authorise(self, address: str) -> str:
        """Sign the person in, as the page at `address` would; return the path they are sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = urlsplit(asked["redirect_uri"])
        return f"{back.path}?{urlencode({'code': code, 'state': asked['state']})}"

    def redeem(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """Give the token for a code, once, to the client that can prove it began the attempt."""
        self.meanwhile()
        pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        begun = self.codes.pop(form.get("code", ""), None)
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        wanted = base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
        if begun is None or begun["code_challenge"] != wanted or begun["redirect_uri"] != form["redirect_uri"]:
            return None
        if pair != f"{CLIENT_ID}:a%20secret%20%2F%20between%3A%20servers":
            return None
        at = int(clock.now().timestamp())
        true = {"iss": self.issuer, "aud": CLIENT_ID, "iat": at, "exp": at + 300, "nonce": begun["nonce"]}
        claims = {name: value for name, value in (true | self.person | self.lies).items() if value is not None}
        return {"id_token": self.token or jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)}


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        provider, parts = self.provider, urlsplit(self.path)
        provider.asked.append(parts.path)
        match parts.path:
            case "/.well-known/openid-configuration":
                told = {
                    "issuer": provider.issuer,
                    "authorization_endpoint": f"{provider.issuer}/authorize",
                    "token_endpoint": f"{provider.issuer}/token",
                    "jwks_uri": f"{provider.issuer}/keys",
                }
                self._answer(json.dumps(told | provider.discovery))
            case "/keys":
                key = provider.shown_key or provider.key
                self._answer(json.dumps({"keys": [key.as_dict(private=False)]}))
            case "/authorize":
                redirect = parse_qs(parts.query)["redirect_uri"][0]
                back = f"{urlsplit(redirect).scheme}://{urlsplit(redirect).netloc}{provider.authorise(self.path)}"
                self._answer(f'<!doctype html><a id="let-in" href="{html.escape(back)}">Go on</a>', "text/html")
            case path if path in provider.files:
                self._answer(provider.files[path], "text/plain")
            case "/elsewhere":
                self.send_response(302)
                self.send_header("Location", f"{provider.issuer}/keys")
                self.end_headers()
            case _:
                self.send_error(404)

    def do_POST(self) -> None:
        self.provider.asked.append(self.path)
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(text).items()}
        told = self.provider.redeem(form, self.headers.get("Authorization", ""))
        if told is None:
            self.send_error(400)
        else:
            self._answer(json.dumps(told))

    def _answer(self, text: str, kind: str = "application/json") -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_told: Any) -> None:
        """Say nothing."""


@contextmanager
def providing(folder: Path) -> Iterator[Provider]:
    """Run a provider; its certificate's authority is in `trusted`."""
    trusted, context = authority(folder, "localhost")
    provider = Provider(trusted=str(trusted))
    with listening(type("Handler", (_Handler,), {"provider": provider}), context) as base:
        provider.issuer = base
        yield provider
