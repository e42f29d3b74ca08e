"""Kept files as answers: to be saved and never shown in the browser, sent a piece at a time."""

import io
from typing import IO, cast

from flask import Response, request, send_file
from werkzeug.wsgi import FileWrapper

from core.files import files
from core.vault.pieces import PIECE


def kept_file(drawer: int, digest: str, media_type: str, name: str) -> Response:
    """Return a kept file as an answer to be saved under `name`, or the part of it that the request asks for.

    Its bytes are read while they are sent, after the scope was closed; what no longer opens then breaks the connection
    short of the length that was told. Whoever hangs up has it closed.
    Raises FileNotFoundError, ValueError or SealError as `FileStore.open` does.
    """
    kept = files().open(drawer, digest)
    try:
        size = kept.seek(0, io.SEEK_END)
        kept.seek(0)
        opened = cast(IO[bytes], kept)  # it is read, moved about in and closed, no more
        response = send_file(opened, media_type, as_attachment=True, download_name=name, conditional=False, etag=False)
        # Not the wrapper of the server: it has no way to begin in the middle, and sends eight kilobytes at a time.
        response.response = FileWrapper(opened, PIECE)
        response.content_length = size
        response.make_conditional(request, accept_ranges=True, complete_length=size)
    except BaseException:
        kept.close()
        raise
    return response


def kept_privately(drawer: int, digest: str, media_type: str, name: str) -> Response:
    """Return a kept file as `kept_file` does, with what keeps browsers from guessing its kind and from keeping it."""
    response = kept_file(drawer, digest, media_type, name)
    response.headers.update({"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"})
    return response
