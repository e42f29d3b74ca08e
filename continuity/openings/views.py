"""Pages on which two officers of a foundation open a sealed delivery, one after the other."""

import io
import json
import tarfile
from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from continuity.models import HandoverKind, HandoverOpening, OpeningState
from continuity.officers.services import Officer
from continuity.openings import queries, services
from continuity.openings.forms import CloseForm, FirstForm, PurposeForm
from continuity.openings.services import Deposit
from continuity.openings.states import GROUND_LABELS, STATE_LABELS, Party
from continuity.pages import existing
from continuity.registrants import queries as registrants
from continuity.registrants.queries import Registrant
from continuity.registrants.reach import registrant_of
from continuity.registrants.views import bp
from continuity.saving import Outcome, submit
from continuity.sealing.envelope import part
from continuity.sealing.services import TAR
from continuity.sealing.views import INSIDE
from core import clock
from core.age import armoured, unarmoured
from core.files import files
from core.i18n import Language
from tenants.door import needs, standing, today_here
from tenants.permissions import Permission
from tenants.sessions import person


def _me() -> Officer:
    visitor = existing(person())
    return Officer(visitor.user_id, visitor.name)


def _registrant(registration_id: UUID) -> Registrant:
    return existing(registrants.registrant(standing().tenant_id, registration_id, today_here()))


def _found(registration_id: UUID, opening_id: UUID) -> tuple[Registrant, HandoverOpening, Deposit]:
    found = _registrant(registration_id)
    one = existing(queries.opening(found.registration, opening_id))
    return found, one.opening, queries.deposit(found.registration, one.item, one.delivery)


@bp.route("/<uuid:registration_id>/deliveries/<uuid:delivery_id>/open", methods=["GET", "POST"])
@needs(Permission.OFFICER_KEY, over=registrant_of)
def open_ask(registration_id: UUID, delivery_id: UUID) -> ResponseReturnValue:
    """Ask to open a sealed delivery, with a purpose."""
    found = _registrant(registration_id)
    item, delivery = existing(registrants.delivery(found.registration, delivery_id))
    deposit, form = queries.deposit(found.registration, item, delivery), PurposeForm()
    outcome = submit(form, lambda: services.ask(deposit, form.purpose.data, _me(), at=clock.now()))
    if outcome.saved:
        made = existing(services.live(delivery))
        return redirect(url_for(".opening", registration_id=registration_id, opening_id=made.id))
    page = render_template(
        "foundation/open_ask.html",
        registrant=found,
        item=item,
        delivery=delivery,
        earlier=queries.of_delivery(found.registration, delivery),
        states=STATE_LABELS,
        under_way=services.live(delivery),
        free=services.released(found.registration),
        able=deposit.of(_me()) is not None,
        form=form,
        outcome=outcome,
    )
    return page, outcome.code


@bp.get("/<uuid:registration_id>/openings/<uuid:opening_id>")
@needs(Permission.OFFICER_KEY, over=registrant_of)
def opening(registration_id: UUID, opening_id: UUID) -> ResponseReturnValue:
    """Show how far an opening is, and to each officer what is theirs to do."""
    return _page(*_found(registration_id, opening_id))


def _page(
    found: Registrant,
    row: HandoverOpening,
    deposit: Deposit,
    form: FlaskForm | None = None,
    outcome: Outcome | None = None,
) -> ResponseReturnValue:
    me, result = _me(), outcome or Outcome()
    in_time = row.ended_at is None and clock.now() < row.until
    seconds = deposit.seconds(me) if in_time and row.state is OpeningState.ALLOWED else ()
    mine = in_time and row.second_user_id == me.user_id and row.state in {OpeningState.HALF, OpeningState.OPENED}
    page = render_template(
        "foundation/opening.html",
        registrant=found,
        item=deposit.item,
        delivery=deposit.delivery,
        row=row,
        in_time=in_time,
        seconds=seconds,
        starters=[one.name for one in deposit.holders[:-1]],
        layers=_layers(deposit, me) if seconds else {},
        mine=mine,
        half=row.half_secret if mine else "",
        about=_about(deposit) if mine else "",
        first=form if isinstance(form, FirstForm) else _first_form(deposit, me),
        closing=form if isinstance(form, CloseForm) else CloseForm(),
        form=form,
        outcome=result,
        states=STATE_LABELS,
        grounds=GROUND_LABELS,
    )
    return page, result.code


def _first_form(deposit: Deposit, me: Officer) -> FirstForm:
    form = FirstForm()
    form.second.choices = [(one.fingerprint, one.name) for one in deposit.seconds(me)]
    return form


def _layers(deposit: Deposit, me: Officer) -> dict[str, str]:
    """Return what is sealed to this officer for each second one, by the fingerprint of the second one's key."""
    mine, row = existing(deposit.of(me)), deposit.delivery
    data = files().get(row.tenant_id, row.file_sha256)
    return {
        one.fingerprint: armoured(part(data, f"pairs/{mine.fingerprint}-{one.fingerprint}.age"))
        for one in deposit.seconds(me)
    }


def _about(deposit: Deposit) -> str:
    """Return what this service says about the delivery, to be held against what stands inside it."""
    row = deposit.delivery
    told = {
        "organisation_address": queries.address_of(deposit.delivery.tenant_id),
        "registration": str(deposit.owner.id),
        "item": str(deposit.item.id),
        "version": row.number,
        "delivered_on": row.delivered_on.isoformat(),
        "specification": row.specification,
        "inside": _inside(deposit.item.kind),
    }
    return json.dumps(told)


def _inside(kind: HandoverKind) -> list[list[str]]:
    """Return what has to be inside, each in every language: the supplier ticked it in its own."""
    found: list[list[str]] = []
    for label in INSIDE[kind]:
        spoken = []
        for language in Language:
            with force_locale(language.value):
                spoken.append(str(label))
        found.append(spoken)
    return found


@bp.post("/<uuid:registration_id>/openings/<uuid:opening_id>/first")
@needs(Permission.OFFICER_KEY, over=registrant_of)
def opening_first(registration_id: UUID, opening_id: UUID) -> ResponseReturnValue:
    """Take what the first officer opened, still sealed to the second."""
    found, row, deposit = _found(registration_id, opening_id)
    form = _first_form(deposit, _me())
    outcome = submit(
        form,
        lambda: services.open_first(row, deposit, _me(), form.second.data, form.half.data, at=clock.now()),
    )
    if not outcome.saved:
        return _page(found, row, deposit, form, outcome)
    flash(_("Passed on. %(name)s opens the rest.", name=row.second_by), "success")
    return redirect(url_for(".opening", registration_id=registration_id, opening_id=opening_id))


@bp.post("/<uuid:registration_id>/openings/<uuid:opening_id>/back")
@needs(Permission.OFFICER_KEY, over=registrant_of)
def opening_back(registration_id: UUID, opening_id: UUID) -> ResponseReturnValue:
    """Send back what cannot be opened, so that it is passed on once more."""
    found, row, deposit = _found(registration_id, opening_id)
    form = FlaskForm()
    outcome = submit(form, lambda: services.send_back(row, deposit, _me(), at=clock.now()))
    if not outcome.saved:
        return _page(found, row, deposit, form, outcome)
    flash(_("Sent back. The first officer opens their layer once more."), "warning")
    return redirect(url_for(".opening", registration_id=registration_id, opening_id=opening_id))


@bp.post("/<uuid:registration_id>/openings/<uuid:opening_id>/second")
@needs(Permission.OFFICER_KEY, over=registrant_of)
def opening_second(registration_id: UUID, opening_id: UUID) -> ResponseReturnValue:
    """Hand the sealed contents to the second officer, after writing down that they take them."""
    found, row, deposit = _found(registration_id, opening_id)
    form = FlaskForm()
    outcome = submit(form, lambda: services.open_second(row, deposit, _me(), at=clock.now()))
    if not outcome.saved:
        return _page(found, row, deposit, form, outcome)
    return _contents(row, deposit)


def _contents(row: HandoverOpening, deposit: Deposit) -> Response:
    kept = deposit.delivery
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, data in (
            ("half.age", unarmoured(row.half_secret)),
            ("body.age", part(files().get(kept.tenant_id, kept.file_sha256), "body.age")),
        ):
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(data), 0o600
            archive.addfile(member, io.BytesIO(data))
    made.seek(0)
    response: Any = send_file(made, TAR, as_attachment=True, download_name="opening.tar", etag=False)
    response.headers.update({"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"})
    return response  # type: ignore[no-any-return]


@bp.post("/<uuid:registration_id>/openings/<uuid:opening_id>/close")
@needs(Permission.OFFICER_KEY, over=registrant_of)
def opening_close(registration_id: UUID, opening_id: UUID) -> ResponseReturnValue:
    """Note that the contents are closed again, and whether they were what they should be."""
    found, row, deposit = _found(registration_id, opening_id)
    form = CloseForm()
    outcome = submit(
        form,
        lambda: services.close(row, deposit, _me(), matched=form.matched.data == "yes", at=clock.now()),
    )
    if not outcome.saved:
        return _page(found, row, deposit, form, outcome)
    if row.matched:
        flash(_("Closed. Nothing of what was inside is left here."), "success")
    else:
        flash(_("Closed. The supplier sees that something differed: ask for a new delivery."), "danger")
    return redirect(url_for(".opening", registration_id=registration_id, opening_id=opening_id))


@bp.post("/<uuid:registration_id>/openings/<uuid:opening_id>/call-off")
@needs(Permission.OFFICER_KEY, over=registrant_of)
def opening_call_off(registration_id: UUID, opening_id: UUID) -> ResponseReturnValue:
    """Call an opening off before the contents were taken."""
    found, row, deposit = _found(registration_id, opening_id)
    form = FlaskForm()
    outcome = submit(form, lambda: services.call_off(row, deposit, Party.OFFICER, by=_me().name, at=clock.now()))
    if not outcome.saved:
        return _page(found, row, deposit, form, outcome)
    flash(_("Called off."), "success")
    return redirect(url_for(".opening", registration_id=registration_id, opening_id=opening_id))
