"""What a browser may send about openings. What is inside a delivery is in no field."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from continuity import fields
from continuity.fields import offered, strip

LONGEST_HALF = 6000


class PurposeForm(FlaskForm):  # type: ignore[misc]
    """Why a delivery is to be opened."""

    purpose = fields.text(
        _l("Why do you open it?"),
        missing=_l("Fill in why: the supplier reads it, and it stays in the trail."),
        hint=_l("For example: yearly drill with the partner on 12 March, agreed with Lieke Smit."),
    )


class FirstForm(FlaskForm):  # type: ignore[misc]
    """What the first officer passes on, and to whom."""

    second: Any = RadioField(
        _l("Who opens it with you?"), [InputRequired(_l("Choose the officer who opens it with you."))]
    )
    half: Any = TextAreaField(
        _l("What came out, still sealed to the second officer"),
        [
            DataRequired(_l("Open your layer first.")),
            Length(max=LONGEST_HALF, message=_l("At most %(max)d characters.", max=LONGEST_HALF)),
        ],
        filters=[strip],
    )


class CloseForm(FlaskForm):  # type: ignore[misc]
    """Whether what stood inside is what this service says about it."""

    matched: Any = RadioField(
        _l("Was it what this page says it is?"),
        [InputRequired(_l("Choose an answer."))],
        choices=offered(
            [
                ("yes", _l("Yes: organisation, item, version, time and list are right")),
                ("no", _l("No: something differs, or it could not be read")),
            ]
        ),
    )


class DecisionForm(FlaskForm):  # type: ignore[misc]
    """Whether the supplier lets a delivery be opened."""

    agreed: Any = RadioField(
        _l("May two officers open it?"),
        [InputRequired(_l("Choose an answer."))],
        choices=offered(
            [
                ("yes", _l("Yes, this once, within 48 hours")),
                ("no", _l("No")),
            ]
        ),
    )
    reason = fields.text(_l("Why not"), hint=_l("Needed when you refuse: the foundation reads it."))
