"""The foundation's page about its notice and its reminders."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, NumberRange

from continuity import fields
from continuity.errors import Refused
from continuity.fields import EditForm
from continuity.models import FoundationTerms
from continuity.registrants.terms import USUAL, TermsValues, save_terms
from continuity.registrants.views import bp
from continuity.saving import submit
from continuity.terms import terms_of
from core import db
from core.serving.options import IntegerField
from tenants.door import needs, standing
from tenants.permissions import Permission


def _days(label: Any) -> Any:
    return fields.line(label, missing=_l("Fill in at least one day."))


class TermsForm(EditForm):
    """What a foundation chooses for all its registrants."""

    notice_months = IntegerField(
        _l("How many months before its last day the end of a scheme is announced"),
        [InputRequired(_l("Fill in a number of months.")), NumberRange(1, 24, _l("A whole number from 1 to 24."))],
        description=_l("A framework agreement that says longer goes before this. What was announced already stays."),
    )
    answer_days = IntegerField(
        _l("Within how many days you answer a request, and go on to deliver"),
        [InputRequired(_l("Fill in a number of days.")), NumberRange(1, 14, _l("A whole number from 1 to 14."))],
    )
    end = _days(_l("Clients: a scheme ends"))
    fee = _days(_l("Client: the fee"))
    task = _days(_l("Client: what is on its list"))
    leave = _days(_l("Client: the end of the period"))
    answer = _days(_l("You: a request waits for an answer"))
    unpaid = _days(_l("You: a fee was not paid"))
    delivery = _days(_l("You: a client waits for delivery"))
    stays = _days(_l("You: a client did not leave yet"))

    def values(self) -> TermsValues:
        """Return what was filled in. Raises Refused where days are no whole numbers with commas."""
        chosen = {name: self._numbers(name) for name in USUAL}
        return TermsValues(self.notice_months.data or 1, self.answer_days.data or 1, chosen)

    def _numbers(self, name: str) -> list[int]:
        try:
            return [int(one) for one in self[name].data.split(",")]
        except ValueError as error:
            told = _l("Fill in whole numbers with commas between them, such as -7, 0, 7.")
            raise Refused(told, name) from error


@bp.route("/terms", methods=["GET", "POST"])
@needs(Permission.SCHEME_DECIDE)
def terms() -> ResponseReturnValue:
    """Choose how long notice is, how soon is answered, and on which days is reminded."""
    foundation_id = standing().tenant_id
    row, now = db.session().get(FoundationTerms, foundation_id), terms_of(foundation_id)
    days = {name: ", ".join(str(one) for one in now.days.get(name, usual)) for name, usual in USUAL.items()}
    shown = {"notice_months": now.notice_months, "answer_days": now.answer_days, **days}
    form = TermsForm(data={"version": row.version if row else 0, **shown})
    outcome = submit(form, lambda: save_terms(form.values(), seen=form.version.data or 0), row)
    if outcome.saved:
        flash(_("Saved. It counts for all your registrants from now on."), "success")
        return redirect(url_for(".room"))
    page = render_template("foundation/terms.html", form=form, outcome=outcome, reminders=[form[one] for one in USUAL])
    return page, outcome.code
