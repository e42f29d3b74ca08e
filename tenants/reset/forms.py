"""What a browser may send when a password was lost."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired, Length, Regexp

from core.mail.outbox import ADDRESS, ADDRESS_LENGTH
from tenants.forms import strip
from tenants.sign_in.passwords import MAX_LENGTH, MIN_LENGTH


class AskForm(FlaskForm):  # type: ignore[misc]
    """The address to write to."""

    email = EmailField(
        _l("E-mail address"),
        [
            InputRequired(_l("Fill in your e-mail address.")),
            Length(max=ADDRESS_LENGTH, message=_l("This is not an e-mail address.")),
            Regexp(rf"^{ADDRESS.pattern}$", message=_l("This is not an e-mail address.")),
        ],
        filters=[strip],
    )


class ChooseForm(FlaskForm):  # type: ignore[misc]
    """The new password."""

    password = PasswordField(
        _l("New password"),
        [
            InputRequired(_l("Choose a password.")),
            Length(MIN_LENGTH, MAX_LENGTH, message=_l("A password has at least %(min)d characters.", min=MIN_LENGTH)),
        ],
        description=_l("At least %(min)d characters; a short sentence is easy to remember.", min=MIN_LENGTH),
    )
