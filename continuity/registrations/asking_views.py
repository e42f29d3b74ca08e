"""Asking a counterparty by a link whether it is willing, and taking that back."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from continuity import queries as shared
from continuity.errors import Refused
from continuity.pages import bp, existing
from continuity.registrations import asking, queries
from core import clock
from tenants.door import needs, standing
from tenants.permissions import Permission
from tenants.personal_links.services import Sender
from tenants.sessions import person


@bp.post("/<uuid:registration_id>/counterparty/ask")
@needs(Permission.CONTINUITY_EDIT)
def counterparty_ask(registration_id: UUID) -> ResponseReturnValue:
    """Mail the counterparty a link by which it says whether it is willing."""
    owner = existing(shared.registration(registration_id))
    row = existing(queries.counterparty(owner))
    here = standing()
    sender = Sender(here.tenant_id, here.name, existing(person()).name)
    try:
        asking.ask(owner, row, sender, here.language, at=clock.now())
    except Refused as error:
        flash(str(error.text), "danger")
    else:
        flash(_("Sent. You see here when %(name)s has answered.", name=row.name), "success")
    return redirect(url_for(".counterparty_edit", registration_id=registration_id))


@bp.post("/<uuid:registration_id>/counterparty/ask/withdrawal")
@needs(Permission.CONTINUITY_EDIT)
def counterparty_ask_back(registration_id: UUID) -> ResponseReturnValue:
    """Take back the link that was sent to the counterparty."""
    owner = existing(shared.registration(registration_id))
    asking.take_back(existing(queries.counterparty(owner)), at=clock.now())
    flash(_("Taken back. The link opens nothing any more."), "success")
    return redirect(url_for(".counterparty_edit", registration_id=registration_id))
