"""What a browser may send about people and organisations."""

from dataclasses import replace
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from stdnum.eu import vat as eu_vat
from stdnum.nl import bsn
from wtforms import EmailField, Field, PasswordField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type information
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from core.clock import FIRST_DAY, LAST_DAY
from core.i18n import Language
from core.mail.outbox import ADDRESS, ADDRESS_LENGTH
from core.serving.options import IntegerField, SelectField, StringField
from tenants.models import TenantKind
from tenants.services import KEPT_YEARS, TenantValues
from tenants.sign_in.passwords import MAX_LENGTH, MIN_LENGTH

KIND_LABELS = {
    TenantKind.BUSINESS: _l("Business with an IT calamity plan"),
    TenantKind.IT_SUPPLIER: _l("IT supplier or reseller"),
    TenantKind.FOUNDATION: _l("Foundation"),
}
LANGUAGE_LABELS = {Language.DUTCH: "Nederlands", Language.ENGLISH: "English"}
ZONES = (
    "Europe/Amsterdam",
    "America/Curacao",
    "America/Aruba",
    "America/Lower_Princes",
    "America/Kralendijk",
    "Europe/Brussels",
)


def strip(value: str | None) -> str:
    """Drop the blanks around what was typed."""
    return (value or "").strip()


def likely_day(_form: FlaskForm, field: Field) -> None:
    """Refuse a day that nobody means, and that has no day after it."""
    if field.data is not None and not FIRST_DAY <= field.data <= LAST_DAY:
        raise ValidationError(_l("The year must lie between 1950 and 2199."))


def digits(value: str | None) -> str:
    """Drop blanks and dots that people type inside numbers."""
    return strip(value).replace(" ", "").replace(".", "")


class OrganisationForm(FlaskForm):  # type: ignore[misc]
    """Name and numbers of an organisation."""

    name = StringField(
        _l("Name of the organisation"),
        [DataRequired(_l("Fill in the name.")), Length(max=200, message=_l("At most 200 characters."))],
        filters=[strip],
    )
    kvk = StringField(
        _l("KvK number"), [Optional()], filters=[digits], description=_l("Eight digits, for example 01234567.")
    )
    rsin = StringField(_l("RSIN"), [Optional()], filters=[digits], description=_l("Nine digits. May stay empty."))
    vat = StringField(
        _l("VAT number"), [Optional()], filters=[digits], description=_l("For example NL004495445B01. May stay empty.")
    )
    language = SelectField(
        _l("Language"),
        choices=[SelectChoice(value.value, label) for value, label in LANGUAGE_LABELS.items()],
        default=Language.DUTCH.value,
    )
    zone = SelectField(_l("Time zone"), choices=[SelectChoice(zone, zone) for zone in ZONES], default=ZONES[0])

    def validate_kvk(self, field: Field) -> None:
        """A KvK number has no check digit: eight digits is all there is to check."""
        if not (field.data.isascii() and field.data.isdigit() and len(field.data) == 8):
            raise ValidationError(_l("A KvK number has eight digits."))

    def validate_rsin(self, field: Field) -> None:
        """An RSIN passes the same test of eleven as a BSN."""
        if not bsn.is_valid(field.data):
            raise ValidationError(_l("This is not a valid RSIN."))

    def validate_vat(self, field: Field) -> None:
        """A VAT number carries its own check."""
        if not eu_vat.is_valid(field.data):
            raise ValidationError(_l("This is not a valid VAT number."))

    def validate_zone(self, field: Field) -> None:
        """The list of the machine decides which zones exist."""
        if field.data not in available_timezones():
            raise ValidationError(_l("This time zone is not known."))

    def values(self, kind: TenantKind) -> TenantValues:
        """Return what was filled in, as one frozen value."""
        return TenantValues(
            name=self.name.data or "",
            kind=kind,
            kvk=self.kvk.data or None,
            rsin=self.rsin.data or None,
            vat=self.vat.data or None,
            language=Language(self.language.data),
            zone=self.zone.data,
        )


class SettingsForm(OrganisationForm):
    """What an owner may set of the organisation."""

    kept_years = IntegerField(
        _l("Years that a past day can be told"),
        [
            Optional(),
            NumberRange(
                *KEPT_YEARS,
                message=_l("Between %(least)d and %(most)d years.", least=KEPT_YEARS[0], most=KEPT_YEARS[1]),
            ),
        ],
        description=_l("How you stood on a day is kept so long. While an auditor works for you, nothing of it goes."),
    )

    def values(self, kind: TenantKind) -> TenantValues:
        """Return what was filled in, as one frozen value."""
        found = super().values(kind)
        return found if self.kept_years.data is None else replace(found, kept_years=self.kept_years.data)


class SetUpForm(OrganisationForm):
    """The first organisation and its owner."""

    kind = SelectField(
        _l("What kind of organisation is it?"),
        choices=[SelectChoice(kind.value, label) for kind, label in KIND_LABELS.items()],
        default=TenantKind.BUSINESS.value,
    )
    owner = StringField(
        _l("Your name"),
        [DataRequired(_l("Fill in your name.")), Length(max=200, message=_l("At most 200 characters."))],
        filters=[strip],
    )
    email = EmailField(
        _l("Your e-mail address"),
        [
            InputRequired(_l("Fill in your e-mail address.")),
            Length(max=ADDRESS_LENGTH, message=_l("This is not an e-mail address.")),
            Regexp(rf"^{ADDRESS.pattern}$", message=_l("This is not an e-mail address.")),
        ],
        filters=[strip],
    )
    password = PasswordField(
        _l("Password"),
        [
            InputRequired(_l("Choose a password.")),
            Length(MIN_LENGTH, MAX_LENGTH, message=_l("A password has at least %(min)d characters.", min=MIN_LENGTH)),
        ],
        description=_l("At least %(min)d characters; a short sentence is easy to remember.", min=MIN_LENGTH),
    )
