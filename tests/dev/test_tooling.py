"""The tooling keeps its promises: what is locked, what is counted, which port, and whose package index."""

import json
import os
import re
import socket
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import pytest

from dev import __main__ as entrance
from dev import interpreter, server, shell, suites, uv
from dev.shell import ROOT
from tests.conftest import MASTER_KEY

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


def test_a_quick_python_is_taken_only_where_it_takes_the_same_packages(tmp_path: Path) -> None:
    name, kind = f"python3.{sys.version_info.minor}", str(sysconfig.get_config_var("SOABI"))
    told = {"slow": f"{kind} True", "other": "cpython-39 False", "mute": "", "quick": f"{kind} False"}
    for folder, answer in told.items():
        stand_in = tmp_path / folder / name
        stand_in.parent.mkdir()
        stand_in.write_text(f"#!/bin/sh\necho '{answer}'\n")
        stand_in.chmod(0o755)
    (tmp_path / "empty").mkdir()
    folders = [str(tmp_path / folder) for folder in ("empty", *told)]
    assert interpreter.quick_one(folders) == str(tmp_path / "quick" / name)
    assert interpreter.quick_one(folders[:-1]) is None


def test_whoever_works_in_a_virtual_environment_has_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "is_quick", lambda python: python != sys.executable)
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    if interpreter.quick_one(interpreter.SYSTEM):
        assert interpreter.chosen() != sys.executable
    monkeypatch.setattr(sys, "prefix", "/somewhere/else")
    assert interpreter.chosen() == sys.executable


def test_what_a_python_tells_of_itself_is_read() -> None:
    told = shell.output(sys.executable, "-I", "-c", interpreter.ASK)
    assert told is not None
    assert told.split()[0] == str(sysconfig.get_config_var("SOABI"))
    assert interpreter.is_quick(sys.executable) is ("libpython" not in Path("/proc/self/maps").read_text())


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


def test_no_key_stays_behind_where_a_worker_is_ended_before_python_tidies_up(tmp_path: Path) -> None:
    (tmp_path / "ending.py").write_text(
        "import os\nimport pytest\n@pytest.hookimpl(trylast=True)\ndef pytest_unconfigure():\n    os._exit(0)\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "ending", "-p", "no:cacheprovider", "tests/house/test_icons.py"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "TMPDIR": str(tmp_path), suites.TESTS_FOLDER: ""}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert " 1 passed" in ran.stdout, ran.stdout[-2000:]
    assert list(tmp_path.glob("waarborg-keys-*")) == []


def test_the_key_goes_with_the_folder_of_the_tests_where_one_is_killed() -> None:
    assert MASTER_KEY.parent.parent == Path(os.environ.get(suites.TESTS_FOLDER) or tempfile.gettempdir())
