"""Errors as programs read them: one JSON object each, never a page.

Written for whoever builds the program, so in English whatever language is asked for. Source: RFC 9457.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, json, request
from werkzeug.exceptions import HTTPException

from core.serving.request_ids import request_id

PREFIX = "/api/"
MEDIA_TYPE = "application/problem+json"
SERVER_ERROR = 500
# What werkzeug says in its own words may tell what was sent; these say what helps.
DETAILS = {
    400: "What was sent cannot be read.",
    404: "There is nothing here, or it is not yours.",
    405: "This address does not accept that method.",
    413: "What was sent is larger than this service accepts.",
    422: "Something that was sent does not fit: see errors.",
    SERVER_ERROR: "The mistake is ours and has been logged. Nothing was saved half.",
}


class Problem(Exception):
    """An answer that says no. detail: in a sentence; headers: further ones; errors: by where, by name, sentences."""

    def __init__(
        self,
        status: int,
        detail: str,
        headers: Mapping[str, str] | None = None,
        errors: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers, self.errors = status, detail, dict(headers or {}), errors


def for_programs() -> bool:
    """Tell whether this request is one of a program."""
    return request.path.startswith(PREFIX)


def from_http(error: HTTPException) -> Response:
    """Return the answer for an error of the framework."""
    code = error.code or SERVER_ERROR
    headers = {name: value for name, value in error.get_headers() if name.lower() in ("allow", "retry-after")}
    # webargs hangs what is wrong with each field on its errors.
    data = getattr(error, "data", None)
    errors = data.get("messages") if isinstance(data, Mapping) else None
    return answer(Problem(code, DETAILS.get(code, ""), headers, errors))


def answer(problem: Problem) -> Response:
    """Return `problem` as an answer."""
    told: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "request_id": request_id(),
    }
    if problem.errors:
        told["errors"] = problem.errors
    return Response(json.dumps(told), problem.status, problem.headers, mimetype=MEDIA_TYPE)
