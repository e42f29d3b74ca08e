"""Pages of a supplier about the keys of the foundation's officers: which there are, and which it compared."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from continuity import queries as shared
from continuity.fields import offered
from continuity.models import Registration
from continuity.officers import queries, services
from continuity.officers.forms import CompareForm
from continuity.officers.queries import Listed
from continuity.officers.resealing import to_seal_again
from continuity.officers.views import STATE_LABELS
from continuity.pages import bp, existing
from continuity.saving import Outcome, submit
from core import clock
from tenants.door import needs
from tenants.permissions import Permission
from tenants.sessions import person


def _form(keys: list[Listed]) -> CompareForm:
    form = CompareForm()
    form.keys.choices = offered((one.fingerprint, f"{one.name}: {one.groups}") for one in keys if one.to_compare)
    return form


def _page(registration: Registration, keys: list[Listed], form: CompareForm, outcome: Outcome) -> ResponseReturnValue:
    page = render_template(
        "continuity/officers.html",
        registration=registration,
        foundation=shared.tenant_name(registration.foundation_id),
        keys=keys,
        enough=sum(one.compared for one in keys) >= services.FEWEST_OFFICERS,
        form=form,
        states=STATE_LABELS,
    )
    return page, outcome.code


@bp.get("/<uuid:registration_id>/officers")
@needs(Permission.CONTINUITY_READ)
def officers(registration_id: UUID) -> ResponseReturnValue:
    """Show whose keys deliveries are sealed to."""
    registration = existing(shared.registration(registration_id))
    keys = queries.listed(registration.foundation_id)
    return _page(registration, keys, _form(keys), Outcome())


@bp.get("/<uuid:registration_id>/reseal")
@needs(Permission.CONTINUITY_READ)
def reseal(registration_id: UUID) -> ResponseReturnValue:
    """List what has to be sealed again, because a key went or an officer came."""
    registration = existing(shared.registration(registration_id))
    return render_template("continuity/reseal.html", registration=registration, rows=to_seal_again([registration]))


@bp.post("/<uuid:registration_id>/officers")
@needs(Permission.HANDOVER_DELIVER)
def officers_compare(registration_id: UUID) -> ResponseReturnValue:
    """Note which fingerprints were compared with the officers."""
    registration, visitor = existing(shared.registration(registration_id)), existing(person())
    if registration.foundation_id is None:
        abort(409)
    keys = queries.listed(registration.foundation_id)
    form = _form(keys)
    outcome = submit(
        form,
        lambda: services.pin_keys(
            keys, frozenset(form.keys.data), registration.foundation_id or 0, by=visitor.name, at=clock.now()
        ),
    )
    if not outcome.saved:
        return _page(registration, keys, form, outcome)
    flash(_("Noted. What you hand over from now on is sealed to these keys."), "success")
    return redirect(url_for(".officers", registration_id=registration_id))
