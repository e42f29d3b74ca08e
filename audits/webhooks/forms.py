"""What a browser may send about webhooks."""

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type information
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from audits.webhooks.models import ADDRESS_LENGTH, HookEvent
from audits.webhooks.services import WebhookValues
from core.ids import new_id
from core.outward import NotCalled, split
from core.serving.options import StringField
from tenants.forms import strip

EVENT_LABELS = {
    HookEvent.OPENED: _l("A finding is opened"),
    HookEvent.CLOSED: _l("A finding is closed"),
    HookEvent.LAPSING: _l("Something is about to lapse, or lapsed"),
    HookEvent.TEST: _l("A test"),
}
OFFERED = (HookEvent.OPENED, HookEvent.CLOSED, HookEvent.LAPSING)


class WebhookForm(FlaskForm):  # type: ignore[misc]
    """A webhook that somebody wants. hook_id: chosen when the page was made, so that sending it twice adds one."""

    name = StringField(
        _l("Who is told"),
        [InputRequired(_l("Fill in who is told.")), Length(max=120, message=_l("At most 120 characters."))],
        filters=[strip],
        description=_l("For example: the service desk of our IT supplier."),
    )
    address = StringField(
        _l("Address (URL)"),
        [
            InputRequired(_l("Fill in the address.")),
            Length(max=ADDRESS_LENGTH, message=_l("This address is too long.")),
        ],
        filters=[strip],
        description=_l("It begins with https:// and can be reached from the internet."),
    )
    events: Any = SelectMultipleField(
        _l("What is told"),
        [InputRequired(_l("Choose at least one."))],
        choices=[SelectChoice(event.value, EVENT_LABELS[event]) for event in OFFERED],
        default=[event.value for event in OFFERED],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    hook_id = HiddenField(default=lambda: str(new_id()))

    def validate_address(self, field: Field) -> None:
        """An address begins with https://."""
        try:
            # The port is judged where it is called.
            split(field.data or "", any_port=True)
        except NotCalled:
            raise ValidationError(_l("This is not an address that begins with https://.")) from None

    def values(self) -> WebhookValues:
        """Return what was filled in, as one frozen value."""
        events = frozenset(HookEvent(event) for event in self.events.data or ())
        return WebhookValues(self.name.data or "", self.address.data or "", events)

    @property
    def chosen_id(self) -> UUID:
        """Return the id chosen when the page was made, another one when the browser sent none."""
        try:
            return UUID(str(self.hook_id.data))
        except ValueError:
            return new_id()
