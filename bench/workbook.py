"""Workbooks of 1,000, 10,000 and 100,000 rows of 12 typed columns: seconds, size, and how far memory grows.

Beside it: deflating the same XML at level 6, the yardstick a spreadsheet cannot do without.
"""

import subprocess
import sys

ONE = """
import resource, sys, time, zlib, zipfile, tempfile
from datetime import UTC, date, datetime
from decimal import Decimal
from core.sheets.cells import Kind
from core.sheets.writing import Column, Sheet, write_workbook
kinds = [Kind.TEXT] * 6 + [Kind.DAY, Kind.DAY, Kind.WHOLE, Kind.MONEY, Kind.INSTANT, Kind.YES_NO]
columns = tuple(Column(f"Kolom {n}", kind) for n, kind in enumerate(kinds))
at = datetime(2026, 11, 22, tzinfo=UTC)
def rows(count):
    for n in range(count):
        yield (f"Record {n}", "Ovenstraat", f"SN{n:08}", "Henk Bakker", "NetVast IT", "=geen formule",
               date(2027, 1, 31), None, n, Decimal("12.50"), at, n % 2 == 0)
with tempfile.TemporaryFile() as file:
    write_workbook(file, [Sheet("Warm", columns, rows(10))], title="t", zone="UTC", made_at=at)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.process_time()
with tempfile.TemporaryFile() as file:
    write_workbook(file, [Sheet("Blad", columns, rows(int(sys.argv[1])))], title="t", zone="UTC", made_at=at)
    spent, size = time.process_time() - start, file.tell()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    with zipfile.ZipFile(file) as package:
        xml = package.read("xl/worksheets/sheet1.xml")
start = time.process_time()
zlib.compress(xml, 6)
deflate = time.process_time() - start
print(f"{spent:.2f} {size} {grown} {deflate:.2f}")
"""


def main() -> None:
    """Print a line per size."""
    print("rows      CPU s   file MB  memory +MB  deflate(6) s  ratio")
    for rows in (1_000, 10_000, 100_000):
        done = subprocess.run([sys.executable, "-c", ONE, str(rows)], capture_output=True, text=True, check=True)  # noqa: S603
        spent, size, grown, deflate = (float(part) for part in done.stdout.split())
        ratio = spent / deflate if deflate else 0
        print(f"{rows:>7}  {spent:6.2f}  {size / 1e6:8.2f}  {grown / 1024:10.1f}  {deflate:12.2f}  {ratio:5.2f}")
