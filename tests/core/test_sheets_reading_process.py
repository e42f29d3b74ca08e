"""The limited process: it stops in time, takes nothing along, and leaves nothing behind."""

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.sheets import reading, sandbox
from core.sheets.reading import ReadLimits, Spreadsheet, Unreadable, UnreadableCode, read_spreadsheet
from tests.core.sheets_reading_files import (
    FREELY_PACKED,
    SHEET,
    book,
    cells,
    changed,
    children,
    pack,
    parts,
    refusal,
    sheet,
    sound,
)


@pytest.fixture(autouse=True)
def _leave_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    before = children()
    yield
    assert children() <= before
    assert list(tmp_path.iterdir()) == []


def test_memory_runs_out_inside_the_limited_process_only() -> None:
    data = book(cells("<c><v>1</v></c>"), texts="<si><t>" + "long " * 9_000_000 + "</t></si>")
    limits = ReadLimits(part_ratio=FREELY_PACKED, memory_bytes=64 * 1024 * 1024)
    assert refusal(data, limits).code is UnreadableCode.TOO_MUCH_MEMORY


@pytest.mark.parametrize(
    "limits",
    [
        pytest.param(ReadLimits(part_ratio=FREELY_PACKED, cpu_seconds=1, wall_seconds=60), id="processor time"),
        pytest.param(ReadLimits(part_ratio=FREELY_PACKED, cpu_seconds=60, wall_seconds=1), id="time on the wall"),
    ],
)
def test_slow_file_is_stopped(limits: ReadLimits) -> None:
    assert refusal(changed(SHEET, b"<a>" + b"<b/>" * 12_000_000 + b"</a>"), limits).code is UnreadableCode.TOO_SLOW


def test_third_reading_waits_and_then_gives_up() -> None:
    with reading.AT_ONCE, reading.AT_ONCE:
        assert refusal(sound(), ReadLimits(wall_seconds=1)).code is UnreadableCode.BUSY
    assert read_spreadsheet(sound(), "map.xlsx").sheets


def test_answer_past_its_limit_is_dropped() -> None:
    outcome = sandbox.run(["{}", "text"], b"abcdef;b\n" * 1_000, wall_seconds=20, output_bytes=500)
    assert outcome.overflowed
    assert outcome.output == b""


def test_limited_process_loads_nothing_but_the_standard_library() -> None:
    shown = "import sys; sys.path.append(sys.argv[1]); import inside.worker; print(*sys.modules)"
    command = [*sandbox.COMMAND[: sandbox.COMMAND.index("-c")], "-c", shown, str(sandbox.HERE)]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    roots = {name.partition(".")[0] for name in loaded}
    assert roots - sys.stdlib_module_names == {"__main__", "inside"} - sys.stdlib_module_names


def test_limited_process_inherits_no_open_file_and_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAARBORG_PROOF", "here")
    shown = "import os,sys; sys.stdout.write(f'{sorted(os.environ)} {sorted(os.listdir(\"/proc/self/fd\"))[:9]}')"
    command = (*sandbox.COMMAND[: sandbox.COMMAND.index("-c")], "-c", shown)
    reader, writer = os.pipe()
    os.set_inheritable(writer, True)
    try:
        outcome = sandbox.run([], b"", wall_seconds=20, output_bytes=10_000, command=command)
    finally:
        os.close(reader)
        os.close(writer)
    environment, files = outcome.output.decode().split("] ")
    assert "WAARBORG_PROOF" not in environment
    assert files == "['0', '1', '2', '3']"  # 3 is the folder being listed


def mutated(seed: int) -> bytes:
    """A workbook with a few bytes changed, in the package (odd seeds) or in one part before packing (even)."""
    chance = random.Random(seed)  # noqa: S311 - the same damage every time
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>44562.5</v></c><c r="C1" t="b"><v>1</v></c></row>'
    content = parts(sheet(f"<sheetData>{rows}</sheetData>"), texts="<si><t>naam</t></si>")
    if seed % 2:
        return _scratched(pack(content), chance)
    name = chance.choice(sorted(content))
    return pack(content | {name: _scratched(content[name], chance)})


def _scratched(data: bytes, chance: random.Random) -> bytes:
    scratched = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(scratched))
        match chance.randrange(3):
            case 0:
                scratched[place] = chance.randrange(256)
            case 1:
                del scratched[place : place + chance.randint(1, 20)]
            case _:
                scratched[place:place] = chance.randbytes(chance.randint(1, 20))
    return bytes(scratched)


def outcome(data: bytes) -> Spreadsheet | UnreadableCode:
    try:
        return read_spreadsheet(data, "map.xlsx")
    except Unreadable as refused:
        return refused.code


def test_damage_by_chance_is_read_or_refused_and_nothing_else() -> None:
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(outcome, map(mutated, range(200))))
    assert UnreadableCode.TOO_SLOW not in found
    assert any(isinstance(one, Spreadsheet) for one in found)
    assert UnreadableCode.DAMAGED in found
