"""Views with their shapes around them, put together at the first call: the libraries for it cost every start otherwise.

flask-smorest reads and writes what schemas.py tells, and writes the document of the whole from the same table.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from flask import Flask
from flask_smorest import Api
from marshmallow import RAISE, Schema

from audits.api import asking, schemas
from audits.api.bodies import Operations
from audits.api.operations import OPERATIONS, Operation
from audits.api.writing import written
from core.serving.problems import MEDIA_TYPE
from core.version import VERSION

TITLE, OPENAPI = "Waarborg", "3.1.0"
PREFIX = "/api/v1"
ABOUT = (
    "What an organisation keeps in Waarborg, for its own programs. An owner makes a token on the page Connections;"
    " each belongs to one organisation, may do what its scopes say, and ends by itself."
)
# Every operation may answer these.
ANYWHERE = {401: "No token that is in use", 403: "The token lacks the scope", 429: "Called too often"}
REASONS = {
    **ANYWHERE,
    200: "It was there already",
    400: "What was sent cannot be read",
    404: "Not there, or not yours",
    409: "It cannot be done as it stands now",
    412: "Somebody changed it since",
    415: "What was sent is no JSON",
    422: "Something that was sent does not fit",
    428: "Say which version you read (If-Match)",
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of the record that was read.",
    "schema": {"type": "string"},
}
RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}


@cache
def shaped() -> Mapping[str, Callable[..., Any]]:
    """Return each operation's view by its name: it reads what is sent, and writes what is answered."""
    docs = Operations("api", __name__)
    return {one.name: _shape(docs, one) for one in OPERATIONS}


@cache
def document() -> Mapping[str, Any]:
    """Return the OpenAPI document of all operations."""
    docs = Flask("document")
    docs.config.update(API_TITLE=TITLE, API_VERSION=VERSION, OPENAPI_VERSION=OPENAPI)
    api = Api(docs, spec_kwargs={"info": {"description": ABOUT}, "servers": [{"url": "/"}]})
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    api.spec.components.schema("Problem", schema=schemas.Problem)
    pages = Operations("api", __name__, url_prefix=PREFIX, description="")
    for one in OPERATIONS:
        pages.add_url_rule(one.path, endpoint=one.name, view_func=_shape(pages, one), methods=[one.method])
    api.register_blueprint(pages)
    told: Mapping[str, Any] = api.spec.to_dict()
    return told


def _shape(docs: Any, one: Operation) -> Callable[..., Any]:
    gives = _schema(one.gives)
    view: Callable[..., Any] = written(one.view) if issubclass(gives, schemas.PartList) else one.view
    view = docs.response(one.status, gives)(view)
    if one.takes:
        view = docs.arguments(_schema(one.takes))(view)
    if one.asks:
        view = docs.arguments(_query(one.asks), location="query", unknown=RAISE)(view)
    sends = {422, 415, 400} if one.takes else {422} if one.asks else set()
    told = {str(status): _problem(status) for status in sorted({*ANYWHERE, *sends, *one.statuses} - {200})}
    if 200 in one.statuses:
        told["200"] = {"description": REASONS[200], "content": _content("application/json", one.gives)}
    more: dict[str, Any] = {"responses": told, "security": [{"token": [one.scope.value]}]}
    if one.matches:
        more["parameters"] = [IF_MATCH]
    shaped_view: Callable[..., Any] = docs.doc(**more)(view)
    return shaped_view


def _schema(name: str) -> type[Schema]:
    found: type[Schema] = getattr(schemas, name)
    return found


def _query(name: str) -> type[Schema]:
    found: type[Schema] = getattr(asking, name)
    return found


def _problem(status: int) -> dict[str, Any]:
    told: dict[str, Any] = {"description": REASONS[status], "content": _content(MEDIA_TYPE, "Problem")}
    return told | {"headers": RETRY_AFTER} if status == 429 else told


def _content(media_type: str, schema: str) -> dict[str, Any]:
    return {media_type: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
