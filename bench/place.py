"""Where figures are measured: a throw-away folder, and the settings that all of them share."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from app import create_app
from core import db, migrating
from core.settings import read_settings


def settings_in(folder: str) -> dict[str, str]:
    """Return the settings of a service that keeps its data in `folder`, runs no jobs and says little."""
    return {"WAARBORG_DATA_DIR": folder, "WAARBORG_SCHEDULER": "off", "WAARBORG_LOG_LEVEL": "ERROR"}


@contextmanager
def fresh() -> Iterator[Flask]:
    """Yield a service on a new database, with its tables and nothing in them; afterwards both are gone."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(read_settings(settings_in(folder)))
        with app.app_context():
            migrating.upgrade()
        yield app
        with app.app_context():
            db.engine().dispose()
