"""The files of a declaration: its receipt and what was added as proof, to be saved and never shown in the browser."""

import io

from flask import Response, send_file

from continuity.models import Declaration
from core.clock import day_of
from core.files import files

PDF = "application/pdf"


def hand_out_receipt(row: Declaration) -> Response:
    """Return the kept receipt of a declaration as a download."""
    name = f"waarborg-{row.kind.value}-{day_of(row.declared_at).isoformat()}.pdf"
    return _download(row.tenant_id, row.receipt_sha256, PDF, name)


def hand_out_proof(row: Declaration) -> Response:
    """Return the file that was added to a declaration as a download."""
    return _download(row.tenant_id, row.file_sha256, row.file_type, row.file_name)


def _download(drawer: int, digest: str, kind: str, name: str) -> Response:
    data = io.BytesIO(files().get(drawer, digest))
    response = send_file(data, kind, as_attachment=True, download_name=name, etag=False)
    response.headers.update({"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"})
    return response
