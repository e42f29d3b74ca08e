"""The foundation's page of clients that accepted and did not ask: mail them a link, as their supplier cannot."""

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from continuity.fields import PressForm
from continuity.pages import existing
from continuity.period import period
from continuity.registrants import queries
from continuity.registrants.reach import registrant_of
from continuity.registrants.views import bp
from continuity.requests import inviting
from continuity.requests.inviting import FATE_LABELS, Fate
from core import clock
from tenants.door import needs, standing, today_here
from tenants.permissions import Permission

PAGE = 100


@bp.route("/<uuid:registration_id>/silent", methods=["GET", "POST"])
@needs(Permission.REGISTRANT_CONFIRM, over=registrant_of)
def silent(registration_id: UUID) -> ResponseReturnValue:
    """List the clients that accepted and did not ask, and mail those that are ticked, or all, a link of their own."""
    found = existing(queries.registrant(standing().tenant_id, registration_id, today_here()))
    form = PressForm()
    if form.validate_on_submit():
        chosen = None if "all" in request.form else _ticked()
        fates = inviting.write_to(found.registration, chosen, by=g.me.name, at=clock.now())
        for fate, number in fates.items():
            told = ngettext("%(num)s client", "%(num)s clients", number)
            flash(f"{told}: {FATE_LABELS[fate]}", "success" if fate is Fate.SENT else "warning")
        if not fates:
            flash(_("Nobody was written to."), "warning")
        return redirect(url_for(".silent", registration_id=registration_id))
    rows = inviting.silent(found.registration)
    last = max(1, -(-len(rows) // PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), last)
    return render_template(
        "foundation/silent.html",
        registrant=found,
        registration=found.registration,
        running=period(found.registration.declared_bankrupt_on, found.registration.duration_months),
        rows=rows[(page - 1) * PAGE : page * PAGE],
        total=len(rows),
        form=form,
        page=page,
        last=last,
    )


def _ticked() -> frozenset[UUID]:
    found = set()
    for text in request.form.getlist("client"):
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return frozenset(found)
