"""Assembly of what answers browsers: pages and jobs. Imported only where somebody may ask for a page."""

from flask import Flask

from audits import report_views
from audits import status as audit_status
from audits import views as audit_views
from audits.api import views as api_views
from audits.asof import retention
from audits.erasing import views as erasing_views
from audits.findings.counts import counts
from audits.lapsing import views as lapsing_views
from audits.made import jobs as made_jobs
from audits.made import retention as made_retention
from audits.made import schedule_views
from audits.made import views as made_views
from audits.paper import views as paper_views
from audits.portfolio import views as portfolio_views
from audits.privacy import views as privacy_views
from audits.reminders import here_views as reminding_views
from audits.reminders import jobs as reminder_jobs
from audits.reminders import views as reminder_views
from audits.room import answer_views, telling
from audits.room import views as room_views
from audits.sweeping import jobs as audit_jobs
from audits.sweeping import sweep
from audits.takeout import views as takeout_views
from audits.trail import views as trail_views
from audits.trends import views as trend_views
from audits.webhooks import jobs as webhook_jobs
from audits.webhooks import views as webhook_views
from continuity import views as continuity_views
from continuity.ending import telling as ending_letters
from continuity.officers.parting import OfficersPart
from continuity.openings import jobs as opening_jobs
from continuity.openings import telling as opening_letters
from continuity.protection import SchemeProtection
from continuity.registrations.asking import WillingMatter
from continuity.requests import reminding as request_reminders
from continuity.requests import telling as request_letters
from continuity.ties import SchemeTies
from core import deploy
from core.background import jobs
from core.files import FileStore, init_files
from core.mail import post
from core.serving import assets, health, web
from core.settings import Settings
from plans import status
from plans import views as plan_views
from plans.backup.asking import CopyMatter
from plans.calamity import reminding as term_reminders
from plans.calamity import views as calamity_views
from plans.confirming.asking import HeldMatter
from plans.confirming.queries import Whom
from plans.importing import views as import_views
from plans.items import waiver_letters
from plans.payments.asking import PaymentsMatter
from plans.processes import protection
from plans.registers import views as register_views
from plans.runbook.asking import TaskMatter
from plans.staff.asking import InstructionMatter
from tenants import door, doorless, link_jobs, menu, parting, sessions, well_known
from tenants import views as tenant_views
from tenants.account import views as account_views
from tenants.clients import answering as client_answering
from tenants.clients import views as client_views
from tenants.grants import views as grant_views
from tenants.invitations import views as invitation_views
from tenants.leaving import ties
from tenants.leaving import views as leaving_views
from tenants.models import Topic
from tenants.oidc import settings_views as sign_on_views
from tenants.oidc import views as oidc_views
from tenants.operator import judged
from tenants.operator import views as operator_views
from tenants.operator.made_up import check_made_up
from tenants.people import views as people_views
from tenants.person_data import views as person_data_views
from tenants.personal_links import matters
from tenants.personal_links import views as personal_link_views
from tenants.reset import views as reset_views
from tenants.sign_in import jobs as sign_in_jobs
from tenants.sign_in import security_views
from tenants.sign_in import views as sign_in_views
from tenants.tokens import views as token_views
from tenants.trail import jobs as trail_jobs

BLUEPRINTS = (
    health.bp,
    well_known.bp,
    tenant_views.bp,
    tenant_views.here,
    people_views.bp,
    personal_link_views.bp,
    personal_link_views.out,
    invitation_views.bp,
    reset_views.bp,
    account_views.bp,
    oidc_views.bp,
    sign_on_views.bp,
    token_views.bp,
    leaving_views.bp,
    operator_views.bp,
    person_data_views.bp,
    sign_in_views.bp,
    security_views.bp,
    grant_views.bp,
    client_views.bp,
    client_answering.bp,
    audit_views.bp,
    portfolio_views.bp,
    reminder_views.bp,
    reminding_views.bp,
    lapsing_views.bp,
    webhook_views.bp,
    trend_views.bp,
    report_views.bp,
    made_views.bp,
    schedule_views.bp,
    room_views.engagements,
    room_views.bp,
    answer_views.bp,
    trail_views.bp,
    takeout_views.bp,
    erasing_views.bp,
    privacy_views.bp,
    paper_views.bp,
    paper_views.check_bp,
    *continuity_views.BLUEPRINTS,
    plan_views.bp,
    calamity_views.bp,
    register_views.bp,
    import_views.bp,
)


def init_pages(app: Flask, settings: Settings) -> None:
    """Give `app` every page there is, what stands in front of them and the files behind them."""
    web.init_web(app, settings)
    assets.init_assets(app)
    sessions.init_sessions(app, settings.session_idle_minutes, settings.session_absolute_minutes)
    door.init_door(app, settings.step_up_minutes)
    menu.init_menu(app)
    init_files(app, FileStore(settings.data_dir / "files"))
    status.connect(app, audit_status.AuditStatus())
    protection.connect(app, SchemeProtection())
    ties.connect(app, SchemeTies())
    parting.connect(app, OfficersPart())
    judged.connect(app, counts)
    matters.connect(app, {Topic.TASK: TaskMatter(), Topic.COPY: CopyMatter()})
    matters.connect(app, {Topic.INSTRUCTION: InstructionMatter(), Topic.PAYMENTS: PaymentsMatter()})
    matters.connect(app, {Topic.WILLING: WillingMatter()})
    matters.connect(app, {Topic.CONTACT: HeldMatter(Whom.CONTACT), Topic.PARTY: HeldMatter(Whom.PARTY)})
    deploy.add_checks(app, (check_made_up,))
    app.extensions[door.AFTER_WRITE] = (sweep.judge_now,)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    api_views.init_api(app)
    doorless.refuse_open_doors(app)


def plan_jobs(app: Flask, settings: Settings) -> None:
    """Tell `app`, a server, which jobs there are."""
    made_jobs.init_maker(app)
    every = (
        *jobs.JOBS,
        *audit_jobs.JOBS,
        *retention.JOBS,
        *reminder_jobs.JOBS,
        *webhook_jobs.JOBS,
        *made_jobs.JOBS,
        *made_retention.JOBS,
        *telling.JOBS,
        *waiver_letters.JOBS,
        *term_reminders.JOBS,
        *link_jobs.JOBS,
        *post.JOBS,
        *opening_jobs.JOBS,
        *opening_letters.JOBS,
        *request_letters.JOBS,
        *request_reminders.JOBS,
        *ending_letters.JOBS,
        *sign_in_jobs.JOBS,
        *trail_jobs.JOBS,
    )
    app.extensions[jobs.EXTENSION] = jobs.Plan(every, nightly_at=settings.sweep_at)
