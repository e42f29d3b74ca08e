"""A page of paper to keep under an agreement: the smallest PDF that every reader opens."""

from flask import current_app

from core.files import FileStore
from core.settings import Settings
from tenants.scope import current_scope

FILES_FOLDER = "files"  # where the service keeps uploaded files, below its data folder


def store(lines: tuple[str, ...]) -> tuple[int, str]:
    """Keep a page with `lines` in the drawer of the open scope's organisation; return its size and its SHA-256."""
    settings: Settings = current_app.config["SETTINGS"]
    data = pdf(lines)
    drawer = current_scope().only_tenant
    return len(data), FileStore(settings.data_dir / FILES_FOLDER).put(drawer, data)


def pdf(lines: tuple[str, ...]) -> bytes:
    """Return a PDF of one A4 page with `lines` (Latin-1) on it."""
    shown = " ".join(f"({_escaped(line)}) Tj T*" for line in lines)
    content = f"BT /F1 12 Tf 16 TL 72 770 Td {shown} ET".encode("latin-1")
    page = b"/MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >>"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R %s >>" % page,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + trailer


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
