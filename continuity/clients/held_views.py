"""The foundation's pages about what a supplier says since what happened to it, beside what was known before."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug import Response

from continuity.clients import changing
from continuity.clients.changing import LABELS, Beside
from continuity.clients.forms import HeldForm, HeldPartForm
from continuity.pages import existing
from continuity.registrants import queries
from continuity.registrants.queries import Registrant
from continuity.registrants.reach import registrant_of
from continuity.registrants.said import Row, handed_since, shown
from continuity.registrants.views import bp
from continuity.registrations import setting_back
from continuity.registrations.told import COLUMNS
from continuity.saving import Outcome, submit
from core import clock
from core.i18n import Language, euro_text
from tenants.door import needs, standing, today_here
from tenants.forms import LANGUAGE_LABELS
from tenants.permissions import Permission
from tenants.sessions import person


def _rows(one: Beside) -> list[Row]:
    return [Row(LABELS[name], *(_words(name, text) for text in both)) for name, both in one.differs.items()]


def _words(name: str, text: str | None) -> str:
    if not text:
        return ""
    if name == "monthly_fee":
        return str(euro_text(Decimal(text)))
    return LANGUAGE_LABELS[Language(text)] if name == "language" else text


def _found(registration_id: UUID) -> Registrant:
    return existing(queries.registrant(standing().tenant_id, registration_id, today_here()))


def _sent(form: HeldForm, change: Any, decide: Callable[..., None]) -> Outcome:
    """Take over what was ticked, when it was sent. decide: of a change of this kind."""
    officer = existing(person()).name
    return submit(
        form,
        lambda: decide(change, form.over.data or (), officer=officer, seen=form.version.data or 0, at=clock.now()),
        change,
    )


def _decided(registration_id: UUID) -> Response:
    flash(_("Recorded. The foundation uses what you took over from now on."), "success")
    return redirect(url_for(".held_changes", registration_id=registration_id))


@bp.get("/<uuid:registration_id>/changes")
@needs(Permission.REGISTRANT_READ, over=registrant_of)
def held_changes(registration_id: UUID) -> ResponseReturnValue:
    """List what the supplier says since what happened to it, beside what is used."""
    found = _found(registration_id)
    held = changing.held_under(found.registration)
    return render_template(
        "foundation/held_changes.html",
        registrant=found,
        registration=found.registration,
        held=held,
        rows={one.change.id: _rows(one) for one in held},
        parts_held=shown(setting_back.held_parts(found.registration)),
        handed=handed_since(found.registration),
    )


@bp.route("/<uuid:registration_id>/changes/<uuid:held_id>", methods=["GET", "POST"])
@needs(Permission.SCHEME_DECIDE, over=registrant_of)
def held_change(registration_id: UUID, held_id: UUID) -> ResponseReturnValue:
    """Take over some of what the supplier says of a client, or nothing."""
    found = _found(registration_id)
    held = changing.held_under(found.registration)
    one = existing(next((each for each in held if each.change.id == held_id), None))
    form = HeldForm(data={"version": one.change.version})
    form.offer({name: LABELS[name] for name in one.differs})
    outcome = _sent(form, one.change, changing.decide)
    if outcome.saved:
        return _decided(registration_id)
    page = render_template(
        "foundation/held_change.html",
        registrant=found,
        registration=found.registration,
        one=one,
        form=form,
        outcome=outcome,
        rows=_rows(one),
    )
    return page, outcome.code


@bp.route("/<uuid:registration_id>/changes/parts/<uuid:held_part_id>", methods=["GET", "POST"])
@needs(Permission.SCHEME_DECIDE, over=registrant_of)
def held_part(registration_id: UUID, held_part_id: UUID) -> ResponseReturnValue:
    """Take over some of what the supplier says of its contracts, contacts and the rest, or nothing."""
    found = _found(registration_id)
    held = setting_back.held_parts(found.registration)
    one = existing(next((each for each in held if each.change.id == held_part_id), None))
    form = HeldPartForm(data={"version": one.change.version})
    form.offer({name: COLUMNS[one.change.part][name].label for name in one.differs})
    outcome = _sent(form, one.change, setting_back.decide)
    if outcome.saved:
        return _decided(registration_id)
    page = render_template(
        "foundation/held_part.html",
        registrant=found,
        registration=found.registration,
        one=shown([one])[0],
        form=form,
        outcome=outcome,
    )
    return page, outcome.code
