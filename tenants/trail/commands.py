"""Commands of the trail: `flask --app app trail verify` and so on."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from core import db
from core.settings import Settings
from tenants.named import tenant_named
from tenants.trail import anchors, jobs, telling
from tenants.trail.anchors import AnchorError
from tenants.trail.verifying import Anchored, Verdict, verify

trail_cli = AppGroup("trail", help="The record of who did what.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NO_ANCHOR = "No anchor was found: a trail that was put back to an earlier day as a whole would not be noticed."


@trail_cli.command("verify")
@click.option("--tenant", "slug", help="Short name of one organisation; all chains when left out.")
@click.option("--anchor", "files", type=FILE, multiple=True, help="Anchor, as file or saved mail; default: all kept.")
def verify_command(slug: str | None, files: tuple[Path, ...]) -> None:
    """Walk the chains and tell the first entry of each that is not as it was written; exit 1 when there is one."""
    settings: Settings = current_app.config["SETTINGS"]
    if slug is not None:
        db.begin(writes=False)
        tenant_named(slug)
        db.rollback()
    chosen = list(files) or anchors.kept(settings.anchor_dir)
    try:
        known = anchors.read(chosen)
    except AnchorError as error:
        raise click.ClickException(str(error)) from error
    verdicts = list(_told(known, slug))
    click.echo(f"{len(chosen)} files of anchors compared." if chosen else NO_ANCHOR)
    broken = sum(verdict.broken is not None for verdict in verdicts)
    if broken:
        raise click.ClickException(f"{broken} of {len(verdicts)} chains are broken")
    click.echo(f"{sum(verdict.entries for verdict in verdicts)} entries in {len(verdicts)} chains are in order.")


def _told(known: dict[int, dict[int, Anchored]], slug: str | None) -> list[Verdict]:
    found = []
    for verdict in verify(known, slug):
        click.echo(f"{verdict.name}: {described(verdict)}", err=verdict.broken is not None)
        found.append(verdict)
    return found


def described(verdict: Verdict) -> str:
    """Return a verdict as one line."""
    broken = verdict.broken
    if broken is None:
        erased = f", the content of {verdict.erased} erased" if verdict.erased else ""
        return f"{verdict.entries} entries in order{erased}"
    when = f" of {broken.at.isoformat(timespec='seconds')} ({broken.action})" if broken.at else ""
    by = f", says {broken.anchor}" if broken.anchor else ""
    return f"BROKEN: entry {broken.seq}{when} {broken.fault}{by}"


@trail_cli.command("anchor")
def anchor_command() -> None:
    """Anchor the chains now, as every night, and print the file."""
    click.echo(str(jobs.anchor()))


@trail_cli.command("tell")
def tell_command() -> None:
    """Tell organisations of account events now, as every minute, and print how many there were."""
    click.echo(f"{telling.tell()} events told")
