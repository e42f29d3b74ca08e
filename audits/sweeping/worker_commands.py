"""Commands for workers: where the settings hand batches to other processes, on this machine or on others."""

import click
from flask import current_app
from flask.cli import AppGroup

from audits.sweeping.jobs import BATCH_WORK
from core.settings import BatchesBy, Settings

worker_cli = AppGroup("worker", help="Workers that judge organisations, any number, on any machine.")


@worker_cli.command("install")
def install() -> None:
    """Make or renew what workers need in the database, as the owner of the tables. Run it after `db upgrade`."""
    from core.background import workers

    settings = _settings()
    workers.install(settings.owner_database_url or settings.database_url, settings.database_url)
    click.echo(f"schema {workers.SCHEMA} is ready")


@worker_cli.command("run")
@click.option("--until-empty", is_flag=True, help="End as soon as no batch is left.")
def run(*, until_empty: bool) -> None:
    """Work off batches until the process is asked to end."""
    from flask import Flask

    from core.background import workers

    settings = _settings()
    app = current_app._get_current_object()  # type: ignore[attr-defined] # the thread that works has no context
    assert isinstance(app, Flask)
    workers.work(app, settings.database_url, BATCH_WORK, until_empty=until_empty)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    if settings.runner is not BatchesBy.PROCRASTINATE:
        raise click.ClickException("workers need WAARBORG_RUNNER=procrastinate, and PostgreSQL")
    return settings
