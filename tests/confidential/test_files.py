"""Uploaded files are kept encrypted, and those of before are read until they are too."""

import hashlib
from pathlib import Path

import pytest
from flask import Flask

from core.files import MARK, FileStore
from core.vault import SealError
from tenants.keys import rotation
from tenants.scope import scoped, whole
from tests.cast import Cast

CONTRACT = b"%PDF-1.7 between Draadwerk IT and Stichting Zekerheid"
DIGEST = hashlib.sha256(CONTRACT).hexdigest()


@pytest.fixture
def store(app: Flask) -> FileStore:
    """Where the service keeps its files."""
    return FileStore(app.config["SETTINGS"].data_dir / "files")


def path_of(store: FileStore, drawer: int) -> Path:
    return store.root / str(drawer) / DIGEST[:2] / DIGEST


def put_plain(store: FileStore, drawer: int) -> None:
    path_of(store, drawer).parent.mkdir(parents=True)
    path_of(store, drawer).write_bytes(CONTRACT)


def test_a_file_is_named_by_its_plain_bytes_and_kept_sealed(app: Flask, cast: Cast, store: FileStore) -> None:
    with app.app_context(), scoped(whole(cast.bakery.id)):
        assert store.put(cast.bakery.id, CONTRACT) == DIGEST
        assert store.get(cast.bakery.id, DIGEST) == CONTRACT
    kept = path_of(store, cast.bakery.id).read_bytes()
    assert kept.startswith(MARK)
    assert b"Draadwerk" not in kept


def test_putting_a_file_twice_leaves_it_as_it_is(app: Flask, cast: Cast, store: FileStore) -> None:
    with app.app_context(), scoped(whole(cast.bakery.id)):
        store.put(cast.bakery.id, CONTRACT)
        before = path_of(store, cast.bakery.id).read_bytes()
        store.put(cast.bakery.id, CONTRACT)
    assert path_of(store, cast.bakery.id).read_bytes() == before


def test_a_file_of_before_is_read_and_sealed_by_command(app: Flask, cast: Cast, store: FileStore) -> None:
    put_plain(store, cast.bakery.id)
    with app.app_context(), scoped(whole(cast.bakery.id)):
        assert store.get(cast.bakery.id, DIGEST) == CONTRACT
    done = app.test_cli_runner().invoke(args=["keys", "seal-files", "--tenant", cast.bakery.slug])
    assert done.output == f"{cast.bakery.slug}: 1 files sealed in pieces\n"
    assert path_of(store, cast.bakery.id).read_bytes().startswith(MARK)
    with app.app_context():
        assert rotation.seal_files(cast.bakery.id, store) == 0
    with app.app_context(), scoped(whole(cast.bakery.id)):
        assert store.get(cast.bakery.id, DIGEST) == CONTRACT


def test_putting_a_file_of_before_again_seals_it(app: Flask, cast: Cast, store: FileStore) -> None:
    put_plain(store, cast.bakery.id)
    with app.app_context(), scoped(whole(cast.bakery.id)):
        store.put(cast.bakery.id, CONTRACT)
    assert b"Draadwerk" not in path_of(store, cast.bakery.id).read_bytes()


def test_a_file_that_was_changed_or_moved_does_not_open(app: Flask, cast: Cast, store: FileStore) -> None:
    with app.app_context(), scoped(whole(cast.bakery.id)):
        store.put(cast.bakery.id, CONTRACT)
        path = path_of(store, cast.bakery.id)
        kept = path.read_bytes()
        path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
        with pytest.raises(SealError):
            store.get(cast.bakery.id, DIGEST)
        other = hashlib.sha256(b"%PDF another").hexdigest()
        elsewhere = store.root / str(cast.bakery.id) / other[:2] / other
        elsewhere.parent.mkdir(parents=True, exist_ok=True)
        elsewhere.write_bytes(kept)
        with pytest.raises(SealError):
            store.get(cast.bakery.id, other)


def test_the_commands_rotate_and_rewrap(app: Flask, cast: Cast) -> None:
    run = app.test_cli_runner().invoke
    told = run(args=["keys", "rotate", "--tenant", cast.bakery.slug]).output
    assert told.startswith(f"{cast.bakery.slug}: rotated, key 2, ")
    assert run(args=["keys", "rotate", "--tenant", "nowhere"]).exit_code == 1
    assert len(run(args=["keys", "rotate"]).output.splitlines()) == 5
    assert "0 keys wrapped anew by master key" in run(args=["keys", "rewrap"]).output
