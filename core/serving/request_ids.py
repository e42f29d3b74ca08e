"""The id of a request: in its answer, its log lines and its trail."""

import secrets

import structlog
from flask import g


def number_request() -> None:
    """Give this request an id, and each log line from now on with it."""
    g.request_id = secrets.token_hex(8)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def request_id() -> str:
    """Return the id of this request, or an empty text outside one."""
    return str(g.get("request_id", "")) if g else ""
