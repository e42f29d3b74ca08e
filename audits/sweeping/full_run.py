"""What `flask --app app audit run --all` does: every organisation is judged again, due or not, and it may be left."""

import time

import click

from audits.sweeping import waiting
from audits.sweeping.jobs import JUDGE
from core import db
from core.background import runners
from core.background.batches import BATCH
from tenants.lock import mark_everybody

LOOK_EVERY = 2
COULD_NOT_JUDGE = 1


def run(context: click.Context) -> None:
    """Mark every organisation, have all judged and tell how far it is. Ends with 1 when some could not be judged.

    Whoever breaks it off loses nothing: marked organisations are judged by the scheduler, or by workers.
    """
    db.begin(writes=True)
    try:
        every = mark_everybody(db.session())
        db.commit()
    finally:
        db.rollback()
    chosen = sorted(waiting.marks())
    runner = runners.runner_here()
    if runner.elsewhere:
        runners.hand(JUDGE, chosen)
        while left := runner.left(JUDGE):
            click.echo(f"{left} batches left; you may leave, workers go on")
            time.sleep(LOOK_EVERY)
    else:
        for start in range(0, len(chosen), BATCH):
            runners.hand(JUDGE, chosen[start : start + BATCH])
            click.echo(f"{min(start + BATCH, len(chosen))} of {len(chosen)}")
    failed = len(waiting.marks(chosen))
    click.echo(f"{every - failed} judged, {failed} wait still")
    if failed:
        context.exit(COULD_NOT_JUDGE)
