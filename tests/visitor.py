"""A visitor: a browser without JavaScript that signs in and posts forms as a person would."""

import html
import re
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core import db
from tenants.models import LoginSession
from tests.cast import PASSWORD, Person

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
UNFILLED = re.compile(r"%\(\w+\)[sd]|\bNone\b(?![^<]*</option>)|&lt;lazy|object at 0x")


def _strengthen(app: Flask, person: Person) -> None:
    """Count the sessions of `person` as begun with a second factor; signing in itself has tests of its own."""
    with app.app_context():
        db.begin(writes=True)
        db.session().execute(sa.update(LoginSession).where(LoginSession.user_id == person.id).values(strong=True))
        db.commit()


class Visitor:
    """One browser. Every page it gets is looked over: headers, unfilled texts."""

    def __init__(self, app: Flask, person: Person | None = None) -> None:
        self.client: FlaskClient = app.test_client()
        self.person: Person | None = None
        self._token = ""
        if person is not None:
            assert self.sign_in(person.email).status_code == 302
            self.person = person
            _strengthen(app, person)

    def sign_in(self, email: str, password: str = PASSWORD) -> TestResponse:
        """Fill in the sign-in form."""
        answer = self.post("/sign-in", {"email": email, "password": password})
        self._token = ""
        return answer

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page."""
        return self._inspected(self.client.get(path, buffered=True, **options))

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form with the token of this browser's session."""
        answer = self.client.post(path, data={"csrf_token": self.token, **(data or {})}, buffered=True, **options)
        return self._inspected(answer)

    @property
    def token(self) -> str:
        """Return the CSRF token a page of this session carries."""
        if not self._token:
            page = self.client.get("/organisations" if self.person else "/sign-in").get_data(as_text=True)
            found = TOKEN.search(page)
            assert found, "no form on the page carries a CSRF token"
            self._token = html.unescape(found.group(1))
        return self._token

    def _inspected(self, answer: TestResponse) -> TestResponse:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.status_code != 500, answer.get_data(as_text=True)
        if answer.mimetype == "text/html":
            page = answer.get_data(as_text=True)
            assert " style=" not in page, "inline styles are blocked by the content security policy"
            assert not re.search(r"<script(?![^>]*\bsrc=)|\son[a-z]+=", page), "inline scripts are blocked"
            body = re.sub(r"<(script|style|textarea|pre)\b.*?</\1>", "", page, flags=re.S)
            unfilled = UNFILLED.search(body)
            assert not unfilled, (
                f"{unfilled.group()!r} on the page: {body[max(0, unfilled.start() - 200) : unfilled.end() + 80]}"
            )
        return answer
