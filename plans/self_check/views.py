"""Save the data sets that attract others."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from plans.blueprint import bp
from plans.errors import PlanError
from plans.guide.walking import onward, saved_text
from plans.pages import Sent, item_named, item_page
from plans.registers.undo.services import Record
from plans.registers.undo.views import say_added
from plans.self_check import services
from plans.self_check.forms import data_sets_form, marks
from plans.self_check.panels import PROTECTION
from plans.self_check.queries import data_sets
from plans.shapes import Shape
from tenants.door import needs
from tenants.owned import EditConflict
from tenants.permissions import Permission


@bp.post("/<section>/<name>/data-sets")
@needs(Permission.PLAN_EDIT)
def mark_data_sets(section: str, name: str) -> ResponseReturnValue:
    """Save which data sets are attractive, or how they are protected, and add one."""
    found = item_named(section, name, (Shape.DATA_SETS,))
    known = data_sets()
    form = data_sets_form(known)
    if not form.validate_on_submit():
        return item_page(found, Sent(form))
    record = Record(clock.now())
    try:
        chosen = marks(known, form, protection=found.id == PROTECTION)
        services.mark_data_sets(chosen, form.new_name.data or "", seen=form.seen.data, record=record)
    except PlanError as error:
        form.new_name.errors = [error.text]
        return item_page(found, Sent(form))
    except EditConflict:
        return item_page(found, Sent(form, conflict=True))
    flash(saved_text(), "success")
    if form.new_name.data:
        say_added(_("Added: %(name)s.", name=form.new_name.data), record)
    return onward(found)
