"""Assembly: settings, extensions, commands; `serving.py` adds pages and jobs. No behaviour lives here."""

from flask import Flask

import audits.models
import audits.reminders.models  # noqa: F401 -- the tables of every floor must be known before the lock looks at them
import continuity.models  # noqa: F401 -- as above
import core.mail.outbox  # noqa: F401 -- as above
import plans.models  # noqa: F401 -- as above
from core import db, i18n, logs
from core.commands import LazyCommands, Place, looking_up
from core.settings import Settings, read_settings
from tenants import keys, lock

COMMANDS = (
    Place("audit", "audits.commands", "audit_cli", pages=False),
    Place("check-deploy", "core.deploy", "check_deploy"),
    Place("db", "core.migrating", "db_cli"),
    Place("keys", "tenants.key_commands", "keys_cli", pages=False),
    Place("mail", "core.mail.post", "mail_cli", pages=False),
    Place("member", "tenants.commands", "member_cli"),
    Place("operator", "tenants.commands", "operator_cli"),
    Place("report", "audits.report_commands", "report"),
    Place("sample", "sample.commands", "sample"),
    Place("sign-on", "tenants.oidc.commands", "sign_on_cli", pages=False),
    Place("tenant", "tenants.commands", "tenant_cli"),
    Place("trail", "tenants.trail.commands", "trail_cli", pages=False),
    Place("user", "tenants.commands", "user_cli"),
)


def create_app(settings: Settings | None = None) -> Flask:
    """Put the service together. Raises SettingError when a setting is wrong.

    Where `flask` only looks for a command, the pages are left out until one needs them: docs/decisions/start-up.md.
    """
    settings = settings or read_settings()
    app = Flask(__name__)
    app.config.update(SQLALCHEMY_DATABASE_URI=settings.database_url, ENVIRONMENT=settings.env, SETTINGS=settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    logs.init_logs(settings)
    db.init_db(app)
    i18n.init_i18n(app)
    lock.init_lock()
    app.cli = LazyCommands(COMMANDS, lambda: add_pages(app))
    if not looking_up():
        add_pages(app)
    return app


def add_pages(app: Flask) -> None:
    """Give `app` its pages, unless it has them."""
    if not app.blueprints:
        import serving  # over half of the time a command without pages would take

        serving.init_pages(app, app.config["SETTINGS"])


def create_server() -> Flask:
    """Put the service together for a server process: as create_app, and this process may run the jobs.

    Raises UnsafeDeployment too, in production with unsafe settings, and MasterKeyError when what is encrypted in the
    database could not be opened.
    """
    import serving
    from core import deploy  # a command has no use for it

    app = create_app()
    settings: Settings = app.config["SETTINGS"]
    deploy.refuse_unsafe(app)
    with app.app_context():
        keys.check_master_key()
    if settings.scheduler:
        serving.start_jobs(app, settings)
    return app
