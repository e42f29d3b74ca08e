"""The post of the running service: which carrier and sender the settings choose, the job and the command."""

from email.utils import parseaddr
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import AppGroup

from core import clock, db
from core.background.jobs import EVERY_MINUTE, NIGHTLY, Job
from core.mail import delivery, outbox
from core.mail.carriers import carrier_for
from core.mail.delivery import Round, Sender
from core.settings import Settings

mail_cli = AppGroup("mail", help="Mail that waits to be sent.")
COMMANDS = (mail_cli,)
FOLDER = "outbox"


def sender_of(settings: Settings) -> Sender:
    """Return from whom the service's mail comes."""
    host = urlsplit(settings.base_url).hostname or "localhost"
    address = settings.mail_from or f"Waarborg <noreply@{host}>"
    return Sender(address, parseaddr(address)[1].rpartition("@")[2] or host, settings.mail_bounces)


def send_due() -> Round:
    """Send what is due now, by the mail server of the settings or else into the folder."""
    settings: Settings = current_app.config["SETTINGS"]
    return delivery.deliver(carrier_for(settings.smtp_url, settings.data_dir / FOLDER), sender_of(settings))


@mail_cli.command("send")
def send() -> None:
    """Send what is due now, and say how many mails that were."""
    done = send_due()
    click.echo(f"sent {done.sent}, failed {done.failed}, given up {done.given_up}")


@mail_cli.command("state")
def state() -> None:
    """Say how many mails wait, were sent, failed or were given up, and how many came back."""
    db.begin(writes=False)
    for each, number in outbox.counts().items():
        click.echo(f"{each.value} {number}")
    click.echo(f"came back {outbox.bounced()}")
    db.rollback()


def send_job() -> None:
    """Send what is due."""
    send_due()


def forget_job() -> None:
    """Remove what was done with long ago."""
    delivery.forget_old(clock.now())


JOBS = (
    Job("mail", EVERY_MINUTE, send_job, catch_up=False),
    Job("mail-forget", NIGHTLY, forget_job),
)
