"""What it costs to bring in a register of 20,000 rows, beside reading its file alone. CPU time, on both databases.

Goal: reading, judging and writing together at most 3 times the reading; met, at about 2.85 and 2.65. What it takes to
bring them in includes the commit: about half is the database's own work on a row and on the entry about it, a tenth
sealing, a tenth the two keyed hashes of each entry. On PostgreSQL what the server spends is not counted.
BENCH_ROWS=100000 takes more rows.
"""

import io
import json
import os
import resource
import statistics
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import sample
from app import create_app
from bench.choosing import DATABASES, database
from bench.programs import run_python
from core import clock, migrating
from core.sheets.cells import Kind
from core.sheets.reading import ReadLimits, Spreadsheet, read_spreadsheet
from core.sheets.uploads import Upload
from core.sheets.writing import Column, Sheet, write_workbook
from core.vault import seal_all
from plans.importing import queries, services
from plans.importing.cells import grid_of
from plans.importing.guessing import guess
from plans.importing.mapping import restored
from plans.importing.queries import plan_of, sheet_of
from tenants.scope import scoped, whole

ROWS, TIMES = int(os.environ.get("BENCH_ROWS", "20000")), 3
LIMITS = ReadLimits(rows=ROWS + 1)
READING = "read the file"
HEADINGS = (
    ("Naam", Kind.TEXT), ("Specificatie", Kind.TEXT), ("Serienummer", Kind.TEXT), ("Locatie", Kind.TEXT),
    ("IP-adres", Kind.TEXT), ("MAC-adres", Kind.TEXT), ("Beheerder", Kind.TEXT), ("Leverancier", Kind.TEXT),
    ("Aanschafdatum", Kind.DAY), ("Garantie tot", Kind.DAY), ("Opmerking", Kind.TEXT), ("Rij", Kind.WHOLE),
)  # fmt: skip
SEALED = (1, 2, 3, 4, 5, 10)


def main() -> None:
    """Print what each step costs, beside reading the file."""
    print(f"{ROWS} rows x {len(HEADINGS)} columns, {len(_workbook()):,} bytes")
    for name in DATABASES:
        with database(name) as env:
            steps, grown = json.loads(run_python(env, "from bench.importing import measure; measure()"))
        reading = steps[READING]
        print(f"{name}: {grown:.0f} MiB more than before at the most")
        for step, seconds in steps.items():
            print(f"{step:<40}{seconds * 1000:9.0f} ms {seconds / reading:7.2f} x")
        whole_way = sum(seconds for step, seconds in steps.items() if not step.startswith("("))
        print(f"{'all together (goal 3)':<40}{whole_way * 1000:9.0f} ms {whole_way / reading:7.2f} x", flush=True)


def measure() -> None:
    """Print, as JSON, the CPU seconds of each step in the database of the environment, and MiB of memory taken."""
    data = _workbook()
    content = read_spreadsheet(data, "servers.xlsx", LIMITS)
    steps, grown = _steps(data, content)
    print(json.dumps([steps, grown]))


def _reading(data: bytes) -> list[float]:
    return [_cpu(lambda: read_spreadsheet(data, "servers.xlsx", LIMITS)) for _ in range(TIMES)]


def _workbook() -> bytes:
    day, file = date(2024, 1, 31), io.BytesIO()
    rows = (
        (
            f"Server {n}", "Dell PowerEdge T150, 32 GB", f"SRV{n:06}", f"Meterkast {n % 40}",
            f"10.{n // 65_536}.{n // 256 % 256}.{n % 256}",
            f"00:1B:44:{n // 65_536:02X}:{n // 256 % 256:02X}:{n % 256:02X}",
            f"Beheerder {n % 12}", f"Leverancier {n % 30}", day + timedelta(n % 700), day + timedelta(1_000 + n % 700),
            f"Opmerking bij {n}", n,
        )
        for n in range(ROWS)
    )  # fmt: skip
    sheet = Sheet("Servers", tuple(Column(title, kind) for title, kind in HEADINGS), rows)
    write_workbook(file, [sheet], title="Servers", zone="Europe/Amsterdam", made_at=datetime(2026, 1, 1, tzinfo=UTC))
    return file.getvalue()


def _steps(data: bytes, content: Spreadsheet) -> tuple[dict[str, float], float]:
    """Bring the file in; return the CPU seconds of each step, and MiB. Reading is measured before and after it."""
    spent: dict[str, float] = {}

    def step(name: str, work: Callable[[], object]) -> None:
        spent[name] = _cpu(work)

    with create_app().test_request_context():
        migrating.upgrade()
        made = sample.fill_example(today=clock.today(), password="lepel tafel dijk zeven")  # noqa: S106 -- made up
        before, reading = _memory(), _reading(data)
        with scoped(whole(made.tenant_ids[0])):
            chosen = guess(grid_of(content.sheets[0]), "Servers")
            step("take it in: guess, keep the cells", lambda: _take_in(data, content))
        with scoped(whole(made.tenant_ids[0])):
            batch = queries.uploads()[0].batch.id
            services.choose(batch, 1, chosen, ROWS)
        with scoped(whole(made.tenant_ids[0])):
            step("(judging it, as for its preview)", lambda: _preview(batch))
        step("bring it in: judge, write, trail", lambda: _bring_in(made.tenant_ids[0], batch))
        grown = _memory() - before
        with scoped(whole(made.tenant_ids[0])):
            texts = [str(row[place]).encode() for row in content.sheets[0].rows for place in SEALED]
            step("(of which sealing those columns)", lambda: seal_all(texts, "asset.note"))
    return {READING: statistics.median([*reading, *_reading(data)]), **spent}, grown


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _take_in(data: bytes, content: Spreadsheet) -> None:
    services.take_in(Upload("servers.xlsx", data, content), by="Henk", at=clock.now())


def _bring_in(tenant_id: int, batch_id: UUID) -> None:
    with scoped(whole(tenant_id)):
        services.apply(batch_id, 1, by="Henk", at=clock.now())


def _preview(batch_id: UUID) -> None:
    found = sheet_of(batch_id, 1)
    assert found.chosen is not None
    plan_of(found, restored(found.chosen))


def _cpu(work: Callable[[], object]) -> float:
    before = os.times()
    work()
    return sum(os.times()[:4]) - sum(before[:4])


if __name__ == "__main__":
    main()
