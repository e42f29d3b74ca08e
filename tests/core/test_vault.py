"""The vault: sealed bytes open where they belong and nowhere else, and no key is ever made anew beside sealed rows."""

import os
import re
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import patch

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from core.settings import read_settings
from core.vault import (
    FileKeeper,
    MasterKeyError,
    PlatformSealed,
    SealError,
    keeper,
    mac_key,
    platform_open,
    platform_rewrap,
    platform_seal,
)
from core.vault.keeper import make_file
from core.vault.sealing import new_key, seal, unseal


@pytest.fixture
def desk(tmp_path: Path) -> Flask:
    """Settings and nothing else: no database is asked for."""
    app = Flask(__name__)
    (tmp_path / "master.key").parent.mkdir(exist_ok=True)
    make_file(tmp_path / "master.key")
    app.config["SETTINGS"] = read_settings({"WAARBORG_DATA_DIR": str(tmp_path)})
    return app


@given(text=st.text(), purpose=st.text(alphabet=st.characters(codec="ascii", categories=("L", "N"))))
def test_what_is_sealed_opens_again(tmp_path_factory: pytest.TempPathFactory, text: str, purpose: str) -> None:
    app = Flask(__name__)
    folder = tmp_path_factory.getbasetemp() / "one_key"
    make_file(folder / "master.key")
    app.config["SETTINGS"] = read_settings({"WAARBORG_DATA_DIR": str(folder)})
    with app.app_context():
        assert platform_open(platform_seal(text, purpose), purpose) == text


def test_nothing_of_the_text_stands_in_the_sealed_bytes_and_no_two_are_alike(desk: Flask) -> None:
    with desk.app_context():
        first, second = platform_seal("hunter2hunter2", "a.b"), platform_seal("hunter2hunter2", "a.b")
    assert b"hunter2" not in first + second
    assert first != second


def test_sealed_for_one_purpose_does_not_open_for_another(desk: Flask) -> None:
    with desk.app_context(), pytest.raises(SealError):
        platform_open(platform_seal("secret", "factor.secret"), "mail.body")


def test_every_changed_byte_is_noticed(desk: Flask) -> None:
    with desk.app_context():
        sealed = platform_seal("secret", "a.b")
        for place in range(len(sealed)):
            changed = bytearray(sealed)
            changed[place] ^= 1
            with pytest.raises((SealError, MasterKeyError)):
                platform_open(bytes(changed), "a.b")
        for length in range(len(sealed)):
            with pytest.raises((SealError, MasterKeyError)):
                platform_open(sealed[:length], "a.b")


def test_refusal_tells_no_text(desk: Flask) -> None:
    with desk.app_context(), pytest.raises(SealError) as caught:
        platform_open(platform_seal("hunter2", "a.b")[:-1], "a.b")
    assert "hunter2" not in str(caught.value)


def test_authentication_keys_differ_by_purpose_and_stay_when_master_keys_change(desk: Flask) -> None:
    with desk.app_context():
        first = mac_key("trail")
        assert len(first) == 32
        assert mac_key("index") != first
        held = keeper()
        assert isinstance(held, FileKeeper)
        held.add_master()
        assert mac_key("trail") == first
    again = Flask(__name__)
    again.config["SETTINGS"] = desk.config["SETTINGS"]
    with again.app_context():
        assert mac_key("trail") == first


def test_new_master_key_seals_from_then_on_and_old_texts_still_open(desk: Flask) -> None:
    with desk.app_context():
        held = keeper()
        assert isinstance(held, FileKeeper)
        old = platform_seal("secret", "a.b")
        before = held.newest
        assert held.add_master() == held.newest != before
        assert platform_open(old, "a.b") == "secret"
        moved = platform_rewrap(old, "a.b")
        assert moved != old
        assert platform_rewrap(moved, "a.b") == moved
        assert platform_open(moved, "a.b") == "secret"


def test_master_key_that_another_process_added_is_found(desk: Flask) -> None:
    path = desk.config["SETTINGS"].master_key_file
    mine, theirs = FileKeeper(path), FileKeeper(path)
    theirs.add_master()
    wrapped = theirs.wrap(key := new_key(), "x")
    assert mine.unwrap(wrapped, "x") == key


def test_master_key_taken_from_the_file_is_named(desk: Flask) -> None:
    path = desk.config["SETTINGS"].master_key_file
    held = FileKeeper(path)
    wrapped, gone = held.wrap(new_key(), "x"), held.newest
    held.add_master()
    kept = [line for line in path.read_text(encoding="ascii").splitlines() if gone not in line]
    path.write_text("\n".join(kept), encoding="ascii")
    with pytest.raises(MasterKeyError, match=gone):
        FileKeeper(path).unwrap(wrapped, "x")


def test_key_wrapped_for_one_context_opens_in_no_other(desk: Flask) -> None:
    held = FileKeeper(desk.config["SETTINGS"].master_key_file)
    with pytest.raises(SealError):
        held.unwrap(held.wrap(new_key(), "organisation 1"), "organisation 2")


def test_file_is_readable_to_nobody_else(desk: Flask) -> None:
    path: Path = desk.config["SETTINGS"].master_key_file
    assert path.stat().st_mode & 0o777 == 0o600
    FileKeeper(path).add_master()
    assert path.stat().st_mode & 0o777 == 0o600


def test_production_refuses_a_file_that_others_may_read(desk: Flask, tmp_path: Path) -> None:
    desk.config["SETTINGS"].master_key_file.chmod(0o640)
    desk.config["SETTINGS"] = read_settings({"WAARBORG_DATA_DIR": str(tmp_path), "WAARBORG_ENV": "production"})
    with desk.app_context(), pytest.raises(MasterKeyError, match="others may read"):
        keeper()


def test_processes_starting_at_once_make_one_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "master.key"
    threads = [threading.Thread(target=make_file, args=(path,)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(re.findall("^key ", path.read_text(encoding="ascii"), re.MULTILINE)) == 1
    assert [found.name for found in path.parent.iterdir()] == ["master.key"]
    FileKeeper(path)


@pytest.mark.parametrize(
    "text",
    ["", "mac\n", "mac AAAA\n", "# only a remark\n", "hello world and all\n", "key a " + "A" * 43 + "=\n", "mac é\n"],
)
def test_file_that_is_no_master_key_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "master.key"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MasterKeyError, match=re.escape(str(path))):
        FileKeeper(path)


def test_refusal_of_a_broken_file_tells_nothing_of_its_keys(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    path.write_text("mac c2VjcmV0c2VjcmV0\n", encoding="ascii")
    with pytest.raises(MasterKeyError) as caught:
        FileKeeper(path)
    assert "c2VjcmV0" not in str(caught.value)


def test_seal_opens_under_its_own_key_and_label_only() -> None:
    key = AESGCM(new_key())
    sealed = seal(key, b"plain", b"asset.serial")
    assert unseal(key, sealed, b"asset.serial") == b"plain"
    with pytest.raises(SealError, match=r"asset\.phone"):
        unseal(key, sealed, b"asset.phone")
    with pytest.raises(SealError):
        unseal(AESGCM(new_key()), sealed, b"asset.serial")


def test_sealed_column_keeps_no_text_in_the_table(desk: Flask) -> None:
    table = sa.Table("factor", sa.MetaData(), sa.Column("secret", PlatformSealed("factor.secret")))
    engine = sa.create_engine("sqlite://")
    with desk.app_context(), engine.begin() as connection:
        table.create(connection)
        connection.execute(table.insert(), [{"secret": "JBSWY3DP"}, {"secret": None}])
        raw = connection.exec_driver_sql("SELECT secret FROM factor").scalars().all()
        assert connection.scalars(sa.select(table.c.secret)).all() == ["JBSWY3DP", None]
    engine.dispose()
    assert raw[1] is None
    assert isinstance(raw[0], bytes)
    assert b"JBSWY3DP" not in raw[0]


def test_master_keys_added_at_once_all_stay(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    make_file(path)
    holders = [FileKeeper(path) for _ in range(8)]
    with ThreadPoolExecutor(len(holders)) as pool:
        added = list(pool.map(FileKeeper.add_master, holders))
    # Each had wrapped with its own by now: one that is gone would be the loss of all of that.
    lines = path.read_text(encoding="ascii").splitlines()
    assert {line.split()[1] for line in lines if line.startswith("key ")} >= set(added)
    assert [found.name for found in tmp_path.iterdir()] == ["master.key"]


def killed_while_adding(path: Path) -> None:
    """Add a master key in a process that is killed when the file is written and has no name yet."""
    child = os.fork()
    if child == 0:
        with patch.object(Path, "replace", lambda *_told: os.kill(os.getpid(), signal.SIGKILL)):
            FileKeeper(path).add_master()
        os._exit(1)
    _child, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL


def test_what_a_killed_process_left_of_master_keys_is_closed_to_others_and_goes_with_the_next(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    make_file(path)
    before, wrapped = path.read_bytes(), FileKeeper(path).wrap(key := new_key(), "x")
    killed_while_adding(path)
    (left,) = tmp_path.glob(".master-*")
    assert left.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes() == before
    assert FileKeeper(path).unwrap(wrapped, "x") == key
    FileKeeper(path).add_master()
    assert [found.name for found in tmp_path.iterdir()] == ["master.key"]
    assert FileKeeper(path).unwrap(wrapped, "x") == key
    killed_while_adding(path)
    path.unlink()
    make_file(path)
    assert [found.name for found in tmp_path.iterdir()] == ["master.key"], "nor beside the first of a new place"
