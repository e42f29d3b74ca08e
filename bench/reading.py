"""How long a full workbook takes to read, beside what the XML parser alone needs for the same parts."""

import io
import time
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from xml.parsers import expat

import openpyxl

from core.sheets.reading import read_spreadsheet

ROWS = 20_000
TIMES = 5


def main() -> None:
    """Print the best of several readings, and how many times longer each takes than bare expat."""
    data = _workbook()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [archive.read(name) for name in archive.namelist()]
    bare = _best(lambda: _parse(parts, with_handlers=False))
    print(f"{ROWS} rows x 12 columns, {len(data):,} bytes packed, {sum(map(len, parts)):,} unpacked; best of {TIMES}")
    _print("expat, nobody listening", bare, bare)
    _print("expat, empty handlers", _best(lambda: _parse(parts, with_handlers=True)), bare)
    _print("read_spreadsheet, process and checks included", _best(lambda: read_spreadsheet(data, "map.xlsx")), bare)
    _print("openpyxl, read-only mode", _best(lambda: _openpyxl(data), times=1), bare)


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


def _best(work: Callable[[], object], times: int = TIMES) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def _print(name: str, seconds: float, bare: float) -> None:
    print(f"{name:<48}{seconds * 1000:9.0f} ms {seconds / bare:7.1f} x")


if __name__ == "__main__":
    main()
