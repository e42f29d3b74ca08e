"""Commands of the audit: `flask --app app audit run`."""

from datetime import datetime

import click
from flask.cli import AppGroup

from audits.sweeping import waiting
from core import clock

audit_cli = AppGroup("audit", help="Judgements of plans and schemes.")
COMMANDS = (audit_cli,)
NOTHING_DUE = "0 judged, 0 failed; findings: 0 opened, 0 refreshed, 0 closed"


@audit_cli.command("run")
@click.option("--tenant", "slug", help="Only this organisation; it is judged even when nothing changed.")
@click.option(
    "--as-of",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="A day that is over, as it was kept; a day to come, as if it were today. Only today is judged and kept.",
)
@click.option("--json", "as_json", is_flag=True, help="Print every finding as JSON.")
@click.option("--all", "every", is_flag=True, help="Judge every organisation, due or not, and tell how far it is.")
@click.pass_context
def run(context: click.Context, slug: str | None, day: datetime | None, as_json: bool, every: bool) -> None:
    """Judge what is due and keep it; or show what another day would bring. Exit status 1: one could not be."""
    if day is not None and not clock.FIRST_DAY <= day.date() <= clock.LAST_DAY:
        raise click.BadParameter("the year must lie between 1950 and 2199", param_hint="--as-of")
    if every:
        if slug or day or as_json:
            raise click.UsageError("--all goes with no other option")
        from audits.sweeping import full_run

        full_run.run(context)
        return
    if not slug and not day and not as_json and not waiting.due(at=clock.now()):
        click.echo(NOTHING_DUE)
        return
    from audits.sweeping import audit_run  # rules, plans and schemes: most of what a run with nothing due would cost

    audit_run.run(context, slug, day.date() if day else None, as_json=as_json)
