"""Choose whom to ask about licences whose supplier is no external party, and ask."""

from collections.abc import Sequence

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from plans import handbook
from plans.blueprint import bp
from plans.confirming import asking, services
from plans.confirming.asking import Asked
from plans.confirming.forms import KeeperForm, keeper_form
from plans.confirming.queries import Loose, Whom, held, loose_licences
from plans.errors import NotThere
from plans.inputs import ticked
from plans.pages import page_number
from plans.paging import cut
from tenants.door import needs, standing
from tenants.permissions import Permission
from tenants.personal_links.services import Sender

SHOWN = 50
PARENT = "upkeep.licences"


@bp.get("/upkeep/confirmations/licences")
@needs(Permission.PLAN_READ)
def licence_keepers() -> ResponseReturnValue:
    """Show the licences whose supplier is no external party, and who is asked about each."""
    found = loose_licences()
    return _page(found, _form(found, formdata=None))


@bp.post("/upkeep/confirmations/licences")
@needs(Permission.PLAN_EDIT)
def choose_keeper() -> ResponseReturnValue:
    """Let somebody be asked about the licences that were ticked, and ask them at once."""
    found, where = loose_licences(), standing()
    form = _form(found)
    if not form.validate_on_submit():
        return _page(found, form, 422)
    whom, keeper_id = form.chosen()
    sender = Sender(where.tenant_id, where.name, g.me.name)
    try:
        services.choose_keeper(ticked(form.licences), whom, keeper_id)
        done = asking.ask(whom, [keeper_id], sender, where.language, at=clock.now())
    except NotThere:
        abort(404)
    _tell(done)
    return redirect(url_for(".licence_keepers"))


def _tell(done: Asked) -> None:
    if done.sent:
        flash(ngettext("%(num)s mail is on its way.", "%(num)s mails are on their way.", done.sent), "success")
    if done.lately:
        flash(_("Asked less than two weeks ago: %(names)s.", names=", ".join(done.lately)), "warning")
    if done.refused:
        flash(_("Look at the e-mail address of: %(names)s.", names=", ".join(done.refused)), "warning")


def _form(found: Sequence[Loose], **sent: None) -> KeeperForm:
    return keeper_form(found, held(Whom.PARTY), held(Whom.CONTACT), **sent)


def _page(found: Sequence[Loose], form: KeeperForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "confirming/licences.html",
        parent=handbook.item(PARENT),
        form=form,
        licences=cut(found, page_number(), SHOWN),
        page_href=lambda number: url_for("plans.licence_keepers", page=number),
    )
    return page, status
