"""The command that makes a workbook: `flask --app app report NAME --tenant SLUG --as-of DATE --out FILE`."""

import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import IO

import click
from flask.cli import with_appcontext

from audits.asof.days import NotKept, expect_kept
from audits.sweeping.looked import JUDGED
from audits.workbooks import BY_NAME, write
from audits.workbooks.material import Made, Material, gathered
from core import clock, db
from core.clock import FIRST_DAY, LAST_DAY
from core.i18n import Language, written_in
from tenants import trail
from tenants.named import tenant_named
from tenants.owned import Area
from tenants.scope import SERVICE, Scope, scoped


@click.command("report")
@click.argument("name", type=click.Choice(sorted(BY_NAME)))
@click.option("--tenant", "slug", required=True, help="Short name of the organisation.")
@click.option("--as-of", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day it counts for; default today.")
@click.option("--out", "out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where to write it.")
@click.option("--language", "chosen", type=click.Choice([kind.value for kind in Language]), help="Default: theirs.")
@with_appcontext
def report(name: str, slug: str, day: datetime | None, out: Path, chosen: str | None) -> None:
    """Make one workbook and print where it is and the SHA-256 of its data."""
    if day is not None and not FIRST_DAY <= day.date() <= LAST_DAY:
        raise click.BadParameter("the year must lie between 1950 and 2199", param_hint="--as-of")
    if out.exists() and not out.is_file():
        # It would be taken away to make room for the workbook, as /dev/null can be.
        raise click.BadParameter(f"{out} is no file", param_hint="--out")
    db.begin(writes=False)
    tenant = tenant_named(slug)
    tenant_id, zone, told_in = tenant.id, tenant.zone, Language(chosen) if chosen else tenant.language
    db.rollback()
    as_of = day.date() if day else clock.today(zone)
    scope = Scope(frozenset({tenant_id}), JUDGED, frozenset({Area.TRAIL}), SERVICE)
    with written_in(told_in), scoped(scope):
        try:
            expect_kept(as_of, clock.today(zone))
        except NotKept as error:
            raise click.ClickException(str(error)) from error
        with gathered(tenant_id, as_of) as material:
            digest = _write_whole(out, name, material, Made(clock.now(), SERVICE.name))
        trail.record("report.exported", "report", None, name=name, as_of=as_of, language=told_in.value, sha256=digest)
    click.echo(f"{out} {digest}")


def _write_whole(out: Path, name: str, material: Material, made: Made) -> str:
    """Write a file that has no name yet and give it the name of `out` at the end: nobody finds half a workbook.

    Raises click.ClickException when the folder cannot be written to.
    """
    beside = out.parent / f".{out.name}-{secrets.token_hex(8)}"
    try:
        target = _nameless(out.parent) or os.fdopen(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b")
    except OSError as error:
        raise click.ClickException(f"cannot write {out}: {error.strerror}") from error
    try:
        with target:
            digest = write(BY_NAME[name], material, made, target)
            target.flush()
            if not beside.exists():
                # Told a folder for the source, Python follows the link to the open file.
                os.link(f"/proc/self/fd/{target.fileno()}", beside, src_dir_fd=target.fileno())
        beside.replace(out)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return digest


def _nameless(folder: Path) -> IO[bytes] | None:
    """Return a new file without a name, of which nothing is left when this process is killed; None where there is none.

    Not every kind of disk has them: a network share may not.
    """
    try:
        return os.fdopen(os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o600), "w+b")
    except OSError:
        return None


COMMANDS = (report,)
