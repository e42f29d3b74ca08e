"""The agreements about payments as one page: what lies between the amounts, and the approval by a director."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from plans.blueprint import bp
from plans.errors import NotThere, PlanError
from plans.handbook import SECTION_TITLES, Section
from plans.intervals import Interval, days
from plans.payments import asking, services
from plans.payments.queries import agreements, approvals, directors
from plans.payments.services import Approver
from plans.upkeep.queries import tightened
from tenants.door import needs, standing, today_here
from tenants.errors import AccountError
from tenants.models import PlanLink, Topic
from tenants.owned import EditConflict
from tenants.permissions import Permission
from tenants.personal_links.queries import newest_about
from tenants.personal_links.services import Sender


@bp.get("/payments/agreements")
@needs(Permission.PLAN_READ)
def payment_agreements() -> ResponseReturnValue:
    """Show the six agreements and who approved them."""
    valid = days({one.name: one.days for one in tightened()}, Interval.PAYMENT_APPROVAL)
    found = approvals()
    return render_template(
        "payments/agreements.html",
        agreements=agreements(),
        approvals=found,
        newest=found[0] if found else None,
        valid_days=valid,
        today=today_here(),
        directors=directors(),
        links=newest_about(PlanLink, Topic.PAYMENTS),
        section_title=SECTION_TITLES[Section.PAYMENTS],
    )


@bp.post("/payments/agreements/approvals")
@needs(Permission.PLAN_PUBLISH)
def approve_payments() -> ResponseReturnValue:
    """Approve the agreements as they are now."""
    try:
        services.approve(request.form.get("digest", ""), Approver(g.me.name), at=clock.now(), today=today_here())
    except EditConflict:
        flash(_("The agreements changed meanwhile. Read them again before you approve them."), "warning")
    except PlanError as error:
        flash(str(error.text), "warning")
    else:
        flash(_("The agreements about payments were approved."), "success")
    return redirect(url_for("plans.payment_agreements"))


@bp.post("/payments/agreements/directors/<uuid:contact_id>/ask")
@needs(Permission.PLAN_PUBLISH)
def ask_director(contact_id: UUID) -> ResponseReturnValue:
    """Mail a director a link by which they approve the agreements."""
    where = standing()
    try:
        link = asking.ask(contact_id, Sender(where.tenant_id, where.name, g.me.name), where.language, at=clock.now())
    except NotThere:
        abort(404)
    except (AccountError, PlanError) as error:
        flash(str(error.text), "warning")
    else:
        flash(_("A mail to %(name)s is on its way.", name=link.name), "success")
    return redirect(url_for("plans.payment_agreements"))
