"""What a browser may send about one's own account."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField
from wtforms.validators import InputRequired, Length, Regexp

from core.mail.outbox import ADDRESS, ADDRESS_LENGTH
from tenants.forms import strip


class EmailForm(FlaskForm):  # type: ignore[misc]
    """The new address."""

    email = EmailField(
        _l("New e-mail address"),
        [
            InputRequired(_l("Fill in the e-mail address.")),
            Length(max=ADDRESS_LENGTH, message=_l("This is not an e-mail address.")),
            Regexp(rf"^{ADDRESS.pattern}$", message=_l("This is not an e-mail address.")),
        ],
        filters=[strip],
    )


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """Only the wish to confirm."""
