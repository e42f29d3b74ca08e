"""Downloads of kept files: in pieces, whole or a part, closed when somebody hangs up, broken off rather than wrong."""

import http.client
import io
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask, Response, send_file
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from audits.made.models import MadeReport, MadeState
from core import clock, db
from core.files import files
from core.i18n import Language
from core.ids import new_id
from core.serving.downloads import kept_file
from core.vault import SealError
from core.vault.pieces import PIECE
from tenants.scope import scoped, whole
from tests.cast import Cast
from tests.visitor import Visitor

ROOT = Path(__file__).resolve().parents[2]
LONG = os.urandom(3 * PIECE + PIECE // 2)
PATIENCE = 120


def kept(place: int, content: bytes) -> tuple[UUID, Path]:
    """Keep a report; return its id and where its bytes lie. Needs an open scope."""
    at, digest = clock.now(), files().put(place, content)
    row = MadeReport(
        id=new_id(), name="findings", as_of=at.date(), language=Language.ENGLISH, asked_at=at, plan=True,
        continuity=True, trail=False, clients=[], state=MadeState.READY, made_at=at, file_name="findings.xlsx",
        file_size=len(content), file_sha256=digest,
    )  # fmt: skip
    db.session().add(row)
    db.session().flush()
    return row.id, files().root / str(place) / digest[:2] / digest


@pytest.fixture
def long(app: Flask, cast: Cast) -> tuple[str, Path]:
    """A report of some pieces: its address, and where its bytes lie."""
    with app.app_context(), scoped(whole(cast.bakery.id)):
        report_id, place = kept(cast.bakery.id, LONG)
    return f"/o/bakery/reports/made/{report_id}/file", place


def held(place: Path) -> int:
    """Return how often this process has a file open."""
    return sum(one.readlink() == place.resolve() for one in Path("/proc/self/fd").iterdir() if one.is_symlink())


PARTS = [
    None, "bytes=0-", "bytes=0-0", "bytes=10-19", f"bytes={PIECE - 1}-{PIECE}", f"bytes={PIECE}-{2 * PIECE - 1}",
    f"bytes={PIECE // 2}-", "bytes=-7", f"bytes={len(LONG) - 1}-{len(LONG) + 9}", "bytes=0-0,5-6", "lines=1-2",
    f"bytes={len(LONG)}-", "bytes=9-1",
]  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize("part", PARTS)
def test_a_kept_file_answers_as_the_same_bytes_in_memory_do(app: Flask, cast: Cast, part: str | None) -> None:
    headers = {} if part is None else {"Range": part}

    def told(response: Response) -> tuple[int, dict[str, str], bytes]:
        body = b"".join(response.response)  # type: ignore[arg-type]
        response.close()
        return response.status_code, dict(response.headers), body

    with app.test_request_context(headers=headers), scoped(whole(cast.bakery.id)):
        digest = files().put(cast.bakery.id, LONG)
        try:
            same = told(send_file(io.BytesIO(LONG), "a/b", as_attachment=True, download_name="ë.zip", etag=False))
        except RequestedRangeNotSatisfiable:
            with pytest.raises(RequestedRangeNotSatisfiable):
                kept_file(cast.bakery.id, digest, "a/b", "ë.zip")
        else:
            assert told(kept_file(cast.bakery.id, digest, "a/b", "ë.zip")) == same
    assert not held(files_of(app, cast.bakery.id, digest))


def files_of(app: Flask, drawer: int, digest: str) -> Path:
    with app.app_context():
        return files().root / str(drawer) / digest[:2] / digest


def test_a_report_comes_whole_or_the_part_that_was_asked_for(app: Flask, cast: Cast, long: tuple[str, Path]) -> None:
    owner, (address, place) = Visitor(app, cast.owner), long
    answer = owner.get(address)
    assert (answer.status_code, answer.content_length, answer.data) == (200, len(LONG), LONG)
    part = owner.get(address, headers={"Range": f"bytes={PIECE - 5}-{PIECE + 4}"})
    assert (part.status_code, part.data) == (206, LONG[PIECE - 5 : PIECE + 5])
    assert owner.client.head(address).content_length == len(LONG)
    assert not held(place)


def test_who_hangs_up_has_the_file_closed(app: Flask, cast: Cast, long: tuple[str, Path]) -> None:
    owner, (address, place) = Visitor(app, cast.owner), long
    answer = owner.client.get(address, buffered=False)
    assert next(iter(answer.response)) == LONG[:PIECE]
    assert held(place) == 1
    answer.close()
    assert not held(place)


def test_a_file_of_which_a_later_piece_was_changed_is_broken_off(
    app: Flask, cast: Cast, long: tuple[str, Path]
) -> None:
    owner, (address, place) = Visitor(app, cast.owner), long
    spoil(place)
    answer = owner.client.get(address, buffered=False)
    assert answer.content_length == len(LONG)
    sent: list[object] = []
    with pytest.raises(SealError, match="piece 2 of 4"):
        sent.extend(answer.response)
    assert sent == [LONG[:PIECE], LONG[PIECE : 2 * PIECE]]
    answer.close()
    assert not held(place)


def test_a_file_that_was_cut_off_is_not_begun(app: Flask, cast: Cast, long: tuple[str, Path]) -> None:
    address, place = long
    place.write_bytes(place.read_bytes()[:-1])
    answer = Visitor(app, cast.owner).client.get(address)
    assert (answer.status_code, answer.mimetype) == (500, "text/html")
    assert not held(place)


def spoil(place: Path) -> None:
    """Change a byte of the third piece of four."""
    sealed = bytearray(place.read_bytes())
    sealed[-PIECE] ^= 1
    place.write_bytes(sealed)


@contextmanager
def served(app: Flask) -> Iterator[int]:
    """Serve the application's database and files by gunicorn as it stands; give the port."""
    settings = app.config["SETTINGS"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = {
        "DATABASE_URL": settings.database_url, "DATA_DIR": settings.data_dir, "SECRET_KEY": settings.secret_key,
        "MASTER_KEY_FILE": settings.master_key_file, "SCHEDULER": "off", "BASE_URL": f"http://127.0.0.1:{port}",
        "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    env = {**os.environ, **{f"WAARBORG_{name}": str(value) for name, value in told.items()}}
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--bind", f"127.0.0.1:{port}"]
    with subprocess.Popen([*command, "app:create_server()"], cwd=ROOT, env=env, stderr=subprocess.DEVNULL) as server:
        try:
            yield port
        finally:
            server.kill()


@pytest.mark.once
def test_a_browser_sees_that_a_download_was_broken_off(app: Flask, cast: Cast, long: tuple[str, Path]) -> None:
    """By a real server: the connection ends before the length that was told."""
    owner, (address, place) = Visitor(app, cast.owner), long
    cookie = owner.client.get_cookie("waarborg")
    assert cookie is not None
    with served(app) as port:
        whole_file = fetched(port, address, cookie.value)
        assert whole_file == (LONG, True)
        spoil(place)
        found, ended = fetched(port, address, cookie.value)
        assert not ended
        assert found == LONG[: 2 * PIECE]


def fetched(port: int, address: str, cookie: str) -> tuple[bytes, bool]:
    """Return what came, and whether it was all that was told. Waits until the server is there."""
    pause = threading.Event()
    for _ in range(PATIENCE * 5):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("GET", address, headers={"Cookie": f"waarborg={cookie}"})
        except ConnectionError:
            pause.wait(0.2)
            continue
        answer = connection.getresponse()
        assert answer.status == 200
        try:
            return answer.read(), True
        except http.client.IncompleteRead as short:
            return short.partial, False
        finally:
            connection.close()
    raise AssertionError("the server never came")
