"""What a full workbook costs to read, beside what the XML parser alone needs to tell of the same parts.

CPU time, of the limited process too. Goal: at most 1.7 times bare expat with empty handlers; calamine needs 1.6, and
openpyxl's read-only mode 18.
"""

import io
import os
import statistics
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from xml.parsers import expat

import openpyxl

from core.sheets.reading import read_spreadsheet

ROWS = 20_000
TIMES = 7


def main() -> None:
    """Print the best of several readings, and how many times longer each takes than bare expat."""
    data = _workbook()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [archive.read(name) for name in archive.namelist()]
    print(f"{ROWS} rows x 12 columns, {len(data):,} bytes packed, {sum(map(len, parts)):,} unpacked")
    work: dict[str, Callable[[], object]] = {
        "expat, empty handlers": lambda: _parse(parts, with_handlers=True),
        "expat, nobody listening": lambda: _parse(parts, with_handlers=False),
        "read_spreadsheet, process and checks included": lambda: read_spreadsheet(data, "map.xlsx"),
    }
    # One after the other, again and again, so that what else the machine does comes over all of them.
    spent: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(TIMES):
        for name, one in work.items():
            spent[name].append(_cpu(one))
    found = {name: statistics.median(times) for name, times in spent.items()}
    found["openpyxl, read-only mode"] = _cpu(lambda: _openpyxl(data))
    bare = found["expat, empty handlers"]
    for name, seconds in found.items():
        print(f"{name:<48}{seconds * 1000:9.0f} ms {seconds / bare:7.2f} x")


def _workbook() -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Blad 1")
    for n in range(ROWS):
        day = date(2020, 1, 1) + timedelta(days=n % 2_000)
        sheet.append(
            [
                f"name {n}",
                n,
                n * 1.5,
                day,
                "shop",
                f"S{n:06d}",
                "some words together",
                None,
                n % 2 == 0,
                0.21,
                "x",
                n % 7,
            ]
        )
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _parse(parts: list[bytes], *, with_handlers: bool) -> None:
    for part in parts:
        parser = expat.ParserCreate()
        if with_handlers:
            parser.StartElementHandler = lambda _name, _attributes: None
            parser.EndElementHandler = lambda _name: None
            parser.CharacterDataHandler = lambda _text: None
        parser.Parse(part, True)


def _openpyxl(data: bytes) -> int:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    return sum(1 for sheet in book for _ in sheet.iter_rows(values_only=True))


def _cpu(work: Callable[[], object]) -> float:
    before = os.times()
    work()
    return sum(os.times()[:4]) - sum(before[:4])


if __name__ == "__main__":
    main()
