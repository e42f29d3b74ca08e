"""Forms of versions."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField

from plans.inputs import LongTextBox, filled

TEXT_LENGTH = 2000


class ProposeForm(FlaskForm):  # type: ignore[misc]
    """Send the plan for review."""

    note = LongTextBox(_l("What is new in this version?"), most=TEXT_LENGTH)


class ApproveForm(FlaskForm):  # type: ignore[misc]
    """Approve what the page showed. digest: of that; use: put it into use at once."""

    digest = HiddenField()
    use = HiddenField()


class SendBackForm(FlaskForm):  # type: ignore[misc]
    """Send a plan back to draft."""

    reason = LongTextBox(_l("Why is it sent back?"), [filled(_l("Give the reason in a few words."))], most=TEXT_LENGTH)


class TakeBackForm(FlaskForm):  # type: ignore[misc]
    """Take a part of the plan back. seen: fingerprint of the plan that was shown."""

    seen = HiddenField()
