"""What the trail does without being asked."""

from datetime import datetime
from email.utils import parseaddr
from pathlib import Path

import structlog
from flask import current_app

from core import db, mail
from core.background.jobs import EVERY_MINUTE, NIGHTLY, Job
from core.clock import now
from core.i18n import Language
from core.settings import Settings
from tenants.trail import anchors, telling

MAIL = "trail-anchor"
# For whoever keeps the installation running, as the commands are.
EXPLAINED = "Keep this mail. flask --app app trail verify --anchor FILE compares the trail with what it says."

log = structlog.get_logger("trail")


def anchor() -> Path:
    """Anchor the chains: in a file, and by mail where an address is set. Return the file."""
    settings: Settings = current_app.config["SETTINGS"]
    at = now()
    db.begin(writes=False)
    try:
        text = anchors.make(at)
    finally:
        db.rollback()
    path = anchors.keep(text, settings.anchor_dir, at)
    if settings.anchor_mail:
        _send(settings.anchor_mail, text, at)
    log.info("trail anchored", file=str(path))
    return path


def _send(address: str, text: str, at: datetime) -> None:
    db.begin(writes=True)
    try:
        mail.queue(
            to=parseaddr(address)[1],
            subject=f"Waarborg: anchor of the trail, {at:%Y-%m-%d}",
            text=f"{EXPLAINED}\n\n{text}",
            language=Language.ENGLISH,
            kind=MAIL,
        )
        db.commit()
    finally:
        db.rollback()


def tell_organisations() -> None:
    """Tell organisations of what happened to the accounts of their people."""
    telling.tell()


def anchor_nightly() -> None:
    """Anchor once a day."""
    anchor()


JOBS = (
    Job("trail-anchor", NIGHTLY, anchor_nightly),
    Job("trail-tell", EVERY_MINUTE, tell_organisations, catch_up=False),
)
