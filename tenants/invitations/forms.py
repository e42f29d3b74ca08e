"""What a browser may send to accept an invitation."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import DataRequired, InputRequired, Length

from core.serving.options import StringField
from tenants.forms import strip
from tenants.sign_in.passwords import MAX_LENGTH, MIN_LENGTH


class AcceptForm(FlaskForm):  # type: ignore[misc]
    """Only the wish to accept: the person is signed in."""


class NewPersonForm(FlaskForm):  # type: ignore[misc]
    """Name and password of somebody who has no account yet."""

    name = StringField(
        _l("Your name"),
        [DataRequired(_l("Fill in your name.")), Length(max=200, message=_l("At most 200 characters."))],
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
