"""Handing out the files of answers: saved, never shown in the browser, and written down."""

from flask import Response

from audits.room.queries import KeptFile
from core.serving.downloads import kept_privately
from tenants import trail


def hand_out(kept: KeptFile) -> Response:
    """Return the file of an answer, and write down who took it."""
    response = kept_privately(kept.tenant_id, kept.sha256, kept.media_type, kept.name)
    trail.record_after("document.downloaded", "evidence_file", kept.id, file_name=kept.name, sha256=kept.sha256)
    return response
