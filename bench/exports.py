"""20,000 records of the inventory brought out, in CPU time of this process: the list for programs, and the workbook.

Goal: a hundredth of what the nearest peer takes for as many (docs/figures.md): 0.47 s as JSON, 0.54 s as a workbook,
on the machine and at the load of that measurement. The lines between tell what is left: nothing of it can be left out.
"""

import io
import time
from collections.abc import Callable
from statistics import median

from flask import Response

import sample
from audits.api import inventory, writing
from audits.api.paging import MOST, Part
from audits.sweeping import sweep
from audits.workbooks import BY_NAME, write
from audits.workbooks.material import Made, gathered
from bench.download import PASSWORD, server_row
from bench.place import fresh
from core import clock
from plans.models import Asset
from plans.registers.batches import whole as read_whole
from plans.registers.columns import register
from tenants.adding import add_rows
from tenants.scope import reading, scoped, whole

ROWS, ROUNDS = 20_000, 3


def main() -> None:
    """Fill the inventory, bring it out both ways, and print what each costs."""
    with fresh() as app, app.test_request_context():
        tenant_id = sample.fill_example(today=clock.today(), password=PASSWORD).tenant_ids[0]
        with scoped(whole(tenant_id)):
            add_rows(Asset, [server_row(n) for n in range(ROWS)])
        # As it is after any save: a workbook opens the whole plan once more where nobody judged it since.
        sweep.run([tenant_id])
        with scoped(reading(frozenset({tenant_id})), writes=False):
            _tell("list for programs, 1,000 at a time (goal 0.47)", _listed)
            _tell("  of which reading, opening and shaping", lambda: _parts(lambda answer: None))
            _tell("workbook of the inventory (goal 0.54)", lambda: _workbook(tenant_id))
            _tell("  of which reading and opening", lambda: read_whole(register("servers")))


def _tell(name: str, work: Callable[[], object]) -> None:
    work()
    print(f"{name:<50}{median(_cpu(work) for _ in range(ROUNDS)):6.2f} s")


def _listed() -> None:
    def written(answer: dict[str, object]) -> None:
        made: Response = writing.written(lambda: answer)()
        assert made.content_length

    _parts(written)


def _parts(taken: Callable[[dict[str, object]], None]) -> None:
    cursor: str | None = ""
    while cursor is not None:
        answer = inventory.list_assets(inventory.AssetWish(Part(MOST, cursor)))
        taken(answer)
        cursor = answer["next"]


def _workbook(tenant_id: int) -> None:
    with gathered(tenant_id, clock.today()) as material:
        write(BY_NAME["inventory"], material, Made(clock.now(), "Bench"), io.BytesIO())


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
