"""A file that is sent while it is made: rows are read as they are sent, and whoever hangs up ends the work."""

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass

from flask import Flask, Response, current_app
from werkzeug.datastructures import Headers

from core.i18n import Language, language, written_in
from tenants import trail
from tenants.owned import Area
from tenants.scope import Scope, current_scope, scoped

Pieces = Callable[[], Generator[bytes]]


@dataclass(frozen=True, slots=True)
class Told:
    """What the trail says when a file was not taken to its end. name: of the file's contents, as told at the start."""

    subject: str
    name: str


def sent_while_made(make: Pieces, told: Told, *, media_type: str, download_name: str) -> Response:
    """Return an answer whose body is made while it is sent, over the rows that the open scope reads now.

    The right to it is the one the request came in with: asked once, before the first byte. The rows are read in one
    transaction of their own, so they are of one moment. That somebody asks is for the view to write down; when the
    body is not taken to its end, that is written down as well. make: returns the pieces; called in that transaction,
    in the reader's language. Raises LockError when no scope of one organisation is open.
    """
    scope = current_scope()
    reading = Scope(frozenset({scope.only_tenant}), scope.reads, frozenset(), scope.actor)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the body outlives the request
    headers = Headers()
    headers.set("Content-Disposition", "attachment", filename=download_name)
    body = _body(app, reading, language(), make, told)
    return Response(body, mimetype=media_type, headers=headers, direct_passthrough=True)


def _body(app: Flask, reading: Scope, spoken: Language, make: Pieces, told: Told) -> Generator[bytes]:
    taken = False
    try:
        with (
            app.app_context(),
            written_in(spoken),
            scoped(reading, writes=False),
            closing(make()) as pieces,
        ):
            yield from pieces
        taken = True
    finally:
        if not taken:
            noting = Scope(reading.tenant_ids, frozenset(), frozenset({Area.TRAIL}), reading.actor)
            with app.app_context(), scoped(noting):
                trail.record("report.broken_off", told.subject, None, name=told.name)
