"""What a browser may send to prove who somebody is."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import DataRequired, InputRequired, Length

from core.serving.options import StringField
from tenants.sign_in.passkeys import NAME_LENGTH
from tenants.sign_in.passwords import MIN_LENGTH


def strip(value: str | None) -> str:
    """Drop the blanks around what was typed."""
    return (value or "").strip()


class SignInForm(FlaskForm):  # type: ignore[misc]
    """E-mail address and password."""

    email = EmailField(_l("E-mail address"), [InputRequired(_l("Fill in your e-mail address."))], filters=[strip])
    password = PasswordField(_l("Password"), [InputRequired(_l("Fill in your password."))])


class CodeForm(FlaskForm):  # type: ignore[misc]
    """A code of the authenticator app, or one for recovery."""

    code = StringField(_l("Code"), [InputRequired(_l("Fill in the code."))], filters=[strip])


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """The password, once more."""

    password = PasswordField(_l("Password"), [InputRequired(_l("Fill in your password."))])


class AppForm(CodeForm):
    """The first code of a new authenticator app. offer: its secret, sealed for this person."""

    offer = HiddenField()


class NewPasskeyForm(FlaskForm):  # type: ignore[misc]
    """A passkey that was just made, and what to call it. credential: filled in by the page's script."""

    credential = HiddenField()
    name = StringField(
        _l("Name"),
        [
            DataRequired(_l("Fill in a name, so that you recognise this passkey later.")),
            Length(max=NAME_LENGTH, message=_l("At most %(max)d characters.", max=NAME_LENGTH)),
        ],
        description=_l("For example: laptop at work."),
        filters=[strip],
    )


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """Another password. How good it is, is judged by the service."""

    present = PasswordField(_l("Present password"), [InputRequired(_l("Fill in your present password."))])
    password = PasswordField(
        _l("New password"),
        [InputRequired(_l("Choose a password."))],
        description=_l("At least %(min)d characters; a short sentence is easy to remember.", min=MIN_LENGTH),
    )
