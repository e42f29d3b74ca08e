"""Commands for keys: `flask --app app keys rotate` and so on."""

import click
from flask import current_app
from flask.cli import AppGroup

from core import db, vault
from core.files import FileStore
from core.settings import Settings
from tenants import services
from tenants.keys import rotation
from tenants.models import Tenant

FILES_FOLDER = "files"

keys_cli = AppGroup("keys", help="Keys that confidential data is encrypted with.")


@keys_cli.command("rotate")
@click.option("--tenant", "slug", help="Only this organisation; default all.")
def keys_rotate(slug: str | None) -> None:
    """Seal everything of an organisation with a new key and forget the old one.

    People may go on working. When it is stopped half-way, call it again: it finishes what it began.
    """
    store = _store()
    for tenant_id in _chosen(slug):
        done = rotation.rotate(tenant_id, store)
        words = "finished the rotation begun earlier" if done.resumed else "rotated"
        click.echo(f"{_slug(tenant_id)}: {words}, key {done.version}, {done.rows} rows and {done.files} files")


@keys_cli.command("seal-files")
@click.option("--tenant", "slug", help="Only this organisation; default all.")
def keys_seal_files(slug: str | None) -> None:
    """Seal in pieces the files that are not: sealed whole, or from before files were encrypted.

    Until then such a file is held in memory whole while it is read.
    """
    store = _store()
    for tenant_id in _chosen(slug):
        click.echo(f"{_slug(tenant_id)}: {rotation.seal_files(tenant_id, store)} files sealed in pieces")


@keys_cli.command("rewrap")
@click.option("--new", is_flag=True, help="Make a new master key first.")
def keys_rewrap(new: bool) -> None:
    """Wrap every data key with the newest master key. Nothing else is encrypted anew, so it takes seconds."""
    held = vault.keeper()
    if new:
        if not isinstance(held, vault.FileKeeper):
            raise click.ClickException("the master keys are not in a file; make a new one where they are kept")
        click.echo(f"new master key {held.add_master()}")
    click.echo(f"{rotation.rewrap()} keys wrapped anew by master key {held.newest}")
    click.echo("Older master keys are needed for copies of the database from before only.")


def _chosen(slug: str | None) -> list[int]:
    if slug is None:
        return rotation.all_tenants()
    db.begin(writes=False)
    try:
        tenant = services.tenant_by_slug(slug)
        if tenant is None:
            raise click.ClickException(f"there is no organisation {slug!r}")
        return [tenant.id]
    finally:
        db.rollback()


def _slug(tenant_id: int) -> str:
    db.begin(writes=False)
    try:
        return db.session().get_one(Tenant, tenant_id).slug
    finally:
        db.rollback()


def _store() -> FileStore:
    settings: Settings = current_app.config["SETTINGS"]
    return FileStore(settings.data_dir / FILES_FOLDER)
