"""What a browser may send to leave."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import DataRequired

from core.serving.options import StringField
from tenants.forms import strip


class LeaveForm(FlaskForm):  # type: ignore[misc]
    """The short name, typed by hand."""

    slug = StringField(
        _l("Short name of the organisation"),
        [DataRequired(_l("Type the short name to show that you mean this organisation."))],
        filters=[strip],
    )
