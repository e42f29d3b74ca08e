"""Files are sealed in pieces: of any length, read in any order, refused whatever was done to them on disk."""

import hashlib
import io
import os
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from core import opened_file, vault
from core.files import ARRIVING, MARK, WHOLE_MARK, FileStore
from core.vault import SealError, pieces
from core.vault.pieces import _KEY_PART as KEY_PART
from core.vault.pieces import PIECE, TAG_BYTES
from core.vault.sealing import NONCE_BYTES
from tenants.keys import rotation
from tenants.scope import reading, scoped, whole
from tests.cast import Cast

# One runs on one database: nothing but the key comes from there.
pytestmark = pytest.mark.once
SEALED_PIECE = PIECE + TAG_BYTES
START = len(MARK) + KEY_PART
# Three pieces and a half, and as much again of another file.
LONG, OTHER = os.urandom(3 * PIECE + PIECE // 2), os.urandom(3 * PIECE + PIECE // 2)


@pytest.fixture
def store(app: Flask) -> FileStore:
    """Where the service keeps its files."""
    return FileStore(app.config["SETTINGS"].data_dir / "files")


@pytest.fixture
def drawer(app: Flask, cast: Cast) -> Iterator[int]:
    """A drawer in the scope of whose owner the test runs."""
    with app.app_context(), scoped(whole(cast.bakery.id)):
        yield cast.bakery.id


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def path_of(store: FileStore, drawer: int, data: bytes) -> Path:
    return store.root / str(drawer) / digest_of(data)[:2] / digest_of(data)


def put_whole(store: FileStore, drawer: int, data: bytes) -> None:
    """Keep a file as it was kept when files were sealed whole."""
    path = path_of(store, drawer, data)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(WHOLE_MARK + vault.seal_owned(data, f"file/{digest_of(data)}", drawer))


def put_plain(store: FileStore, drawer: int, data: bytes) -> None:
    """Keep a file as it was kept before files were encrypted."""
    path = path_of(store, drawer, data)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def handed_out(store: FileStore, drawer: int, digest: str) -> tuple[bytes, Exception | None]:
    """Return what somebody gets who reads a file by and by, and how it ended."""
    found = b""
    try:
        with store.open(drawer, digest) as kept:
            while part := kept.read(PIECE // 4):
                found += part
    except (SealError, ValueError) as error:
        return found, error
    return found, None


@pytest.mark.parametrize(
    "size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 7], ids=lambda size: f"{size} bytes"
)
def test_a_file_of_any_length_comes_back_whole_and_in_parts(store: FileStore, drawer: int, size: int) -> None:
    data = os.urandom(size)
    with tempfile.TemporaryFile() as source:
        source.write(data)
        digest = store.put_from(drawer, source)
    assert digest == digest_of(data)
    kept = path_of(store, drawer, data)
    assert kept.read_bytes().startswith(MARK)
    assert kept.stat().st_size == START + size + TAG_BYTES * max(1, -(-size // PIECE))
    assert store.get(drawer, digest) == data
    assert handed_out(store, drawer, digest) == (data, None)
    with store.open(drawer, digest) as opened:
        assert opened.seek(0, io.SEEK_END) == size
        assert opened.read() == b""
        assert opened.seek(-min(size, 9), io.SEEK_CUR) == size - min(size, 9)
        assert opened.read(20) == data[-9:]
        opened.seek(size // 2)
        assert opened.read(PIECE) == data[size // 2 : size // 2 + PIECE]


def cut(kept: bytes) -> list[bytes]:
    """Return the sealed pieces of a file."""
    return [kept[at : at + SEALED_PIECE] for at in range(START, len(kept), SEALED_PIECE)]


def flipped(kept: bytes, at: int) -> bytes:
    return kept[:at] + bytes([kept[at] ^ 1]) + kept[at + 1 :]


# What somebody does who may write to the disk: from a file and another one of the same drawer to what stands there.
TAMPERING: dict[str, Callable[[bytes, bytes], bytes]] = {
    "two pieces swapped": lambda kept, _: b"".join([kept[:START], *(cut(kept)[at] for at in (1, 0, 2, 3))]),
    "first piece left out": lambda kept, _: b"".join([kept[:START], *cut(kept)[1:]]),
    "piece left out in the middle": lambda kept, _: b"".join([kept[:START], *(cut(kept)[at] for at in (0, 1, 3))]),
    "last piece left out": lambda kept, _: kept[: START + 3 * SEALED_PIECE],
    "everything but the first piece left out": lambda kept, _: kept[: START + SEALED_PIECE],
    "all pieces left out": lambda kept, _: kept[:START],
    "cut off in its key": lambda kept, _: kept[: START - 1],
    "cut off after its mark": lambda kept, _: kept[: len(MARK)],
    "one byte cut off": lambda kept, _: kept[:-1],
    "one byte added": lambda kept, _: kept + b"\0",
    "last piece twice": lambda kept, _: kept + cut(kept)[3],
    "piece in the middle twice": lambda kept, _: b"".join([kept[:START], *(cut(kept)[at] for at in (0, 1, 1, 2, 3))]),
    "another file's pieces added": lambda kept, other: kept + other[START:],
    "piece of another file": lambda kept, other: b"".join([kept[:START], cut(kept)[0], cut(other)[1], *cut(kept)[2:]]),
    "last piece of another file": lambda kept, other: b"".join([kept[:START], *cut(kept)[:3], cut(other)[3]]),
    "key of another file": lambda kept, other: other[:START] + kept[START:],
    "another file in its place": lambda _, other: other,
    "said to be sealed whole": lambda kept, _: WHOLE_MARK + kept[len(MARK) :],
    "said not to be sealed": lambda kept, _: flipped(kept, 0),
    "other form of key": lambda kept, _: flipped(kept, len(MARK)),
    "other version of the key": lambda kept, _: flipped(kept, len(MARK) + vault.columns.HEAD.size - 1),
    "changed key": lambda kept, _: flipped(kept, START - 1),
    "changed in the first piece": lambda kept, _: flipped(kept, START),
    "changed in the middle": lambda kept, _: flipped(kept, START + SEALED_PIECE + 100),
    "changed tag": lambda kept, _: flipped(kept, START + 2 * SEALED_PIECE - 1),
    "changed in the last piece": lambda kept, _: flipped(kept, len(kept) - TAG_BYTES - 1),
}


@pytest.mark.parametrize("tamper", TAMPERING.values(), ids=TAMPERING.keys())
def test_a_file_that_was_tampered_with_never_comes_to_its_end(
    store: FileStore, drawer: int, tamper: Callable[[bytes, bytes], bytes]
) -> None:
    digest, other = store.put(drawer, LONG), store.put(drawer, OTHER)
    path = path_of(store, drawer, LONG)
    kept, beside = path.read_bytes(), path_of(store, drawer, OTHER).read_bytes()
    path.write_bytes(tamper(kept, beside))
    found, ended = handed_out(store, drawer, digest)
    assert ended is not None
    assert found == LONG[: len(found)]
    assert len(found) < len(LONG)
    with pytest.raises((SealError, ValueError)):
        store.get(drawer, digest)
    assert store.get(drawer, other) == OTHER


@pytest.mark.parametrize(
    "name", ["last piece left out", "one byte cut off", "one byte added", "last piece twice", "key of another file"]
)
def test_what_was_cut_off_or_added_is_refused_before_anything_is_handed_out(
    store: FileStore, drawer: int, name: str
) -> None:
    digest, _ = store.put(drawer, LONG), store.put(drawer, OTHER)
    path = path_of(store, drawer, LONG)
    path.write_bytes(TAMPERING[name](path.read_bytes(), path_of(store, drawer, OTHER).read_bytes()))
    with pytest.raises(SealError):
        store.open(drawer, digest)


def test_a_file_of_another_drawer_is_refused_also_where_both_may_be_read(
    app: Flask, cast: Cast, store: FileStore
) -> None:
    with app.app_context():
        for put, data in ((FileStore.put, LONG), (put_whole, OTHER)):
            with scoped(whole(cast.bakery.id)):
                put(store, cast.bakery.id, data)
            there = path_of(store, cast.other.id, data)
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(path_of(store, cast.bakery.id, data).read_bytes())
            with scoped(reading(frozenset({cast.bakery.id, cast.other.id})), writes=False):
                assert store.get(cast.bakery.id, digest_of(data)) == data
                with pytest.raises(SealError, match="moved"):
                    store.get(cast.other.id, digest_of(data))


def test_what_is_not_what_its_name_says_keeps_its_last_piece(store: FileStore, drawer: int) -> None:
    """Sealed under the right key for the right place, and still other bytes: a mistake of ours."""
    digest = digest_of(LONG)
    store._write(drawer, digest, io.BytesIO(OTHER))
    found, ended = handed_out(store, drawer, digest)
    assert isinstance(ended, ValueError)
    assert found == OTHER[: 3 * PIECE]
    with store.open(drawer, digest) as kept:
        for _ in range(2):  # not the second time either
            kept.seek(0)
            with pytest.raises(ValueError, match="changed on disk"):
                kept.read()
    store._write(drawer, digest, io.BytesIO(b"short"))
    with pytest.raises(ValueError, match="changed on disk"):
        store.open(drawer, digest)


def test_a_file_that_was_sealed_whole_does_not_do_as_the_key_of_one_in_pieces(store: FileStore, drawer: int) -> None:
    """Who may upload and write to the disk knows such a key, and would choose what is handed out."""
    secret = os.urandom(KEY_PART - vault.columns.HEAD.size - NONCE_BYTES - TAG_BYTES)
    put_whole(store, drawer, secret)
    path = path_of(store, drawer, secret)
    sealed_key = path.read_bytes()[len(WHOLE_MARK) :]
    key, prefix, label = pieces._of(secret, sealed_key, f"file/{digest_of(secret)}")
    forged = key.encrypt(pieces._NONCE.pack(prefix, 0, True), secret, label)
    path.write_bytes(MARK + sealed_key + forged)
    with pytest.raises(SealError):
        store.open(drawer, digest_of(secret))


def test_files_of_before_stay_as_they_are_until_they_are_sealed_anew(app: Flask, cast: Cast, store: FileStore) -> None:
    here, forms = cast.bakery.id, (put_whole, put_plain, FileStore.put)
    files = [os.urandom(PIECE + number) for number in range(len(forms))]
    paths = [path_of(store, here, data) for data in files]
    with app.app_context(), scoped(whole(here)):
        for put, data in zip(forms, files, strict=True):
            put(store, here, data)
        before = [path.read_bytes() for path in paths]
        assert [store.get(here, digest_of(data)) for data in files] == files
        assert [handed_out(store, here, digest_of(data)) for data in files] == [(data, None) for data in files]
        store.put(here, files[0])
    assert [path.read_bytes() for path in paths] == before
    with app.app_context():
        assert sorted(store.of_before(here)) == sorted(map(digest_of, files[:2]))
        assert rotation.seal_files(here, store) == 2
        assert store.of_before(here) == []
        assert paths[2].read_bytes() == before[2]
        with scoped(whole(here)):
            assert [store.get(here, digest_of(data)) for data in files] == files


@pytest.mark.parametrize("put", [put_whole, put_plain], ids=["sealed whole", "not sealed"])
def test_rotation_seals_anew_in_pieces_whatever_form_a_file_has(
    app: Flask, cast: Cast, store: FileStore, put: Callable[[FileStore, int, bytes], None]
) -> None:
    here = cast.bakery.id
    with app.app_context():
        with scoped(whole(here)):
            put(store, here, LONG)
            store.put(here, OTHER)
        for turn in range(2):
            done = rotation.rotate(here, store)
            assert done.files == 2
            head = MARK + vault.head_of(here, done.version)
            assert path_of(store, here, LONG).read_bytes().startswith(head), turn
            assert path_of(store, here, OTHER).read_bytes().startswith(head), turn
            assert rotation.rewrap() == 0
        with scoped(whole(here)):
            assert (store.get(here, digest_of(LONG)), store.get(here, digest_of(OTHER))) == (LONG, OTHER)


def test_who_reads_a_file_reads_on_while_its_key_is_rotated_and_it_is_removed(
    app: Flask, cast: Cast, store: FileStore
) -> None:
    with app.app_context():
        with scoped(whole(cast.bakery.id)):
            kept = store.open(cast.bakery.id, store.put(cast.bakery.id, LONG))
        with kept:
            rotation.rotate(cast.bakery.id, store)
            path_of(store, cast.bakery.id, LONG).unlink()
            assert kept.read() == LONG


def test_a_file_that_does_not_open_stays_and_leaves_no_half_when_it_is_sealed_anew(
    store: FileStore, drawer: int
) -> None:
    digest = store.put(drawer, LONG)
    path = path_of(store, drawer, LONG)
    path.write_bytes(flipped(path.read_bytes(), START + SEALED_PIECE))
    broken = path.read_bytes()
    with pytest.raises(SealError):
        store.renew(drawer, digest)
    assert path.read_bytes() == broken
    assert not list(store.root.rglob(f"{ARRIVING}*"))


def test_memory_stays_flat_however_long_a_file_is(app: Flask, cast: Cast, store: FileStore, tmp_path: Path) -> None:
    """Counted is what Python asks for while a file of 32 pieces is put, read and sealed anew."""
    source, here = tmp_path / "long", cast.bakery.id
    source.write_bytes(os.urandom(32 * PIECE))
    with app.app_context(), scoped(whole(here)):
        store.put(here, b"the key is there")
        tracemalloc.start()
        try:
            with source.open("rb") as file:
                digest = store.put_from(here, file)
            with store.open(here, digest) as kept:
                while kept.read(PIECE):
                    pass
                kept.seek(PIECE // 2)
                while kept.read(PIECE):
                    pass
            store.renew(here, digest)
            highest = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert highest < 6 * PIECE


SMALL = 16
STEPS = st.lists(st.tuples(st.integers(0, 80), st.one_of(st.none(), st.integers(-1, 80))), max_size=6)


@settings(deadline=None)
@given(data=st.binary(max_size=5 * SMALL), steps=STEPS)
def read_as_any_file(store: FileStore, drawer: int, data: bytes, steps: list[tuple[int, int | None]]) -> None:
    same, digest = io.BytesIO(data), store.put(drawer, data)
    with store.open(drawer, digest) as kept:
        for place, size in steps:
            assert kept.seek(place) == same.seek(place)
            assert kept.read(size) == same.read(size)
            assert kept.tell() == same.tell()


@settings(deadline=None)
@given(
    data=st.binary(max_size=5 * SMALL),
    begin=st.integers(0, 300),
    length=st.integers(0, 40),
    instead=st.binary(max_size=40),
)
def refused_when_spliced(store: FileStore, drawer: int, data: bytes, begin: int, length: int, instead: bytes) -> None:
    digest = store.put(drawer, data)
    path = path_of(store, drawer, data)
    kept = path.read_bytes()
    spliced = kept[:begin] + instead + kept[begin + length :]
    if spliced not in (kept, data):
        path.write_bytes(spliced)
        with pytest.raises((SealError, ValueError)):
            store.get(drawer, digest)
        path.unlink()


@pytest.mark.parametrize("holds", [read_as_any_file, refused_when_spliced])
def test_it_is_a_file_as_any_and_no_change_on_disk_goes_unseen(
    store: FileStore, drawer: int, monkeypatch: pytest.MonkeyPatch, holds: Callable[[FileStore, int], None]
) -> None:
    for module in (pieces, opened_file):  # small pieces: there are many in little
        monkeypatch.setattr(module, "PIECE", SMALL)
    holds(store, drawer)
