"""What a browser may send about keys."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from continuity.fields import offered, strip
from continuity.models import KeyState

END_LABELS = {
    KeyState.RETIRED: _l("It is no longer needed: a newer key replaces it, or the officer leaves"),
    KeyState.LOST: _l("It is lost, or somebody else may have it"),
}


class KeyForm(FlaskForm):  # type: ignore[misc]
    """The public half of a key."""

    key: Any = StringField(
        _l("Public key"),
        [
            DataRequired(_l("Fill in your public key.")),
            Length(max=100, message=_l("At most %(max)d characters.", max=100)),
        ],
        filters=[strip],
        description=_l("It begins with age1. Never fill in what begins with AGE-SECRET-KEY."),
    )
    kept = BooleanField(
        _l("I keep the other half myself: as a file with its passphrase, or on paper, where nobody else reaches it"),
        [InputRequired(_l("Without the other half nobody can ever open what is sealed to this key."))],
    )


class CodeForm(FlaskForm):  # type: ignore[misc]
    """The code that was sealed to a key."""

    code: Any = StringField(
        _l("Code"),
        [DataRequired(_l("Fill in the code.")), Length(max=100, message=_l("At most %(max)d characters.", max=100))],
        filters=[strip],
        description=_l("32 signs, from 0 to 9 and a to f."),
    )


class EndForm(FlaskForm):  # type: ignore[misc]
    """Why a key is taken out of use."""

    state = RadioField(
        _l("What happened to this key?"),
        [InputRequired(_l("Choose what happened."))],
        choices=offered((state.value, label) for state, label in END_LABELS.items()),
    )


class AgainForm(FlaskForm):  # type: ignore[misc]
    """What suppliers are asked to seal again."""

    deliveries: Any = SelectMultipleField(
        _l("What is to be sealed again?"), [InputRequired(_l("Tick at least one line."))]
    )


class CompareForm(FlaskForm):  # type: ignore[misc]
    """The keys whose fingerprints somebody compared."""

    keys: Any = SelectMultipleField(
        _l("Which fingerprints did you compare with the officer?"),
        [InputRequired(_l("Tick at least one key."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
