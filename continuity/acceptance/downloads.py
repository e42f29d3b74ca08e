"""The files of a declaration: its receipt and what was added as proof, to be saved and never shown in the browser."""

from flask import Response

from continuity.models import Declaration
from core.clock import day_of
from core.serving.downloads import kept_privately

PDF = "application/pdf"


def hand_out_receipt(row: Declaration) -> Response:
    """Return the kept receipt of a declaration as a download."""
    name = f"waarborg-{row.kind.value}-{day_of(row.declared_at).isoformat()}.pdf"
    return kept_privately(row.tenant_id, row.receipt_sha256, PDF, name)


def hand_out_proof(row: Declaration) -> Response:
    """Return the file that was added to a declaration as a download."""
    return kept_privately(row.tenant_id, row.file_sha256, row.file_type, row.file_name)
