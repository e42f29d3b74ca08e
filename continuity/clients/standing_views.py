"""Pages about how far one client is, and asking many at once to accept the deed."""

from collections import Counter
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from continuity import queries as shared
from continuity.acceptance import checking, queries
from continuity.acceptance.forms import MetForm
from continuity.acceptance.states import ACCEPTED, STATE_LABELS
from continuity.acceptance.words import ADDRESSEE_LABELS, AUTHORITY_LABELS, DECLARATION_LABELS
from continuity.clients import claims, inviting
from continuity.clients.inviting import FATE_LABELS, Asked, Fate, Host
from continuity.deed.queries import deeds
from continuity.errors import Refused
from continuity.fields import PressForm
from continuity.models import Client, DeedVersion, Registration
from continuity.pages import bp, existing
from core import clock
from tenants.door import needs, standing, today_here
from tenants.permissions import Permission
from tenants.personal_links.services import Sender


@bp.post("/<uuid:registration_id>/clients/invite")
@needs(Permission.CONTINUITY_EDIT)
def clients_invite(registration_id: UUID) -> ResponseReturnValue:
    """Ask the chosen clients, or everybody who has not answered, to accept the deed."""
    registration = existing(shared.registration(registration_id))
    deed = shared.current_deed(registration)
    chosen = _ids(request.form.getlist("client"))
    if deed is None:
        flash(_("There is no deed that is offered, so there is nothing to ask."), "warning")
    elif request.form.get("whom") != "everybody" and not chosen:
        flash(_("Choose at least one client."), "warning")
    else:
        if request.form.get("whom") == "everybody":
            chosen = inviting.waiting_ids(registration, deed)
        _tell(inviting.invite(registration, deed, chosen, _host(registration), at=clock.now(), today=today_here()))
    return redirect(url_for(".clients", registration_id=registration_id))


def _ids(told: list[str]) -> tuple[UUID, ...]:
    try:
        return tuple(UUID(one) for one in told)
    except ValueError:
        abort(400)


def _tell(asked: Asked) -> None:
    written = asked.fates[Fate.SENT] + asked.fates[Fate.REMINDED]
    if written:
        flash(ngettext("%(num)s mail is on its way.", "%(num)s mails are on their way.", written), "success")
    for fate, number in sorted(asked.fates.items()):
        if fate not in (Fate.SENT, Fate.REMINDED):
            flash(_("Not written to: %(number)s. %(why)s", number=number, why=FATE_LABELS[fate]), "warning")
    if asked.left:
        flash(ngettext("%(num)s more comes at the next press.", "%(num)s more come at the next press.", asked.left),
              "warning")  # fmt: skip


def _host(registration: Registration) -> Host:
    where = standing()
    return Host(Sender(where.tenant_id, where.name, g.me.name), where.language, registration.service_name)


@bp.get("/<uuid:registration_id>/clients/<uuid:client_id>/standing")
@needs(Permission.CONTINUITY_READ)
def client(registration_id: UUID, client_id: UUID) -> ResponseReturnValue:
    """Show how far one client is: asked, answered, its conditions, and all that was declared."""
    registration = existing(shared.registration(registration_id))
    return _page(registration, existing(shared.part(Client, registration, client_id)))


def _page(registration: Registration, row: Client, refusal: object = None, code: int = 200) -> ResponseReturnValue:
    deed = shared.current_deed(registration)
    found = queries.with_standing([row], deed)[0]
    page = render_template(
        "continuity/client.html",
        registration=registration,
        client=row,
        deed=deed,
        standing=found,
        accepted=found.state in ACCEPTED,
        state_label=STATE_LABELS[found.state],
        checks=queries.checks(found.acceptance) if found.acceptance else {},
        said=queries.declarations(row),
        numbers={one.id: one.number for one in deeds(registration)},
        organisation=shared.tenant_name(row.organisation_id) if row.organisation_id else "",
        kinds=DECLARATION_LABELS,
        authorities=AUTHORITY_LABELS,
        addressees=ADDRESSEE_LABELS,
        today=today_here(),
        refusal=refusal,
    )
    return page, code


@bp.post("/<uuid:registration_id>/clients/<uuid:client_id>/deeds/<uuid:deed_id>/conditions/<int:position>")
@needs(Permission.CONTINUITY_EDIT)
def condition_check(registration_id: UUID, client_id: UUID, deed_id: UUID, position: int) -> ResponseReturnValue:
    """Note that a condition is met on a day, or open again."""
    registration = existing(shared.registration(registration_id))
    row = existing(shared.part(Client, registration, client_id))
    deed = existing(shared.part(DeedVersion, registration, deed_id))
    acceptance = existing(queries.acceptance(row, deed))
    form = MetForm()
    if not form.validate_on_submit():
        return _page(registration, row, _("This is not a day, or it is still to come."), 422)
    try:
        checking.check_as_supplier(acceptance, deed, position, form.met_on.data, by=g.me.name, today=today_here())
    except Refused as error:
        return _page(registration, row, error.text, 422)
    return redirect(url_for(".client", registration_id=registration_id, client_id=client_id))


@bp.post("/<uuid:registration_id>/clients/<uuid:client_id>/invitation/<any(send, again, revoke):step>")
@needs(Permission.CONTINUITY_EDIT)
def client_ask(registration_id: UUID, client_id: UUID, step: str) -> ResponseReturnValue:
    """Invite or remind one client, send it its page again, or take its link back."""
    registration = existing(shared.registration(registration_id))
    row = existing(shared.part(Client, registration, client_id))
    deed = existing(shared.current_deed(registration))
    if not PressForm().validate_on_submit():
        abort(400)
    if step == "send":
        _tell(inviting.invite(registration, deed, [row.id], _host(registration), at=clock.now(), today=today_here()))
    elif step == "again":
        try:
            fate = inviting.send_page(registration, deed, row, _host(registration), at=clock.now(), today=today_here())
        except Refused as error:
            return _page(registration, row, error.text, 422)
        _tell(Asked(Counter([fate]), 0))
    else:
        try:
            inviting.revoke_as_supplier(registration, existing(queries.invitation(row, deed)), at=clock.now())
        except Refused as error:
            return _page(registration, row, error.text, 422)
        flash(_("The link was revoked. It opens nothing any more."), "success")
    return redirect(url_for(".client", registration_id=registration_id, client_id=client_id))


@bp.post("/<uuid:registration_id>/clients/<uuid:client_id>/organisation/end")
@needs(Permission.CONTINUITY_EDIT)
def client_unclaim(registration_id: UUID, client_id: UUID) -> ResponseReturnValue:
    """End that an organisation here sees the cover of this client."""
    registration = existing(shared.registration(registration_id))
    row = existing(shared.part(Client, registration, client_id))
    try:
        claims.untie_as_supplier(registration, row)
    except Refused as error:
        return _page(registration, row, error.text, 422)
    flash(_("It no longer sees this cover."), "success")
    return redirect(url_for(".client", registration_id=registration_id, client_id=client_id))
