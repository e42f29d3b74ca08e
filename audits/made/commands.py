"""The command that makes the reports that wait: `flask --app app make-reports`. The job starts it."""

import os

import click
from flask.cli import with_appcontext

from audits.made.making import make_due

# Pages come first.
NICE = 10


@click.command("make-reports")
@with_appcontext
def make_reports() -> None:
    """Make every report that waits, and print how many were made and how many failed."""
    os.nice(NICE)
    made, failed = make_due()
    click.echo(f"{made} made, {failed} failed")
