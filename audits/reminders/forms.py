"""What a browser may send about reminders."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type information
from wtforms.validators import InputRequired

from audits.reminders.models import HoldKind
from tenants.models import Frequency

FREQUENCY_LABELS = {
    Frequency.DAILY: _l("Every working day on which there is something new"),
    Frequency.WEEKLY: _l("Once a week at most"),
    Frequency.NEVER: _l("Never"),
}
KIND_LABELS = {
    HoldKind.ACKNOWLEDGED: _l("It is seen to, and done by this day"),
    HoldKind.SNOOZED: _l("Remind me again after this day"),
}


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """An answer to one reminder."""

    kind = RadioField(
        _l("Your answer"),
        [InputRequired(_l("Choose one."))],
        choices=[SelectChoice(kind.value, label) for kind, label in KIND_LABELS.items()],
    )
    day = DateField(_l("Day"), [InputRequired(_l("Fill in a day."))])


class FrequencyForm(FlaskForm):  # type: ignore[misc]
    """How often somebody is reminded."""

    frequency = RadioField(
        _l("How often do you want to be reminded by mail?"),
        [InputRequired(_l("Choose one."))],
        choices=[SelectChoice(one.value, label) for one, label in FREQUENCY_LABELS.items()],
    )
