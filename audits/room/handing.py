"""Handing out the files of answers: saved, never shown in the browser, and written down."""

import io

from flask import Response, send_file

from audits.room.queries import KeptFile
from core.files import files
from tenants import trail


def hand_out(kept: KeptFile) -> Response:
    """Return the file of an answer, and write down who took it."""
    data = files().get(kept.tenant_id, kept.sha256)
    response = send_file(io.BytesIO(data), kept.media_type, as_attachment=True, download_name=kept.name, etag=False)
    trail.record_after("document.downloaded", "evidence_file", kept.id, file_name=kept.name, sha256=kept.sha256)
    response.headers.update({"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"})
    return response
