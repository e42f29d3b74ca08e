"""`flask mail bounced`: what a mail server hands over, or what waits in a mailbox, noted at whom it is about."""

import mailbox
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import click
import sqlalchemy as sa

from core import clock, db
from core.mail.bounces import LARGEST, NotTaken
from core.mail.post import mail_cli
from tenants.mail import undelivered

__all__ = ["mail_cli"]
# sysexits.h: a mail server keeps what ends so, and tries again later.
TRY_LATER = 75
CHUNK = 65536


@mail_cli.command("bounced")
@click.argument("box", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--to", "arrived_for", multiple=True, help="The address the report came to, as the mail server knows it.")
def bounced(box: Path | None, arrived_for: tuple[str, ...]) -> None:
    """Note mail that came back: one report on standard input, or all in BOX (a Maildir, or a file in mbox format).

    What is no report about a mail of this service is told, and harmless. In a Maildir each message is marked as read.
    """
    try:
        if box is None:
            _take(_whole(sys.stdin.buffer), arrived_for)
        elif (box / "new").is_dir() and (box / "cur").is_dir():
            _take_maildir(box)
        elif not box.is_file():
            raise click.BadParameter(f"{box} is no Maildir, which holds the folders new and cur", param_hint="BOX")
        else:
            for raw in _messages(box):
                _take(raw, ())
    except sa.exc.OperationalError:
        click.echo("The database does not answer; try again later.", err=True)
        sys.exit(TRY_LATER)


def _take(raw: bytes, arrived_for: Sequence[str]) -> None:
    db.begin(writes=True)
    try:
        status = undelivered.take(raw, arrived_for, at=clock.now())
        db.commit()
    except NotTaken as reason:
        click.echo(f"not taken: {reason}")
    else:
        click.echo(f"noted: {status}" if status else "noted before")
    finally:
        db.rollback()


def _whole(stream: IO[bytes]) -> bytes:
    """Return what is sent, cut off where it is too large; the rest is read, so that its sender is not cut off."""
    raw = stream.read(LARGEST + 1)
    while stream.read(CHUNK):
        pass
    return raw


def _take_maildir(box: Path) -> None:
    for file in sorted((box / "new").iterdir()):
        if file.is_symlink() or not file.is_file():
            continue
        with file.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
        _take(raw, ())
        file.rename(box / "cur" / f"{file.name}:2,S")


def _messages(box: Path) -> Iterator[bytes]:
    found = mailbox.mbox(box, create=False)
    try:
        for key in found.iterkeys():
            with found.get_file(key) as stream:
                yield stream.read(LARGEST + 1)
    finally:
        found.close()
