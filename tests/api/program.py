"""A program with a token: asks as one would, and looks over every answer it gets."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core import clock
from core.ids import new_id
from tenants.scope import scoped, whole
from tenants.tokens import services
from tenants.tokens.scopes import TokenScope
from tenants.tokens.services import TokenValues
from tests.cast import Organisation, Person

EVERY_SCOPE = frozenset(TokenScope)


class Program:
    """A program at work. secret: of its token, "" without one."""

    def __init__(self, app: Flask, secret: str = "", token_id: UUID | None = None) -> None:
        self.client: FlaskClient = app.test_client()
        self.secret, self.token_id = secret, token_id

    def ask(self, method: str, path: str, sent: Any = None, **headers: str) -> TestResponse:
        """Ask; headers: with underscores for hyphens."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.secret:
            told.setdefault("Authorization", f"Bearer {self.secret}")
        address = path if path.startswith("/api") else f"/api/v1{path}"
        answer = self.client.open(address, method=method, json=sent, headers=told)
        assert answer.status_code != 500, answer.get_data(as_text=True)
        assert "html" not in (answer.mimetype or "")
        assert "Set-Cookie" not in answer.headers
        if answer.status_code >= 400 and method != "HEAD":
            assert answer.mimetype == "application/problem+json"
            assert json.loads(answer.get_data())["status"] == answer.status_code
        return answer

    def get(self, path: str, **headers: str) -> TestResponse:
        """Read."""
        return self.ask("GET", path, **headers)


def program(
    app: Flask, place: Organisation, maker: Person, scopes: frozenset[TokenScope] = EVERY_SCOPE, *, days: int = 30
) -> Program:
    """Return a program with a new token of an organisation, that `maker` made."""
    token_id = new_id()
    with app.app_context(), scoped(whole(place.id)):
        values = TokenValues("Dashboard", scopes, days)
        secret = services.make(values, token_id, maker.id, at=clock.now() - timedelta(seconds=1))
    return Program(app, secret, token_id)
