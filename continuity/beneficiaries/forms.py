"""What a browser may send about deeds, clients and acceptances."""

from flask_babel import lazy_gettext as _l

from continuity import fields
from continuity.beneficiaries.services import AcceptanceValues, ClientValues, DeedValues
from continuity.fields import AddForm, EditForm


class DeedForm(EditForm):
    """A draft of the beneficiary deed."""

    text = fields.text(
        _l("Text of the deed"),
        missing=_l("Fill in the text of the deed."),
        longest=50_000,
        hint=_l("What the foundation promises to a client that accepts it."),
    )
    conditions = fields.text(
        _l("Conditions"),
        missing=_l("Fill in at least one condition."),
        longest=5_000,
        hint=_l("One condition on each line. A client must meet all of them to ask for continuity."),
    )

    def values(self) -> DeedValues:
        """Return what was filled in."""
        lines = (one.strip() for one in self.conditions.data.split("\n"))
        return DeedValues(self.text.data, tuple(one for one in lines if one))


class ClientForm(AddForm):
    """A client of the service."""

    name = fields.line(_l("Name of the client"), missing=_l("Fill in the name of the client."))
    kvk = fields.kvk()
    email = fields.mail()
    monthly_fee = fields.euros(
        _l("What the client will pay the foundation a month"),
        hint=_l(
            "Only while the scheme runs. Together the fees must cover the cost of the upstream supplier or partner."
        ),
    )
    invited_on = fields.day(_l("Invited to accept the deed on"))

    def values(self) -> ClientValues:
        """Return what was filled in."""
        return ClientValues(self.name.data, self.kvk.data, self.email.data, self.monthly_fee.data, self.invited_on.data)


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
    conditions_met_on = fields.day(
        _l("All conditions met on"), hint=_l("The day you last checked every condition. Leave empty while one is open.")
    )
    ended_on = fields.day(
        _l("Ended on"), hint=_l("Only when the client withdrew, or its contract ended. Leave empty while it holds.")
    )

    def values(self) -> AcceptanceValues:
        """Return what was filled in."""
        return AcceptanceValues(
            accepted_on=self.accepted_on.data,
            accepted_by=self.accepted_by.data,
            accepted_as=self.accepted_as.data,
            conditions_met_on=self.conditions_met_on.data,
            ended_on=self.ended_on.data,
        )
