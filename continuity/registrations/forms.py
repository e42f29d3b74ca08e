"""What a browser may send about a registration, its counterparty, contacts and money."""

from dataclasses import replace

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import InputRequired, NumberRange

from continuity import fields
from continuity.fields import AddForm, EditForm
from continuity.registrations.services import ContactValues, CounterpartyValues, RegistrationValues
from core.serving.options import IntegerField, SelectField


def foundation_id(value: object) -> int | None:
    """Return the id of the chosen foundation; the empty choice is none. Raises ValueError for anything else."""
    return None if value in (None, "") else int(str(value))


class RegistrationForm(AddForm):
    """A service, its scope and its foundation. The view gives the foundations to choose from."""

    service_name = fields.line(
        _l("Name of the service"),
        missing=_l("Fill in the name your clients know the service by."),
        hint=_l("As your clients know it, for example Webhosting Plus."),
    )
    description = fields.text(
        _l("What the service is"), hint=_l("In a few sentences, for somebody who has to take it over.")
    )
    foundation_id = SelectField(
        _l("Foundation"),
        coerce=foundation_id,
        description=_l("The foundation keeps what you hand over and delivers if you no longer can."),
    )
    uncovered_services = fields.text(
        _l("Your services that are not covered"),
        hint=_l("List them, one on each line. Write “none” if this is all you supply."),
    )
    portfolio_changed_on = fields.day(
        _l("Your services last changed on"),
        hint=_l("Fill this in when you start or stop a service; then read the scope again and tick it."),
    )
    understood = BooleanField(_l("I understand that only this service is covered, and nothing else we supply"))

    def offer(self, foundations: list[tuple[int, str]]) -> None:
        """Let these foundations be chosen, or none yet."""
        self.foundation_id.choices = fields.offered(
            [("", _l("Not chosen yet")), *((str(number), name) for number, name in foundations)]
        )

    def values(self) -> RegistrationValues:
        """Return what was filled in."""
        return RegistrationValues(
            service_name=self.service_name.data,
            description=self.description.data,
            foundation_id=self.foundation_id.data,
            uncovered_services=self.uncovered_services.data,
            portfolio_changed_on=self.portfolio_changed_on.data,
            understood=self.understood.data,
        )


class PartnerForm(EditForm):
    """Who delivers when the supplier cannot."""

    name = fields.line(_l("Name of the company"), missing=_l("Fill in the name of the company."))
    kvk = fields.kvk()
    contact_name = fields.line(_l("Whom you speak to there"))
    phone = fields.phone()
    email = fields.mail()
    chosen_on = fields.day(_l("Chosen on"), hint=_l("The day you last looked whether this is still the right company."))

    def values(self) -> CounterpartyValues:
        """Return what was filled in."""
        return CounterpartyValues(
            name=self.name.data,
            kvk=self.kvk.data,
            contact_name=self.contact_name.data,
            phone=self.phone.data,
            email=self.email.data,
            chosen_on=self.chosen_on.data,
            knows_on=None,
            willing_on=None,
            willing_by="",
            signed_on=None,
        )


class CounterpartyForm(PartnerForm):
    """The upstream supplier or partner company: who it is, and what it knows, wants and signed."""

    knows_on = fields.day(_l("Knows the scheme since"), hint=_l("The day you explained the continuity scheme to them."))
    knows_by = fields.line(_l("Who there knows it"), hint=_l("Name and function."))
    willing_on = fields.day(_l("Declared to be willing on"))
    willing_by = fields.line(_l("Who declared it"), hint=_l("Name and function, for example J. de Wit, director."))
    signed_on = fields.day(_l("Signed with the foundation on"))
    signed_by = fields.line(_l("Who signed for them"), hint=_l("Name and function."))

    def values(self) -> CounterpartyValues:
        """Return what was filled in."""
        return replace(
            super().values(),
            knows_on=self.knows_on.data,
            willing_on=self.willing_on.data,
            willing_by=self.willing_by.data,
            signed_on=self.signed_on.data,
            knows_by=self.knows_by.data,
            signed_by=self.signed_by.data,
        )


class ContactForm(EditForm):
    """Whom to call at one of the three."""

    name = fields.line(_l("Name"), missing=_l("Fill in the name."))
    phone = fields.phone()
    email = fields.mail()
    confirmed_on = fields.day(_l("Found right on"), hint=_l("The day you last checked name, number and address."))

    def values(self) -> ContactValues:
        """Return what was filled in."""
        return ContactValues(self.name.data, self.phone.data, self.email.data, self.confirmed_on.data)


class EndForm(EditForm):
    """Why a scheme is ended."""

    reason = fields.text(_l("Why it ends"), missing=_l("Fill in why."), longest=1000)


class MoneyForm(EditForm):
    """What the delivery costs while the scheme runs, and how long it runs."""

    monthly_cost = fields.euros(
        _l("What the upstream supplier or partner costs a month"),
        hint=_l("What the foundation will have to pay, for all clients together."),
    )
    duration_months = IntegerField(
        _l("How many months continuity is delivered"),
        [
            InputRequired(_l("Fill in a number of months.")),
            NumberRange(1, 24, _l("A whole number from 1 to 24.")),
        ],
        description=_l("The scheme says three. Fill in another number only if your framework agreement does."),
    )
