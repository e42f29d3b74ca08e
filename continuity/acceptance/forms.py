"""What a browser may send about an acceptance: recorded by hand, its conditions, and the answer to a late one."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import InputRequired

from continuity import fields
from continuity.acceptance.services import AcceptanceValues
from continuity.acceptance.words import ADDRESSEE_CHOICES, AUTHORITY_CHOICES
from continuity.fields import EditForm
from continuity.models import Addressee, Authority
from core.serving.options import SelectField


class AcceptanceForm(EditForm):
    """A client's declaration that it accepts the deed, recorded by hand."""

    accepted_on = fields.day(_l("Accepted on"), missing=_l("Fill in the day."))
    accepted_by = fields.line(
        _l("Who declared it"),
        missing=_l("Fill in who declared it."),
        hint=_l("Somebody who may bind the client: see the trade register, or ask for a mandate."),
    )
    accepted_as = fields.line(
        _l("In which function"), missing=_l("Fill in the function."), hint=_l("For example: director.")
    )
    authority = RadioField(
        _l("How may this person bind the client?"),
        choices=fields.offered([*AUTHORITY_CHOICES, ("", _l("not asked"))]),
        coerce=lambda told: Authority(told) if told else None,
    )
    addressee = SelectField(
        _l("To whom was it declared?"),
        choices=fields.offered([("", _l("not asked")), *ADDRESSEE_CHOICES]),
        coerce=lambda told: Addressee(told) if told else None,
    )
    ended_on = fields.day(
        _l("Ended on"), hint=_l("Only when the client withdrew, or its contract ended. Leave empty while it holds.")
    )

    ended_why = fields.text(_l("Why it ended"), hint=_l("Needed when it ended."))

    def values(self) -> AcceptanceValues:
        """Return what was filled in."""
        return AcceptanceValues(
            accepted_on=self.accepted_on.data,
            accepted_by=self.accepted_by.data,
            accepted_as=self.accepted_as.data,
            ended_on=self.ended_on.data,
            authority=self.authority.data,
            addressee=self.addressee.data,
            ended_why=self.ended_why.data or "",
        )


class MetForm(FlaskForm):  # type: ignore[misc]
    """The day on which a condition was met; empty: it is open."""

    met_on = fields.day(_l("Met on"))


class LateForm(FlaskForm):  # type: ignore[misc]
    """The foundation's answer to a late acceptance."""

    answer = RadioField(
        _l("What does the foundation decide?"),
        choices=fields.offered([("admit", _l("Admit the client")), ("refuse", _l("Do not admit the client"))]),
        validators=[InputRequired(_l("Choose one of the two."))],
    )
    reason = fields.text(_l("Why?"), missing=_l("Fill in why."), hint=_l("The client reads this reason in a mail."))
