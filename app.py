"""Assembly: settings, extensions, commands; `serving.py` adds pages and jobs. No behaviour lives here."""

from flask import Flask

from core import db, i18n, logs
from core.commands import LazyCommands, Needs, Place, looking_up
from core.serving import garbage
from core.serving.service import Service
from core.settings import Settings, read_settings
from tenants import lock
from tenants.keys import data_keys

COMMANDS = (
    Place("audit", "audits.sweeping.commands", "audit_cli", Needs.FEW_TABLES),
    Place("check-deploy", "core.deploy", "check_deploy"),
    Place("db", "core.migrating", "db_cli", Needs.TABLES),
    Place("keys", "tenants.keys.commands", "keys_cli", Needs.TABLES),
    Place("mail", "tenants.mail.commands", "mail_cli", Needs.TABLES),
    Place("make-reports", "audits.made.commands", "make_reports"),
    Place("member", "tenants.commands", "member_cli"),
    Place("operator", "tenants.commands", "operator_cli"),
    Place("report", "audits.report_commands", "report", Needs.TABLES),
    Place("sample", "sample.commands", "sample"),
    Place("sign-on", "tenants.oidc.commands", "sign_on_cli", Needs.TABLES),
    Place("tenant", "tenants.commands", "tenant_cli", Needs.TABLES),
    Place("trail", "tenants.trail.commands", "trail_cli", Needs.TABLES),
    Place("user", "tenants.commands", "user_cli"),
    Place("worker", "audits.sweeping.worker_commands", "worker_cli", Needs.TABLES),
)


def create_app(settings: Settings | None = None) -> Flask:
    """Put the service together. Raises SettingError when a setting is wrong.

    Where `flask` only looks for a command, tables and pages wait until one needs them: docs/decisions/start-up.md.
    """
    garbage.collect_seldom()
    settings = settings or read_settings()
    app = Service(__name__)
    app.config.update(SQLALCHEMY_DATABASE_URI=settings.database_url, ENVIRONMENT=settings.env, SETTINGS=settings)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    logs.init_logs(settings)
    db.init_db(app)
    i18n.init_i18n(app)
    lock.init_lock()
    app.cli = LazyCommands(COMMANDS, lambda needs: add(app, needs))
    if not looking_up():
        add(app, Needs.PAGES)
    return app


def add(app: Flask, needs: Needs) -> None:
    """Give `app` what a command, or a server, needs; what it has already stays as it is."""
    if needs >= Needs.TABLES:
        import tables  # noqa: F401 -- a third of the time a command would take that reads a few of them only
    if needs >= Needs.PAGES and not app.blueprints:
        import serving  # over half of the time a command without pages would take

        serving.init_pages(app, app.config["SETTINGS"])


def create_server() -> Flask:
    """Put the service together for a server: as create_app, with the jobs.

    They run in a process of their own where a master has them forked (core/serving/master.py), else in a thread of this
    one.
    Raises UnsafeDeployment too, in production with unsafe settings, and MasterKeyError when what is encrypted in the
    database could not be opened.
    """
    import serving
    from core import deploy
    from core.serving import master  # a command has no use for them

    app = create_app()
    settings: Settings = app.config["SETTINGS"]
    deploy.refuse_unsafe(app)
    with app.app_context():
        data_keys.check_master_key()
    if settings.scheduler:
        serving.plan_jobs(app, settings)
        if not master.in_charge():
            from core.background import scheduler  # who answers pages has no use for it

            scheduler.start(app)
    return app
