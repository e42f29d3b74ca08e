"""A visitor: a browser without JavaScript that signs in and posts forms as a person would."""

import html
import re
from typing import Any

import sqlalchemy as sa
from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from core import clock, db
from tenants import sessions
from tenants.models import User
from tests.cast import PASSWORD, Person

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
UNFILLED = re.compile(r"%\(\w+\)[sd]|\bNone\b(?![^<]*</option>)|&lt;lazy|object at 0x")


def _session_of(app: Flask, person: Person) -> tuple[dict[str, Any], str]:
    """Begin a session for `person`, with a second factor; return what its cookie holds and its CSRF token.

    Signing in by form takes as long as most of a test, and has tests of its own.
    """
    with app.test_request_context():
        db.begin(writes=True)
        user = db.session().execute(sa.select(User).where(User.id == person.id)).scalar_one()
        sessions.start(user, at=clock.now(), strong=True)
        db.commit()
        token = generate_csrf()
        return dict(session), token


class Visitor:
    """One browser. Every page it gets is looked over: headers, unfilled texts."""

    def __init__(self, app: Flask, person: Person | None = None) -> None:
        self.client: FlaskClient = app.test_client()
        self.person: Person | None = None
        self._token = ""
        if person is not None:
            self.person = person
            kept, self._token = _session_of(app, person)
            with self.client.session_transaction() as cookie:
                cookie.update(kept)

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
