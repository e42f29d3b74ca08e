"""The command that makes samples: `flask --app app sample`."""

from collections.abc import Sequence

import click
from flask import current_app

from audits import sweep
from core import clock
from core.settings import Environment, Settings
from sample.example import fill_example
from sample.signins import SampleRefused, SampleSignIns, new_password
from tenants.services import AccountError


@click.command("sample")
def sample() -> None:
    """Fill a made-up bakery, its IT supplier and a foundation, and print who can sign in."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.env is Environment.PRODUCTION:
        raise click.ClickException("A sample does not belong among real data: this service runs in production.")
    today, password = clock.today(), new_password()
    try:
        made = fill_example(today=today, password=password)
    except (SampleRefused, AccountError) as error:
        raise click.ClickException(str(error)) from error
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
