"""The command that makes samples: `flask --app app sample`."""

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext

from audits.sweeping import sweep
from core import clock, db
from core.settings import Environment, Settings
from sample.days import Days
from sample.example import NAMES, fill_example
from sample.generator import generate
from sample.history import look_back
from sample.signins import SampleRefused, SampleSignIns, new_password
from tenants.models import TotpFactor, User
from tenants.sign_in import totp

MOST_TENANTS, MOST_ASSETS = 100_000, 10_000


@click.group("sample", invoke_without_command=True)
@click.option("--tenants", type=click.IntRange(1, MOST_TENANTS), help="Make so many organisations instead.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Which ones; with --tenants.")
@click.option(
    "--assets", type=click.IntRange(0, MOST_ASSETS), default=100, show_default=True, help="Inventory records of each."
)
@click.option("--unjudged", is_flag=True, help="Leave judging them to the next audit.")
@click.pass_context
@with_appcontext
def sample(context: click.Context, tenants: int | None, seed: int, assets: int, unjudged: bool) -> None:
    """Fill a made-up bakery, its IT supplier and a foundation, and print who can sign in."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.env is Environment.PRODUCTION:
        raise click.ClickException("A sample does not belong among real data: this service runs in production.")
    if context.invoked_subcommand is not None:
        return
    today, password = clock.today(), new_password(NAMES)
    try:
        if tenants is None:
            made = fill_example(today=today, password=password)
        else:
            made = generate(tenants=tenants, seed=seed, assets=assets, today=today, password=password)
    except SampleRefused as error:
        raise click.ClickException(str(error)) from error
    if not unjudged:
        if tenants is None:
            look_back(made.tenant_ids, Days(today))
        sweep.run(made.tenant_ids)
    show(made, settings.base_url)


def show(made: SampleSignIns, address: str) -> None:
    """Print a table of the sign-ins and where to go."""
    rows = [("Organisation", "Role", "Name", "E-mail address", "Password")]
    rows += [(one.organisation, one.role.value, one.name, one.email, made.password) for one in made.people]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    coded = [one.email for one in made.people if one.second_step]
    if coded:
        click.echo("\nThese people sign in with a code as well; this prints the present one:")
        for email in coded:
            click.echo(f"  .venv/bin/flask --app app sample code {email}")
    click.echo(f"\nSign in at {address}")


@sample.command("code")
@click.argument("email")
@with_appcontext
def code(email: str) -> None:
    """Print the code that the authenticator app of a made-up person shows now; not in production."""
    db.begin(writes=False)
    query = sa.select(TotpFactor).join(User, User.id == TotpFactor.user_id).where(User.email == email.strip().lower())
    factor = db.session().scalar(query)
    if factor is None:
        raise click.ClickException(f"{email} has no authenticator app")
    # A code works once: whoever signs in twice within half a minute needs the next one, which is good already.
    click.echo(totp.code_of(factor.secret, max(totp.step_at(clock.now()), factor.last_step + 1)))
