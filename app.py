"""Assembly: settings, extensions, blueprints, commands, scheduler. No behaviour lives here."""

from flask import Flask

import audits.models
import continuity.models
import plans.models  # noqa: F401 -- the tables of every floor must be known before the lock looks at them
from core import assets, db, health, i18n, logs, migrating, web
from core.settings import Settings, read_settings
from tenants import commands as tenant_commands
from tenants import door, lock, sessions
from tenants import views as tenant_views

BLUEPRINTS = (health.bp, tenant_views.bp, tenant_views.here)
COMMANDS = (*tenant_commands.COMMANDS,)


def create_app(settings: Settings | None = None) -> Flask:
    """Put the service together. Raises SettingError when a setting is wrong."""
    settings = settings or read_settings()
    app = Flask(__name__)
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url, ENVIRONMENT=settings.env, SETTINGS=settings
    )
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    logs.init_logs(settings)
    db.init_db(app)
    migrating.init_migrating(app)
    i18n.init_i18n(app)
    web.init_web(app, settings)
    assets.init_assets(app)
    lock.init_lock()
    sessions.init_sessions(app, settings.session_idle_minutes, settings.session_absolute_minutes)
    door.init_door(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    return app
