"""Files that people add to the plan: photos of copies, evidence of tests. Looked over, stripped, kept encrypted."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask import Response, current_app
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from core import db
from core.files import files
from core.ids import new_id
from core.pictures import JPEG_START, PNG_START, BadPicture, bare
from core.serving.downloads import kept_privately
from plans.errors import PlanError
from tenants import trail
from tenants.models import StoredFile
from tenants.scope import current_scope

LONGEST_NAME = 120


class Media(StrEnum):
    """The kinds of files that are taken."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"


BEGINNINGS = {JPEG_START: Media.JPEG, PNG_START: Media.PNG, b"%PDF-": Media.PDF}
ENDINGS = {Media.JPEG: "jpg", Media.PNG: "png", Media.PDF: "pdf"}
PICTURES = frozenset({Media.JPEG, Media.PNG})
ANY = frozenset(Media)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that may be kept. name: safe to show and to save under; data: a picture without its metadata."""

    name: str
    media: Media
    data: bytes


def sent_file(field: object, taken: Collection[Media], name: str) -> Upload | None:
    """Return the file that a form field holds, None when nothing was chosen.

    Raises PlanError, with `name` as its field, when it is empty, too large, or not of the kinds that are taken.
    """
    if not isinstance(field, FileStorage) or not field.filename:
        return None
    limit = current_app.config["SETTINGS"].upload_limit
    return look_over(field.filename, field.stream.read(limit + 1), limit, taken, name)


def look_over(file_name: str, data: bytes, limit: int, taken: Collection[Media], field: str) -> Upload:
    """Return a file when it may be kept; what it is, its bytes say, not its name. limit: the most bytes.

    A picture loses what it tells beside the picture: where and when it was taken, and by which device.
    Raises PlanError, with `field`.
    """
    if not data:
        raise PlanError(_l("This file is empty."), field)
    if len(data) > limit:
        raise PlanError(_l("This file is too large: at most %(size)d MB.", size=limit // 1_000_000), field)
    media = next((kind for beginning, kind in BEGINNINGS.items() if data.startswith(beginning)), None)
    if media not in taken or media is None:
        wrong = _l("This is not a JPEG or PNG.") if set(taken) <= PICTURES else _l("This is not a PDF, JPEG or PNG.")
        raise PlanError(wrong, field)
    if media in PICTURES:
        try:
            data = bare(data)
        except BadPicture:
            raise PlanError(_l("This picture is damaged and cannot be kept."), field) from None
    return Upload(_safe_name(file_name, media), media, data)


def _safe_name(name: str, media: Media) -> str:
    """Return the name without folders, its ending and signs that a file system or a header refuses."""
    stem = re.split(r"[/\\]", name)[-1].rpartition(".")[0]
    plain = " ".join(re.sub(r"[^\w .()-]", " ", stem).split()).strip(". ")[:LONGEST_NAME].strip(". ")
    return f"{plain or 'file'}.{ENDINGS[media]}"


def keep(upload: Upload, *, at: datetime) -> StoredFile:
    """Keep a file of the open scope's organisation, encrypted, and return its row."""
    row = StoredFile(
        id=new_id(),
        name=upload.name,
        media_type=upload.media.value,
        size=len(upload.data),
        sha256=files().put(current_scope().only_tenant, upload.data),
        uploaded_at=at,
    )
    db.session().add(row)
    db.session().flush()
    return row


def hand_out(row: StoredFile) -> Response:
    """Return a file to be saved and never shown in the browser, and write down who took it."""
    response = kept_privately(row.tenant_id, row.sha256, row.media_type, row.name)
    trail.record_after("document.downloaded", "stored_file", row.id, file_name=row.name, sha256=row.sha256)
    return response
