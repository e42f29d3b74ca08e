"""The command that makes samples: `flask --app app sample`."""

from collections.abc import Sequence

import click
from flask import current_app
from flask.cli import with_appcontext

from audits import sweep
from core import clock
from core.settings import Environment, Settings
from sample.example import fill_example
from sample.generator import generate
from sample.signins import SampleRefused, SampleSignIns, new_password

MOST_TENANTS, MOST_ASSETS = 100_000, 10_000


@click.command("sample")
@click.option("--tenants", type=click.IntRange(1, MOST_TENANTS), help="Make so many organisations instead.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Which ones; with --tenants.")
@click.option(
    "--assets", type=click.IntRange(0, MOST_ASSETS), default=100, show_default=True, help="Inventory records of each."
)
@click.option("--unjudged", is_flag=True, help="Leave judging them to the next audit.")
@with_appcontext
def sample(tenants: int | None, seed: int, assets: int, unjudged: bool) -> None:
    """Fill a made-up bakery, its IT supplier and a foundation, and print who can sign in."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.env is Environment.PRODUCTION:
        raise click.ClickException("A sample does not belong among real data: this service runs in production.")
    today, password = clock.today(), new_password()
    try:
        if tenants is None:
            made = fill_example(today=today, password=password)
        else:
            made = generate(tenants=tenants, seed=seed, assets=assets, today=today, password=password)
    except SampleRefused as error:
        raise click.ClickException(str(error)) from error
    if not unjudged:
        sweep.run(made.tenant_ids)
    show(made, settings.base_url)


def show(made: SampleSignIns, address: str) -> None:
    """Print a table of the sign-ins and where to go."""
    rows = [("Organisation", "Role", "Name", "E-mail address", "Password")]
    rows += [(one.organisation, one.role.value, one.name, one.email, made.password) for one in made.people]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    click.echo(f"\nSign in at {address}")


COMMANDS: Sequence[click.Command] = (sample,)
