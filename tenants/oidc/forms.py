"""What a browser may send about an organisation's own sign-in page."""

import re

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, PasswordField, ValidationError
from wtforms.validators import InputRequired, Length

from core.outward import NotCalled, split
from core.serving.options import StringField
from tenants.forms import strip
from tenants.oidc.services import ProviderValues

DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


class ProviderForm(FlaskForm):  # type: ignore[misc]
    """The provider of the organisation."""

    issuer = StringField(
        _l("Address of the provider (issuer)"),
        [InputRequired(_l("Fill in the address.")), Length(max=300, message=_l("At most 300 characters."))],
        filters=[strip],
        description=_l("For example https://login.example.nl/tenant. Your IT supplier knows it."),
    )
    client_id = StringField(
        _l("Client ID"),
        [InputRequired(_l("Fill in the client ID.")), Length(max=200, message=_l("At most 200 characters."))],
        filters=[strip],
    )
    client_secret = PasswordField(
        _l("Client secret"),
        [Length(max=500, message=_l("At most 500 characters."))],
        filters=[strip],
        description=_l("Leave it empty to keep the one you filled in before."),
    )
    domain = StringField(
        _l("Domain of your e-mail addresses"),
        [InputRequired(_l("Fill in the domain."))],
        filters=[strip, lambda text: (text or "").lower().removeprefix("@")],
        description=_l("What stands behind the @, for example example.nl."),
    )

    def validate_issuer(self, field: Field) -> None:
        """An issuer is an https address without anything behind its path."""
        try:
            # The port is judged where it is called.
            split(field.data or "", any_port=True)
        except NotCalled:
            raise ValidationError(_l("This is not an address that begins with https://.")) from None
        if "?" in field.data or "#" in field.data:
            raise ValidationError(_l("This is not an address that begins with https://."))

    def validate_domain(self, field: Field) -> None:
        """A domain has a dot and no path."""
        if not DOMAIN.fullmatch(field.data or ""):
            raise ValidationError(_l("This is not a domain such as example.nl."))

    def values(self) -> ProviderValues:
        """Return what was filled in, as one frozen value."""
        return ProviderValues(
            issuer=self.issuer.data or "",
            client_id=self.client_id.data or "",
            client_secret=self.client_secret.data or "",
            domain=self.domain.data or "",
        )


class ReturnForm(FlaskForm):  # type: ignore[misc]
    """What a browser brings back from the provider."""

    code = HiddenField(validators=[InputRequired(), Length(max=4000)])
    state = HiddenField(validators=[InputRequired(), Length(max=200)])
