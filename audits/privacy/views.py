"""The page that tells what is kept about people. Anybody may read it, before there is an account."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from audits.privacy.kept import cookies, of_accounts
from core.settings import Settings
from tenants.door import public
from tenants.well_known import contact_link

bp = Blueprint("privacy", __name__)


@bp.get("/privacy")
@public
def show() -> ResponseReturnValue:
    """Tell what is kept, why, how long and who sees it; of nobody in particular."""
    settings: Settings = current_app.config["SETTINGS"]
    return render_template(
        "privacy/show.html",
        provider=settings.provider,
        contact=settings.contact,
        contact_link=contact_link(settings.contact) if settings.contact else "",
        kept=of_accounts(),
        cookies=cookies(current_app.config["SESSION_COOKIE_NAME"]),
        report_days=settings.report_days,
    )
