"""What a browser may send to erase an account."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField
from wtforms.validators import InputRequired

from tenants.forms import strip


class EraseForm(FlaskForm):  # type: ignore[misc]
    """The person's own address, typed by hand."""

    email = EmailField(
        _l("Your e-mail address"),
        [InputRequired(_l("Type your e-mail address to show that you mean it."))],
        filters=[strip],
    )
