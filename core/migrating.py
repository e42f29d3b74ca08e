"""Migrations: Flask-Migrate stays behind this module."""

from flask import Flask
from flask_migrate import Migrate

from core.db import db
from core.settings import ROOT

migrate = Migrate()


def init_migrating(app: Flask) -> None:
    """Give `app` the `flask db` commands."""
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
