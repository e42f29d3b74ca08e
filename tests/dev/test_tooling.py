"""The tooling keeps its promises: what is locked, what is counted, which port, and whose package index."""

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from dev import __main__ as entrance
from dev import server, suites, uv
from dev.shell import ROOT

LOCKS = ("requirements.txt", "requirements-dev.txt", "dev/uv.txt", "dev/node.txt")


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_hash_and_no_address(name: str) -> None:
    entries = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    assert entries
    for entry in entries:
        assert re.fullmatch(r"[a-z0-9-]+(\[[a-z]+\])?==\S+( ; [^-]+?)?(\s+--hash=sha256:[0-9a-f]{64})+", entry), entry


def test_npm_packages_are_locked_by_content_not_by_address() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    del packages[""]
    assert packages
    for name, package in packages.items():
        assert "integrity" in package, name
        assert "resolved" not in package, name


def test_a_port_in_use_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert server._free_port("127.0.0.1", port) > port


@pytest.mark.parametrize("first", [True, False])
def test_the_steps_of_a_new_database_are_not_told_one_by_one(
    first: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """What stands above the sign-ins of the sample pushes them off the screen; later each step is worth a line."""
    monkeypatch.setenv("WAARBORG_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("WAARBORG_LOG_LEVEL", raising=False)
    server._bring_up_to_date(first=first)
    assert ("Running upgrade" in capfd.readouterr().err) is not first


def test_the_tally_counts_a_failed_clean_up_as_failed_and_a_skip_as_neither(tmp_path: Path) -> None:
    (tmp_path / "test_four.py").write_text(
        "import pytest\n"
        "@pytest.fixture\n"
        "def untidy():\n"
        "    yield\n"
        "    raise OSError\n"
        "def test_passes(): pass\n"
        "def test_fails(): assert False\n"
        "def test_leaves_a_mess(untidy): pass\n"
        "@pytest.mark.skip\n"
        "def test_skipped(): pass\n"
    )
    report = tmp_path / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", f"--rootdir={tmp_path}", "-c", "/dev/null", f"--junitxml={report}"]
    done = subprocess.run([*command, str(tmp_path)], capture_output=True, check=False)
    assert done.returncode == 1
    outcome = suites._count(report)
    assert outcome == suites.Outcome(passed=1, failed=2)


def test_a_stand_in_that_fails_is_no_python(tmp_path: Path) -> None:
    stand_in = tmp_path / "python3"
    stand_in.write_text("#!/bin/sh\nexit 127\n")
    stand_in.chmod(0o755)
    assert not entrance._runs(str(stand_in))
    assert entrance._runs(sys.executable)


def test_uv_asks_the_index_pip_was_told_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in uv.OWN_INDEX_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "https://packages.example/simple")
    assert uv.environment()["UV_DEFAULT_INDEX"] == "https://packages.example/simple"


def test_what_uv_itself_was_told_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://packages.example/simple")
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://own.example/simple")
    assert uv.environment()["UV_DEFAULT_INDEX"] == "https://own.example/simple"


def test_tests_write_into_memory_only_where_there_is_room(tmp_path: Path) -> None:
    assert suites.has_room(tmp_path, room=1)
    assert not suites.has_room(tmp_path, room=2**80)
    assert not suites.has_room(tmp_path / "nowhere", room=0)


@pytest.mark.parametrize("room", [True, False])
def test_folders_of_tests_are_gone_after_a_run_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: bool
) -> None:
    monkeypatch.setattr(suites, "MEMORY", tmp_path)
    monkeypatch.setattr(suites, "has_room", lambda folder: room)
    with suites._folder_of_tests() as told:
        assert [Path(path).parent for path in told.values()] == [tmp_path] * room
        for path in told.values():
            (Path(path) / "pytest-of-somebody").mkdir()
    assert list(tmp_path.iterdir()) == []
