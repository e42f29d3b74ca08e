"""What a browser may send on the way to a registration."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField

from continuity import fields
from continuity.fields import AddForm, EditForm
from continuity.models import SchemeType
from continuity.registrations.fitting import Choice
from continuity.registrations.forms import foundation_id
from continuity.scheme import TYPE_LABELS, TYPE_QUESTIONS
from core.serving.options import SelectField

FOLLOWS = ""


class TypeForm(AddForm):
    """The questions of the scheme, and the type that follows or is chosen."""

    service_name = fields.line(
        _l("Name of the service"),
        missing=_l("Fill in the name your clients know the service by."),
        hint=_l("As your clients know it, for example Webhosting Plus."),
    )
    buys_hosting = BooleanField(TYPE_QUESTIONS[SchemeType.HOSTING])
    manages_servers = BooleanField(TYPE_QUESTIONS[SchemeType.SERVER_MANAGEMENT])
    supplies_licences = BooleanField(TYPE_QUESTIONS[SchemeType.STANDARD_SOFTWARE])
    chosen = RadioField(
        _l("Which type"),
        choices=fields.offered(
            [
                (FOLLOWS, _l("The one that follows from my answers")),
                *((one.value, TYPE_LABELS[one]) for one in SchemeType),
            ]
        ),
        default=FOLLOWS,
    )
    reason = fields.text(
        _l("Why another type"), longest=1000, hint=_l("Needed when you choose a type that does not follow.")
    )

    def choice(self) -> Choice:
        """Return the answers."""
        return Choice(self.buys_hosting.data, self.manages_servers.data, self.supplies_licences.data, self.reason.data)

    def by_hand(self) -> SchemeType | None:
        """Return the type that was chosen, None when it follows from the answers."""
        return SchemeType(self.chosen.data) if self.chosen.data else None


class ScopeForm(EditForm):
    """What the service is, and what is not covered."""

    description = fields.text(
        _l("What the service is"), hint=_l("In a few sentences, for somebody who has to take it over.")
    )
    uncovered_services = fields.text(
        _l("Your services that are not covered"),
        hint=_l("List them, one on each line. Write “none” if this is all you supply."),
    )
    understood = BooleanField(_l("I understand that only this service is covered, and nothing else we supply"))


class FoundationForm(EditForm):
    """With which foundation."""

    foundation_id = SelectField(
        _l("Foundation"),
        coerce=foundation_id,
        description=_l("The foundation keeps what you hand over and delivers if you no longer can."),
    )

    def offer(self, foundations: list[tuple[int, str]]) -> None:
        """Let these foundations be chosen, or none yet."""
        self.foundation_id.choices = fields.offered(
            [("", _l("Not chosen yet")), *((str(number), name) for number, name in foundations)]
        )
