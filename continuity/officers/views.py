"""Pages of a foundation's officers about their own keys."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from continuity.models import KeyState, OfficerKey
from continuity.officers import queries, services
from continuity.officers.forms import AgainForm, CodeForm, EndForm, KeyForm
from continuity.officers.reach import own_and_registrants, reach_of
from continuity.officers.resealing import ask_again, of_registrants
from continuity.officers.services import Officer
from continuity.pages import existing
from continuity.registrants.reach import registrants_of
from continuity.saving import submit
from core import clock
from core.age import in_groups
from tenants.door import needs, standing
from tenants.permissions import Permission
from tenants.sessions import person

bp = Blueprint("officers", __name__, url_prefix="/o/<slug>/officers")
bp.add_app_template_filter(in_groups, "groups")

STATE_LABELS = {
    KeyState.PENDING: _l("Not proved yet"),
    KeyState.ACTIVE: _l("In use"),
    KeyState.RETIRED: _l("Out of use"),
    KeyState.LOST: _l("Lost"),
}


def _found(key_id: UUID) -> OfficerKey:
    return existing(queries.key(standing().tenant_id, key_id))


@bp.get("/")
@needs(Permission.REGISTRANT_READ)
def index() -> ResponseReturnValue:
    """List the keys of the officers."""
    found = queries.keys_of(standing().tenant_id)
    active = [one for one in found if one.state is KeyState.ACTIVE]
    mine = existing(person()).user_id
    return render_template("officers/index.html", keys=found, active=active, mine=mine, states=STATE_LABELS)


@bp.route("/new", methods=["GET", "POST"])
@needs(Permission.OFFICER_KEY, over=own_and_registrants)
def key_add() -> ResponseReturnValue:
    """Register the public half of a key that the browser, or age itself, made."""
    visitor, here = existing(person()), standing()
    officer, form = Officer(visitor.user_id, visitor.name), KeyForm()
    outcome = submit(form, lambda: services.offer_key(reach_of(here.tenant_id), form.key.data, officer, at=clock.now()))
    if outcome.saved:
        waiting = existing(queries.waiting_key(here.tenant_id, officer.user_id))
        return redirect(url_for(".key_prove", key_id=waiting.id))
    return render_template("officers/key_add.html", form=form, outcome=outcome), outcome.code


@bp.get("/cards")
@needs(Permission.OFFICER_KEY)
def key_cards() -> ResponseReturnValue:
    """Let the browser make word cards of a key that somebody has."""
    return render_template("officers/key_cards.html")


@bp.route("/reseal", methods=["GET", "POST"])
@needs(Permission.REGISTRANT_CONFIRM, over=registrants_of)
def reseal() -> ResponseReturnValue:
    """List what suppliers have to seal again, and ask them."""
    here, visitor = standing(), existing(person())
    listed, suppliers = of_registrants(here.tenant_id)
    rows = {str(one.delivery.id): one for one in listed}
    form = AgainForm()
    form.deliveries.choices = [(one, one) for one in rows]
    outcome = submit(
        form, lambda: ask_again([rows[one] for one in form.deliveries.data], here.name, by=visitor.name, at=clock.now())
    )
    if outcome.saved:
        flash(_("Asked. Each supplier sees it on its own pages."), "success")
        return redirect(url_for(".reseal"))
    page = render_template("officers/reseal.html", rows=listed, suppliers=suppliers, form=form)
    return page, outcome.code


@bp.route("/<uuid:key_id>/prove", methods=["GET", "POST"])
@needs(Permission.OFFICER_KEY, over=own_and_registrants)
def key_prove(key_id: UUID) -> ResponseReturnValue:
    """Show that one holds the other half of a key, and take it into use."""
    row = _found(key_id)
    if row.user_id != existing(person()).user_id or row.state is not KeyState.PENDING:
        abort(409)
    form = CodeForm()
    outcome = submit(
        form, lambda: services.prove_key(row, form.code.data, reach_of(standing().tenant_id), at=clock.now())
    )
    if outcome.saved:
        flash(_("Your key is in use. Suppliers compare its fingerprint with you before they seal to it."), "success")
        return redirect(url_for(".index"))
    return render_template("officers/key_prove.html", key=row, form=form, outcome=outcome), outcome.code


@bp.route("/<uuid:key_id>/end", methods=["GET", "POST"])
@needs(Permission.OFFICER_KEY, over=own_and_registrants)
def key_end(key_id: UUID) -> ResponseReturnValue:
    """Take a key out of use: replaced, lost, or its officer left."""
    row, visitor, form = _found(key_id), existing(person()), EndForm()
    if row.ended_at is not None:
        abort(409)
    outcome = submit(
        form,
        lambda: services.end_key(
            row, KeyState(form.state.data), reach_of(standing().tenant_id), by=visitor.name, at=clock.now()
        ),
    )
    if outcome.saved:
        flash(_("Taken out of use. Suppliers are asked to seal again what was sealed to it."), "warning")
        return redirect(url_for(".index"))
    return render_template("officers/key_end.html", key=row, form=form, outcome=outcome), outcome.code
