"""Uploaded contracts: what is taken, what it is called, how it comes back."""

import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from continuity.agreements.documents import MediaType, clean_name, look_over
from continuity.errors import Refused
from core import db
from tenants.models import TrailEntry
from tests.cast import Cast, Organisation, Person
from tests.continuity.world import PDF, World, version
from tests.tenants.trail_attacks import refuse_entries
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20


def word(*more: str, parts: tuple[str, ...] = ("[Content_Types].xml", "word/document.xml")) -> bytes:
    """Return a zip with the parts of a Word document, and more."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in (*parts, *more):
            archive.writestr(name, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        pytest.param(PDF, MediaType.PDF, id="pdf"),
        pytest.param(PNG, MediaType.PNG, id="png"),
        pytest.param(JPEG, MediaType.JPEG, id="jpeg"),
        pytest.param(word(), MediaType.DOCX, id="word"),
    ],
)
def test_bytes_decide_what_a_file_is(data: bytes, media_type: MediaType) -> None:
    found = look_over("contract.exe", data, 10_000)
    assert found.media_type is media_type
    assert found.name == f"contract.exe{Path(clean_name('x', media_type)).suffix}"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<html><script>alert(1)</script>", id="a web page called pdf"),
        pytest.param(b"MZ\x90\x00", id="a program"),
        pytest.param(b"\n%PDF-1.7", id="something before the beginning"),
        pytest.param(b"PK\x03\x04 broken", id="a broken zip"),
        pytest.param(word(parts=("a.txt",)), id="a zip that is no document"),
        pytest.param(word(parts=("[Content_Types].xml", "xl/workbook.xml")), id="a workbook"),
        pytest.param(word("word/vbaProject.bin"), id="a document with macros"),
        pytest.param(word()[:-30], id="a zip without its end"),
    ],
)
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        look_over("contract.pdf", data, 10_000)
    assert refused.value.field == "document"


def test_largest_size_is_still_taken_and_one_byte_more_is_not() -> None:
    assert look_over("a.pdf", PDF, len(PDF)).data == PDF
    with pytest.raises(Refused, match="too large"):
        look_over("a.pdf", PDF, len(PDF) - 1)


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        pytest.param("contract.pdf", "contract.pdf", id="plain"),
        pytest.param("../../etc/passwd", "passwd.pdf", id="a path upwards"),
        pytest.param("C:\\temp\\contract.PDF", "contract.pdf", id="a path of Windows"),
        pytest.param("/", "document.pdf", id="only a path"),
        pytest.param("...", "document.pdf", id="only dots"),
        pytest.param(".pdf", "document.pdf", id="only an ending"),
        pytest.param("con\x00tract\r\n.pdf", "contract.pdf", id="control characters"),
        pytest.param("fdp\u202egpj.pdf", "fdpgpj.pdf", id="turned around"),
        pytest.param('a"b<c>:d|e?f*.pdf', "a b c d e f.pdf", id="signs a file system refuses"),
        pytest.param("overeenkomst één.pdf", "overeenkomst één.pdf", id="accents stay"),
        pytest.param("a" * 300 + ".pdf", "a" * 150 + ".pdf", id="far too long"),
        pytest.param("contract.pdf.exe", "contract.pdf.exe.pdf", id="two endings"),
    ],
)
def test_name_is_cleaned(name: str, cleaned: str) -> None:
    assert clean_name(name, MediaType.PDF) == cleaned


def upload(visitor: Visitor, path: str, name: str, data: bytes) -> tuple[int, str]:
    """Send the form of a contract with a file; return the status and the page."""
    sent = {"kind": "framework", "party": "Stichting Zekerheid", "version": "1", "document": (io.BytesIO(data), name)}
    answer = visitor.post(path, sent, content_type="multipart/form-data")
    return answer.status_code, answer.get_data(as_text=True)


def test_uploaded_contract_comes_back_byte_for_byte(
    app: Flask, cast: Cast, world: World, visitor: Visitors, tmp_path: Path
) -> None:
    editor = visitor(world.editor)
    data = PDF + "é".encode()
    status, _page = upload(editor, f"{world.path}/agreements/new", "../één.pdf", data)
    assert status == 302
    page = editor.get(f"{world.path}/agreements").get_data(as_text=True)
    digest = hashlib.sha256(data).hexdigest()
    assert "één.pdf" in page
    assert digest in page
    assert data not in (tmp_path / "files" / str(cast.supplier.id) / digest[:2] / digest).read_bytes()
    new = re.findall(rf'href="({re.escape(world.path)}/agreements/[^"]+/file)"', page)
    assert sorted(editor.get(address).data for address in new) == sorted([PDF, data])


def test_download_is_saved_and_never_shown(world: World, visitor: Visitors) -> None:
    answer = visitor(world.reader).get(f"{world.path}/agreements/{world.agreement_id}/file")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"] == "attachment; filename=mantelovereenkomst.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"


def test_who_downloaded_a_contract_stands_in_the_trail(
    app: Flask, cast: Cast, world: World, visitor: Visitors, scope_of: Callable[[Organisation], Any]
) -> None:
    reader = visitor(world.reader)
    assert reader.get(f"{world.path}/agreements/{world.agreement_id}/file").status_code == 200
    assert reader.get(f"{world.path}/agreements/{world.path[-36:]}/file").status_code == 404
    with scope_of(cast.supplier):
        query = sa.select(TrailEntry).where(TrailEntry.action == "document.downloaded")
        entry = db.session().scalars(query).one()
        assert (entry.actor, entry.role, entry.subject_id) == (world.reader.name, "reader", world.agreement_id)
        assert entry.changes["file_name"] == "mantelovereenkomst.pdf"


def test_no_contract_leaves_without_its_line_in_the_trail(app: Flask, world: World, visitor: Visitors) -> None:
    reader = visitor(world.reader)
    refuse_entries(app)
    answer = reader.client.get(f"{world.path}/agreements/{world.agreement_id}/file")
    assert answer.status_code == 500
    assert PDF not in answer.data


def test_contract_without_a_file_has_nothing_to_download(world: World, visitor: Visitors) -> None:
    editor = visitor(world.editor)
    sent = {"kind": "service", "party": "Klant", "version": "1"}
    assert editor.post(f"{world.path}/agreements/new", sent).status_code == 302
    page = editor.get(f"{world.path}/agreements").get_data(as_text=True)
    assert page.count("/file") == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("contract.pdf", b"MZ\x90\x00", id="wrong bytes"),
        pytest.param("contract.pdf", b"", id="empty"),
    ],
)
def test_refused_file_leaves_nothing_behind(
    world: World, visitor: Visitors, tmp_path: Path, name: str, data: bytes
) -> None:
    before = sorted(path for path in (tmp_path / "files").rglob("*") if path.is_file())
    editor = visitor(world.editor)
    status, page = upload(editor, f"{world.path}/agreements/new", name, data)
    assert status == 422
    assert 'value="Stichting Zekerheid"' in page
    assert 'id="document-error"' in page
    assert sorted(path for path in (tmp_path / "files").rglob("*") if path.is_file()) == before
    assert editor.get(f"{world.path}/agreements").get_data(as_text=True).count("<h3>") == 1


def test_file_over_the_limit_is_refused(app: Flask, world: World, visitor: Visitors) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], upload_limit=1000)
    app.config["MAX_CONTENT_LENGTH"] = 3000
    editor = visitor(world.editor)
    path = f"{world.path}/agreements/new"
    assert upload(editor, path, "contract.pdf", PDF.ljust(1000))[0] == 302
    status, page = upload(editor, path, "contract.pdf", PDF.ljust(1001))
    assert status == 422
    assert "too large" in page
    assert upload(editor, path, "contract.pdf", PDF.ljust(4000))[0] == 413


def test_new_file_replaces_the_old_one_and_saving_without_one_keeps_it(world: World, visitor: Visitors) -> None:
    editor = visitor(world.editor)
    path = f"{world.path}/agreements/{world.agreement_id}"
    seen = version(editor, path)
    sent: dict[str, Any] = {"kind": "framework", "party": "Stichting", "version": seen}
    assert editor.post(path, sent).status_code == 302
    assert editor.get(f"{path}/file").data == PDF
    sent = {**sent, "version": version(editor, path), "document": (io.BytesIO(PNG), "scan.png")}
    assert editor.post(path, sent, content_type="multipart/form-data").status_code == 302
    assert editor.get(f"{path}/file").data == PNG
