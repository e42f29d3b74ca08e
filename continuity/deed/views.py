"""Pages of the beneficiary deed."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from continuity import queries as shared
from continuity.deed import queries, services
from continuity.deed.conditions import proposed
from continuity.deed.forms import CloseForm, DeedForm
from continuity.deed.states import LEGAL_TEXTS, STATE_LABELS, Who, legal_state, open_steps
from continuity.errors import Refused
from continuity.models import DeedVersion, Registration
from continuity.pages import bp, existing
from continuity.saving import submit
from core.i18n import Language
from tenants.door import needs, today_here
from tenants.owned import EditConflict
from tenants.permissions import Permission


@bp.get("/<uuid:registration_id>/deeds")
@needs(Permission.CONTINUITY_READ)
def deeds(registration_id: UUID) -> ResponseReturnValue:
    """List the versions of the deed."""
    registration = existing(shared.registration(registration_id))
    return render_template(
        "continuity/deeds.html", registration=registration, deeds=queries.deeds(registration), states=STATE_LABELS
    )


@bp.route("/<uuid:registration_id>/deeds/new", methods=["GET", "POST"])
@needs(Permission.CONTINUITY_EDIT)
def deed_add(registration_id: UUID) -> ResponseReturnValue:
    """Begin a new version, from the newest one or from what is usual."""
    registration = existing(shared.registration(registration_id))
    current = shared.current_deed(registration)
    form = DeedForm(
        data=_shown(current)
        if current
        else {
            "conditions": "\n".join(proposed(Language.DUTCH)),
            "conditions_en": "\n".join(proposed(Language.ENGLISH)),
        }
    )
    outcome = submit(form, lambda: services.add_draft(registration, form.values()))
    if outcome.saved:
        flash(_("The draft is saved. Read it once more and publish it."), "success")
        return redirect(url_for(".deeds", registration_id=registration_id))
    page = render_template("continuity/deed_edit.html", registration=registration, form=form, outcome=outcome)
    return page, outcome.code


@bp.get("/<uuid:registration_id>/deeds/<uuid:deed_id>")
@needs(Permission.CONTINUITY_READ)
def deed(registration_id: UUID, deed_id: UUID) -> ResponseReturnValue:
    """Show one version of the deed."""
    registration = existing(shared.registration(registration_id))
    found = existing(shared.part(DeedVersion, registration, deed_id))
    return _deed_page(registration, found, CloseForm(data={"version": found.version}))


def _shown(row: DeedVersion) -> dict[str, object]:
    return {
        "text": row.text,
        "conditions": "\n".join(row.conditions),
        "text_en": row.text_en,
        "conditions_en": "\n".join(row.conditions_en),
        "irrevocable_free": row.irrevocable_free,
    }


def _deed_page(
    registration: Registration, row: DeedVersion, form: CloseForm, refusal: object = None, code: int = 200
) -> ResponseReturnValue:
    stands = legal_state(row.state, accepted=services.is_accepted(row), irrevocable_free=row.irrevocable_free)
    page = render_template(
        "continuity/deed.html",
        registration=registration,
        deed=row,
        form=form,
        refusal=refusal,
        state=STATE_LABELS[row.state],
        stands=stands,
        stands_text=LEGAL_TEXTS[stands],
        steps=open_steps(row.state, Who.SUPPLIER),
        anew=queries.accepted_by(registration),
    )
    return page, code


@bp.route("/<uuid:registration_id>/deeds/<uuid:deed_id>/edit", methods=["GET", "POST"])
@needs(Permission.CONTINUITY_EDIT)
def deed_edit(registration_id: UUID, deed_id: UUID) -> ResponseReturnValue:
    """Change a draft."""
    registration = existing(shared.registration(registration_id))
    row = existing(shared.part(DeedVersion, registration, deed_id))
    if row.published_on is not None and request.method == "GET":
        return redirect(url_for(".deed", registration_id=registration_id, deed_id=deed_id))
    form = DeedForm(data={"version": row.version, **_shown(row)})
    outcome = submit(form, lambda: services.change_draft(row, form.values(), seen=form.version.data or 0), row)
    if outcome.saved:
        flash(_("The draft is saved. Read it once more and publish it."), "success")
        return redirect(url_for(".deed", registration_id=registration_id, deed_id=deed_id))
    page = render_template("continuity/deed_edit.html", registration=registration, deed=row, form=form, outcome=outcome)
    return page, outcome.code


@bp.post("/<uuid:registration_id>/deeds/<uuid:deed_id>/publish")
@needs(Permission.CONTINUITY_EDIT)
def deed_publish(registration_id: UUID, deed_id: UUID) -> ResponseReturnValue:
    """Publish a draft that was read in the version on the page."""
    registration = existing(shared.registration(registration_id))
    row = existing(shared.part(DeedVersion, registration, deed_id))
    try:
        services.publish(row, seen=request.form.get("version", 0, int), today=today_here())
    except EditConflict:
        abort(409)
    except Refused as error:
        return _deed_page(registration, row, CloseForm(formdata=None, data={"version": row.version}), error.text, 422)
    flash(_("Offered. Now invite your clients to accept it."), "success")
    return redirect(url_for(".clients", registration_id=registration_id))


@bp.post("/<uuid:registration_id>/deeds/<uuid:deed_id>/<any(revoke, end):step>")
@needs(Permission.CONTINUITY_EDIT)
def deed_close(registration_id: UUID, deed_id: UUID, step: str) -> ResponseReturnValue:
    """Revoke or end a version, with the reason."""
    registration = existing(shared.registration(registration_id))
    row = existing(shared.part(DeedVersion, registration, deed_id))
    form = CloseForm()
    change = services.revoke_deed if step == "revoke" else services.end_deed
    outcome = submit(form, lambda: change(row, form.why.data, seen=form.version.data or 0, today=today_here()), row)
    if not outcome.saved:
        return _deed_page(registration, row, form, code=outcome.code)
    flash(_("Written down. Nobody can accept this version any more."), "success")
    return redirect(url_for(".deed", registration_id=registration_id, deed_id=deed_id))
