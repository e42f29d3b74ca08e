"""What a browser may send about deeds, clients and acceptances."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired

from continuity import fields
from continuity.beneficiaries.deeds import DeedValues
from continuity.beneficiaries.services import AcceptanceValues, ClientValues
from continuity.beneficiaries.words import ADDRESSEE_CHOICES, AUTHORITY_CHOICES
from continuity.fields import AddForm, EditForm
from continuity.models import Addressee, Authority
from core.i18n import Language


class DeedForm(EditForm):
    """A draft of the beneficiary deed."""

    text = fields.text(
        _l("Text of the deed in Dutch"),
        missing=_l("Fill in the text of the deed."),
        longest=50_000,
        hint=_l("What the foundation promises to a client that accepts it."),
    )
    conditions = fields.text(
        _l("Conditions in Dutch"),
        missing=_l("Fill in at least one condition."),
        longest=5_000,
        hint=_l("One condition on each line. A client must meet all of them to ask for continuity."),
    )
    text_en = fields.text(
        _l("Text of the deed in English"),
        longest=50_000,
        hint=_l("A draft may still lack it. To offer the deed, both languages are needed."),
    )
    conditions_en = fields.text(
        _l("Conditions in English"), longest=5_000, hint=_l("The same conditions, in the same order.")
    )
    irrevocable_free = BooleanField(
        _l("This version cannot be revoked, and costs the client nothing"),
        description=_l(
            "Leave this off if clients pay while the scheme runs. With it on, the law says that a client that knows "
            "the deed and does not reject it without delay has accepted it. You can then never revoke this version."
        ),
    )

    def values(self) -> DeedValues:
        """Return what was filled in."""
        return DeedValues(
            self.text.data,
            _lines(self.conditions.data),
            self.text_en.data or "",
            _lines(self.conditions_en.data or ""),
            bool(self.irrevocable_free.data),
        )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split("\n") if one.strip())


class CloseForm(EditForm):
    """Why a version of the deed is revoked or ends."""

    why = fields.text(_l("Why?"), missing=_l("Fill in why."), hint=_l("This stays written down with the version."))


_LANGUAGES = fields.offered(
    [("", _l("As my organisation")), (Language.DUTCH.value, "Nederlands"), (Language.ENGLISH.value, "English")]
)


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
    invited_on = fields.day(
        _l("Invited to accept the deed on"), hint=_l("Filled in by itself when you invite the client from here.")
    )
    language = SelectField(
        _l("Language of mails to this client"), choices=_LANGUAGES, coerce=lambda told: Language(told) if told else None
    )

    def values(self) -> ClientValues:
        """Return what was filled in."""
        return ClientValues(
            self.name.data,
            self.kvk.data,
            self.email.data,
            self.monthly_fee.data,
            self.invited_on.data,
            self.language.data,
        )


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
    authority = SelectField(
        _l("How may this person bind the client?"),
        choices=fields.offered([("", _l("not asked")), *AUTHORITY_CHOICES]),
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


class PressForm(FlaskForm):  # type: ignore[misc]
    """Only the press of a button."""


class LateForm(FlaskForm):  # type: ignore[misc]
    """The foundation's answer to a late acceptance."""

    answer = RadioField(
        _l("What does the foundation decide?"),
        choices=fields.offered([("admit", _l("Admit the client")), ("refuse", _l("Do not admit the client"))]),
        validators=[InputRequired(_l("Choose one of the two."))],
    )
    reason = fields.text(_l("Why?"), missing=_l("Fill in why."), hint=_l("The client reads this reason in a mail."))
