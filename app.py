"""Assembly: settings, extensions, blueprints, commands, scheduler. No behaviour lives here."""

from flask import Flask

import audits.models  # noqa: F401 -- the tables of every floor must be known before the lock looks at them
import continuity.models  # noqa: F401 -- as above
import plans.models  # noqa: F401 -- as above
from audits import commands as audit_commands
from audits import jobs as audit_jobs
from audits import report_commands, report_views, sweep
from audits import status as audit_status
from audits import views as audit_views
from continuity import views as continuity_views
from continuity.agreements import documents
from core import assets, db, health, i18n, jobs, logs, migrating, web
from core.files import FileStore
from core.settings import Settings, read_settings
from plans import status
from plans import views as plan_views
from plans.importing import views as import_views
from plans.registers import views as register_views
from sample import commands as sample_commands
from tenants import commands as tenant_commands
from tenants import door, lock, sessions
from tenants import views as tenant_views

BLUEPRINTS = (
    health.bp,
    tenant_views.bp,
    tenant_views.here,
    audit_views.bp,
    report_views.bp,
    *continuity_views.BLUEPRINTS,
    plan_views.bp,
    register_views.bp,
    import_views.bp,
)
COMMANDS = (*tenant_commands.COMMANDS, *audit_commands.COMMANDS, *report_commands.COMMANDS, *sample_commands.COMMANDS)


def create_app(settings: Settings | None = None) -> Flask:
    """Put the service together. Raises SettingError when a setting is wrong."""
    settings = settings or read_settings()
    app = Flask(__name__)
    app.config.update(SQLALCHEMY_DATABASE_URI=settings.database_url, ENVIRONMENT=settings.env, SETTINGS=settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    logs.init_logs(settings)
    db.init_db(app)
    migrating.init_migrating(app)
    i18n.init_i18n(app)
    web.init_web(app, settings)
    assets.init_assets(app)
    lock.init_lock()
    sessions.init_sessions(app, settings.session_idle_minutes, settings.session_absolute_minutes)
    door.init_door(app, settings.step_up_minutes)
    documents.init_documents(app, FileStore(settings.data_dir / "files"))
    status.connect(app, audit_status.AuditStatus())
    app.extensions[door.AFTER_WRITE] = (sweep.judge_now,)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    return app


def create_server() -> Flask:
    """Put the service together for a server process: as create_app, and this process may run the jobs."""
    app = create_app()
    settings: Settings = app.config["SETTINGS"]
    if settings.scheduler:
        jobs.start(app, audit_jobs.JOBS, nightly_at=settings.sweep_at)
    return app
