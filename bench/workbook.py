"""Workbooks of 12 typed columns beside deflating the same XML at level 6, which a spreadsheet cannot do without.

Goals: 100,000 rows at most 1.1 times that, in CPU time; memory grows by at most 20 MiB, whatever the number of rows.
"""

import subprocess
import sys

GIVEN = """
import gc, io, resource, sys, time, zipfile, zlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from core.sheets.cells import Kind
from core.sheets.writing import Column, Sheet, workbook_pieces, write_workbook
kinds = [Kind.TEXT] * 6 + [Kind.DAY, Kind.DAY, Kind.WHOLE, Kind.MONEY, Kind.INSTANT, Kind.YES_NO]
columns = tuple(Column(f"Kolom {n}", kind) for n, kind in enumerate(kinds))
at, day = datetime(2026, 11, 22, tzinfo=UTC), date(2026, 1, 31)
def rows(count):
    for n in range(count):
        yield (f"Record {n}", "Ovenstraat", f"SN{n:08}", "Henk Bakker", "NetVast IT", "=geen formule",
               day + timedelta(n % 900), None, n, Decimal(n) / 100, at + timedelta(seconds=n), n % 2 == 0)
class Away(io.RawIOBase):
    at = 0
    def writable(self): return True
    def write(self, data): self.at += len(data); return len(data)
    def tell(self): return self.at
def write(target, given):
    write_workbook(target, [Sheet("Blad", columns, given)], title="t", zone="Europe/Amsterdam", made_at=at)
write(Away(), rows(10))
"""
SPEED = """
given = list(rows(int(sys.argv[1])))
gc.freeze()
target = io.BytesIO()
start = time.process_time()
write(target, given)
spent = time.process_time() - start
with zipfile.ZipFile(target) as package:
    xml = package.read("xl/worksheets/sheet1.xml")
best = []
for _ in range(3):
    start = time.process_time()
    zlib.compress(xml, 6)
    best.append(time.process_time() - start)
print(f"{spent} {min(best)} {target.tell()} {len(xml)}")
"""
MEMORY = """
before, target = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, Away()
write(target, rows(int(sys.argv[1])))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""
GOAL, MEMORY_GOAL = 1.1, 20


def main() -> None:
    """Print a line per size."""
    print(f"rows        CPU s  deflate(6) s  ratio (goal {GOAL})   file MB   XML MB")
    for count in (10_000, 100_000):
        spent, deflate, size, xml = map(float, _run(SPEED, count))
        print(f"{count:>9} {spent:7.2f} {deflate:13.2f} {spent / deflate:17.2f} {size / 1e6:9.2f} {xml / 1e6:8.1f}")
    print(f"rows       memory +MiB (goal {MEMORY_GOAL})")
    for count in (10_000, 100_000, 1_000_000):
        (grown,) = map(float, _run(MEMORY, count))
        print(f"{count:>9} {grown:12.1f}", flush=True)


def _run(program: str, rows: int) -> list[str]:
    """Run a program over so many rows in a process of its own, so that memory is told apart; return what it prints."""
    done = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-c", GIVEN + program, str(rows)], capture_output=True, text=True, check=True
    )
    return done.stdout.split()


if __name__ == "__main__":
    main()
